//! Whatever ends a run: the old file stays, and no half one is left.

use crate::support::{FIXED, Folder, Run, USUAL, all};
use std::io::Write;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

/// A run that is in the middle of a list that comes slowly, with its temporary file made.
fn in_the_middle(folder: &Folder) -> (Child, ChildStdin) {
    in_the_middle_under(folder, "exec \"$@\"")
}

/// The same, started by a shell with this script, whose arguments are the command.
fn in_the_middle_under(folder: &Folder, script: &str) -> (Child, ChildStdin) {
    folder.write("links.csv", "old");
    let call = folder.call(&all(&[&["generate", "-", "-o", "links.csv", "-f"], &USUAL, &FIXED]));
    let mut child = under_shell(&call.command(), script)
        .stdin(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"customer_id\n1\n").expect("written");
    until("a temporary file with a row", || {
        let part = folder.files().into_iter().find(|name| name.ends_with(".part"));
        part.is_some_and(|name| std::fs::read(folder.path(&name)).is_ok_and(|text| text.ends_with(b"00Z\n")))
    });
    (child, stdin)
}

/// Polls for at most ten seconds.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(10), "still no {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn signal(child: &Child, name: &str) {
    let status = Command::new("kill")
        .args(["-s", name, &child.id().to_string()])
        .status();
    assert!(status.expect("kill runs").success());
}

#[test]
fn a_signal_ends_the_run_at_once_and_leaves_the_old_file() {
    for (name, status) in [("INT", 130), ("TERM", 143)] {
        let folder = Folder::new();
        let (child, stdin) = in_the_middle(&folder);
        ends_by(&folder, child, name, status);
        drop(stdin);
    }
}

fn ends_by(folder: &Folder, mut child: Child, name: &str, status: i32) {
    signal(&child, name);
    let mut ended = None;
    until("end", || {
        ended = child.try_wait().expect("a child");
        ended.is_some()
    });
    assert_eq!(ended.and_then(|ended| ended.code()), Some(status));
    assert_eq!(folder.read("links.csv"), "old");
    assert_eq!(folder.files(), ["links.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_is_to_outlive_its_terminal_does() {
    // as nohup starts it
    let folder = Folder::new();
    let (mut child, mut stdin) = in_the_middle_under(&folder, "trap '' HUP; exec \"$@\"");
    signal(&child, "HUP");
    stdin.write_all(b"2\n").expect("it still reads");
    drop(stdin);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(folder.read("links.csv").lines().count(), 3);
    assert_eq!(folder.files(), ["links.csv"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_terminal_that_is_closed_leaves_the_old_file() {
    let folder = Folder::new();
    // these tests may themselves run where it is ignored
    let (child, stdin) = in_the_middle_under(&folder, "exec env --default-signal=HUP \"$@\"");
    ends_by(&folder, child, "HUP", 129);
    drop(stdin);
}

#[test]
fn a_kill_leaves_the_old_file() {
    let folder = Folder::new();
    let (mut child, stdin) = in_the_middle(&folder);
    child.kill().expect("killed");
    child.wait().expect("it ends");
    assert_eq!(folder.read("links.csv"), "old");
    // what is left is in nobody's way
    folder.write("customers.csv", "customer_id\n1\n");
    folder.generate(&["-o", "links.csv", "-f"]).done();
    drop(stdin);
}

fn large_list() -> String {
    let rows: String = (0..5_000).map(|number| format!("{number}\n")).collect();
    format!("customer_id\n{rows}")
}

/// A command as the arguments of a shell script.
fn under_shell(program: &Command, script: &str) -> Command {
    let mut command = Command::new("sh");
    command
        .args(["-c", script, "sh"])
        .arg(program.get_program())
        .args(program.get_args())
        .current_dir(program.get_current_dir().expect("a folder"));
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command
}

/// Runs the program where no file can grow beyond 4 KiB.
fn where_files_are_small(folder: &Folder, args: &[&str]) -> Run {
    let call = folder.call(args);
    let mut command = under_shell(&call.command(), "ulimit -f 8; exec \"$@\"");
    call.judge(command.output().expect("it runs"))
}

#[test]
fn a_disk_that_is_full_half_way_leaves_nothing() {
    let folder = Folder::with_list(large_list());
    folder.write("links.csv", "old");
    for (flags, place) in [
        (&["-o", "links.csv", "-f"][..], "links.csv"),
        (&["-o", "new.csv"], "new.csv"),
        (&["-o", "new.csv", "-j", "4"], "new.csv"),
    ] {
        let args = all(&[&["generate", "customers.csv"], &USUAL, &FIXED, flags]);
        let run = where_files_are_small(&folder, &args).status(3);
        run.tells(&format!("linkmint: {place}: "))
            .tells("hint: nothing was written there");
        assert_eq!(folder.read("links.csv"), "old");
        assert_eq!(folder.files(), ["customers.csv", "links.csv"]);
    }
}

#[test]
fn a_full_disk_for_the_rejects_leaves_neither_file() {
    let list = large_list().replace('\n', ",x\n").replacen(",x", ",name", 1);
    let bad: String = list.lines().skip(1).map(|_| ",x\n").collect();
    let folder = Folder::with_list(format!("customer_id,name\n1,a\n{bad}"));
    let args = all(&[
        &["generate", "customers.csv", "-o", "links.csv", "--rejects", "bad.csv"],
        &USUAL,
        &FIXED,
    ]);
    where_files_are_small(&folder, &args).status(3).tells("bad.csv");
    assert_eq!(folder.files(), ["customers.csv"]);
}

#[test]
fn a_compressed_output_on_a_full_disk_leaves_nothing() {
    let folder = Folder::with_list(large_list());
    for name in ["links.csv.gz", "links.csv.zst"] {
        let args = all(&[&["generate", "customers.csv", "-o", name], &USUAL, &FIXED]);
        where_files_are_small(&folder, &args).status(3).tells(name);
        assert_eq!(folder.files(), ["customers.csv"]);
    }
}

#[test]
fn a_list_that_can_not_be_read_on_leaves_the_old_file() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    encoder.write_all(large_list().repeat(20).as_bytes()).expect("memory");
    let mut packed = encoder.finish().expect("memory");
    // a block of a type that there is none of
    let half = packed.len() / 2;
    packed.truncate(half);
    let folder = Folder::new();
    folder.write("list.gz", packed);
    folder.write("links.csv", "old");
    for threads in ["1", "4"] {
        let flags = ["-o", "links.csv", "-f", "-j", threads, "--summary-file", "s.json"];
        folder
            .run(&all(&[&["generate", "list.gz"], &USUAL, &FIXED, &flags]))
            .status(3);
        assert_eq!(folder.read("links.csv"), "old");
        assert_eq!(folder.files(), ["links.csv", "list.gz", "s.json"]);
        let summary: serde_json::Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
        assert_eq!((&summary["complete"], &summary["written"]), (&false.into(), &0.into()));
        assert!(summary["rows"].as_u64() > Some(0));
        for member in [
            "rejected", "blank", "seconds", "key_id", "first_id", "warnings", "repeat",
        ] {
            assert!(!summary[member].is_null(), "{member} in {summary}");
        }
    }
}

#[test]
fn of_two_files_the_first_stays_and_the_message_says_so() {
    let folder = Folder::new();
    let call = folder.call(&all(&[
        &[
            "generate",
            "-",
            "-o",
            "links.csv",
            "--rejects",
            "bad.csv",
            "--summary-file",
            "s.json",
        ],
        &USUAL,
        &FIXED,
    ]));
    let mut child = call.command().stdin(Stdio::piped()).spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"customer_id,name\n1,a\n,b\n").expect("written");
    until("temporary files", || {
        folder.files().iter().filter(|name| name.ends_with(".part")).count() == 2
    });
    // somebody else takes the second name meanwhile
    folder.write("bad.csv", "theirs");
    drop(stdin);
    let run = call.judge(child.wait_with_output().expect("it ends"));
    run.status(2)
        .tells("linkmint: bad.csv: the file exists")
        .tells("hint: the good rows are complete in links.csv");
    assert_eq!(folder.read("bad.csv"), "theirs");
    assert_eq!(folder.files(), ["bad.csv", "links.csv", "s.json"]);
    let summary: serde_json::Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
    assert_eq!((&summary["complete"], &summary["written"]), (&false.into(), &1.into()));
}
