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
