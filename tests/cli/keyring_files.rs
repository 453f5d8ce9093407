//! A keyring as a file: changed in turn under all its names, and told where others could get at it.

use crate::support::{Call, Folder, keyring_text, make_private, mode};
use std::fs::{self, File, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Stdio;

fn with_ring() -> Folder {
    let folder = Folder::empty();
    folder.write("ring.json", keyring_text(&[crate::support::SECRET]));
    make_private(&folder.path("ring.json"));
    folder
}

fn key_count(folder: &Folder, name: &str) -> usize {
    let run = folder.run(&["key", "list", "-q", "--keyring", name]).done();
    run.stdout.lines().count()
}

fn set(folder: &Folder, name: &str, mode: u32) {
    fs::set_permissions(folder.path(name), Permissions::from_mode(mode)).expect("set");
}

/// The lock's file, held by the test.
fn hold(folder: &Folder) -> File {
    let path = folder.path(".ring.json.lock");
    let file = File::create(&path).expect("made");
    make_private(&path);
    file.lock().expect("locked");
    file
}

fn start(call: &Call<'_>) -> std::process::Child {
    call.command().stdin(Stdio::null()).spawn().expect("it starts")
}

#[test]
fn a_keyring_changed_under_several_names_at_once_loses_no_key() {
    let folder = with_ring();
    fs::create_dir(folder.path("inner")).expect("made");
    symlink("../ring.json", folder.path("inner/other.json")).expect("linked");
    symlink("inner/other.json", folder.path("third.json")).expect("linked");
    symlink("inner", folder.path("here")).expect("linked");
    let names = ["ring.json", "inner/other.json", "third.json", "here/other.json"];
    let calls: Vec<_> = (0..24)
        .map(|number| folder.call(&["key", "new", "--keyring", names[number % names.len()]]))
        .collect();
    let children: Vec<_> = calls.iter().map(start).collect();
    for (call, child) in calls.iter().zip(children) {
        call.judge(child.wait_with_output().expect("it ends")).done();
    }
    assert_eq!(key_count(&folder, "third.json"), 25);
    assert!(folder.path("third.json").is_symlink());
    assert_eq!(mode(&folder.path("ring.json")), 0o600);
    assert_eq!(folder.files(), ["here", "inner/other.json", "ring.json", "third.json"]);
}

#[test]
fn who_waits_for_a_keyring_is_told_and_goes_on() {
    let folder = with_ring();
    let held = hold(&folder);
    let call = folder.call(&["key", "new", "--keyring", "ring.json"]);
    let mut child = start(&call);
    let mut line = String::new();
    let stderr = child.stderr.take().expect("a pipe");
    let mut lines = std::io::BufReader::new(stderr);
    std::io::BufRead::read_line(&mut lines, &mut line).expect("read");
    assert_eq!(
        line,
        "linkmint: ring.json: waiting for another process that changes this keyring\n"
    );
    drop(held);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(key_count(&folder, "ring.json"), 2);
    assert_eq!(folder.files(), ["ring.json"]);
}

#[test]
fn nobody_waits_for_ever() {
    let folder = with_ring();
    let _held = hold(&folder);
    folder
        .call(&["key", "new", "--quiet", "--keyring", "ring.json"])
        .refused(3, "ring.json: another process changes this keyring", "run it again");
}

#[test]
fn what_another_user_puts_in_the_place_of_the_lock_blocks_nobody() {
    let folder = with_ring();
    let lock = folder.path(".ring.json.lock");
    let new = || folder.run(&["key", "new", "--keyring", "ring.json"]).done();
    // a link to a file that is locked, or to none
    let other = File::create(folder.path("other")).expect("made");
    other.lock().expect("locked");
    for target in ["other", "nowhere"] {
        symlink(target, &lock).expect("linked");
        new();
    }
    // a lock of somebody else's, which only root can make here
    let foreign = File::create(&lock).expect("made");
    foreign.lock().expect("locked");
    if std::os::unix::fs::chown(&lock, Some(65_534), None).is_ok() {
        new();
    }
    drop(fs::remove_file(&lock));
    // whoever can read the folder and the keyring can lock these
    let (own, ring) = (File::open(folder.path("")), File::open(folder.path("ring.json")));
    for file in [own, ring] {
        file.expect("open").lock().expect("locked");
    }
    let held = [
        File::open(folder.path("")).expect("open"),
        File::open(folder.path("ring.json")).expect("open"),
    ];
    held.iter().for_each(|file| file.lock().expect("locked"));
    new();
    assert_eq!(folder.files(), ["other", "ring.json"]);
}

#[test]
fn the_lock_is_for_the_owner_alone() {
    let folder = Folder::empty();
    // as long as nobody writes to the pipe, the change is under way
    let made = std::process::Command::new("mkfifo")
        .arg(folder.path("ring.json"))
        .status();
    assert!(made.expect("mkfifo starts").success());
    let call = folder.call(&["key", "new", "--keyring", "ring.json"]);
    let child = start(&call);
    let lock = folder.path(".ring.json.lock");
    while !lock.exists() {
        std::thread::yield_now();
    }
    assert_eq!(mode(&lock), 0o600);
    fs::write(folder.path("ring.json"), "none").expect("fed");
    call.judge(child.wait_with_output().expect("it ends")).status(3);
    assert_eq!(folder.files(), ["ring.json"]);
    // one that was left is used, and removed
    let folder = with_ring();
    drop(hold(&folder));
    folder.run(&["key", "new", "--keyring", "ring.json"]).done();
    assert_eq!(folder.files(), ["ring.json"]);
}

/// What a command says of the state of `ring.json`, by every command that reads or changes it.
fn told_by_all(folder: &Folder, expected: &str, hint: &str) {
    fs::create_dir(folder.path("more")).expect("made");
    folder.write("more/ring.json", keyring_text(&[crate::support::OTHER_SECRET]));
    make_private(&folder.path("more/ring.json"));
    folder.write("list.csv", "customer_id\n1\n");
    let token = folder
        .run(&["sign", "a=1", "--never-expires", "-q", "--keyring", "ring.json"])
        .done()
        .stdout;
    for args in [
        &["key", "list"][..],
        &["key", "new"],
        &["key", "import", "more/ring.json"],
        &["key", "retire", "e28e"],
        &["key", "export", "-o", "copy.json"],
        &["sign", "a=1", "--never-expires"],
        &["generate", "list.csv", "--no-link", "--expires-in", "1h"],
        &["verify", "--", token.trim()],
        &["key", "remove", "e28e", "--yes"],
    ] {
        // flags before the `--` of a token
        let place = args.iter().position(|arg| *arg == "--").unwrap_or(args.len());
        let (front, back) = args.split_at(place);
        let args = [front, &["--keyring", "ring.json"], back].concat();
        let run = folder.run(&args).done().tells(expected).tells(hint);
        run.expect(run.stderr.matches(expected).count() == 1, "told once");
    }
}

#[test]
fn a_folder_that_others_can_write_is_warned_of_by_every_command() {
    for (mode, shown) in [(0o777, "0777"), (0o775, "0775"), (0o1777, "1777"), (0o702, "0702")] {
        let folder = with_ring();
        set(&folder, "", mode);
        told_by_all(
            &folder,
            &format!("warning: .: others can write to the folder of the keyring (mode {shown})"),
            "hint: chmod go-w .\n",
        );
        let run = folder.run(&["key", "list", "--quiet", "--keyring", "ring.json"]).done();
        run.says_nothing();
    }
}

#[test]
fn a_keyring_that_others_can_read_or_change_is_warned_of_with_its_mode() {
    for (mode, expected) in [
        (0o640, "others can read this keyring (mode 0640)"),
        (0o604, "others can read this keyring (mode 0604)"),
        (0o622, "others can change this keyring (mode 0622)"),
    ] {
        let folder = with_ring();
        set(&folder, "ring.json", mode);
        told_by_all(
            &folder,
            &format!("warning: ring.json: {expected}"),
            "hint: chmod 600 ring.json\n",
        );
    }
}

#[test]
fn a_keyring_of_another_user_is_warned_of() {
    let folder = with_ring();
    if std::os::unix::fs::chown(folder.path("ring.json"), Some(12_345), None).is_err() {
        // only root gives files away
        return;
    }
    let run = folder.run(&["key", "list", "--keyring", "ring.json"]).done();
    run.tells("warning: ring.json: this keyring belongs to another user (id 12345, mode 0600)\nhint: ");
    let folder = with_ring();
    std::os::unix::fs::chown(folder.path(""), Some(12_345), None).expect("given away");
    let run = folder.run(&["key", "list", "--keyring", "ring.json"]).done();
    run.tells("warning: .: the folder of the keyring belongs to another user (id 12345, mode 0755)\nhint: ");
}

#[test]
fn of_a_link_both_folders_are_looked_at() {
    let folder = with_ring();
    fs::create_dir(folder.path("open")).expect("made");
    set(&folder, "open", 0o777);
    symlink("../ring.json", folder.path("open/link.json")).expect("linked");
    let warning = "warning: open: others can write to the folder of the keyring (mode 0777)";
    folder
        .run(&["key", "list", "--keyring", "open/link.json"])
        .done()
        .tells(warning);
    fs::rename(folder.path("ring.json"), folder.path("open/ring.json")).expect("moved");
    symlink("open/ring.json", folder.path("link.json")).expect("linked");
    let run = folder.run(&["key", "list", "--keyring", "link.json"]).done();
    run.tells("/open: others can write to the folder of the keyring (mode 0777)");
}
