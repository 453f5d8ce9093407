//! Pipes that close, pipes that are slow, and signals.

use crate::support::{Call, FIXED, Folder, ISSUED, Run, USUAL, all};
use std::io::{BufRead, BufReader, PipeWriter, Write};
use std::process::{Child, Command, Stdio};

/// A pipe that nobody reads any more.
fn closed_pipe() -> PipeWriter {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer
}

fn into_closed_pipe(call: &Call<'_>, stdin: &str) -> Run {
    let mut child = call
        .command()
        .stdin(Stdio::piped())
        .stdout(closed_pipe())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let text = stdin.to_owned();
    let feeder = std::thread::spawn(move || drop(pipe.write_all(text.as_bytes())));
    let output = child.wait_with_output().expect("it ends");
    feeder.join().expect("fed");
    call.judge(output)
}

#[test]
fn generate_ends_quietly_when_nobody_reads() {
    let folder = Folder::new();
    let list: String = std::iter::once("customer_id\n".to_owned())
        .chain((1..20_000).map(|id| format!("{id}\n")))
        .collect();
    let call = folder.call(&all(&[&["generate", "-", "-q"], &USUAL, &FIXED]));
    into_closed_pipe(&call, &list).done().says_nothing();
}

#[test]
fn generate_says_nothing_of_a_closed_pipe_in_its_rows() {
    let folder = Folder::new();
    let call = folder.call(&all(&[&["generate", "-"], &USUAL, &FIXED]));
    let run = into_closed_pipe(&call, "customer_id\n1\n").done();
    run.expect(!run.stderr.contains("broken pipe"), "no word of it");
}

#[test]
fn a_closed_pipe_commits_no_file() {
    let folder = Folder::new();
    let call = folder.call(&all(&[&["generate", "-", "--rejects", "bad.csv"], &USUAL, &FIXED]));
    into_closed_pipe(&call, "customer_id,a\n1,2\n,3\n").done();
    assert!(
        folder.files().iter().all(|name| !name.ends_with(".part")),
        "{:?}",
        folder.files()
    );
}

#[test]
fn the_short_commands_end_quietly_when_nobody_reads() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    for args in [
        &["sign", "a=1", "--never-expires"][..],
        &["inspect", &token],
        &["key", "list"],
        &["completions", "bash"],
        &["man"],
        &["--help"],
        &["generate", "--help"],
        &["--version"],
    ] {
        into_closed_pipe(&folder.call(args), "").done().says_nothing();
    }
}

#[test]
fn verify_keeps_its_verdict_when_nobody_reads() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let check = |texts: &[&str], stdin: &str| {
        let args = all(&[&["verify", "--now", ISSUED], texts]);
        into_closed_pipe(&folder.call(&args), stdin).says_nothing()
    };
    check(&[&token], "").done();
    check(&["hello"], "").status(1);
    check(&[], &token).done();
    check(&[], "hello").status(1);
    check(&["-"], &format!("{token}\n")).done();
    check(&["-"], "hello\n").status(1);
    // more than any buffer holds
    check(&["-"], &format!("{token}\n").repeat(20_000)).status(3);
    check(&["-"], &"hello\n".repeat(20_000)).status(1);
}

#[test]
fn a_list_that_nobody_reads_to_its_end_keeps_its_verdict_and_its_summary_says_that_it_is_partial() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let list = |row: &str, count: usize| format!("token\n{}", format!("{row}\n").repeat(count));
    let check = |text: &str| {
        let call = folder.call(&["verify", "--file", "-", "--now", ISSUED]);
        into_closed_pipe(&call, text)
    };
    let partial = "  partial: the run ended before the list did";
    // more than any buffer holds
    check(&list(&token, 20_000)).status(3).tells(partial);
    check(&list("hello", 20_000)).status(3);
    let call = folder.call(&all(&[&["generate", "-"], &USUAL, &FIXED]));
    let run = into_closed_pipe(&call, &list("1", 20_000).replace("token", "customer_id")).done();
    run.tells("  partial  the run ended before the list did: this counts a part of it");
    // a summary of all says no such thing
    folder.write("whole.csv", list(&token, 3));
    let run = folder.run(&["verify", "--file", "whole.csv", "--now", ISSUED]).done();
    run.expect(!run.stderr.contains("partial"), "it is whole");
}

/// A run that is in the middle of its list: its first row came out, and its input stays open.
fn in_the_middle(call: &Call<'_>) -> (Child, std::process::ChildStdin) {
    let mut command: Command = call.command();
    let mut child = command.stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"customer_id\n1\n").expect("written");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    assert_eq!(
        lines.next().expect("a header").expect("read"),
        "customer_id,token,url_link,expires_at"
    );
    assert!(lines.next().expect("a row").expect("read").starts_with("1,L"));
    (child, stdin)
}

#[test]
fn rows_come_out_as_they_come_in() {
    let folder = Folder::new();
    let call = folder.call(&all(&[&["generate", "-"], &USUAL, &FIXED]));
    let (mut child, stdin) = in_the_middle(&call);
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn answers_come_out_as_lines_come_in() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let call = folder.call(&["verify", "-", "--print", "status", "--now", ISSUED]);
    let mut child = call.command().stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for _ in 0..3 {
        writeln!(stdin, "{token}").expect("written");
        assert_eq!(lines.next().expect("an answer").expect("read"), "valid");
    }
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn a_signal_leaves_no_file_and_says_which_it_was() {
    for (signal, status) in [("INT", 130), ("TERM", 143)] {
        let folder = Folder::new();
        folder.write("bad.csv", "old");
        let call = folder.call(&all(&[
            &["generate", "-", "--rejects", "bad.csv", "-f"],
            &USUAL,
            &FIXED,
        ]));
        let (child, stdin) = in_the_middle(&call);
        assert_eq!(
            folder.files().len(),
            2,
            "a temporary file beside the old one: {:?}",
            folder.files()
        );
        let killed = Command::new("kill")
            .args(["-s", signal, &child.id().to_string()])
            .status();
        assert!(killed.expect("kill runs").success());
        let run = call.judge(child.wait_with_output().expect("it ends"));
        run.expect(
            run.status == Some(status),
            &format!("status {status} after SIG{signal}"),
        );
        assert_eq!(folder.files(), ["bad.csv"]);
        assert_eq!(folder.read("bad.csv"), "old");
        drop(stdin);
    }
}

#[test]
fn a_named_pipe_is_written_straight_through() {
    let folder = Folder::with_list("customer_id\n1\n");
    let pipe = folder.path("pipe");
    let made = Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .expect("every Unix has mkfifo");
    assert!(made.success(), "{made}");
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || std::fs::read_to_string(pipe).expect("read")
    });
    folder.generate(&["-o", "pipe"]).done();
    assert!(reader.join().expect("read").starts_with("customer_id,token,"));
    let call = folder.call(&all(&[&["generate", "pipe"], &USUAL, &FIXED]));
    let writer = std::thread::spawn(move || std::fs::write(pipe, "customer_id\n1\n").expect("written"));
    call.run().done();
    writer.join().expect("written");
}
