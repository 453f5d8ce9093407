//! Completions and manual pages, and what the program says of itself.
//!
//! `completions/` is kept equal to what the program prints. After a change of the flags,
//! `LINKMINT_BLESS=1 cargo test --test cli shell` writes it anew.

use crate::support::Folder;
use std::path::Path;

const KEPT: [(&str, &str); 4] = [
    ("bash", "linkmint.bash"),
    ("zsh", "_linkmint"),
    ("fish", "linkmint.fish"),
    ("powershell", "linkmint.ps1"),
];

#[test]
fn the_kept_completions_are_those_that_the_program_prints() {
    let folder = Folder::empty();
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, name) in KEPT {
        let printed = folder.run(&["completions", shell]).done().says_nothing().stdout;
        let place = kept.join(name);
        if std::env::var_os("LINKMINT_BLESS").is_some() {
            std::fs::create_dir_all(&kept).expect("made");
            std::fs::write(&place, &printed).expect("written");
        }
        let text = std::fs::read_to_string(&place).unwrap_or_default();
        assert!(
            text == printed,
            "completions/{name} is not what the program prints: LINKMINT_BLESS=1 cargo test --test cli shell writes it anew"
        );
    }
}

#[test]
fn an_unknown_shell_is_refused() {
    let folder = Folder::empty();
    folder.call(&["completions", "csh"]).refused(2, "csh", "");
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = Folder::empty();
    for command in [
        &[][..],
        &["generate"],
        &["sign"],
        &["verify"],
        &["inspect"],
        &["key"],
        &["key", "new"],
        &["stats"],
        &["completions"],
        &["man"],
    ] {
        let args = [&["man"], command].concat();
        let page = folder.run(&args).done().says_nothing().stdout;
        assert!(
            page.starts_with(".ie") || page.starts_with(".TH"),
            "{command:?}: {page:.80}"
        );
        let name = [&["linkmint"], command].concat().join("-");
        assert!(
            page.contains(&format!(".TH {name} 1")) && page.contains(".SH SYNOPSIS"),
            "{command:?}\n{page:.400}"
        );
    }
    folder.call(&["man", "generate", "sign"]).refused(
        2,
        "there is no command \"sign\"",
        "generate has no commands of its own",
    );
    folder
        .call(&["man", "nope"])
        .refused(2, "there is no command \"nope\"", "generate");
}

#[test]
fn manual_pages_are_written_into_a_folder() {
    let folder = Folder::empty();
    folder.run(&["man", "--out-dir", "pages/man1"]).done();
    let files = folder.files();
    for name in ["linkmint.1", "linkmint-generate.1", "linkmint-key-new.1"] {
        assert!(files.contains(&format!("pages/man1/{name}")), "{name} in {files:?}");
    }
}

#[test]
fn help_and_version_go_to_standard_output() {
    let folder = Folder::empty();
    let version = format!("linkmint {}\n", env!("CARGO_PKG_VERSION"));
    folder.run(&["--version"]).done().says_nothing().prints(&version);
    for args in [
        &["--help"][..],
        &["generate", "--help"],
        &["verify", "-h"],
        &["key", "--help"],
        &["key", "new", "--help"],
    ] {
        let run = folder.run(args).done().says_nothing();
        run.expect(run.stdout.contains("Usage: linkmint"), "how to use it");
        run.expect(!run.stdout.contains('\u{1b}'), "no colour into a pipe");
    }
}

#[test]
fn without_a_command_help_is_shown() {
    let folder = Folder::empty();
    folder.run(&[]).status(2).tells("Usage: linkmint").tells("generate");
    folder
        .run(&["key"])
        .status(2)
        .tells("Usage: linkmint key")
        .tells("retire");
}

#[test]
fn a_folder_that_can_not_be_made_is_told() {
    let folder = Folder::with_list("customer_id\n");
    folder.call(&["man", "--out-dir", "customers.csv/pages"]).refused(
        3,
        "customers.csv/pages: ",
        "name a folder that can be made",
    );
}

#[test]
fn a_flag_without_its_value_points_to_the_help_of_its_command() {
    let folder = Folder::new();
    for (args, command) in [
        (&["generate", "--keyring", ""][..], "linkmint generate"),
        (&["key", "export", "--keyring", ""], "linkmint key export"),
        (&["verify", "--file", ""], "linkmint verify"),
        (&["sign", "--nonsense"], "linkmint sign"),
        (&["nonsense"], "linkmint"),
    ] {
        let run = folder
            .run(args)
            .status(2)
            .tells(&format!("`{command} --help` shows what it takes"));
        run.prints("");
    }
}

/// All manual pages by their names.
fn pages() -> Vec<(String, String)> {
    let folder = Folder::empty();
    folder.run(&["man", "--out-dir", "pages"]).done();
    let files = folder.files().into_iter().filter(|file| file.ends_with(".1"));
    files.map(|file| (file.clone(), folder.read(&file))).collect()
}

#[test]
fn every_manual_page_tells_exit_status_and_an_example() {
    let pages = pages();
    assert!(pages.len() > 15, "{pages:?}");
    for (name, page) in &pages {
        assert!(page.contains(".SH \"EXIT STATUS\""), "{name}\n{page}");
        let has_commands = page.contains("\\fICOMMAND\\fR");
        assert!(
            has_commands || page.contains(".SH EXAMPLES\n.PP\n.nf\nlinkmint "),
            "{name}\n{page}"
        );
        for escape in ["\\x1b", "\u{1b}"] {
            assert!(!page.contains(escape), "{name}");
        }
    }
}

#[test]
fn a_manual_page_has_values_in_its_synopsis_and_what_the_command_reads() {
    let folder = Folder::empty();
    let page = |command: &[&str]| folder.run(&[&["man"], command].concat()).done().says_nothing().stdout;
    let generate = page(&["generate"]);
    for part in [
        "[\\fB\\-\\-base\\-url\\fR \\fIURL\\fR]",
        "[\\fB\\-o\\fR|\\fB\\-\\-output\\fR \\fIFILE\\fR]",
        "[\\fB\\-\\-preview\\fR[=\\fIN\\fR]]",
        "[\\fB\\-\\-set\\fR \\fINAME=VALUE\\fR]...",
        "[\\fB\\-\\-strict\\fR]",
        "[\\fIINPUT\\fR]",
        ".SH \"ENVIRONMENT\"",
        "\\fBLINKMINT_KEYRING\\fR",
        "\\fBTZ\\fR",
        ".SH \"FILES\"",
        "keys.json",
    ] {
        assert!(generate.contains(part), "{part}\n{generate}");
    }
    assert!(
        page(&["sign"]).contains(" [\\fINAME=VALUE\\fR]..."),
        "{}",
        page(&["sign"])
    );
    let completions = page(&["completions"]);
    assert!(!completions.contains("LINKMINT_KEYRING"), "{completions}");
    assert!(
        page(&["verify"]).contains("Here: 0 every token is valid"),
        "{}",
        page(&["verify"])
    );
}

#[test]
fn help_tells_exit_statuses_variables_and_files() {
    let folder = Folder::empty();
    let help = |topic| folder.run(&["help", topic]).done().says_nothing().stdout;
    assert!(
        help("exit-status").contains("\n  3\n         "),
        "{}",
        help("exit-status")
    );
    assert!(help("files").contains("keys.json"), "{}", help("files"));
    let environment = help("environment");
    assert!(
        environment.lines().all(|line| line.chars().count() <= 100),
        "{environment}"
    );
    // every variable that the program reads is told
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            for name in text.split('"').filter(|part| part.starts_with("LINKMINT_")) {
                let is_name = name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
                found += usize::from(is_name);
                assert!(!is_name || environment.contains(name), "{name} of {}", path.display());
            }
        }
    }
    assert!(found >= 3, "{found}");
    folder.run(&["help", "generate"]).done();
    folder.call(&["help", "weather"]).refused(2, "weather", "");
}

#[test]
fn a_value_that_looks_like_a_flag_is_told_how_to_be_written() {
    let folder = Folder::empty();
    for (args, hint) in [
        (
            &["sign", "a=1", "--expires-in", "-5h"][..],
            "a duration has no sign: --expires-in 5h",
        ),
        (
            &["verify", "x", "--leeway", "-60s"],
            "a duration has no sign: --leeway 60s",
        ),
        (
            &["sign", "a=1", "--expires-at", "2026-11-30", "--timezone", "-05:30"],
            "a value that begins with a hyphen follows an equals sign: --timezone=-05:30",
        ),
    ] {
        folder.call(args).refused(2, "unexpected argument", hint);
    }
}

#[test]
fn a_mistyped_flag_gets_one_tip() {
    let run = Folder::new().run(&["verify", "--jsn", "x"]).status(2);
    let told = "linkmint: unexpected argument '--jsn' found\nhint: a similar argument exists: '--json'\n";
    run.expect(run.stderr == told, told);
}

#[test]
fn an_unknown_flag_is_told_whose_it_is_or_what_it_is_called_here() {
    let folder = Folder::empty();
    for (args, hint) in [
        (
            &["verify", "x", "--base-url", "https://a.example"][..],
            "--base-url is a flag of `linkmint generate`",
        ),
        (
            &["sign", "a=1", "--rejects", "x"],
            "`linkmint sign --help` shows what this takes",
        ),
        (&["sign", "a=1", "--ttl", "7d"], "it is --expires-in 24h"),
        (&["generate", "x.csv", "--sep", ";"], "it is --delimiter ';'"),
        (
            &["sign", "a=1", "--secret", "x"],
            "it is --keyring FILE: a secret is never an argument",
        ),
        (&["sign", "a=1", "--expires-inn", "7d"], "--expires-in"),
        (
            &["sign", "a=1", "--wholly-unknown"],
            "`linkmint sign --help` shows what it takes",
        ),
    ] {
        folder.call(args).refused(2, "unexpected argument", hint);
    }
}
