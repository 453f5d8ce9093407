//! Who may read what is written, and what killed runs leave.

use crate::support::{Folder, keyring_text, mode};
use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, SystemTime};

const LIST: &str = "customer_id\n1\n";

fn set(folder: &Folder, name: &str, mode: u32) {
    fs::set_permissions(folder.path(name), Permissions::from_mode(mode)).expect("set");
}

/// All bits of a file's mode.
fn whole_mode(folder: &Folder, name: &str) -> u32 {
    fs::metadata(folder.path(name)).expect("there").permissions().mode() & 0o7777
}

#[test]
fn a_new_output_has_the_mode_that_the_umask_leaves() {
    for (umask, expected) in [("022", 0o644), ("027", 0o640), ("077", 0o600), ("000", 0o666)] {
        let folder = Folder::with_list(LIST);
        let args = [
            "generate",
            "customers.csv",
            "--no-link",
            "--expires-in",
            "1h",
            "-o",
            "links.csv",
            "--summary-file",
            "s.json",
        ];
        let call = folder.call(&args);
        let inner = call.command();
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("umask {umask}; exec \"$0\" \"$@\"")])
            .arg(inner.get_program())
            .args(inner.get_args())
            .current_dir(folder.path(""));
        for (name, value) in inner.get_envs() {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        call.judge(command.output().expect("sh starts")).done();
        assert_eq!(whole_mode(&folder, "links.csv"), expected, "{umask}");
        assert_eq!(whole_mode(&folder, "s.json"), expected, "{umask}");
    }
}

#[test]
fn of_a_replaced_file_the_permissions_are_kept_and_nothing_else() {
    for (before, after) in [
        (0o640, 0o640),
        (0o4755, 0o755),
        (0o2775, 0o775),
        (0o7777, 0o777),
        (0o400, 0o400),
    ] {
        let folder = Folder::with_list(LIST);
        folder.write("links.csv", "old");
        set(&folder, "links.csv", before);
        folder.generate(&["-o", "links.csv", "--force"]).done();
        assert_eq!(whole_mode(&folder, "links.csv"), after);
    }
}

#[test]
fn an_export_of_secrets_is_private_whatever_it_replaces() {
    let folder = Folder::new();
    for (number, flags) in [&[][..], &["--jwt"]].iter().enumerate() {
        let name = format!("old{number}");
        folder.write(&name, "old");
        set(&folder, &name, 0o644);
        let args = [&["key", "export", "-o", &name, "--force"], *flags].concat();
        folder.run(&args).done();
        assert_eq!(whole_mode(&folder, &name), 0o600);
    }
}

/// A file as a killed run leaves it, last written so many hours ago.
fn leave(folder: &Folder, name: &str, hours: u64) -> fs::File {
    folder.write(name, "customer_id,token\n");
    let file = fs::File::options().write(true).open(folder.path(name)).expect("open");
    let time = SystemTime::now() - Duration::from_secs(hours * 3_600);
    file.set_modified(time).expect("set");
    file
}

#[test]
fn what_a_killed_run_left_is_told() {
    let folder = Folder::with_list(LIST);
    leave(&folder, ".links.csv.a1B2c3.part", 25);
    // too young, of another output, of another kind
    leave(&folder, ".links.csv.a1B2c4.part", 23);
    leave(&folder, ".other.csv.a1B2c3.part", 25);
    leave(&folder, ".links.csv.a1B2.part", 25);
    leave(&folder, ".links.csv.a1-2c3.part", 25);
    let busy = leave(&folder, ".links.csv.a1B2c5.part", 25);
    busy.lock().expect("locked");
    let run = folder.generate(&["-o", "links.csv"]).done();
    run.expect(run.stderr.matches(".part").count() == 1, "one is told");
    let run = run.tells(".links.csv.a1B2c3.part: a run that was killed left this unfinished file\nhint: delete it\n");
    assert!(
        folder.files().contains(&".links.csv.a1B2c3.part".to_owned()),
        "{}",
        run.stderr
    );
    let run = folder.generate(&["-o", "links.csv", "--force", "--quiet"]).done();
    run.says_nothing();
}

#[test]
fn what_is_written_is_locked() {
    use std::io::Write;
    let folder = Folder::new();
    let args = ["generate", "--no-link", "--expires-in", "1h", "-o", "links.csv"];
    let call = folder.call(&args);
    let mut child = call
        .command()
        .stdin(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"customer_id\n1\n").expect("fed");
    let part = loop {
        let found = folder
            .files()
            .into_iter()
            .find(|name| name.ends_with(".part") && name.starts_with(".links"));
        match found {
            Some(part) => break part,
            None => std::thread::yield_now(),
        }
    };
    assert_eq!(mode(&folder.path(&part)), 0o600);
    // between its making and its locking is a moment
    let file = fs::File::open(folder.path(&part)).expect("open");
    while file.try_lock_shared().is_ok() {
        file.unlock().expect("unlocked");
    }
    drop(stdin);
    call.judge(child.wait_with_output().expect("it ends")).done();
}

#[test]
fn what_a_killed_change_of_a_keyring_left_is_told() {
    let folder = Folder::new();
    folder.write("ring.json", keyring_text(&[crate::support::SECRET]));
    set(&folder, "ring.json", 0o600);
    leave(&folder, ".ring.json.a1B2c3.part", 25);
    for args in [
        &["key", "list"][..],
        &["key", "new"],
        &["sign", "a=1", "--never-expires"],
    ] {
        let args = [args, &["--keyring", "ring.json"]].concat();
        folder
            .run(&args)
            .done()
            .tells(".ring.json.a1B2c3.part: a run that was killed left this unfinished file");
    }
}
