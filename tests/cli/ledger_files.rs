//! A ledger as a file: copied, and written by strangers.

use crate::support::{Folder, all};
use rusqlite::Connection;
use std::fs;

const NOW: [&str; 2] = ["--now", "2026-11-21T16:30:00Z"];

/// A folder with a ledger that a token was counted in.
fn with_ledger() -> (Folder, String) {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let run = folder.run(&all(&[&["verify", "--ledger", "l.db"], &NOW, &["--", &token]]));
    run.done();
    (folder, token)
}

fn open(folder: &Folder, name: &str) -> Connection {
    Connection::open(folder.path(name)).expect("opened")
}

fn status(folder: &Folder, ledger: &str, token: &str) -> String {
    let flags = ["verify", "--ledger", ledger, "--ledger-read-only", "--print", "status"];
    folder
        .run(&all(&[&flags, &NOW, &["--", token]]))
        .stdout
        .trim_end()
        .to_owned()
}

#[test]
fn a_copy_of_the_one_file_has_all_revocations() {
    let (folder, token) = with_ledger();
    let copy = |to: &str| fs::copy(folder.path("l.db"), folder.path(to)).expect("copied");
    folder.run(&["revoke", "--ledger", "l.db", "--", &token]).done();
    copy("one.db");
    assert_eq!(status(&folder, "one.db", &token), "revoked");
    folder.run(&["unrevoke", "--ledger", "l.db", "--", &token]).done();
    folder
        .run(&["revoke", "--ledger", "l.db", "--claim", "customer_id=2"])
        .done();
    copy("two.db");
    assert_eq!(status(&folder, "two.db", &token), "valid");
    let run = folder.run(&["revoked", "--ledger", "two.db", "--json"]).done();
    assert_eq!(run.json().len(), 1);
}

#[test]
fn a_copy_of_the_one_file_has_all_of_a_run() {
    let (folder, token) = with_ledger();
    folder.write("customers.csv", "customer_id\n1\n2\n");
    folder.generate(&["-o", "links.csv", "--ledger", "l.db"]).done();
    let log = || fs::metadata(folder.path("l.db-wal")).map_or(0, |log| log.len());
    assert_eq!(log(), 0);
    let lines = format!("{token}\n").repeat(3);
    let call = folder.call(&all(&[&["verify", "--ledger", "l.db", "--print", "status", "-"], &NOW]));
    call.stdin(lines).run().done();
    assert_eq!(log(), 0);
    folder
        .run(&all(&[&["verify", "--ledger", "l.db", "--file", "links.csv"], &NOW]))
        .done();
    assert_eq!(log(), 0);
}

#[test]
fn beside_a_reader_only_a_backup_has_everything() {
    let (folder, token) = with_ledger();
    let reader = open(&folder, "l.db");
    reader
        .execute_batch("BEGIN; SELECT count(*) FROM leaves")
        .expect("it reads");
    folder
        .run(&["revoke", "--ledger", "l.db", "--", &token])
        .done()
        .tells("warning: l.db: others use it")
        .tells("hint: linkmint ledger backup FILE");
    fs::copy(folder.path("l.db"), folder.path("copy.db")).expect("copied");
    assert_eq!(status(&folder, "copy.db", &token), "valid");
    let run = folder.run(&["ledger", "backup", "--ledger", "l.db", "b.db"]).done();
    run.tells("linkmint: copied the ledger l.db to b.db\n").prints("");
    drop(reader);
    assert_eq!(status(&folder, "b.db", &token), "revoked");
}

#[test]
fn a_backup_is_a_ledger_for_its_owner_alone() {
    let (folder, token) = with_ledger();
    let before = folder.files();
    folder
        .call(&["ledger", "backup", "-q", "b.db"])
        .variable("LINKMINT_LEDGER", "l.db")
        .run()
        .done()
        .says_nothing();
    let added: Vec<_> = folder
        .files()
        .into_iter()
        .filter(|name| !before.contains(name))
        .collect();
    assert_eq!(added, ["b.db"]);
    #[cfg(unix)]
    assert_eq!(crate::support::mode(&folder.path("b.db")), 0o600);
    // in WAL mode, as every ledger
    assert_eq!(folder.bytes("b.db")[18..20], [2, 2]);
    let args = ["verify", "--ledger", "b.db", "--json"];
    let run = folder.run(&all(&[&args, &NOW, &["--", &token]])).done();
    assert_eq!(run.json()[0]["uses"]["count"], 2);
}

#[test]
fn a_backup_replaces_nothing() {
    let (folder, _) = with_ledger();
    let backup = ["ledger", "backup", "--ledger", "l.db"];
    folder.run(&all(&[&backup, &["b.db"]])).done();
    folder.write("other", "text");
    fs::create_dir(folder.path("folder")).expect("made");
    for (name, status, message, hint) in [
        (
            "b.db",
            2,
            "b.db: the file is a ledger, and no output takes its place",
            "another file",
        ),
        ("l.db", 2, "l.db: the backup would overwrite the ledger", "another file"),
        (
            "l.db-wal",
            2,
            "l.db-wal: the file is a part of a ledger",
            "another file",
        ),
        ("other", 2, "other: the file exists", "another"),
        ("folder", 2, "folder: it is a folder", "name a file in it"),
        ("no/b.db", 3, "no/b.db: can't write here", "make the folder first"),
    ] {
        let before = folder.bytes("l.db");
        let run = folder
            .run(&all(&[&backup, &[name]]))
            .status(status)
            .tells(message)
            .tells("\nhint: ");
        run.tells(hint);
        assert_eq!(folder.bytes("l.db"), before);
    }
    assert_eq!(folder.read("other"), "text");
    #[cfg(unix)]
    folder
        .run(&all(&[&backup, &["/dev/null"]]))
        .status(2)
        .tells("/dev/null: a copy of a ledger is a file");
    folder
        .call(&["ledger", "backup", "b.db", "--ledger", "none.db"])
        .refused(3, "none.db: there is no such ledger", "check the name");
}

#[test]
fn a_ledger_on_a_server_is_copied_by_the_servers_own_program() {
    let folder = Folder::new();
    folder
        .call(&[
            "ledger",
            "backup",
            "b.db",
            "--ledger",
            "postgres://shop@db.invalid/links",
        ])
        .refused(
            2,
            "postgres://shop@db.invalid/links: a ledger on a server is no file to copy",
            "pg_dump -n linkmint \"postgres://shop@db.invalid/links\" > FILE",
        );
}

/// A ledger that these statements were done to is refused by every command, before it is asked anything.
fn assert_foreign(statements: &str, message: &str) {
    let (folder, token) = with_ledger();
    let stranger = open(&folder, "l.db");
    stranger.execute_batch(statements).expect(statements);
    stranger
        .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
        .expect("folded");
    drop(stranger);
    let before = folder.bytes("l.db");
    for args in [
        &["verify", &token][..],
        &["verify", "--ledger-read-only", &token],
        &["revoke", &token],
        &["unrevoke", &token],
        &["revoked"],
        &["stats"],
        &["stats", "--prune", "--yes"],
        &["ledger", "backup", "b.db"],
    ] {
        let run = folder.run(&all(&[args, &["--ledger", "l.db"]])).status(3);
        run.tells(&format!("linkmint: l.db: {message}"))
            .tells("\nhint: ")
            .prints("");
        assert_eq!(folder.bytes("l.db"), before, "{statements}");
    }
}

#[test]
fn a_data_base_with_other_tables_than_a_ledger_is_refused() {
    let foreign = "the file has other tables than a ledger, and is none";
    for statements in [
        // what would never end
        "DROP TABLE revoked_claims; CREATE VIEW revoked_claims AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n)
            SELECT 'a' AS name, 'b' AS value, 1 AS at, NULL AS reason FROM n WHERE x < 0",
        "CREATE TRIGGER t AFTER UPDATE ON leaves BEGIN DELETE FROM revoked_tokens; END",
        "CREATE INDEX i ON runs (at)",
        "CREATE TABLE other (a)",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE campaigns",
        "ALTER TABLE runs ADD COLUMN more TEXT",
        "ALTER TABLE runs RENAME COLUMN repeat TO again",
        "DROP TABLE revoked_claims; CREATE VIRTUAL TABLE revoked_claims USING fts5(name, value, at, reason)",
        "DROP TABLE revoked_claims; CREATE TABLE revoked_claims (name, value, at, reason AS (zeroblob(1000000000)))",
        // the tables of version 1 under another number
        "PRAGMA user_version = 0",
    ] {
        if statements.contains("fts5") && open(&Folder::new(), "x.db").execute_batch("CREATE VIRTUAL TABLE a USING fts5(b)").is_err() {
            continue;
        }
        assert_foreign(statements, foreign);
    }
    assert_foreign("PRAGMA user_version = -1", "the ledger is damaged");
}

#[test]
fn a_leaf_of_any_length_is_not_read() {
    assert_damaged("UPDATE leaves SET tokens = zeroblob(17 * 1024 * 1024)");
    assert_damaged("UPDATE leaves SET tokens = 'text'");
}

fn assert_damaged(statements: &str) {
    let (folder, token) = with_ledger();
    open(&folder, "l.db").execute_batch(statements).expect(statements);
    let run = folder
        .run(&all(&[&["verify", "--ledger", "l.db"], &NOW, &["--", &token]]))
        .status(3);
    run.tells("l.db: the ledger is damaged")
        .tells("\nhint: restore it")
        .prints("");
}
