//! The way to the server, and what holds on it.

use super::tls::Mode;
use super::{address, failure, password};
use crate::ledger::place::Address;
use crate::ledger::server::ServerError;
use crate::ledger::{LedgerError, PATIENCE};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How a server is reached, also a second time.
pub(super) struct Way {
    config: Config,
    tls: Option<MakeRustlsConnect>,
    /// A host that is told by name if it would have to be talked to in clear.
    far: Option<String>,
    patience: Duration,
}

pub(super) fn way(address: &Address<'_>) -> Result<Way, LedgerError> {
    let (mut config, mode) = address::config(address)?;
    if config.get_password().is_none()
        && let Some(password) = password::find(&config)
    {
        config.password(password);
    }
    let patience = config.get_connect_timeout().copied().unwrap_or(PATIENCE);
    config.connect_timeout(patience);
    if config.get_application_name().is_none() {
        config.application_name("linkmint");
    }
    // a server that is gone without a word is found out in as long
    config.tcp_user_timeout(PATIENCE);
    config
        .keepalives_idle(PATIENCE / 2)
        .keepalives_interval(PATIENCE / 4)
        .keepalives_retries(2);
    let hosts = config.get_hosts().len().max(config.get_hostaddrs().len());
    let tls = match mode {
        Mode::Disable => None,
        ref mode => Some(mode.connector()?),
    };
    Ok(Way {
        far: address::far(&config).filter(|_| mode == Mode::Prefer),
        config,
        tls,
        patience: patience.saturating_mul(hosts.try_into().unwrap_or(1)),
    })
}

/// A connection, and what moves its bytes.
type Dialled = (tokio_postgres::Client, JoinHandle<()>);

impl Way {
    /// The crate's timeout ends when somebody has picked up, who may say nothing all the same.
    pub(super) async fn dial(&self) -> Result<Dialled, LedgerError> {
        let connecting = async {
            match &self.tls {
                None => {
                    let (client, connection) = self.config.connect(NoTls).await?;
                    // its end is seen by who asks next
                    Ok((client, tokio::spawn(async move { drop(connection.await) })))
                }
                Some(tls) => {
                    let (client, connection) = self.config.connect(tls.clone()).await?;
                    Ok((client, tokio::spawn(async move { drop(connection.await) })))
                }
            }
        };
        match timeout(self.patience, connecting).await {
            Ok(connected) => connected.map_err(|error| failure::unconnected(&error, self.far.as_deref())),
            Err(_) => Err(ServerError::Unreachable("nobody answers".into()).into()),
        }
    }
}
