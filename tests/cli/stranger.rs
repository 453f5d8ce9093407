//! A token is a stranger's text: on the command line it is never a flag, a path or standard input.

use crate::support::{Folder, ISSUED, all};

/// Every flag of `verify`, long and short, as its help lists them.
fn flags(folder: &Folder) -> Vec<String> {
    let help = folder.run(&["verify", "--help"]).done().stdout;
    let listed = help.lines().filter(|line| line.trim_start().starts_with('-'));
    let words = listed.flat_map(|line| line.split_whitespace().take_while(|word| word.starts_with('-')));
    words.map(|word| word.trim_end_matches(',').to_owned()).collect()
}

#[test]
fn a_flag_in_the_place_of_a_token_is_malformed() {
    let folder = Folder::new();
    let flags = flags(&folder);
    assert!(flags.len() > 30, "{flags:?}");
    for known in [
        "--help",
        "-h",
        "--ledger",
        "--keyring",
        "--file",
        "--exact",
        "--allow-empty",
    ] {
        assert!(flags.iter().any(|flag| flag == known), "{known} of {flags:?}");
    }
    let before = folder.snapshot();
    let more = [
        "-",
        "--",
        "--version",
        "--keyring=/dev/stdin",
        "--ledger=l.db",
        "--file=-",
        "-qh",
        "",
    ];
    for flag in flags.iter().map(String::as_str).chain(more) {
        for args in [
            &["verify", "--exact", "--print", "status", "--", flag][..],
            &["verify", "--print", "status", "--", flag],
        ] {
            folder.run(args).status(1).prints("malformed\n");
        }
        let run = folder.run(&["verify", "--exact", "--json", "--", flag]).status(1);
        assert_eq!(run.json()[0]["status"], "malformed", "{flag}");
        folder.run(&["inspect", "--", flag]).status(1);
        folder.run(&["revoke", "--ledger", "none.db", "-q", "--", flag]);
    }
    std::fs::remove_file(folder.path("none.db")).expect("made by revoke");
    let after: Vec<_> = folder
        .snapshot()
        .into_keys()
        .filter(|path| !before.contains_key(path))
        .collect();
    assert!(
        after.iter().all(|path| path.to_string_lossy().contains("none.db")),
        "{after:?}"
    );
}

#[test]
fn help_is_a_success_by_itself_alone() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let beside = [
        &["x"][..],
        &[&token],
        &["--json"],
        &["--exact"],
        &["--print", "status"],
        &["--expect", "a=1"],
        &["-q"],
        &["--file", "x"],
        &["-"],
    ];
    for help in ["--help", "-h"] {
        for more in beside {
            for args in [all(&[&["verify", help], more]), all(&[&["verify"], more, &[help]])] {
                folder
                    .call(&args)
                    .refused(2, "--help: it stands alone", "behind --")
                    .prints("");
            }
        }
        for command in ["verify", "revoke", "unrevoke", "inspect"] {
            folder.run(&[command, help]).done();
            folder
                .call(&[command, "x", help])
                .refused(2, "--help", "behind --")
                .prints("");
        }
    }
    folder
        .call(&["verify", "--json", "-qh"])
        .refused(2, "--help", "behind --")
        .prints("");
    for args in [
        &["verify", "--version"][..],
        &["verify", "-V"],
        &["verify", "--json", "--version"],
        &["verify", "x", "-V"],
    ] {
        folder.run(args).status(2).prints("");
    }
    // no stranger writes what stands here
    folder.run(&["generate", "customers.csv", "--help"]).done();
}

#[test]
fn that_there_may_be_no_token_excludes_all_that_asks_about_one() {
    let folder = Folder::new();
    for more in [
        &["x"][..],
        &["--", "x"],
        &["--json"],
        &["--exact"],
        &["--print", "status"],
        &["--expect", "a=1"],
        &["-", "--json"],
    ] {
        let args = all(&[&["verify", "--allow-empty"], more]);
        folder
            .call(&args)
            .stdin("")
            .refused(2, "--allow-empty: it excludes", "behind --")
            .prints("");
    }
    folder.call(&["verify", "--allow-empty", "-"]).stdin("").run().done();
}

#[test]
fn exactly_one_token_as_it_is_or_malformed() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let args = ["verify", "--exact", "--print", "status", "--now", ISSUED];
    let check = |texts: &[&str]| folder.run(&all(&[&args, texts]));
    let from_stdin = |text: &str| folder.call(&args).stdin(text).run();
    check(&["--", &token]).done().prints("valid\n");
    check(&[&token]).done().prints("valid\n");
    for text in [token.clone(), format!("{token}\n"), format!("{token}\r\n")] {
        from_stdin(&text).done().prints("valid\n");
    }
    for text in [
        String::new(),
        format!(" {token}"),
        format!("{token}."),
        format!("<{token}>"),
        format!("https://shop.example/p/{token}"),
        format!("{token} {token}"),
        format!("{}\n{}", &token[..20], &token[20..]),
    ] {
        check(&["--", &text]).status(1).prints("malformed\n");
        from_stdin(&text).status(1).prints("malformed\n");
    }
    check(&["--", &token, &token]).status(1).prints("malformed\n");
    check(&[&token, "--", &token]).status(1).prints("malformed\n");
    from_stdin(&format!("{token}\n{token}\n"))
        .status(1)
        .prints("malformed\n");
    from_stdin(&format!("{token}\n\n")).status(1).prints("malformed\n");
    from_stdin(&"L".repeat(3 << 20)).status(1).prints("malformed\n");
    // nothing is mended
    let cut = &token[..token.len() - 1];
    let run = folder
        .run(&["verify", "--exact", "--json", "--now", ISSUED, "--", cut])
        .status(1);
    assert!(run.json()[0].get("damaged").is_none());
    for list in [["--file", "x.csv"], ["--scan", "x.eml"]] {
        folder
            .call(&all(&[&["verify", "--exact"], &list]))
            .refused(2, "cannot be used with", "--help");
    }
}

#[test]
fn a_lone_dash_is_standard_input_before_two_dashes_and_a_text_behind_them() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let check = |texts: &[&str]| {
        let args = all(&[&["verify", "--print", "status", "--now", ISSUED], texts]);
        folder.call(&args).stdin(format!("{token}\n{token}\n")).run()
    };
    check(&["-"]).done().prints("valid\nvalid\n");
    check(&["--", "-"]).status(1).prints("malformed\n");
    check(&["--", &token, "-"]).status(1).prints("valid\nmalformed\n");
    check(&["-", "--", &token]).status(2);
    let exactly = |texts: &[&str], lines: &str| {
        let args = all(&[&["verify", "--exact", "--print", "status", "--now", ISSUED], texts]);
        folder.call(&args).stdin(lines).run()
    };
    exactly(&["-"], &token).done().prints("valid\n");
    exactly(&["-"], &format!("{token}\n")).done().prints("valid\n");
    exactly(&["-"], &format!("{token}\n{token}\n"))
        .status(1)
        .prints("malformed\n");
    exactly(&["-"], "").status(1).prints("malformed\n");
    exactly(&["--", "-"], &token).status(1).prints("malformed\n");
    exactly(&["-", "--", &token], &token).status(2);
}

#[test]
fn one_line_is_printed_for_a_text_whatever_is_in_it() {
    let folder = Folder::new();
    let (one, two) = (folder.token(&["a=1"]), folder.token(&["a=2"]));
    let print = |text: &str, what: &str| folder.run(&["verify", "--print", what, "--now", ISSUED, "--", text]);
    let both = format!("{one} {two}");
    print(&both, "a").done().prints("1\n");
    print(&both, "status").done().prints("valid\n");
    let forged = format!("{both} {}", one.replacen('L', "S", 1));
    let run = print(&forged, "status").status(1);
    run.expect(
        run.stdout.lines().count() == 1 && !run.stdout.contains("valid\n"),
        "the one that is not valid",
    );
    print("hello", "status").status(1).prints("malformed\n");
    print("", "a").status(1).prints("\n");
    let args = ["verify", "--print", "status", "--now", ISSUED];
    folder
        .call(&args)
        .stdin(both.replace(' ', "\n\n"))
        .run()
        .done()
        .prints("valid\n");
}

#[test]
fn a_line_over_one_mebibyte_is_malformed_and_the_others_are_answered() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let lines = format!("{token}\n{} {token}\n{token}\n", "x".repeat(3 << 20));
    let run = folder
        .call(&["verify", "-", "--json", "--now", ISSUED])
        .stdin(&lines)
        .run()
        .status(1);
    let answers = run.json();
    let statuses: Vec<_> = answers.iter().map(|answer| answer["status"].as_str()).collect();
    assert_eq!(statuses, [Some("valid"), Some("malformed"), Some("valid")]);
    assert_eq!(answers[1]["message"], "malformed token: the text is longer than 1 MiB");
    let run = folder.call(&["inspect", "-", "--json"]).stdin(&lines).run().status(1);
    assert_eq!(run.json().len(), 3);
    assert_eq!(
        run.json()[1]["message"],
        "malformed token: the text is longer than 1 MiB"
    );
    folder
        .call(&["inspect"])
        .stdin(&lines)
        .run()
        .status(3)
        .tells("the text is longer than 1 MiB");
}

#[test]
fn many_tokens_of_one_text_are_all_answered() {
    let folder = Folder::new();
    let list: String = std::iter::once("id\n".to_owned())
        .chain((0..1_200).map(|id| format!("{id}\n")))
        .collect();
    folder.write("customers.csv", list);
    folder
        .run(&[
            "generate",
            "customers.csv",
            "--claims",
            "id",
            "--no-link",
            "--expires-in",
            "1h",
            "--issued-at",
            ISSUED,
            "-o",
            "links.csv",
        ])
        .done();
    let text = folder.read("links.csv");
    let run = folder
        .call(&["verify", "--json", "--now", ISSUED])
        .stdin(&text)
        .run()
        .done();
    assert_eq!(run.stdout.lines().count(), 1_200);
    let run = folder.call(&["inspect", "--json"]).stdin(&text).run().done();
    assert_eq!(run.stdout.lines().count(), 1_200);
}

#[test]
fn whatever_was_taken_from_a_text_is_told() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let escaped = token.replace('_', "\\_").replace('-', "\\-");
    for text in [
        format!(".{token}"),
        format!("hello {token} world"),
        format!("${token}"),
        format!("\u{1f600}{token}"),
        format!("{token}\u{1f600}"),
        format!("#{token}#"),
        format!("Dear Sir,\n\n{token}\n\nYours"),
        format!("https://shop.example/p/{escaped}"),
    ] {
        let run = folder.run(&["verify", "--json", "--now", ISSUED, "--", &text]).done();
        let cleaned = run.json()[0]["cleaned"].clone();
        assert_ne!(cleaned, serde_json::json!([]), "{text}");
    }
    for text in [token.clone(), format!("{token}\n")] {
        let run = folder
            .call(&["verify", "--json", "--now", ISSUED])
            .stdin(text)
            .run()
            .done();
        assert_eq!(run.json()[0]["cleaned"], serde_json::json!([]));
    }
}

#[test]
fn a_dash_of_a_word_processor_is_read_as_what_was_typed() {
    let folder = Folder::new();
    // the first tokens whose texts have two hyphens, or one
    let with = |hyphens: &str| {
        let tokens = (0..).map(|number| folder.token(&[&format!("a={number}")]));
        tokens
            .into_iter()
            .find(|token| token.contains(hyphens))
            .expect("there is one")
    };
    let token = with("-");
    for dash in ["\u{2013}", "\u{2014}", "\u{2011}", "\u{2212}"] {
        let text = token.replace('-', dash);
        let run = folder.run(&["verify", "--json", "--now", ISSUED, "--", &text]).done();
        assert_eq!(run.json()[0]["cleaned"], serde_json::json!(["dashes"]), "{text}");
    }
}
