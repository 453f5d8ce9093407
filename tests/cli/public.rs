//! Public tokens: made with the secret, checked with what everybody may have.

use crate::support::{FIXED, Folder, ISSUED, KEY_ID, OTHER_SECRET, SECRET, USUAL, all, keyring_text};
use serde_json::Value;

const PUBLIC: [&str; 2] = ["--keyring", "public.json"];

/// A folder with the default keyring and `public.json` beside it.
fn folder() -> Folder {
    let folder = Folder::with_list("customer_id,campaign_id\n1234567,spring26\n1234568,spring26\n");
    folder
        .run(&["key", "export", "--public", "-o", "public.json"])
        .done()
        .prints("");
    folder
}

fn signed(folder: &Folder, flags: &[&str]) -> String {
    folder.token(&all(&[&["customer_id=1234567", "campaign_id=spring26"], flags]))
}

#[test]
fn a_public_token_is_checked_with_public_keys_alone() {
    let folder = folder();
    for (flags, format) in [
        (&["--public"][..], "public"),
        (&["--public", "--text", "base32"], "public"),
        (&["--public", "--format", "jwt"], "jwt"),
    ] {
        let token = signed(&folder, flags);
        for ring in [&[][..], &PUBLIC] {
            let run = folder
                .run(&all(&[&["verify", &token, "--now", ISSUED, "--json"], ring]))
                .done();
            let json = &run.json()[0];
            assert_eq!(
                (json["status"].as_str(), json["format"].as_str()),
                (Some("valid"), Some(format))
            );
            assert_eq!(json["claims"]["customer_id"], "1234567");
            let alg = if format == "jwt" {
                Value::from("EdDSA")
            } else {
                Value::Null
            };
            assert_eq!(json.get("alg").unwrap_or(&Value::Null), &alg);
            run.says_nothing();
        }
    }
    let token = signed(&folder, &["--public"]);
    assert!(token.starts_with('P'));
    assert_eq!(token.len(), signed(&folder, &[]).len() + 64);
}

#[test]
fn a_public_key_checks_no_signed_token_and_says_so() {
    let folder = folder();
    for flags in [&[][..], &["--seal"], &["--format", "jwt"]] {
        let token = signed(&folder, flags);
        let run = folder
            .run(&all(&[&["verify", &token, "--now", ISSUED, "--json"], &PUBLIC]))
            .status(1);
        assert_eq!(run.json()[0]["status"], "unknown_key");
        let run = folder
            .run(&all(&[&["verify", &token, "--now", ISSUED], &PUBLIC]))
            .status(1);
        run.expect(
            run.stdout.contains(&format!("only the public key {KEY_ID}"))
                && run.stdout.contains("checks no signed or sealed token")
                && run.stdout.contains("check it with the keyring that has the secret")
                && !run.stdout.contains("ask for the link"),
            "says what a public key does not check",
        );
    }
    // of a key that is not there at all, no more is known than before
    folder.write("other.json", keyring_text(&[OTHER_SECRET]));
    let token = folder.token(&["a=1", "--public", "--keyring", "other.json"]);
    let run = folder
        .run(&all(&[&["verify", &token, "--now", ISSUED], &PUBLIC]))
        .status(1);
    run.expect(run.stdout.contains("the keyring has no key"), "an unknown key");
}

#[test]
fn a_public_export_holds_no_secret() {
    let folder = folder();
    let text = folder.read("public.json");
    let set: Value = serde_json::from_str(&text).expect("JSON");
    let key = set["keys"][0].as_object().expect("a key");
    let names: std::collections::BTreeSet<&str> = key.keys().map(String::as_str).collect();
    assert_eq!(
        names.into_iter().collect::<Vec<_>>(),
        ["alg", "crv", "kid", "kty", "use", "x"]
    );
    assert!(!text.contains(SECRET));
    // to standard output without a warning, and over itself where that is meant
    assert_eq!(
        folder.run(&["key", "export", "--public"]).done().says_nothing().stdout,
        text
    );
    assert_eq!(folder.run(&["key", "export", "--public", KEY_ID]).done().stdout, text);
    folder
        .call(&["key", "export", "--public", "-o", "public.json"])
        .refused(2, "exists", "--force");
    folder
        .run(&["key", "export", "--public", "-o", "public.json", "--force"])
        .done();
    #[cfg(unix)]
    assert_eq!(crate::support::mode(&folder.path("public.json")) & 0o133, 0o000);
    folder.run(&["key", "export", "--public", "--jwt"]).status(2);
    folder
        .call(&["key", "export", "--public", "ffff"])
        .refused(2, "no key ffff", "key list");
}

/// Whoever has public keys makes no token, whatever command they are given to.
#[test]
fn a_public_keyring_makes_no_token() {
    let folder = folder();
    let before = folder.snapshot();
    let list = &["customers.csv", "-o", "links.csv"][..];
    let table = [
        all(&[&["sign", "customer_id=1", "--never-expires"]]),
        all(&[&["sign", "customer_id=1", "--never-expires", "--public"]]),
        all(&[&["sign", "customer_id=1", "--never-expires", "--seal"]]),
        all(&[&["sign", "customer_id=1", "--never-expires", "--format", "jwt"]]),
        all(&[&[
            "sign",
            "customer_id=1",
            "--never-expires",
            "--format",
            "jwt",
            "--public",
        ]]),
        all(&[&["sign", "customer_id=1", "--never-expires", "--key-id", KEY_ID]]),
        all(&[&["generate"], list, &USUAL]),
        all(&[&["generate"], list, &USUAL, &["--public"]]),
        all(&[&["generate"], list, &USUAL, &["--key-id", KEY_ID, "--public"]]),
        all(&[&["generate"], list, &USUAL, &["--format", "jwt", "--public"]]),
        all(&[&["key", "export", "--jwt"]]),
        all(&[&["key", "retire", KEY_ID]]),
    ];
    for args in table {
        let run = folder.run(&all(&[&args, &PUBLIC]));
        run.expect(
            run.stderr.contains("check tokens and make none") || run.stderr.contains("checks tokens and makes none"),
            "says why not",
        );
        run.prints("").status(2);
    }
    assert_eq!(folder.snapshot(), before);
    // and what it can do is no secret: it exports what it is
    let text = folder.read("public.json");
    for flags in [&["key", "export"][..], &["key", "export", "--public"]] {
        folder.run(&all(&[flags, &PUBLIC])).done().prints(&text);
    }
    let list = folder.run(&all(&[&["key", "list", "--json"], &PUBLIC])).done();
    assert_eq!(list.json()[0]["status"], "public");
}

/// Every command there is, with public keys in its hands and the tokens of others.
#[test]
fn no_command_makes_a_token_of_public_keys_and_old_tokens() {
    let folder = folder();
    let links = [
        "generate",
        "customers.csv",
        "-o",
        "links.csv",
        "--expires-in",
        "1h",
        "--base-url",
    ];
    folder
        .run(&all(&[&links, &["https://shop.example/p", "--public"], &FIXED]))
        .done();
    let old = signed(&folder, &["--public"]);
    folder
        .run(&["revoke", "--ledger", "checks.db", "--claim", "customer_id=none"])
        .done();
    folder.write(
        "old.eml",
        format!("From: a@b.example\n\nhttps://shop.example/p/{old}\n"),
    );
    let ledger = ["--ledger", "checks.db"];
    let calls = [
        all(&[
            &[
                "generate",
                "customers.csv",
                "-o",
                "new.csv",
                "--public",
                "--qr",
                "codes",
                "--sheet",
                "new.html",
            ],
            &USUAL,
        ]),
        all(&[
            &["generate", "links.csv", "-o", "new.csv", "--keep", "--public"],
            &USUAL,
        ]),
        all(&[&["sign", "customer_id=1", "--public", "--qr", "new.svg"], &USUAL]),
        all(&[&["reissue", &old, "--expires-in", "7d"], &ledger]),
        all(&[&["reissue", &old, "--expires-in", "7d", "--ignore-revocations"]]),
        all(&[&["reissue", "--file", "links.csv", "-o", "new.csv"], &USUAL, &ledger]),
        all(&[&["verify", &old, "--json", "--show-mended"]]),
        all(&[&["verify", "--file", "links.csv", "-o", "checked.csv"]]),
        all(&[&["verify", "--scan", "old.eml"]]),
        all(&[&["inspect", "--json", &old]]),
        all(&[&["revoke", &old], &ledger]),
        all(&[&["unrevoke", &old], &ledger]),
        all(&[&["revoked"], &ledger]),
        all(&[&["ledger", "backup", "copy.db"], &ledger]),
        all(&[&["stats"], &ledger]),
        all(&[&["key", "export"]]),
        all(&[&["key", "export", "--jwt"]]),
        all(&[&["key", "list"]]),
        all(&[&["completions", "bash"]]),
        all(&[&["man", "generate"]]),
        // it makes a key of its own, which is none of these; and it serves until it is ended
        all(&[&["key", "new"]]),
        all(&[&["serve"]]),
        all(&[&["api-key", "list"]]),
    ];
    let help = folder.run(&["help"]).done().stdout;
    let commands = help
        .split("Commands:")
        .nth(1)
        .and_then(|rest| rest.split("\n\n").next())
        .expect("commands");
    for command in commands
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
    {
        assert!(calls.iter().any(|call| call[0] == command), "{command}");
    }
    let given = folder.read("links.csv") + &old;
    for call in calls
        .iter()
        .filter(|call| !["serve", "api-key"].contains(&call[0]) && call[..] != ["key", "new"])
    {
        let run = folder.call(call).variable("LINKMINT_KEYRING", "public.json").run();
        let made = ["new.csv", "new.html", "new.svg", "codes"]
            .iter()
            .any(|name| folder.path(name).exists());
        assert!(!made, "{call:?}");
        for word in run
            .stdout
            .split(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.".contains(letter)))
        {
            if word.len() >= 40 && !given.contains(word) {
                let checked = folder.run(&["verify", "--exact", "--now", ISSUED, "--print", "status", "--", word]);
                assert_ne!(checked.stdout, "valid\n", "{call:?}: {word}");
            }
        }
    }
}

#[test]
fn a_keyring_may_hold_both() {
    let folder = folder();
    folder.write("both.json", keyring_text(&[OTHER_SECRET]));
    crate::support::make_private(&folder.path("both.json"));
    let both = ["--keyring", "both.json"];
    let token = signed(&folder, &["--public"]);
    folder
        .run(&all(&[&["key", "import", "public.json"], &both]))
        .done()
        .prints(&format!("{KEY_ID}\n"))
        .tells("1 key is a public key in");
    folder.run(&all(&[&["verify", &token, "--now", ISSUED], &both])).done();
    let own = folder.token(&all(&[&["a=1"], &both]));
    folder.run(&all(&[&["verify", &own, "--now", ISSUED], &both])).done();
    folder
        .call(&all(&[&["sign", "a=1", "--never-expires", "--key-id", KEY_ID], &both]))
        .refused(2, "is a public key", "key list");
    folder.run(&all(&[&["key", "remove", KEY_ID, "--yes"], &both])).done();
    folder
        .run(&all(&[&["verify", &token, "--now", ISSUED], &both]))
        .status(1);
}

#[cfg(unix)]
#[test]
fn public_keys_may_be_read_by_all_and_changed_by_none() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    let token = signed(&folder, &["--public"]);
    let verify = all(&[&["verify", &token, "--now", ISSUED], &PUBLIC]);
    let with = |mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(folder.path("public.json"), permissions).expect("its owner's");
        folder.run(&verify).done()
    };
    with(0o644).says_nothing();
    // whoever writes a key of their own in makes tokens that hold
    with(0o666)
        .tells("others can change these public keys")
        .tells("hint: chmod go-w");
}

#[cfg(unix)]
#[test]
fn the_first_secret_closes_a_file_that_others_can_read() {
    use crate::support::mode;
    use std::os::unix::fs::PermissionsExt;
    let folder = folder();
    folder.write("other.json", keyring_text(&[OTHER_SECRET]));
    crate::support::make_private(&folder.path("other.json"));
    let public = folder.read("public.json");
    let told = "linkmint: open.json: it holds a secret now, so that only its owner can read it from now on\n";
    for text in [public.as_str(), r#"{"keys":[]}"#] {
        for (args, is_secret) in [
            (&["key", "new"][..], true),
            (&["key", "import", "other.json"], true),
            (&["key", "new", "--quiet"], true),
            (&["key", "import", "public.json"], false),
        ] {
            folder.write("open.json", text);
            let permissions = std::fs::Permissions::from_mode(0o644);
            std::fs::set_permissions(folder.path("open.json"), permissions).expect("its owner's");
            let run = folder.run(&all(&[args, &["--keyring", "open.json"]])).done();
            assert_eq!(mode(&folder.path("open.json")), if is_secret { 0o600 } else { 0o644 });
            let is_told = is_secret && !args.contains(&"--quiet");
            run.expect(run.stderr.contains(told) == is_told, "told where it is so");
            run.expect(!run.stderr.contains("others can read"), "nobody can");
        }
    }
}

#[test]
fn a_list_of_public_tokens_is_made_and_checked() {
    let folder = folder();
    let links = folder.generate(&["--public"]).done().stdout;
    assert_eq!(links.matches("/p/P").count(), 2);
    folder.write("links.csv", &links);
    let verify = ["verify", "--file", "links.csv", "--now", ISSUED];
    folder
        .run(&all(&[&verify, &PUBLIC]))
        .done()
        .tells("valid              2");
    // the same on any number of threads
    for threads in ["1", "3"] {
        assert_eq!(folder.generate(&["--public", "-j", threads]).done().stdout, links);
    }
    folder.write("links.csv", folder.generate(&[]).done().stdout);
    folder.run(&all(&[&verify, &PUBLIC])).status(1);
}

#[test]
fn a_public_token_is_found_in_what_was_pasted() {
    let folder = folder();
    for flags in [&["--public"][..], &["--public", "--text", "base32"]] {
        let token = signed(&folder, flags);
        let (start, end) = token.split_at(70);
        for pasted in [
            format!("Hi, my link https://shop.example/p/{token} does not work"),
            format!("<https://shop.example/p/{token}>."),
            format!("https://shop.example/p/{start}=\r\n{end}"),
            format!("> https://shop.example/p/{start}\n> {end}"),
        ] {
            let args = all(&[&["verify", &pasted, "--now", ISSUED, "--print", "customer_id"], &PUBLIC]);
            folder.run(&args).done().prints("1234567\n");
        }
    }
}

#[test]
fn a_slip_in_a_public_token_is_found() {
    let folder = folder();
    let token = signed(&folder, &["--public"]);
    let (start, rest) = token.split_at(40);
    for damaged in [
        format!("{start}{}", &rest[1..]),
        format!("{start}x{rest}"),
        format!("{start}_{}", &rest[1..]),
    ] {
        let run = folder
            .run(&all(&[&["verify", &damaged, "--now", ISSUED], &PUBLIC]))
            .status(1);
        run.expect(run.stdout.contains("DAMAGED"), "the slip is found");
    }
}

#[test]
fn sealing_hides_from_whom_a_public_token_is_for() {
    let folder = folder();
    folder
        .run(&["sign", "a=1", "--never-expires", "--public", "--seal"])
        .status(2);
}

#[test]
fn inspect_tells_the_form() {
    let folder = folder();
    let token = signed(&folder, &["--public"]);
    let run = folder.run(&["inspect", &token]).done();
    run.expect(
        run.stdout.contains("public") && run.stdout.contains("1234567"),
        "what it says",
    );
    let jwt = signed(&folder, &["--public", "--format", "jwt"]);
    let run = folder.run(&["inspect", "--json", &jwt]).done();
    let json = &run.json()[0];
    assert_eq!((&json["format"], &json["alg"]), (&"jwt".into(), &"EdDSA".into()));
}

#[test]
fn a_keyring_with_a_private_key_or_a_weak_one_is_refused() {
    let folder = folder();
    let public = folder.read("public.json");
    for (name, text, word) in [
        ("private", public.replacen("\"kty\"", "\"d\": \"AAAA\", \"kty\"", 1), "private"),
        ("nameless", public.replacen("\"kid\"", "\"kit\"", 1), "without a key id"),
        (
            "weak",
            r#"{"keys":[{"kty":"OKP","crv":"Ed25519","kid":"e28e","x":"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}"#.into(),
            "small order",
        ),
        (
            "algorithm",
            public.replacen("\"EdDSA\"", "\"RS256\"", 1),
            "key 1: \"alg\" is \"RS256\", expected \"EdDSA\" or \"Ed25519\"",
        ),
        (
            "purpose",
            public.replacen("\"sig\"", "[\"enc\"]", 1),
            "key 1: \"use\" is a list, expected \"sig\"",
        ),
        (
            "curve",
            public.replacen("\"Ed25519\"", "\"\\u001b[31mX25519\"", 1),
            "key 1: \"crv\" is \"\\u{1b}[31mX25519\", expected \"Ed25519\"",
        ),
        (
            "keyless",
            public.replacen("\"x\"", "\"y\"", 1),
            "key 1: \"x\" is missing, expected an Ed25519 public key",
        ),
        (
            "kind",
            public.replacen("\"OKP\"", "\"EC\"", 1),
            "key 1: \"kty\" is \"EC\", expected \"oct\" for a secret or \"OKP\" for a public Ed25519 key",
        ),
    ] {
        folder.write(name, text);
        let run = folder.run(&["verify", "x", "--keyring", name]).status(3);
        run.expect(run.stderr.contains(word), word);
        run.expect(!run.stderr.contains("AAAA"), "nothing private");
    }
}

/// A backend looks a key up by its id, so it must be told which is meant.
#[test]
fn keys_that_share_an_id_are_not_exported_for_others() {
    let folder = Folder::new();
    let first = crate::support::keyring_text(&[SECRET]);
    let twin = "AAAAAAACdAEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    folder.write(
        "twins.json",
        first.replacen("]", &format!(",{{\"kty\":\"oct\",\"k\":\"{twin}\"}}]"), 1),
    );
    crate::support::make_private(&folder.path("twins.json"));
    for flag in ["--public", "--jwt"] {
        folder
            .call(&["key", "export", flag, "--keyring", "twins.json"])
            .refused(2, "several keys of the keyring have the id e28e", "key new");
    }
    folder
        .run(&["key", "export", "--keyring", "twins.json", "-o", "all.json"])
        .done();
}
