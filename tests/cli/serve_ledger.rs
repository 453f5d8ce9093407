//! The ledger's file while a service has it open.

use super::serve::{Running, endless_token};
use super::support::{Folder, all};
use std::fs;

fn revoke(service: &Running, key: &str, token: &str) -> String {
    let body = format!("{{\"token\":\"{token}\"}}");
    service
        .post(key, "/v1/revocations", "application/json", body.as_bytes())
        .0
}

#[test]
fn a_report_does_not_let_other_programs_take_the_log_away() {
    let folder = Folder::new();
    let token = endless_token(&folder, "customer_id=1");
    let service = Running::start(&folder, &["--ledger", "checks.db"]);
    let key = service.start_key().to_owned();
    let check = format!("/v1/check/{token}?count=true");
    assert!(service.ask(&key, &check).1.contains("\"count\":1,"));
    for report in ["/v1/stats", "/v1/runs", "/v1/revocations"] {
        assert!(service.ask(&key, report).0.contains("200"), "{report}");
    }
    // whoever closes it last folds the log into the file and removes it: this one is not the last
    let other = rusqlite::Connection::open(folder.path("checks.db")).expect("the ledger");
    let leaves: u32 = other
        .query_row("SELECT count(*) FROM leaves", [], |row| row.get(0))
        .expect("it reads");
    assert_eq!(leaves, 1);
    drop(other);
    assert!(folder.path("checks.db-wal").exists(), "the service writes there");
    assert!(revoke(&service, &key, &token).contains("201"));
    assert_eq!(service.end().0, Some(0));
    let flags = [
        "verify",
        "--ledger",
        "checks.db",
        "--ledger-read-only",
        "--print",
        "status",
    ];
    folder.run(&all(&[&flags, &["--", &token]])).prints("revoked\n");
}

#[test]
fn nothing_is_counted_in_a_file_that_is_gone_or_another() {
    for is_replaced in [false, true] {
        let folder = Folder::new();
        let token = endless_token(&folder, "customer_id=1");
        let service = Running::start(&folder, &["--ledger", "checks.db"]);
        let key = service.start_key().to_owned();
        let check = format!("/v1/check/{token}?count=true");
        assert!(service.ask(&key, &check).0.contains("200"));
        fs::rename(folder.path("checks.db"), folder.path("away.db")).expect("moved");
        if is_replaced {
            fs::copy(folder.path("away.db"), folder.path("checks.db")).expect("copied");
        }
        assert!(service.ask(&key, &check).0.contains("503"));
        assert!(service.ask(&key, &format!("/v1/check/{token}")).0.contains("503"));
        assert!(service.ask(&key, "/readyz").0.contains("503"));
        assert!(revoke(&service, &key, &token).contains("503"));
        fs::rename(folder.path("away.db"), folder.path("checks.db")).expect("put back");
        assert!(service.ask(&key, &check).1.contains("\"count\":2,"));
        let (status, told) = service.end();
        assert_eq!(status, Some(0));
        let words = "checks.db: the ledger's file was removed or replaced while it was open";
        assert!(told.contains(words), "{told}");
    }
}

#[test]
fn a_ledger_that_is_only_read_records_nothing_and_keeps_nobody_from_lists() {
    let folder = Folder::new();
    let token = endless_token(&folder, "customer_id=1");
    folder.run(&["verify", "--ledger", "checks.db", "--", &token]).done();
    let flags = [
        "--ledger",
        "checks.db",
        "--ledger-read-only",
        "--base-url",
        "https://mystore.com/p",
    ];
    let service = Running::start(&folder, &flags);
    let key = service.start_key().to_owned();
    let list = b"customer_id\n1\n2\n";
    let (status, made) = service.post(&key, "/v1/tokens/batch?never_expires=true", "text/csv", list);
    assert!(status.contains("200"), "{made}");
    assert_eq!(made.lines().count(), 3, "{made}");
    assert!(revoke(&service, &key, &token).contains("403"));
    let again = format!("{{\"text\":\"{token}\",\"duration\":\"1h\"}}");
    let (status, told) = service.post(&key, "/v1/tokens/reissue", "application/json", again.as_bytes());
    assert!(status.contains("403") && told.contains("only read"), "{told}");
    assert!(service.ask(&key, "/readyz").0.contains("200"));
    assert_eq!(service.end().0, Some(0));
}
