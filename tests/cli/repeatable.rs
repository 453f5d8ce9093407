//! The same run twice: the same bytes, on any number of threads.

use crate::support::{FIXED, Folder, USUAL, all, rows};

/// Rows of all kinds: good, bad, blank, long, quoted.
fn mixed(count: usize) -> String {
    let mut list = String::from("customer_id,campaign_id,note\n");
    for number in 0..count {
        list += &match number % 23 {
            5 => format!(",spring26,row {number}\n"),
            11 => "\n".to_owned(),
            13 => format!("{number},spring26,\"two\nlines, and \"\"quotes\"\"\"\n"),
            17 => format!("{number},spring26\n"),
            19 => format!("{number},spring26,{}\n", "x".repeat(number % 3_000)),
            _ => format!("{number},spring26,row {number}\n"),
        };
    }
    list
}

#[test]
fn output_is_the_same_for_every_number_of_threads() {
    let folder = Folder::with_list(mixed(5_000));
    let run = |threads: &str| {
        let name = format!("links-{threads}.csv");
        let bad = format!("bad-{threads}.csv");
        let flags = ["-j", threads, "-o", &name, "--rejects", &bad];
        folder
            .generate(&flags)
            .status(1)
            .tells("4,783 rows, 435 rejected, 217 blank");
        (folder.bytes(&name), folder.bytes(&bad))
    };
    let (links, bad) = run("1");
    assert_eq!(bad.iter().filter(|byte| **byte == b'\n').count(), 1 + 435);
    for threads in ["2", "8"] {
        let (other_links, other_bad) = run(threads);
        assert!(other_links == links, "links differ with {threads} threads");
        assert!(other_bad == bad, "rejects differ with {threads} threads");
    }
}

#[test]
fn any_number_of_threads_can_be_asked_for() {
    let folder = Folder::with_list("customer_id\n1\n2\n");
    let first = folder.generate(&["-j", "1"]).done().stdout;
    for threads in ["3", "100000", &usize::MAX.to_string()] {
        folder.generate(&["-j", threads]).done().prints(&first);
    }
}

#[test]
fn messages_are_the_same_for_every_number_of_threads() {
    let folder = Folder::with_list(mixed(5_000));
    let told = |threads: &str| {
        let run = folder.generate(&["-j", threads, "-o", "links.csv", "-q"]).status(1);
        run.expect(
            run.stderr.lines().filter(|line| line.contains(": row ")).count() == 20,
            "20 rows told",
        );
        run.stderr
    };
    let first = told("1");
    assert_eq!(told("2"), first);
    assert_eq!(told("8"), first);
}

#[test]
fn to_a_stream_the_same_rows_come_before_the_first_bad_one() {
    let mut list: String = mixed(10).lines().take(1).map(|line| format!("{line}\n")).collect();
    list += &(0..30_000).map(|number| format!("{number},a,b\n")).collect::<String>();
    list += ",a,b\n";
    list += &(0..3_000).map(|number| format!("{number},a,b\n")).collect::<String>();
    let folder = Folder::with_list(list);
    let first = folder.generate(&["-j", "1"]).status(1).stdout;
    assert_eq!(first.lines().count(), 30_001);
    assert!(folder.generate(&["-j", "8"]).status(1).stdout == first);
}

#[test]
fn the_same_time_and_id_give_the_same_bytes() {
    let folder = Folder::with_list(mixed(300));
    for form in [&[][..], &["--seal"], &["--text", "base32"]] {
        let run = || {
            let flags = all(&[&["-o", "links.csv", "--rejects", "bad.csv", "-f"], form]);
            folder.generate(&flags).status(1);
            folder.bytes("links.csv")
        };
        assert_eq!(run(), run());
    }
}

#[test]
fn the_flags_that_a_summary_prints_repeat_the_run() {
    let folder = Folder::with_list("customer_id\n1\n2\n");
    let run = folder.run(&all(&[&["generate", "customers.csv"], &USUAL])).done();
    let line = run
        .stderr
        .lines()
        .find_map(|line| line.trim().strip_prefix("repeat"))
        .expect("how to repeat it");
    let flags: Vec<_> = line.split_whitespace().collect();
    let again = folder
        .run(&all(&[&["generate", "customers.csv"], &USUAL, &flags]))
        .done();
    again.prints(&run.stdout);
}

#[test]
fn two_runs_share_no_id_by_themselves() {
    let folder = Folder::with_list("customer_id\n1\n");
    let run = || {
        folder
            .run(&all(&[&["generate", "customers.csv", "--issued-at", FIXED[1]], &USUAL]))
            .done()
            .stdout
    };
    assert_ne!(run(), run());
}

#[test]
fn an_id_counts_rejected_rows_and_no_blank_ones() {
    let folder = Folder::with_list("customer_id,a\n10,x\n\n11,x\n,bad\n12,x\nragged\n,\n13,x\n");
    folder.generate(&["-o", "links.csv", "--rejects", "bad.csv"]).status(1);
    let ids = ids_of(&folder);
    let expected = [
        ("10", "000000000001"),
        ("11", "000000000002"),
        ("12", "000000000004"),
        ("13", "000000000006"),
    ];
    assert_eq!(ids, expected.map(|(customer, id)| (customer.to_owned(), id.to_owned())));
}

#[test]
fn ids_go_round_at_the_end() {
    let folder = Folder::with_list("customer_id\n10\n11\n12\n");
    let args = all(&[
        &[
            "generate",
            "customers.csv",
            "-o",
            "links.csv",
            "--issued-at",
            FIXED[1],
            "--first-id",
            "fffffffffffe",
        ],
        &USUAL,
    ]);
    folder.run(&args).done();
    let ids: Vec<_> = ids_of(&folder).into_iter().map(|(_, id)| id).collect();
    assert_eq!(ids, ["fffffffffffe", "ffffffffffff", "000000000000"]);
}

fn ids_of(folder: &Folder) -> Vec<(String, String)> {
    let rows = rows(&folder.read("links.csv"));
    let filled = rows.iter().filter(|row| !row["token"].is_empty());
    filled
        .map(|row| {
            let answer = &folder.run(&["inspect", "--json", &row["token"]]).done().json()[0];
            (
                row["customer_id"].clone(),
                answer["id"].as_str().expect("an id").to_owned(),
            )
        })
        .collect()
}
