//! `verify --ledger`: each check is counted before it is answered.

use crate::support::{Folder, ISSUED, Run, all, mode, rows};

const NOON: &str = "2026-11-21T16:30:00Z";
const LATER: &str = "2026-11-21T16:50:00Z";
const EXPIRED: &str = "2026-11-21T17:00:00Z";

fn verify(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&all(&[&["verify", "--ledger", "l.db"], args]))
}

fn uses(run: &Run, line: usize) -> (u64, String) {
    let uses = run.json()[line]["uses"].clone();
    let first = uses["first"].as_str().unwrap_or("never").to_owned();
    (uses["count"].as_u64().expect("a count"), first)
}

#[test]
fn the_answer_says_how_often_the_token_was_checked_before() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let ends = |text: &str, run: Run| run.expect(run.stdout.ends_with(text), text);
    let made = verify(&folder, &[&token, "--now", NOON])
        .tells("linkmint: made the ledger l.db\n")
        .done();
    ends("  not checked before\n", made);
    let again = verify(&folder, &[&token, "--now", LATER]).says_nothing().done();
    ends("  checked once before, at 2026-11-21 16:30 UTC\n", again);
    let late = verify(&folder, &[&token, "--now", EXPIRED]).status(1);
    ends("  checked 2 times before, first 2026-11-21 16:30 UTC\n", late);
    #[cfg(unix)]
    if folder.keeps_ledgers() {
        assert_eq!(mode(&folder.path("l.db")), 0o600);
    }
}

#[test]
fn json_counts_this_check_and_what_is_not_authentic_is_not_counted() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let changed = format!("{}x{}", &token[..20], &token[21..]);
    for count in 1..=3 {
        let run = verify(&folder, &[&token, &changed, &token, "--json", "--now", NOON]);
        assert_eq!(uses(&run, 0), (2 * count - 1, NOON.to_owned()));
        assert_eq!(uses(&run, 2), (2 * count, NOON.to_owned()));
        assert!(run.json()[1]["uses"].is_null());
    }
    let damaged = verify(&folder, &[&changed, "--now", NOON]).status(1);
    damaged.expect(damaged.stdout.starts_with("DAMAGED"), "the genuine one is found");
    let run = verify(&folder, &[&token, "--json", "--now", LATER, "--ledger-read-only"]).done();
    assert_eq!(uses(&run, 0), (6, NOON.to_owned()), "and not counted");
    let run = folder.run(&["verify", &token, "--json", "--now", LATER]).done();
    assert!(run.json()[0]["uses"].is_null());
}

#[test]
fn who_only_looks_counts_nothing() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let missing = folder.call(&["verify", "--ledger", "l.db", "--ledger-read-only", &token]);
    missing.refused(3, "l.db: there is no such ledger", "check the name");
    verify(&folder, &[&token, "--now", NOON]).done();
    folder.write("list.csv", format!("token\n{token}\n"));
    for _ in 0..2 {
        let run = verify(&folder, &[&token, "--ledger-read-only", "--now", LATER]).done();
        run.expect(run.stdout.contains("  checked once before, at"), "one check");
        let list = ["--file", "list.csv", "--ledger-read-only", "--now", LATER, "--json"];
        assert_eq!(uses(&verify(&folder, &list).done(), 0), (1, NOON.to_owned()));
        verify(&folder, &["--file", "list.csv", "--ledger-read-only", "--now", LATER]).done();
    }
    let flag = folder.call(&["verify", "--ledger-read-only", &token]);
    flag.refused(2, "--ledger-read-only: no ledger is named", "--ledger FILE");
}

#[test]
fn all_ways_to_check_count() {
    let folder = Folder::with_list("customer_id\n1\n2\n");
    folder.generate(&["-o", "links.csv"]).done();
    let token = rows(&folder.read("links.csv"))[0]["token"].clone();
    let now = ["--now", NOON];
    verify(&folder, &all(&[&[&token], &now])).done();
    verify(&folder, &all(&[&["--file", "links.csv", "-o", "checked.csv"], &now])).done();
    verify(&folder, &all(&[&["--file", "links.csv", "--json"], &now])).done();
    verify(&folder, &all(&[&["--file", "links.csv", "--only-invalid"], &now])).done();
    verify(&folder, &all(&[&["--scan", "links.csv"], &now]));
    let lines = format!("{token}\nno token\n{token}");
    let call = ["verify", "--ledger", "l.db", "-", "--print", "status", "--now", NOON];
    let run = folder.call(&call).stdin(&lines).run().status(1);
    run.prints("valid\nmalformed\nvalid\n");
    folder
        .call(&["verify", "--ledger", "l.db", "--now", NOON])
        .stdin(&token)
        .run()
        .done();
    let run = verify(&folder, &[&token, "--json", "--ledger-read-only", "--now", NOON]).done();
    assert_eq!(uses(&run, 0).0, 1 + 3 + 1 + 2 + 1);
    let variable = folder
        .call(&["verify", &token, "--json", "--now", NOON])
        .variable("LINKMINT_LEDGER", "l.db");
    assert_eq!(uses(&variable.run().done(), 0).0, 9);
}

#[test]
fn a_token_that_stands_twice_in_a_list_is_counted_in_the_order_of_its_rows() {
    let folder = Folder::with_list(format!("customer_id\n{}", "1\n2\n3\n".repeat(300)));
    folder.generate(&["-o", "links.csv"]).done();
    let text = folder.read("links.csv");
    let (header, list) = text.split_once('\n').expect("a header");
    folder.write("twice.csv", format!("{header}\n{list}{list}"));
    let mut outputs = Vec::new();
    for (threads, ledger) in [("1", "a.db"), ("3", "b.db"), ("8", "c.db")] {
        let args = [
            "verify",
            "--file",
            "twice.csv",
            "--json",
            "-q",
            "--now",
            NOON,
            "-j",
            threads,
            "--ledger",
            ledger,
        ];
        let run = folder.run(&args).done();
        let counts: Vec<_> = run.json().iter().map(|line| line["uses"]["count"].clone()).collect();
        assert!(counts[..900].iter().all(|count| *count == 1));
        assert!(counts[900..].iter().all(|count| *count == 2));
        outputs.push(run.raw);
    }
    assert!(outputs.iter().all(|output| *output == outputs[0]));
}

#[test]
fn neither_tokens_nor_sealed_claims_stand_in_the_file() {
    let folder = Folder::new();
    let open = folder.token(&["customer_id=open-customer"]);
    let sealed = folder.token(&["customer_id=sealed-customer", "--seal"]);
    let has = |text: &str| {
        ["l.db", "l.db-wal"].iter().any(|file| {
            let bytes = folder.bytes(file);
            bytes.windows(text.len()).any(|window| window == text.as_bytes())
        })
    };
    verify(&folder, &[&open, &sealed, "--now", NOON]).done();
    assert!(has("open-customer"), "signed claims are for everyone to read");
    assert!(!has("sealed-customer") && !has(&open[..24]) && !has(&sealed[..24]));
    verify(&folder, &[&sealed, "--now", NOON, "--ledger-claims"]).done();
    assert!(has("sealed-customer"), "it was asked for");
}

#[test]
fn a_bad_row_ends_what_is_answered_and_what_is_counted() {
    let folder = Folder::with_list("customer_id\n1\n2\n3\n");
    folder.generate(&["-o", "links.csv"]).done();
    let text = folder.read("links.csv");
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    let tokens: Vec<_> = rows(&text).iter().map(|row| row["token"].clone()).collect();
    lines[2] += ",one cell more";
    folder.write("bad.csv", lines.join("\n"));
    verify(&folder, &["--file", "bad.csv", "--now", NOON]).status(1);
    let run = verify(
        &folder,
        &[&tokens[0], &tokens[2], "--ledger-read-only", "--json", "--now", NOON],
    )
    .done();
    assert_eq!((uses(&run, 0).0, uses(&run, 1).0), (1, 0));
    verify(
        &folder,
        &["--file", "bad.csv", "--now", NOON, "--rejects", "rejects.csv"],
    )
    .status(1);
    let run = verify(
        &folder,
        &[&tokens[0], &tokens[2], "--ledger-read-only", "--json", "--now", NOON],
    )
    .done();
    assert_eq!((uses(&run, 0).0, uses(&run, 1).0), (2, 1));
}

#[test]
fn the_ledger_is_never_overwritten() {
    let folder = Folder::with_list("customer_id\n1\n");
    folder.generate(&["-o", "links.csv"]).done();
    verify(&folder, &["--file", "links.csv", "--now", ISSUED]).done();
    let onto = [
        "verify",
        "--ledger",
        "l.db",
        "--file",
        "links.csv",
        "-o",
        "l.db",
        "--force",
    ];
    let run = folder.run(&onto).status(2);
    run.tells("l.db: it would overwrite the ledger");
    assert!(folder.bytes("l.db").starts_with(b"SQLite format 3\0"));
}

#[test]
fn generate_records_its_run_and_no_row() {
    let folder =
        Folder::with_list("customer_id,campaign_id\nsome-customer,spring26\n2,autumn26\n,autumn26\n4,spring26\n");
    let flags = ["--ledger", "l.db", "-o", "links.csv"];
    folder.generate(&all(&[&flags, &["--preview"]])).status(1);
    assert!(!folder.path("l.db").exists(), "a preview writes nothing");
    folder
        .generate(&flags)
        .status(1)
        .tells("linkmint: made the ledger l.db\n");
    assert_eq!(recorded(&folder), [], "no links, no run");
    folder.generate(&all(&[&flags, &["--rejects", "bad.csv"]])).status(1);
    let [run] = &recorded(&folder)[..] else {
        panic!("one run")
    };
    assert_eq!(
        (run.rows, run.never, &*run.input, run.key_id.to_string()),
        (3, 0, "customers.csv", "e28e".to_owned())
    );
    assert_eq!(run.campaigns, [("spring26".to_owned(), 2), ("autumn26".to_owned(), 1)]);
    assert_eq!(run.repeat, format!("--issued-at {ISSUED} --first-id 000000000001"));
    let expiry = run.issued_at + 24 * 60 * 60;
    assert_eq!(run.expiries, Some((expiry, expiry)));
    folder.write("one.csv", "customer_id\n1\n");
    let one = [
        "generate",
        "one.csv",
        "--no-link",
        "--never-expires",
        "--ledger",
        "l.db",
        "-q",
    ];
    folder.run(&all(&[&one, &["--set", "campaign_id=summer26"]])).done();
    folder
        .run(&all(&[&one, &["--set", "campaign_id=secret26", "--seal"]]))
        .done();
    let runs = recorded(&folder);
    assert_eq!((runs[1].expiries, runs[1].never), (None, 1));
    assert_eq!(runs[1].campaigns, [("summer26".to_owned(), 1)]);
    assert_eq!(runs[2].campaigns, [], "what is sealed is not told");
    for file in ["l.db", "l.db-wal"].iter().filter(|_| folder.keeps_ledgers()) {
        let bytes = folder.bytes(file);
        assert!(!bytes.windows(13).any(|window| window == b"some-customer"), "{file}");
    }
    let onto = [
        "generate",
        "one.csv",
        "--no-link",
        "--never-expires",
        "--ledger",
        "l.db",
        "-o",
        "l.db",
        "-f",
    ];
    if folder.keeps_ledgers() {
        folder.run(&onto).status(2).tells("l.db: it would overwrite the ledger");
    }
}

fn recorded(folder: &Folder) -> Vec<linkmint::ledger::Run> {
    let options = linkmint::ledger::Options::default();
    let name = match folder.keeps_ledgers() {
        true => folder.path("l.db"),
        false => folder.ledger("l.db").into(),
    };
    let ledger = linkmint::ledger::Ledger::open(&name, options).expect("a ledger");
    ledger.runs().expect("read")
}

#[cfg(all(unix, feature = "postgres"))]
crate::server::on_a_server! {
    the_answer_says_how_often_the_token_was_checked_before
    json_counts_this_check_and_what_is_not_authentic_is_not_counted
    who_only_looks_counts_nothing
    all_ways_to_check_count
    a_token_that_stands_twice_in_a_list_is_counted_in_the_order_of_its_rows
    a_bad_row_ends_what_is_answered_and_what_is_counted
    generate_records_its_run_and_no_row
}
