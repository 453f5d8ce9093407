//! A connection whose caller waits, and not for ever.
//!
//! A server whose processes are stopped, or a machine that hangs, keeps its connections open and says nothing more: no
//! timeout of the server's own and none of TCP ends such a wait. So each answer is waited for with a deadline here. What
//! may take as long as it takes goes on while the server still lets others in.

use super::connecting::Way;
use crate::ledger::server::ServerError;
use crate::ledger::{LedgerError, Options, PATIENCE};
use futures_util::StreamExt;
use std::cell::RefCell;
use std::collections::HashMap;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::types::ToSql;
use tokio_postgres::{Error, IsolationLevel, Row, RowStream, SimpleQueryMessage, Statement, ToStatement};

/// The server ends a statement after [`PATIENCE`], and has to say so.
const DEADLINE: Duration = PATIENCE.saturating_add(Duration::from_secs(2));

pub(super) type Params<'p> = &'p [&'p (dyn ToSql + Sync)];

/// A connection.
pub(super) struct Client {
    client: tokio_postgres::Client,
    line: Line,
}

/// What moves the bytes, while somebody waits.
struct Line {
    runtime: Option<Runtime>,
    connection: JoinHandle<()>,
    way: Arc<Way>,
    /// What the server has understood already: each check asks the same.
    prepared: RefCell<HashMap<&'static str, Statement>>,
}

/// Who waits for it.
#[derive(Clone, Copy)]
struct Waiting<'l> {
    line: &'l Line,
    /// Whether an answer may come late from a server that lives.
    is_patient: bool,
}

/// A transaction, which is undone unless it is committed.
pub(super) struct Transaction<'c> {
    transaction: tokio_postgres::Transaction<'c>,
    waiting: Waiting<'c>,
}

/// Rows as they come.
pub(super) struct Rows<'c> {
    rows: Pin<Box<RowStream>>,
    waiting: Waiting<'c>,
}

impl Waiting<'_> {
    fn wait<T>(self, answer: impl Future<Output = Result<T, Error>>) -> Result<T, LedgerError> {
        let answer = self.wait_for(answer)?;
        if answer.is_err() {
            // the tables may be others by now, for which none of it was understood
            self.line.prepared.borrow_mut().clear();
        }
        Ok(answer?)
    }

    /// The answer, whatever it is.
    fn wait_for<T>(self, answer: impl Future<Output = T>) -> Result<T, LedgerError> {
        let Line {
            runtime,
            connection,
            way,
            ..
        } = self.line;
        let runtime = runtime.as_ref().expect("it is taken when the line is dropped");
        runtime.block_on(async {
            let mut answer = pin!(answer);
            loop {
                match timeout(DEADLINE, answer.as_mut()).await {
                    Ok(answer) => return Ok(answer),
                    // it still lets others in
                    Err(_) if self.is_patient && way.dial().await.is_ok() => {}
                    Err(_) => break,
                }
            }
            // nobody knows what was done, so nothing more is asked on this one
            connection.abort();
            Err(ServerError::Lost("the server does not answer".into()).into())
        })
    }
}

impl Line {
    fn waiting(&self, is_patient: bool) -> Waiting<'_> {
        Waiting { line: self, is_patient }
    }

    fn prepared(
        &self,
        text: &'static str,
        is_patient: bool,
        prepare: impl Future<Output = Result<Statement, Error>>,
    ) -> Result<Statement, LedgerError> {
        if let Some(known) = self.prepared.borrow().get(text) {
            return Ok(known.clone());
        }
        let statement = self.waiting(is_patient).wait(prepare)?;
        self.prepared.borrow_mut().insert(text, statement.clone());
        Ok(statement)
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // the client is gone, so the server is told that this is the end
            let _ = runtime.block_on(async { timeout(PATIENCE / 10, &mut self.connection).await });
            // a name that is still looked up is not waited for
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// A connection that is ready for use.
    pub(super) fn open(way: &Arc<Way>, options: Options) -> Result<Self, LedgerError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (client, connection) = match runtime.block_on(way.dial()) {
            Ok(dialled) => dialled,
            Err(error) => {
                runtime.shutdown_background();
                return Err(error);
            }
        };
        let line = Line {
            runtime: Some(runtime),
            connection,
            way: Arc::clone(way),
            prepared: RefCell::default(),
        };
        let client = Self { client, line };
        client.batch_execute(&settings(options))?;
        Ok(client)
    }

    /// Reaches the server again where the connection was lost: what was to be done is not begun yet.
    pub(super) fn renew(&mut self, options: Options) -> Result<(), LedgerError> {
        if self.is_closed() {
            *self = Self::open(&self.line.way, options).map_err(|error| match error {
                LedgerError::Server(ServerError::Unreachable(why)) => ServerError::Lost(why).into(),
                error => error,
            })?;
        }
        Ok(())
    }

    /// Whether the server has closed it, or was given up.
    fn is_closed(&self) -> bool {
        // what has come in the meantime was read by nobody
        let seen = self.line.waiting(false).wait_for(tokio::task::yield_now());
        seen.is_err() || self.client.is_closed()
    }

    pub(super) fn batch_execute(&self, statements: &str) -> Result<(), LedgerError> {
        self.line.waiting(false).wait(self.client.batch_execute(statements))
    }

    pub(super) fn query(&self, statement: &'static str, params: Params<'_>) -> Result<Vec<Row>, LedgerError> {
        let statement = self.line.prepared(statement, false, self.client.prepare(statement))?;
        self.line.waiting(false).wait(self.client.query(&statement, params))
    }

    pub(super) fn query_one(&self, statement: &str, params: Params<'_>) -> Result<Row, LedgerError> {
        self.line.waiting(false).wait(self.client.query_one(statement, params))
    }

    /// The server's own refusal is for the caller to look at.
    pub(super) fn simple_query(&self, statement: &str) -> Result<Result<Vec<SimpleQueryMessage>, Error>, LedgerError> {
        self.line.waiting(false).wait_for(self.client.simple_query(statement))
    }

    pub(super) fn transaction(&mut self) -> Result<Transaction<'_>, LedgerError> {
        let Self { client, line } = self;
        let waiting = line.waiting(false);
        let transaction = waiting.wait(client.transaction())?;
        Ok(Transaction { transaction, waiting })
    }

    /// All of it sees the data base as it is at one time. `is_patient`: its statements may take as long as they take.
    pub(super) fn snapshot(&mut self, is_patient: bool) -> Result<Transaction<'_>, LedgerError> {
        let Self { client, line } = self;
        let begun = client
            .build_transaction()
            .isolation_level(IsolationLevel::RepeatableRead);
        let waiting = line.waiting(is_patient);
        let transaction = waiting.wait(begun.start())?;
        let transaction = Transaction { transaction, waiting };
        if is_patient {
            transaction.batch_execute("SET LOCAL statement_timeout = 0")?;
        }
        Ok(transaction)
    }
}

/// What sets a connection up. Names are looked up in no schema that others could write to.
fn settings(options: Options) -> String {
    let seconds = PATIENCE.as_secs();
    let mut text = format!(
        "SET search_path = pg_catalog; SET lock_timeout = '{seconds}s'; SET statement_timeout = '{seconds}s';
        SET client_min_messages = warning; SET default_transaction_isolation = 'read committed';"
    );
    if options.read_only {
        text += "SET default_transaction_read_only = on;";
    }
    if options.sync {
        // those who ask for more than the own disk are not given less
        text += "SELECT set_config('synchronous_commit', 'on', false)
            WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');";
    }
    text
}

impl Transaction<'_> {
    pub(super) fn batch_execute(&self, statements: &str) -> Result<(), LedgerError> {
        self.waiting.wait(self.transaction.batch_execute(statements))
    }

    pub(super) fn prepare(&self, statement: &'static str) -> Result<Statement, LedgerError> {
        let Waiting { line, is_patient } = self.waiting;
        line.prepared(statement, is_patient, self.transaction.prepare(statement))
    }

    pub(super) fn execute(&self, statement: &str, params: Params<'_>) -> Result<u64, LedgerError> {
        self.waiting.wait(self.transaction.execute(statement, params))
    }

    pub(super) fn query(
        &self,
        statement: &(impl ToStatement + ?Sized),
        params: Params<'_>,
    ) -> Result<Vec<Row>, LedgerError> {
        self.waiting.wait(self.transaction.query(statement, params))
    }

    pub(super) fn query_one(&self, statement: &str, params: Params<'_>) -> Result<Row, LedgerError> {
        self.waiting.wait(self.transaction.query_one(statement, params))
    }

    /// The rows of a statement without parameters, as they come.
    pub(super) fn rows(&self, statement: &str) -> Result<Rows<'_>, LedgerError> {
        let none = std::iter::empty::<i64>();
        let rows = self.waiting.wait(self.transaction.query_raw(statement, none))?;
        Ok(Rows {
            rows: Box::pin(rows),
            waiting: self.waiting,
        })
    }

    pub(super) fn commit(self) -> Result<(), LedgerError> {
        let Self { transaction, waiting } = self;
        waiting.wait(transaction.commit())
    }
}

impl Rows<'_> {
    pub(super) fn next(&mut self) -> Result<Option<Row>, LedgerError> {
        let next = self.waiting.wait_for(self.rows.next())?;
        Ok(next.transpose()?)
    }
}
