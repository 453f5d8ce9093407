//! What only a ledger on a server can do: be far away, closed, full of others, or gone.

use crate::server::{Server, shared};
use crate::support::{Folder, Run, all};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

const NOW: [&str; 2] = ["--now", "2026-11-21T16:30:00Z"];
const PASSWORD: &str = "open-sesame";

fn verify<'f>(folder: &'f Folder, address: &str, args: &[&str]) -> crate::support::Call<'f> {
    folder.call(&all(&[&["verify", "--ledger", address], args, &NOW]))
}

impl Run {
    #[track_caller]
    fn expect_no_password(&self) {
        self.expect(
            !self.stdout.contains("sesame") && !self.stderr.contains("sesame"),
            "no password",
        );
    }
}

#[test]
fn whoever_is_not_let_in_is_told_why_and_gets_no_answer() {
    let Some(server) = shared() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let address = server.data_base();
    let locked = address.replace("keeper@", "locked@");
    let refused = |address: &str, variables: &[(&str, &str)], message: &str, hint: &str| {
        let call = verify(&folder, address, &[&token]);
        let call = variables
            .iter()
            .fold(call, |call, (name, value)| call.variable(name, value));
        let run = call.refused(3, message, hint);
        run.prints("").expect_no_password();
    };
    refused(
        &locked,
        &[],
        &format!("{locked}: the server refuses the login: "),
        "PGPASSWORD or ~/.pgpass",
    );
    let wrong = [("PGPASSWORD", "sesame-wrong")];
    refused(
        &locked,
        &wrong,
        "the server refuses the login: password authentication failed for user \"locked\"",
        "PGPASSWORD",
    );
    refused(
        &server.address("nobody-known", "postgres"),
        &[],
        "the server refuses the login: role \"nobody-known\" does not exist",
        "check the user",
    );
    refused(
        &server.address("keeper", "no_such"),
        &[],
        "the server has no such data base: database \"no_such\" does not exist",
        "createdb",
    );
    refused(
        "postgres://keeper@%2Fno%2Fsuch/ledger",
        &[],
        "postgres://keeper@%2Fno%2Fsuch/ledger: the server can't be reached: no such file or directory",
        "check the host",
    );
    refused(
        &server.address("locked", "postgres"),
        &[("PGPASSWORD", PASSWORD)],
        "the role may not use the ledger: permission denied for database postgres",
        "GRANT",
    );
}

#[test]
fn a_password_of_an_address_is_never_printed() {
    let Some(server) = shared() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let address = server.data_base();
    let (_, data_base) = address.rsplit_once('/').expect("a data base");
    server.tell(data_base, &format!("GRANT CREATE ON DATABASE {data_base} TO locked"));
    let with_password = address.replace("keeper@", &format!("locked:{PASSWORD}@"));
    let shown = address.replace("keeper@", "locked@");
    verify(&folder, &with_password, &[&token])
        .refused(2, "--ledger: a password is no argument", "LINKMINT_LEDGER")
        .expect_no_password();
    let call = |address: &str| {
        folder
            .call(&all(&[&["verify", "--print", "status", &token], &NOW]))
            .variable("LINKMINT_LEDGER", address)
    };
    let run = call(&with_password).run().done();
    run.tells(&format!("linkmint: made the ledger {shown}\n"))
        .prints("valid\n")
        .expect_no_password();
    let no_data_base = with_password.replace(data_base, "no_such");
    call(&no_data_base)
        .refused(3, "no such data base", "createdb")
        .expect_no_password();
    for broken in [
        "postgres://locked:open/sesame@localhost/x",
        "postgres://locked:open?sesame@localhost/x",
        "postgres:/locked:open-sesame@localhost/x",
        "postgres://locked:open-sesame@localhost:port/x",
        "postgres://localhost/x?sesame=1",
        "mysql://locked:open-sesame@localhost/x",
    ] {
        let run = call(broken).refused(
            3,
            "the address of the server can't be understood",
            "postgres://USER@HOST",
        );
        run.expect_no_password();
    }
    // and from the file that PostgreSQL's own programs read
    folder.write(
        "pgpass",
        format!("*:*:other:locked:no\n*:*:{data_base}:locked:{PASSWORD}\n"),
    );
    crate::support::make_private(&folder.path("pgpass"));
    let run = verify(&folder, &shown, &["--print", "status", &token])
        .variable("PGPASSFILE", "pgpass")
        .run()
        .done();
    run.says_nothing().prints("valid\n");
    verify(&folder, &shown, &["--print", "status", &token])
        .variable("PGPASSWORD", PASSWORD)
        .run()
        .done();
}

#[test]
fn a_schema_of_a_newer_linkmint_or_of_others_is_left_alone() {
    let Some(server) = shared() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    for (statements, message, hint) in [
        (
            "UPDATE linkmint.version SET number = 99",
            "the ledger was made by a newer linkmint (its form is 99, this one knows 2)",
            "the newer linkmint",
        ),
        (
            "DROP SCHEMA linkmint CASCADE; CREATE SCHEMA linkmint; CREATE TABLE linkmint.other (a int)",
            "the schema linkmint is another program's, and no ledger",
            "another data base",
        ),
        (
            "CREATE TABLE linkmint.version (a int)",
            "the schema linkmint is another program's, and no ledger",
            "another data base",
        ),
    ] {
        let address = server.data_base();
        let (_, data_base) = address.rsplit_once('/').expect("a data base");
        match statements.starts_with("CREATE") {
            true => server.tell(data_base, "CREATE SCHEMA linkmint"),
            false => drop(verify(&folder, &address, &[&token]).run().done()),
        }
        server.tell(data_base, statements);
        for read_only in [&[][..], &["--ledger-read-only"]] {
            let call = verify(&folder, &address, &all(&[&[&*token], read_only]));
            match statements.starts_with("DROP") && !read_only.is_empty() {
                // nobody looks for more than a ledger to read
                true => call.refused(3, "there is no such ledger", "check the name").prints(""),
                false => call.refused(3, message, hint).prints(""),
            };
        }
    }
}

#[test]
fn a_role_that_may_only_read_reads_and_counts_nothing() {
    let Some(server) = shared() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let address = server.data_base();
    let (_, data_base) = address.rsplit_once('/').expect("a data base");
    verify(&folder, &address, &[&token]).run().done();
    let role = format!("reader_of_{data_base}");
    server.tell(
        data_base,
        &format!(
            "CREATE ROLE {role} LOGIN NOINHERIT IN ROLE keeper; GRANT USAGE ON SCHEMA linkmint TO {role};
            GRANT SELECT ON ALL TABLES IN SCHEMA linkmint TO {role}"
        ),
    );
    let address = address.replace("keeper@", &format!("{role}@"));
    let run = verify(&folder, &address, &["--ledger-read-only", "--json", &token])
        .run()
        .done();
    assert_eq!(run.json()[0]["uses"]["count"], 1);
    verify(&folder, &address, &[&token])
        .refused(
            3,
            "the role may not use the ledger: permission denied for table",
            "GRANT",
        )
        .prints("");
    folder.call(&["revoked", "--ledger", &address]).run().done();
}

#[test]
fn the_tables_of_a_role_that_one_is_no_member_of_are_refused() {
    let Some(server) = shared() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let address = server.data_base();
    let (_, data_base) = address.rsplit_once('/').expect("a data base");
    verify(&folder, &address, &[&token]).run().done();
    let [stranger, owner, member] = ["stranger", "owner", "member"].map(|kind| format!("{kind}_of_{data_base}"));
    server.tell(
        data_base,
        &format!(
            "CREATE ROLE {stranger} LOGIN; CREATE ROLE {owner}; CREATE ROLE {member} LOGIN IN ROLE {owner};
            GRANT USAGE ON SCHEMA linkmint TO {stranger}; GRANT ALL ON ALL TABLES IN SCHEMA linkmint TO {stranger}"
        ),
    );
    let of = |role: &str| address.replace("keeper@", &format!("{role}@"));
    let refused = |role: &str, owner: &str| {
        for args in [&["--ledger-read-only", &token][..], &[&token]] {
            let message = format!("the ledger belongs to the role {owner}, which the own role is no member of");
            verify(&folder, &of(role), args)
                .refused(3, &message, "GRANT that role")
                .prints("");
        }
    };
    refused(&stranger, "keeper");
    // a superuser is no member of all roles: what others own would run with all rights
    server.tell(data_base, &format!("ALTER TABLE linkmint.tokens OWNER TO {stranger}"));
    refused("keeper", &stranger);
    for table in [
        "version",
        "tokens",
        "checks",
        "revoked_tokens",
        "revoked_claims",
        "runs",
        "campaigns",
        "replaced",
    ] {
        server.tell(data_base, &format!("ALTER TABLE linkmint.{table} OWNER TO {owner}"));
    }
    server.tell(data_base, &format!("ALTER SCHEMA linkmint OWNER TO {owner}"));
    refused("keeper", &owner);
    verify(&folder, &of(&member), &[&token]).run().done();
    server.tell(data_base, &format!("GRANT {owner} TO keeper"));
    verify(&folder, &address, &[&token]).run().done();
}

#[test]
fn tables_that_would_run_something_are_refused() {
    let Some(server) = shared() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    for statements in [
        "CREATE FUNCTION public.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER t BEFORE INSERT ON linkmint.tokens EXECUTE FUNCTION public.f()",
        "CREATE RULE r AS ON INSERT TO linkmint.checks DO INSTEAD NOTHING",
        "DROP TABLE linkmint.version; CREATE VIEW linkmint.version AS SELECT 1::bigint AS number",
        "CREATE VIEW linkmint.other AS SELECT 1 AS number",
        "ALTER TABLE linkmint.revoked_claims ENABLE ROW LEVEL SECURITY",
    ] {
        let address = server.data_base();
        let (_, data_base) = address.rsplit_once('/').expect("a data base");
        verify(&folder, &address, &[&token]).run().done();
        server.tell(data_base, statements);
        for args in [&["--ledger-read-only", &token][..], &[&token]] {
            let message = "the schema linkmint has triggers, rules or views, which no ledger has";
            verify(&folder, &address, args)
                .refused(3, message, "drop them")
                .prints("");
        }
    }
}

#[test]
fn a_server_that_falls_over_takes_no_count_along_that_was_answered() {
    let Some(mut server) = Server::start() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let address = server.data_base();
    let call = verify(&folder, &address, &["--print", "status", "-"]);
    let mut child = call.command().stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let line = format!("{token}\n");
    let feeder = std::thread::spawn(move || while stdin.write_all(line.as_bytes()).is_ok() {});
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut answers = String::new();
    for _ in 0..100 {
        output.read_line(&mut answers).expect("read");
    }
    server.crash();
    output.read_to_string(&mut answers).expect("read");
    feeder.join().expect("fed");
    let run = call.judge(child.wait_with_output().expect("ended")).status(3);
    run.tells(&format!("linkmint: {address}: "))
        .tells("the connection to the server was lost")
        .tells("\nhint: run it again when the server is back");
    verify(&folder, &address, &[&token])
        .refused(3, "the server can't be reached", "check the host")
        .prints("");
    server.run();
    let run = verify(&folder, &address, &["--ledger-read-only", "--json", &token])
        .run()
        .done();
    let counted = run.json()[0]["uses"]["count"].as_u64().expect("a count");
    let answered = answers.matches("valid\n").count() as u64;
    assert!(
        answered >= 100 && counted >= answered,
        "{counted} of {answered} answers were counted"
    );
}

#[test]
fn a_server_that_picks_up_and_says_nothing_is_not_waited_for_forever() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let silent = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = silent.local_addr().expect("an address").port();
    let address = format!("postgres://keeper@127.0.0.1:{port}/ledger?connect_timeout=1");
    verify(&folder, &address, &[&token])
        .refused(
            3,
            &format!("127.0.0.1:{port}/ledger: the server can't be reached: nobody answers"),
            "check the host",
        )
        .prints("");
}

#[test]
#[cfg(target_os = "linux")]
fn a_server_that_stands_still_is_not_waited_for_forever() {
    let Some(server) = Server::start() else { return };
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let address = server.data_base();
    let call = verify(&folder, &address, &["--print", "status", "-"]);
    let mut child = call.command().stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    writeln!(stdin, "{token}").expect("it reads");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut answer = String::new();
    output.read_line(&mut answer).expect("read");
    assert_eq!(answer, "valid\n");
    server.freeze();
    writeln!(stdin, "{token}").expect("it reads");
    drop(stdin);
    let new = format!("{address}?connect_timeout=1");
    verify(&folder, &new, &[&token])
        .refused(3, "the server can't be reached: nobody answers", "check the host")
        .prints("");
    let run = call.judge(child.wait_with_output().expect("it ends")).status(3);
    run.tells(&format!(
        "linkmint: {address}: the connection to the server was lost: the server does not answer"
    ))
    .tells("\nhint: run it again when the server is back");
    server.thaw();
    let run = verify(&folder, &address, &["--ledger-read-only", "--json", &token])
        .run()
        .done();
    let counted = run.json()[0]["uses"]["count"].as_u64();
    run.expect(
        matches!(counted, Some(1 | 2)),
        "a check without an answer may be counted or not",
    );
}
