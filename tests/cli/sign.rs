//! One token.

use crate::support::{FIXED, Folder, ISSUED, KEY_ID, all};

#[test]
fn the_token_alone_is_printed_without_a_link() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    assert!(token.starts_with('L') && !token.contains('/'), "{token}");
    folder
        .run(&["verify", &token, "--now", ISSUED, "--print", "customer_id"])
        .done()
        .prints("1001\n");
}

#[test]
fn the_link_is_printed_where_there_is_one() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let table = [
        (
            &["--base-url", "https://shop.example/p?a=1"][..],
            format!("https://shop.example/p/{token}?a=1\n"),
        ),
        (
            &["--base-url", "https://shop.example/p", "--param", "t"],
            format!("https://shop.example/p?t={token}\n"),
        ),
        (
            &["--url", "https://shop.example/{token}?c={customer_id}"],
            format!("https://shop.example/{token}?c=1001\n"),
        ),
        (&["--no-link"], format!("{token}\n")),
    ];
    for (flags, expected) in table {
        let args = all(&[&["sign", "customer_id=1001", "--expires-in", "1h"], &FIXED, flags]);
        folder.run(&args).done().prints(&expected).says_nothing();
    }
}

#[test]
fn what_is_most_likely_a_mistake_is_warned_of() {
    let folder = Folder::new();
    let sign = |claim: &str, flags: &[&str]| folder.run(&all(&[&["sign", claim, "--expires-in", "1h"], &FIXED, flags]));
    let table = [
        (
            "mail=ann@example.org",
            &[][..],
            "warning: mail: the value looks like a mail address",
        ),
        (
            "id=4.68E+17",
            &["--seal"],
            "warning: id: the value looks like an id that a spreadsheet spoiled",
        ),
        (
            "id=7",
            &["--base-url", "http://shop.example"],
            "warning: the link is plain http",
        ),
    ];
    for (claim, flags, warning) in table {
        sign(claim, flags).done().tells(warning).tells("hint: ");
        sign(claim, &[flags, &["--quiet"]].concat()).done().says_nothing();
    }
    sign("mail=ann@example.org", &["--seal"]).done().says_nothing();
}

#[test]
fn json_has_token_link_and_expiry() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let sign = |args: &[&str]| {
        folder
            .run(&all(&[&["sign", "a=1", "--json"], &FIXED, args]))
            .done()
            .stdout
    };
    assert_eq!(
        sign(&["--expires-in", "1h"]),
        format!("{{\"token\":\"{token}\",\"url_link\":null,\"expires_at\":\"2026-11-21T17:00:00Z\"}}\n")
    );
    let never = sign(&["--never-expires", "--base-url", "https://shop.example"]);
    assert!(
        never.ends_with(",\"expires_at\":null}\n") && never.contains("\"url_link\":\"https://shop.example/L"),
        "{never}"
    );
}

#[test]
fn the_same_flags_give_the_same_token() {
    let folder = Folder::new();
    for form in [
        &[][..],
        &["--seal"],
        &["--text", "base32"],
        &["--seal", "--text", "base32"],
    ] {
        let args = all(&[&["b=2", "a=1"], form]);
        assert_eq!(folder.token(&args), folder.token(&args));
    }
    assert_eq!(folder.token(&["a=1", "b=2"]), folder.token(&["b=2", "a=1"]));
}

#[test]
fn two_tokens_are_never_the_same_by_themselves() {
    let folder = Folder::new();
    let sign = || {
        folder
            .run(&["sign", "a=1", "--never-expires", "--issued-at", ISSUED])
            .done()
            .stdout
    };
    assert_ne!(sign(), sign());
}

#[test]
fn a_value_may_hold_equals_signs_and_any_letters() {
    let folder = Folder::new();
    for value in ["a=b=c", "Ünï 🌞", "0", "007", "--x"] {
        let token = folder.token(&[&format!("note={value}")]);
        let run = folder.run(&["verify", &token, "--now", ISSUED, "--print", "note"]);
        run.done().prints(&format!("{value}\n"));
    }
}

#[test]
fn claims_must_be_given_or_renounced() {
    let folder = Folder::new();
    folder
        .call(&["sign", "--never-expires"])
        .refused(2, "NAME=VALUE", "linkmint sign --help");
    folder.token(&["--no-claims"]);
    folder
        .call(&["sign", "a=1", "a=2", "--never-expires"])
        .refused(2, "the claim a is given twice", "");
    folder
        .call(&["sign", "a", "--never-expires"])
        .refused(2, "sign: \"a\" has no =", "NAME=VALUE");
    folder
        .call(&[
            "sign",
            "a=1",
            "--never-expires",
            "--url",
            "https://a.example/{token}/{b}",
        ])
        .refused(2, "--url: there is no claim \"b\"", "placeholder");
    folder
        .call(&["sign", "a=1", "--never-expires", "--param", "t"])
        .refused(2, "--param needs an address", "--base-url");
}

#[test]
fn the_first_key_is_made_in_the_default_place_and_told_even_in_quiet() {
    let folder = Folder::empty();
    let run = folder
        .run(&["sign", "a=1", "--never-expires", "--quiet"])
        .done()
        .tells("made the key ")
        .tells("back this file up");
    run.expect(folder.default_keyring().is_file(), "a keyring");
    #[cfg(unix)]
    assert_eq!(crate::support::mode(&folder.default_keyring()), 0o600);
    folder.run(&["verify", run.stdout.trim_end()]).done();
    folder.run(&["sign", "a=1", "--never-expires"]).done().says_nothing();
}

#[test]
fn no_key_is_made_when_anything_else_is_wrong() {
    let folder = Folder::empty();
    folder.write("customers.csv", "customer_id\n1\n");
    for args in [
        &["sign", "a=1"][..],
        &["sign", "a", "--never-expires"],
        &["sign", "a=1", "--never-expires", "--base-url", "x"],
        &[
            "sign",
            "a=1",
            "--never-expires",
            "--url",
            "https://a.example/{token}/{b}",
        ],
        &["generate", "customers.csv", "--never-expires"],
        &[
            "generate",
            "customers.csv",
            "--never-expires",
            "--no-link",
            "--claims",
            "x",
        ],
        &["generate", "none.csv", "--never-expires", "--no-link"],
        &[
            "generate",
            "customers.csv",
            "--never-expires",
            "--no-link",
            "-o",
            "customers.csv",
            "-f",
        ],
        &[
            "generate",
            "customers.csv",
            "--never-expires",
            "--no-link",
            "-o",
            "none/x.csv",
        ],
        &["verify", "x"],
        &["key", "list"],
        &["key", "export"],
    ] {
        let run = folder.run(args);
        run.expect(run.status != Some(0), "a refusal");
        run.expect(!folder.default_keyring().exists(), "no keyring");
    }
    let claim = format!("a={}", "x".repeat(500));
    let (b, c) = (claim.replace("a=", "b="), claim.replace("a=", "c="));
    let run = folder.run(&["sign", &claim, &b, &c, "--never-expires"]).status(2);
    run.expect(!folder.default_keyring().exists(), "no keyring");
}

#[test]
fn the_key_can_be_named() {
    let folder = Folder::new();
    folder.token(&["a=1", "--key-id", KEY_ID]);
    folder.token(&["a=1", "--key-id", "E28E"]);
    folder
        .call(&["sign", "a=1", "--never-expires", "--key-id", "0000"])
        .refused(2, "no key 0000", "key list");
}
