//! The output appears whole or not at all, nothing is overwritten unasked, and the input never.

use crate::support::{Folder, rows};

const GOOD: &str = "customer_id,name\n1,a\n2,b\n";
const BAD: &str = "customer_id,name\n1,a\n,b\n";

#[test]
fn an_existing_file_needs_force() {
    let folder = Folder::with_list(GOOD);
    folder.write("links.csv", "old");
    let run = folder
        .generate(&["-o", "links.csv"])
        .status(2)
        .tells("linkmint: links.csv: the file exists")
        .tells("hint: --force");
    run.expect(folder.read("links.csv") == "old", "the old file");
    folder.generate(&["-o", "links.csv", "--force"]).done();
    assert_eq!(rows(&folder.read("links.csv")).len(), 2);
    assert_eq!(folder.files(), ["customers.csv", "links.csv"]);
}

#[test]
fn an_existing_file_of_rejects_needs_force_too() {
    let folder = Folder::with_list(BAD);
    folder.write("bad.csv", "old");
    folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv"])
        .status(2)
        .tells("bad.csv: the file exists");
    assert_eq!(folder.read("bad.csv"), "old");
    assert_eq!(folder.files(), ["bad.csv", "customers.csv"]);
    folder
        .generate(&["-o", "links.csv", "--rejects", "bad.csv", "-f"])
        .status(1);
    assert!(folder.read("bad.csv").starts_with("row,error,"));
}

#[test]
fn a_failure_leaves_the_old_file_untouched() {
    for (list, status) in [
        (BAD, 1),
        ("customer_id,name\n1,a\n2,\"b\n", 3),
        ("customer_id,name\n", 3),
        ("a\n1\n", 2),
        ("", 3),
    ] {
        let folder = Folder::with_list(list);
        folder.write("links.csv", "old");
        folder.generate(&["-o", "links.csv", "--force"]).status(status);
        assert_eq!(folder.read("links.csv"), "old");
        assert_eq!(folder.files(), ["customers.csv", "links.csv"]);
    }
}

#[test]
fn a_late_failure_leaves_the_old_file_untouched() {
    let mut list = String::from("customer_id\n");
    for number in 0..50_000 {
        list += &format!("{number}\n");
    }
    let folder = Folder::with_list(list + "\"\n");
    folder.write("links.csv", "old");
    folder
        .generate(&["-o", "links.csv", "--force"])
        .status(3)
        .tells("a quote opens here and never closes");
    assert_eq!(folder.read("links.csv"), "old");
    assert_eq!(folder.files(), ["customers.csv", "links.csv"]);
}

#[test]
fn the_input_is_never_overwritten() {
    let folder = Folder::with_list(GOOD);
    let absolute = folder.path("customers.csv").to_string_lossy().into_owned();
    for name in ["customers.csv", "./customers.csv", "../work/customers.csv", &absolute] {
        for flags in [
            &["-o", name, "--force"][..],
            &["-o", "links.csv", "--rejects", name, "--force"],
        ] {
            folder
                .generate(flags)
                .status(2)
                .tells("would overwrite the input")
                .tells("name another file");
        }
        folder.generate(&["-q", "--summary-file", name]).status(2);
        assert_eq!(folder.read("customers.csv"), GOOD);
        assert_eq!(folder.files(), ["customers.csv"]);
    }
}

#[test]
fn a_summary_that_can_not_be_written_is_told_before_anything_is_done() {
    let folder = Folder::with_list(GOOD);
    for (name, status, message) in [
        ("none/s.json", 3, "none/s.json: can't write here"),
        (".", 2, "it is a folder"),
        ("-", 2, "the list goes to standard output already"),
    ] {
        let run = folder.generate(&["--summary-file", name]).status(status).tells(message);
        run.prints("");
        assert_eq!(folder.files(), ["customers.csv"]);
    }
}

#[test]
fn a_summary_may_go_to_standard_output() {
    let folder = Folder::with_list(GOOD);
    let run = folder.generate(&["-o", "links.csv", "--summary-file", "-"]).done();
    assert_eq!(run.json()[0]["rows"], 2);
    assert_eq!(folder.files(), ["customers.csv", "links.csv"]);
}

#[test]
fn good_and_bad_rows_never_share_a_file() {
    let folder = Folder::with_list(BAD);
    folder
        .generate(&["-o", "x.csv", "--rejects", "./x.csv"])
        .status(2)
        .tells("would overwrite the output");
    folder
        .generate(&["--rejects", "-"])
        .status(2)
        .tells("can't both go to standard output");
    folder.generate(&["-o", "x.csv", "--summary-file", "x.csv"]).status(2);
    assert_eq!(folder.files(), ["customers.csv"]);
}

#[test]
fn the_keyring_is_never_overwritten() {
    let folder = Folder::with_list(GOOD);
    let keyring = folder.default_keyring();
    let before = std::fs::read(&keyring).expect("read");
    let name = keyring.to_string_lossy();
    for flags in [
        &["-o", &name, "--force"][..],
        &["--summary-file", &name],
        &["-o", "x", "--rejects", &name, "--force"],
    ] {
        folder.generate(flags).status(2).tells("would overwrite the keyring");
        assert_eq!(std::fs::read(&keyring).expect("read"), before);
    }
}

#[test]
fn a_folder_is_no_output() {
    let folder = Folder::with_list(GOOD);
    std::fs::create_dir(folder.path("links")).expect("made");
    folder
        .generate(&["-o", "links"])
        .status(2)
        .tells("links: it is a folder")
        .tells("name a file in it");
    folder
        .generate(&["-o", "none/links.csv"])
        .status(3)
        .tells("none/links.csv: can't write here")
        .tells("make the folder first");
    folder
        .generate(&["-o", "customers.csv/links.csv"])
        .status(3)
        .tells("can't write here");
    folder.generate(&["-o", ""]).status(2);
    assert_eq!(folder.files(), ["customers.csv"]);
}

#[test]
fn a_dash_is_standard_output() {
    let folder = Folder::with_list(GOOD);
    let stdout = folder.generate(&[]).done().stdout;
    folder.generate(&["-o", "-"]).done().prints(&stdout);
    assert_eq!(folder.files(), ["customers.csv"]);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::support::{FIXED, USUAL, all, mode};
    use std::fs;
    use std::io::Write;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn the_input_is_not_overwritten_by_way_of_a_symbolic_link() {
        let folder = Folder::with_list(GOOD);
        symlink("customers.csv", folder.path("link.csv")).expect("linked");
        symlink(folder.path(""), folder.path("here")).expect("linked");
        for name in ["link.csv", "here/customers.csv", "here/link.csv"] {
            folder
                .generate(&["-o", name, "--force"])
                .status(2)
                .tells("would overwrite the input");
            assert_eq!(folder.read("customers.csv"), GOOD);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_input_is_not_overwritten_when_the_shell_opened_it() {
        let folder = Folder::with_list(GOOD);
        for input in [&["-"][..], &[]] {
            let flags = ["-o", "customers.csv", "--force"];
            let args = crate::support::all(&[&["generate"], input, &crate::support::USUAL, &flags]);
            let call = folder.call(&args);
            let list = fs::File::open(folder.path("customers.csv")).expect("open");
            let output = call.command().stdin(list).output().expect("it runs");
            call.judge(output).status(2).tells("would overwrite the input");
            assert_eq!(folder.read("customers.csv"), GOOD);
        }
    }

    #[test]
    fn the_input_is_not_overwritten_by_way_of_a_hard_link() {
        // the rename puts a new file in the second name's place; the input keeps its own
        let folder = Folder::with_list(GOOD);
        fs::hard_link(folder.path("customers.csv"), folder.path("links.csv")).expect("linked");
        let run = folder.generate(&["-o", "links.csv", "--force"]);
        run.expect(folder.read("customers.csv") == GOOD, "the input as it was");
    }

    #[test]
    fn of_a_symbolic_link_the_target_is_replaced() {
        let folder = Folder::with_list(GOOD);
        folder.write("target.csv", "old");
        symlink("target.csv", folder.path("links.csv")).expect("linked");
        folder.generate(&["-o", "links.csv"]).status(2).tells("the file exists");
        folder.generate(&["-o", "links.csv", "--force"]).done();
        assert!(
            fs::symlink_metadata(folder.path("links.csv"))
                .expect("there")
                .is_symlink()
        );
        assert_eq!(rows(&folder.read("target.csv")).len(), 2);
        assert_eq!(folder.files(), ["customers.csv", "links.csv", "target.csv"]);
    }

    #[test]
    fn a_replaced_file_keeps_its_mode() {
        let folder = Folder::with_list(GOOD);
        folder.write("links.csv", "old");
        fs::set_permissions(folder.path("links.csv"), fs::Permissions::from_mode(0o640)).expect("set");
        folder.generate(&["-o", "links.csv", "--force"]).done();
        assert_eq!(mode(&folder.path("links.csv")), 0o640);
    }

    #[test]
    fn a_device_is_written_straight_through() {
        let folder = Folder::with_list(GOOD);
        folder.generate(&["-o", "/dev/null"]).done();
        let expected = folder.generate(&[]).done().stdout;
        let run = folder.generate(&["-o", "/dev/stdout"]).done();
        run.prints(&expected);
        assert!(!fs::metadata("/dev/null").expect("there").is_file());
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn standard_output_is_written_on_where_it_is_a_file() {
        let folder = Folder::with_list(GOOD);
        let expected = folder.generate(&[]).done().stdout;
        for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            folder.write("all.csv", "");
            let mut file = fs::File::create(folder.path("all.csv")).expect("made");
            file.write_all(b"before\n").expect("written");
            let args = all(&[&["generate", "customers.csv"], &USUAL, &FIXED, &["-o", name]]);
            let call = folder.call(&args);
            let stdout = file.try_clone().expect("the same file");
            let output = call.command().stdout(stdout).output().expect("it runs");
            call.judge(output).done();
            file.write_all(b"after\n").expect("written");
            assert_eq!(folder.read("all.csv"), format!("before\n{expected}after\n"), "{name}");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_disk_is_told() {
        let folder = Folder::with_list(GOOD);
        let args = crate::support::all(&[
            &["generate", "customers.csv", "-o", "/dev/full"],
            &crate::support::USUAL,
            &crate::support::FIXED,
        ]);
        folder
            .call(&args)
            .refused(3, "/dev/full: no space left on device", "make room");
        folder
            .generate(&["-o", "links.csv", "--rejects", "/dev/full"])
            .status(3)
            .tells("/dev/full: no space left on device");
        assert_eq!(folder.files(), ["customers.csv"]);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_full_standard_output_is_told() {
        let folder = Folder::with_list(GOOD);
        let token = folder.token(&["a=1"]);
        let generate = crate::support::all(&[&["generate", "customers.csv"], &crate::support::USUAL]);
        for args in [
            &generate[..],
            &["sign", "a=1", "--never-expires"],
            &["verify", &token, "--now", crate::support::ISSUED],
            &["inspect", &token],
            &["key", "list"],
            &["completions", "bash"],
            &["man"],
        ] {
            let call = folder.call(args);
            let full = fs::File::options().write(true).open("/dev/full").expect("open");
            let output = call.command().stdout(full).output().expect("it runs");
            call.judge(output)
                .status(3)
                .tells("standard output: no space left on device");
        }
    }

    #[test]
    fn an_unwritable_folder_is_told() {
        let folder = Folder::with_list(GOOD);
        let closed = folder.path("closed");
        fs::create_dir(&closed).expect("made");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o555)).expect("set");
        if fs::write(closed.join("probe"), "").is_ok() {
            // root may write everywhere; /proc is closed even to it
            let _ = fs::remove_file(closed.join("probe"));
            if cfg!(target_os = "linux") {
                folder
                    .generate(&["-o", "/proc/links.csv"])
                    .status(3)
                    .tells("/proc/links.csv: can't write here");
            }
            return;
        }
        folder
            .generate(&["-o", "closed/links.csv"])
            .status(3)
            .tells("closed/links.csv: can't write here: permission denied");
        fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("set");
    }

    #[test]
    fn output_may_be_synced() {
        let folder = Folder::with_list(GOOD);
        folder.generate(&["-o", "links.csv", "--sync"]).done();
        assert_eq!(rows(&folder.read("links.csv")).len(), 2);
    }
}

#[test]
#[cfg(target_os = "linux")]
fn rows_that_went_to_a_pipe_by_its_name_are_told_as_written() {
    let folder = Folder::with_list("customer_id,name\n1,a\n2,b\n,c\n3,d\n");
    let run = folder.generate(&["-o", "/dev/stdout"]).status(1);
    run.expect(run.stdout.lines().count() == 3, "the rows before it");
    run.tells("1 of 4 rows is bad: the rows before the first bad one were written, none after it");
}
