//! No output takes the place of a keyring or a ledger, whatever its name and whatever is said.

use crate::support::{Folder, USUAL, all, keyring_text, rows};

const GOOD: &str = "customer_id,name\n1,a\n2,b\n";
const BAD: &str = "customer_id,name\n1,a\n,b\n";
const MARK: &str = "and no output takes its place";

/// Every way of writing to a file of that name, each with force where there is one.
fn calls<'a>(name: &'a str, token: &'a str) -> Vec<Vec<&'a str>> {
    let generate = |flags: &[&'a str]| all(&[&["generate", "customers.csv"], &USUAL, flags]);
    vec![
        generate(&["-o", name, "--force"]),
        generate(&["-o", name]),
        generate(&["-o", "x.csv", "--rejects", name, "--force"]),
        generate(&["-o", "x.csv", "--summary-file", name]),
        vec!["verify", "--file", "links.csv", "-o", name, "--force"],
        vec!["verify", "--file", "links.csv", "-o", "x.csv", "--rejects", name, "-f"],
        vec!["verify", "--file", "links.csv", "--json", "-o", name, "--force"],
        vec!["key", "export", "-o", name, "--force"],
        vec!["key", "export", "--jwt", "-o", name, "--force"],
        #[cfg(feature = "ledger")]
        vec!["stats", "--ledger", "other.db", "-o", name, "--force"],
        #[cfg(feature = "ledger")]
        vec!["stats", "--ledger", "other.db", "--csv", "-o", name, "--force"],
        #[cfg(feature = "ledger")]
        vec!["stats", "--ledger", "other.db", "--html", name, "--force"],
        #[cfg(feature = "ledger")]
        vec!["revoke", "--ledger", name, token],
    ]
}

/// A folder with links and a ledger that no test is about.
fn prepared() -> (Folder, String) {
    let folder = Folder::with_list(GOOD);
    folder.generate(&["-o", "links.csv"]).done();
    let token = folder.token(&["customer_id=1"]);
    #[cfg(feature = "ledger")]
    folder.run(&["verify", "--ledger", "other.db", "--", &token]).status(1);
    (folder, token)
}

fn assert_kept(folder: &Folder, token: &str, name: &str, message: &str) {
    let before = folder.bytes(name);
    for args in calls(name, token).iter().filter(|args| args[0] != "revoke") {
        assert_refused(folder, args, message);
        assert_eq!(folder.bytes(name), before);
    }
}

/// As `Call::refused`, but for the bytes of files that SQLite keeps beside a ledger that is read.
fn assert_refused(folder: &Folder, args: &[&str], message: &str) {
    let before = folder.files();
    let run = folder
        .run(args)
        .status(2)
        .tells(message)
        .tells("\nhint: name ")
        .prints("");
    run.expect(folder.files() == before, "no file made or lost");
}

#[test]
fn a_keyring_is_kept_under_any_name() {
    let (folder, token) = prepared();
    let keyring = keyring_text(&[crate::support::OTHER_SECRET]);
    let private = r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]}"#;
    for text in [&*keyring, &format!("\u{feff}\n {keyring}"), private, &keyring[..60]] {
        for name in ["old.csv", "backup", "page.html"] {
            folder.write(name, text);
            assert_kept(&folder, &token, name, &format!("the file is a keyring, {MARK}"));
            std::fs::remove_file(folder.path(name)).expect("removed");
        }
    }
}

#[test]
fn api_keys_are_kept() {
    let (folder, token) = prepared();
    folder.write("api.json", r#"{"linkmint_api_keys":[{"name":"shop"}]}"#);
    assert_kept(&folder, &token, "api.json", &format!("the file holds API keys, {MARK}"));
}

#[test]
fn public_keys_may_be_replaced() {
    let folder = Folder::with_list(GOOD);
    for text in [r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"AA"}]}"#, r#"{"keys":[]}"#] {
        folder.write("links.csv", text);
        folder.generate(&["-o", "links.csv"]).status(2).tells("the file exists");
        folder.generate(&["-o", "links.csv", "--force"]).done();
        assert_eq!(rows(&folder.read("links.csv")).len(), 2);
    }
}

#[cfg(feature = "ledger")]
mod ledgers {
    use super::*;
    use std::fs;

    #[test]
    fn a_ledger_and_the_files_beside_it_are_kept_under_any_name() {
        let (folder, token) = prepared();
        folder.run(&["verify", "--ledger", "l.db", "--", &token]).status(1);
        let is = |what: &str| format!("the file is {what}, {MARK}");
        assert_kept(&folder, &token, "l.db", &is("a ledger"));
        assert_kept(&folder, &token, "l.db-wal", &is("a part of a ledger"));
        // another name, and no ledger beside it
        fs::create_dir(folder.path("copies")).expect("made");
        for (from, to, what) in [
            ("l.db", "copies/links.csv", "a ledger"),
            ("l.db-wal", "copies/more.csv", "a part of a ledger"),
        ] {
            fs::copy(folder.path(from), folder.path(to)).expect("copied");
            assert_kept(&folder, &token, to, &is(what));
        }
    }

    #[test]
    fn no_part_of_a_ledger_is_made_that_is_not_there() {
        let (folder, token) = prepared();
        folder.run(&["verify", "--ledger", "l.db", "--", &token]).status(1);
        for name in ["l.db-wal", "l.db-shm", "l.db-journal"] {
            let _ = fs::remove_file(folder.path(name));
            let message = format!("{name}: the file is a part of a ledger");
            for args in calls(name, &token).iter().filter(|args| args[0] != "revoke") {
                assert_refused(&folder, args, &message);
            }
        }
    }

    #[test]
    fn the_data_base_of_another_program_may_be_replaced() {
        let folder = Folder::with_list(GOOD);
        folder.write("links.csv", [b"SQLite format 3\0".as_slice(), &[0; 84]].concat());
        folder.generate(&["-o", "links.csv", "--force"]).done();
    }
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    #[test]
    fn a_keyring_is_kept_by_way_of_any_link() {
        let (folder, token) = prepared();
        folder.write("old.json", keyring_text(&[crate::support::SECRET]));
        symlink("old.json", folder.path("soft.csv")).expect("linked");
        symlink("soft.csv", folder.path("softer.csv")).expect("linked");
        fs::hard_link(folder.path("old.json"), folder.path("hard.csv")).expect("linked");
        symlink(folder.path(""), folder.path("here")).expect("linked");
        for name in ["soft.csv", "softer.csv", "hard.csv", "here/old.json", "here/soft.csv"] {
            assert_kept(&folder, &token, name, MARK);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_keyring_is_kept_by_way_of_an_open_file() {
        let folder = Folder::with_list(GOOD);
        let text = keyring_text(&[crate::support::OTHER_SECRET]);
        folder.write("old.json", &text);
        for name in ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"] {
            let args = all(&[&["generate", "customers.csv"], &USUAL, &["--force", "-o", name]]);
            let call = folder.call(&args);
            let file = fs::File::options()
                .append(true)
                .open(folder.path("old.json"))
                .expect("open");
            let output = call.command().stdout(file).output().expect("it runs");
            call.judge(output).status(2).tells(MARK);
            assert_eq!(folder.read("old.json"), text);
        }
    }

    #[test]
    fn a_dangling_link_is_no_output() {
        let (folder, token) = prepared();
        symlink("nowhere.csv", folder.path("link.csv")).expect("linked");
        let message = "link.csv: it is a symbolic link to a file that is not there";
        let (ledgers, outputs): (Vec<_>, Vec<_>) = calls("link.csv", &token)
            .into_iter()
            .partition(|args| args[0] == "revoke");
        outputs.iter().for_each(|args| assert_refused(&folder, args, message));
        ledgers
            .iter()
            .for_each(|args| drop(folder.call(args).refused(3, message, "name another file")));
        folder.call(&["key", "new", "--keyring", "link.csv"]).refused(
            2,
            "it is a symbolic link to a file that is not there",
            "remove the link",
        );
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_the_shell_opened_is_not_overwritten() {
        let folder = Folder::with_list(BAD);
        let generate = |flags: &[&'static str]| all(&[&["generate"], &USUAL, flags]);
        let cases = [
            (generate(&["customers.csv"]), "the input"),
            (generate(&["customers.csv", "--rejects", "out.csv", "-f"]), "the output"),
            (generate(&["customers.csv", "--summary-file", "out.csv"]), "the output"),
            (vec!["verify", "--file", "customers.csv"], "the input"),
            (
                vec!["verify", "--file", "customers.csv", "--rejects", "out.csv", "-f"],
                "the output",
            ),
        ];
        for (args, object) in cases {
            let name = if object == "the input" {
                "customers.csv"
            } else {
                "out.csv"
            };
            if object == "the output" {
                folder.write(name, "");
            }
            let before = folder.read(name);
            let call = folder.call(&args);
            let file = fs::File::options().append(true).open(folder.path(name)).expect("open");
            let output = call.command().stdout(file).output().expect("it runs");
            call.judge(output).status(2).tells(&format!("would overwrite {object}"));
            assert_eq!(folder.read(name), before);
        }
        // the list on standard input of `verify --file`
        let call = folder.call(&["verify", "--file", "-", "-o", "customers.csv", "--force"]);
        let list = fs::File::open(folder.path("customers.csv")).expect("open");
        let output = call.command().stdin(list).output().expect("it runs");
        call.judge(output).status(2).tells("would overwrite the input");
        assert_eq!(folder.read("customers.csv"), BAD);
    }

    #[test]
    fn good_and_bad_rows_are_not_mixed_in_a_pipe() {
        let folder = Folder::with_list(BAD);
        for flags in [
            &["--rejects", "/dev/stdout"][..],
            &["-o", "/dev/stdout", "--rejects", "-"],
        ] {
            folder.generate(flags).status(2).tells("would overwrite the output");
        }
        folder
            .generate(&["-o", "/dev/null", "--rejects", "/dev/null"])
            .status(1);
    }
}
