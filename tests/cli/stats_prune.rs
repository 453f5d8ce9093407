//! Dropping what belongs to tokens that have expired.

use crate::ledgers::{Book, LEDGER};
use crate::support::{Folder, all};
use linkmint::token::{Form, Status};

const PRUNE: [&str; 6] = ["stats", "--ledger", LEDGER, "--prune", "--now", "2026-11-21T17:00:00Z"];

/// A token that ended at 17:00, one that ends a second later and one that never does.
fn filled(folder: &Folder) {
    let mut book = Book::new(folder);
    for (customer, seconds) in [("1", Some(3_600)), ("2", Some(3_601)), ("3", None)] {
        let token = book.lasting(&[("customer_id", customer)], seconds, Form::default());
        book.check(&token, Status::Valid, "2026-11-21T16:10:00Z", 2);
        book.revoke(&token);
    }
    book.record(1, &[("spring26", 3)]);
}

fn left(folder: &Folder) -> (u64, usize) {
    let run = folder.run(&["stats", "--ledger", LEDGER, "--json", "-q"]).done();
    let object = &run.json()[0];
    (
        object["tokens"].as_u64().expect("a number"),
        object["runs"].as_array().expect("a list").len(),
    )
}

#[test]
fn what_has_expired_is_dropped_and_all_else_stays() {
    let folder = Folder::new();
    filled(&folder);
    folder
        .run(&all(&[&PRUNE, &["--yes"]]))
        .done()
        .prints("")
        .tells("linkmint: dropped 2 checks of 1 token and 1 revocation that expired by 2026-11-21T17:00:00Z\n");
    assert_eq!(left(&folder), (2, 1));
    folder
        .run(&all(&[&PRUNE, &["--yes"]]))
        .done()
        .tells("nothing has expired, and nothing was dropped");
    // whoever is not asked about anything needs no --yes
    folder.run(&PRUNE).done();
    folder
        .run(&[
            "stats",
            "--ledger",
            LEDGER,
            "--prune",
            "--yes",
            "-q",
            "--now",
            "2106-02-07T06:28:15Z",
        ])
        .done()
        .says_nothing();
    assert_eq!(left(&folder), (1, 1), "what never expires stays");
}

#[test]
fn nobody_there_to_ask_drops_nothing() {
    let folder = Folder::new();
    filled(&folder);
    let run = folder.run(&PRUNE).status(2);
    run.expect(
        run.stderr
            == "linkmint: --prune: 2 checks of 1 token and 1 revocation would be dropped, and nobody is there to ask\n\
                hint: add --yes if that is meant\n",
        "what would be dropped",
    );
    assert_eq!(left(&folder), (3, 1));
}

#[cfg(target_os = "linux")]
#[test]
fn at_a_terminal_it_asks() {
    use crate::stats_outputs::at_terminal;
    let folder = Folder::new();
    filled(&folder);
    for (typed, word, tokens) in [
        ("\n", "nothing was dropped", 3),
        ("yes\n", "dropped 2 checks of 1 token", 2),
    ] {
        let shown = at_terminal(&folder, &PRUNE.join(" "), 100, typed);
        let question = "2 checks of 1 token and 1 revocation that expired by 2026-11-21T17:00:00Z will be dropped";
        assert!(shown.contains(question) && shown.contains(word), "{shown}");
        assert_eq!(left(&folder).0, tokens, "{typed:?}");
    }
}

#[test]
fn pruning_reports_nothing() {
    let folder = Folder::new();
    filled(&folder);
    for args in [
        &["--json"][..],
        &["--csv"],
        &["--html", "a.html"],
        &["--by", "day"],
        &["--since", "2026-11-21"],
    ] {
        folder
            .call(&all(&[&PRUNE, args]))
            .refused(2, "cannot be used with", "stats --help");
    }
    folder
        .call(&["stats", "--ledger", LEDGER, "--yes"])
        .refused(2, "--prune", "stats --help");
    folder.call(&["stats", "--ledger", "none.db", "--prune"]).refused(
        3,
        "none.db: there is no such ledger",
        "check the name",
    );
}
