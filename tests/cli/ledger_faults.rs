//! What a ledger does with other files, with others beside it, and with an end at any moment.

use crate::support::{Folder, Run, all};
use std::io::{BufRead, BufReader, Read, Write};
use std::process::Stdio;

const NOW: [&str; 2] = ["--now", "2026-11-21T16:30:00Z"];

fn count(folder: &Folder, token: &str) -> u64 {
    let args = ["verify", "--ledger", "l.db", "--ledger-read-only", "--json", token];
    let run = folder.run(&all(&[&args, &NOW])).done();
    run.json()[0]["uses"]["count"].as_u64().expect("a count")
}

#[test]
fn what_is_no_ledger_is_refused_before_any_answer() {
    let folder = Folder::with_list("customer_id\n1\n");
    folder.generate(&["-o", "links.csv"]).done();
    let token = folder.token(&["customer_id=1"]);
    folder.write("ring.json", "{\"keys\":[]}");
    folder.write("empty", "");
    std::fs::create_dir(folder.path("folder")).expect("made");
    let cases = [
        ("links.csv", "links.csv: the file is no ledger", "name another file"),
        (
            "ring.json",
            "ring.json: the file is a keyring, and no ledger",
            "--keyring FILE names the keyring",
        ),
        ("empty", "empty: the file is empty, and no ledger", "remove it"),
        ("folder", "folder: it is a folder", "name a file in it"),
        ("no/l.db", "no/l.db: no such file or directory", "make the folder first"),
    ];
    for (place, message, hint) in cases {
        for command in [
            &["verify", &token][..],
            &["verify", "--file", "links.csv"],
            &["revoke", &token],
            &["revoke", "--claim", "customer_id=1"],
            &[
                "generate",
                "customers.csv",
                "--no-link",
                "--expires-in",
                "1h",
                "-o",
                "more.csv",
            ],
        ] {
            let run = folder
                .call(&all(&[command, &["--ledger", place]]))
                .refused(3, message, hint);
            run.prints("");
        }
    }
}

#[test]
fn a_ledger_of_a_newer_linkmint_is_left_alone() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    folder
        .run(&all(&[&["verify", "--ledger", "l.db", &token], &NOW]))
        .done();
    // places in the header of an SQLite file: its format, section 1.3
    for (start, message) in [
        (60, "l.db: the ledger was made by a newer linkmint"),
        (68, "another program's data base"),
    ] {
        let mut bytes = folder.bytes("l.db");
        bytes[start..start + 4].copy_from_slice(&99u32.to_be_bytes());
        folder.write("l.db", bytes);
        let run = folder.run(&["verify", "--ledger", "l.db", &token]).status(3);
        run.tells(message).tells("\nhint: ").prints("");
    }
}

/// Files may grow to so many blocks of 512 bytes: a disk that is full.
#[cfg(unix)]
fn within(folder: &Folder, blocks: u32, args: &[&str]) -> Run {
    let call = folder.call(args);
    let inner = call.command();
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", &format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"")])
        .arg(inner.get_program())
        .args(inner.get_args())
        .current_dir(folder.path(""))
        .stdin(Stdio::null());
    for (name, value) in inner.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    call.judge(command.output().expect("sh starts"))
}

#[cfg(unix)]
#[test]
fn on_a_full_disk_nothing_is_answered_that_was_not_counted() {
    let folder = Folder::with_list(format!("customer_id\n{}", "1\n".repeat(3_000)));
    folder.generate(&["-o", "links.csv"]).done();
    let token = folder.token(&["customer_id=1"]);
    let verify = ["verify", "--ledger", "l.db", "--print", "status", &token];
    folder.run(&all(&[&verify, &NOW])).done();
    // the answers themselves go into a pipe
    let list = ["verify", "--ledger", "l.db", "--file", "links.csv", "--json"];
    let run = within(&folder, 200, &all(&[&list, &NOW])).status(3);
    // what is answered in the first moments may have found room
    let answered = run.json().len();
    assert!(answered < 3_000, "{answered}");
    run.expect(run.stderr.contains("linkmint: l.db: "), "the ledger is named");
    run.expect(run.stderr.contains("\nhint: "), "a hint");
    assert_eq!(count(&folder, &token), 1);
    let run = folder.run(&all(&[&list, &NOW])).done();
    for (row, answer) in run.json().iter().enumerate() {
        assert_eq!(
            answer["uses"]["count"],
            1 + u64::from(row < answered),
            "row {row} of {answered}"
        );
    }
}

#[test]
fn eight_processes_at_once_lose_no_count() {
    const LINES: usize = 300;
    let folder = Folder::with_list("customer_id\n1\n2\n3\n");
    folder.generate(&["-o", "links.csv"]).done();
    let token = crate::support::rows(&folder.read("links.csv"))[0]["token"].clone();
    let lines = format!("{token}\n").repeat(LINES);
    std::thread::scope(|scope| {
        for number in 0..8 {
            let (folder, lines) = (&folder, &lines);
            // all make the ledger at once
            scope.spawn(move || match number % 2 {
                0 => {
                    let args = ["verify", "--ledger", "l.db", "--print", "status", "-"];
                    let run = folder.call(&all(&[&args, &NOW])).stdin(lines).run().done();
                    assert_eq!(run.stdout, "valid\n".repeat(LINES));
                }
                _ => {
                    for _ in 0..5 {
                        let args = ["verify", "--ledger", "l.db", "--file", "links.csv"];
                        folder.run(&all(&[&args, &NOW])).done();
                    }
                }
            });
        }
    });
    assert_eq!(count(&folder, &token), 4 * LINES as u64 + 4 * 5);
}

/// A process is killed after so many answers, or while it has not answered yet; how many it gave.
fn answers_until_killed(folder: &Folder, token: &str, number: usize) -> u64 {
    let args = ["verify", "--ledger", "l.db", "--print", "status", "-"];
    let call = folder.call(&all(&[&args, &NOW]));
    let mut child = call.command().stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let lines = format!("{token}\n").repeat(1 + number % 7);
    let feeder = std::thread::spawn(move || {
        // in parts, so that there are many transactions
        for _ in 0..40 {
            if stdin.write_all(lines.as_bytes()).is_err() {
                break;
            }
        }
    });
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut text = String::new();
    if number.is_multiple_of(2) {
        (0..number * 5_000).for_each(|_| std::hint::spin_loop());
    } else {
        for _ in 0..number % 23 {
            output.read_line(&mut text).expect("read");
        }
    }
    child.kill().expect("killed");
    child.wait().expect("ended");
    feeder.join().expect("fed");
    output.read_to_string(&mut text).expect("read");
    text.matches("valid\n").count() as u64
}

#[test]
fn a_process_that_is_killed_loses_no_count_that_was_answered() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    folder
        .run(&all(&[&["verify", "--ledger", "l.db", &token], &NOW]))
        .done();
    let (mut answered, mut sent) = (1, 1);
    for number in 0..200 {
        answered += answers_until_killed(&folder, &token, number);
        sent += 40 * (1 + number as u64 % 7);
    }
    let counted = count(&folder, &token);
    assert!(counted >= answered, "{counted} of {answered} answers were counted");
    assert!(counted <= sent, "{counted} were counted, {sent} were sent");
    assert!(answered > 200, "most processes came to answer: {answered}");
}

#[cfg(all(unix, feature = "postgres"))]
crate::server::on_a_server! {
    eight_processes_at_once_lose_no_count
    a_process_that_is_killed_loses_no_count_that_was_answered
}
