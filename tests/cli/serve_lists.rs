//! Lists through the service as a process.

use super::serve::Running;
use super::support::Folder;
use std::fmt::Write as _;
use std::io::{Read, Write};

fn list(rows: u32) -> String {
    let mut list = String::from("customer_id,name\n");
    for row in 0..rows {
        let _ = writeln!(list, "{row},\"Customer {row}\"");
    }
    list
}

#[test]
fn a_list_over_http_is_the_list_that_generate_writes() {
    let folder = Folder::new();
    let list = list(20_000);
    folder.write("list.csv", &list);
    let service = Running::start(&folder, &[]);
    let key = service.start_key().to_owned();
    let more = "issued_at=2026-09-21T14:13:20Z&first_id=0102030405aa&rejects=stop";
    let path = format!("/v1/tokens/batch?base_url=https://mystore.com/p&never_expires=true&{more}");
    // all is written before anything is read
    let (status, answer) = service.post(&key, &path, "text/csv", list.as_bytes());
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert_eq!(service.end().0, Some(0));
    let run = folder.run(&[
        "generate",
        "list.csv",
        "--base-url",
        "https://mystore.com/p",
        "--never-expires",
        "--issued-at",
        "2026-09-21T14:13:20Z",
        "--first-id",
        "0102030405aa",
    ]);
    let run = run.done();
    run.expect(run.stdout == answer, "byte for byte");
}

#[test]
fn a_list_is_made_checked_counted_and_recorded() {
    let folder = Folder::new();
    let service = Running::start(
        &folder,
        &["--ledger", "checks.db", "--base-url", "https://mystore.com/p"],
    );
    let key = service.start_key().to_owned();
    let (status, made) = service.post(
        &key,
        "/v1/tokens/batch?never_expires=true",
        "text/csv",
        list(500).as_bytes(),
    );
    assert_eq!(status, "HTTP/1.1 200 OK", "{made}");
    let (status, checked) = service.post(&key, "/v1/check/batch?count=true", "text/csv", made.as_bytes());
    assert_eq!(status, "HTTP/1.1 200 OK", "{checked}");
    assert!(
        checked
            .lines()
            .last()
            .is_some_and(|line| line.contains("\"valid\":500")),
        "{checked}"
    );
    let (status, told) = service.end();
    assert_eq!(status, Some(0), "{told}");
    assert!(!told.contains("Customer") && !told.contains("LOKO"), "{told}");
    let run = folder.run(&["stats", "--ledger", "checks.db", "--json"]).done();
    run.expect(run.stdout.contains("HTTP request "), "the run is recorded");
    run.expect(
        run.json()[0]["checks"] == 500 || run.stdout.contains("\"checks\":500"),
        "all are counted",
    );
}

#[test]
fn reports_and_revocations_are_told_by_the_running_service() {
    let folder = Folder::new();
    let service = Running::start(&folder, &["--ledger", "checks.db"]);
    let key = service.start_key().to_owned();
    let body = br#"{"claim":"campaign_id","value":"spring26","reason":"wrong price"}"#;
    let (status, made) = service.post(&key, "/v1/revocations", "application/json", body);
    assert_eq!(status, "HTTP/1.1 201 Created", "{made}");
    let (status, listed) = service.ask(&key, "/v1/revocations");
    assert!(status.contains("200") && listed.contains("\"wrong price\""), "{listed}");
    let (status, stats) = service.ask(&key, "/v1/stats?by=day");
    assert!(status.contains("200") && stats.contains("\"checks\":0"), "{stats}");
    assert!(service.ask(&key, "/v1/runs").0.contains("200"));
    let (_, told) = service.end();
    assert!(!told.contains("spring26") && !told.contains("wrong price"), "{told}");
    let run = folder.run(&["revoked", "--ledger", "checks.db", "--json"]).done();
    run.expect(
        run.stdout.contains("spring26"),
        "it is revoked for the command line too",
    );
}

#[test]
fn a_workbook_is_read_by_a_process_of_its_own() {
    let folder = Folder::new();
    let service = Running::start(&folder, &["--base-url", "https://mystore.com/p"]);
    let key = service.start_key().to_owned();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "customer_id").expect("a cell");
    sheet.write(1, 0, "0042").expect("a cell");
    let book = book.save_to_buffer().expect("a workbook");
    let (status, made) = service.post(
        &key,
        "/v1/tokens/batch?expires_in=24h",
        "application/octet-stream",
        &book,
    );
    assert_eq!(status, "HTTP/1.1 200 OK", "{made}");
    assert!(
        made.lines().nth(1).is_some_and(|line| line.starts_with("0042,LO")),
        "{made}"
    );
    assert_eq!(service.end().0, Some(0));
}

#[test]
fn a_list_that_is_cut_off_or_too_long_is_no_whole_answer() {
    let folder = Folder::new();
    let service = Running::start(&folder, &["--max-list", "1M"]);
    let key = service.start_key().to_owned();
    let path = "/v1/tokens/batch?base_url=https://mystore.com/p&expires_in=24h";
    let (status, _) = service.post(&key, path, "text/csv", &vec![b'x'; 2 << 20]);
    assert_eq!(status, "HTTP/1.1 413 Payload Too Large");
    let half = service.post_half(&key, path, "text/csv", list(5_000).as_bytes());
    assert!(!half.ends_with("0\r\n\r\n"), "it has no last chunk");
    // others are answered as before
    let (status, _) = service.post(&key, path, "text/csv", list(2).as_bytes());
    assert_eq!(status, "HTTP/1.1 200 OK");
    assert_eq!(service.end().0, Some(0));
    folder
        .call(&["serve", "--max-list", "much"])
        .refused(2, "--max-list: \"much\" is no size", "as 500M or 2G");
}

#[test]
fn an_answer_that_breaks_off_has_all_that_stands_before() {
    let folder = Folder::new();
    let service = Running::start(&folder, &["--base-url", "https://mystore.com/p"]);
    let key = service.start_key().to_owned();
    let path = "/v1/tokens/batch?never_expires=true&rejects=stop";
    let objects = "{\"customer_id\":1}\n{\"customer_id\":2}\n{\"customer_id\":1.5}\n";
    for round in 0..40 {
        let rows = service.post_apart(&key, path, "text/csv", b"customer_id\n1\n2\n3,x\n");
        assert!(rows.starts_with("HTTP/1.1 200 OK"), "{round}: {rows:?}");
        assert!(rows.contains("\n1,LO") && rows.contains("\n2,LO"), "{round}: {rows:?}");
        assert!(!rows.contains("\r\n0\r\n"), "{round}: {rows:?}");
        let rows = service.post_apart(&key, path, "application/x-ndjson", objects.as_bytes());
        assert!(
            rows.contains("{\"customer_id\":2,") && rows.contains("{\"error\":"),
            "{round}: {rows:?}"
        );
    }
    assert_eq!(service.end().0, Some(0));
}

#[test]
fn a_client_that_is_refused_may_send_all_before_it_reads() {
    let folder = Folder::new();
    let service = Running::start(&folder, &[]);
    let list = "customer_id\n".repeat(500_000);
    for key in ["", "wrong"] {
        let answer = service.post_apart(key, "/v1/tokens/batch?never_expires=true", "text/csv", list.as_bytes());
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    }
    assert_eq!(service.end().0, Some(0));
}

#[test]
fn an_answered_client_does_not_keep_the_service_from_its_end() {
    let folder = Folder::new();
    let service = Running::start(&folder, &[]);
    let mut stream = service.begin_post("wrong", "/v1/check", "application/json", 100_000);
    stream.write_all(b"half").expect("sent");
    let mut head = [0; 12];
    stream.read_exact(&mut head).expect("an answer");
    assert_eq!(&head, b"HTTP/1.1 401");
    assert_eq!(service.end().0, Some(0));
    drop(stream);
}
