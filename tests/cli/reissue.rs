//! A new token for whoever has one that ran out.

use crate::support::{Folder, ISSUED, OTHER_SECRET, Run, SECRET, all, keyring_text, make_private};
use serde_json::Value;

/// The tokens of `sign` in these tests ran out the day before.
const LATER: &str = "2026-11-22T16:00:00Z";
const TIME: [&str; 4] = ["--issued-at", LATER, "--expires-in", "7d"];
const NO_LEDGER: &str = "--ignore-revocations";

fn reissue(folder: &Folder, args: &[&str]) -> Run {
    folder.run(&all(&[&["reissue"], &TIME, args]))
}

fn verified(folder: &Folder, token: &str, more: &[&str]) -> Value {
    let run = folder.run(&all(&[&["verify", "--json", "--now", LATER, token], more]));
    run.json().remove(0)
}

#[test]
fn an_expired_token_gets_a_successor_of_the_same_claims_and_form() {
    let folder = Folder::new();
    let claims = ["customer_id=1234567", "campaign_id=spring26", "note=é 🎁"];
    for flags in [
        &[][..],
        &["--text", "base32"],
        &["--seal"],
        &["--public"],
        &["--format", "jwt"],
        &["--format", "jwt", "--public"],
        &["--seal", "--text", "base32"],
    ] {
        let old = folder.token(&all(&[&claims, flags]));
        assert_eq!(verified(&folder, &old, &[])["status"], "expired");
        let run = reissue(&folder, &[NO_LEDGER, &old])
            .done()
            .tells("replaces token e28e 000000000001: EXPIRED  token expired 23 h ago");
        let new = run.stdout.trim_end();
        let (before, after) = (verified(&folder, &old, &[]), verified(&folder, new, &[]));
        assert_eq!(after["status"], "valid");
        for same in ["claims", "format", "key_id"] {
            assert_eq!(after[same], before[same], "{same}");
        }
        assert_eq!(after["expires_at"], "2026-11-29T16:00:00Z");
        assert_ne!(after["id"], before["id"]);
        assert_eq!(new.as_bytes()[0], old.as_bytes()[0], "the alphabet stays");
    }
}

#[test]
fn a_page_that_routes_behind_the_hash_is_warned_of() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    folder.write("links.csv", format!("customer_id,token\n1,{old}\n"));
    let to = ["--base-url", "https://shop.example/#/promo"];
    for text in [&["--file", "links.csv", "-o", "new.csv"][..], &[&old]] {
        reissue(&folder, &all(&[&[NO_LEDGER], &to, text]))
            .done()
            .tells("hint: --url \"https://shop.example/#/promo/{token}\" puts it behind");
    }
}

#[test]
fn a_start_is_left_out_and_the_active_key_signs() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1", "--not-before", "2026-11-21T16:30:00Z"]);
    folder.write("two.json", keyring_text(&[OTHER_SECRET, SECRET]));
    make_private(&folder.path("two.json"));
    let ring = ["--keyring", "two.json"];
    let run = reissue(&folder, &all(&[&[NO_LEDGER, &old], &ring])).done();
    let new = verified(&folder, run.stdout.trim_end(), &ring);
    assert_eq!((&new["status"], &new["not_before"]), (&"valid".into(), &Value::Null));
    assert_ne!(new["key_id"], "e28e");
}

#[test]
fn a_damaged_token_is_replaced_and_the_damage_is_told() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    let damaged = format!("{}x{}", &old[..20], &old[21..]);
    let run = reissue(&folder, &[NO_LEDGER, &damaged])
        .done()
        .tells("DAMAGED  character 21");
    assert_eq!(
        verified(&folder, run.stdout.trim_end(), &[])["claims"]["customer_id"],
        "1"
    );
    let pasted = format!("https://shop.example/p/{damaged}?a=1");
    let run = reissue(&folder, &[NO_LEDGER, "--allow-host", "shop.example", &pasted]).done();
    run.expect(
        run.stdout.starts_with("https://shop.example/p/L") && run.stdout.ends_with("?a=1\n"),
        "its address",
    );
    run.expect(!run.stdout.contains(&damaged[..]), "without the old token");
}

#[test]
fn a_strangers_address_never_becomes_ours() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    for address in [
        "https://evil.example/p/",
        "https://shop.example.evil.example/p/",
        "https://shop.example@evil.example/p/",
        "https://shop.example:8443/p/",
        "https://shop.example%2eevil.example/p/",
        "https://shop.example\\@evil.example/p/",
        "//shop.example/p/",
        "javascript://shop.example/p/",
    ] {
        let run = reissue(
            &folder,
            &[
                NO_LEDGER,
                "--allow-host",
                "shop.example",
                "--",
                &format!("{address}{old}"),
            ],
        )
        .done();
        run.expect(run.stdout.starts_with('L') && !run.stdout.contains("example"), address);
    }
    // what a link of ours stands in is left behind
    for address in [
        "https://evil.example/?to=https://shop.example/p/",
        "https://evil.example#https://shop.example/",
    ] {
        let pasted = format!("{address}{old}");
        let run = reissue(&folder, &[NO_LEDGER, "--allow-host", "shop.example", &pasted]).done();
        run.expect(run.stdout.starts_with("https://shop.example/"), address);
    }
    let pasted = format!("https://evil.example/p/{old}");
    reissue(&folder, &[NO_LEDGER, &pasted])
        .done()
        .tells("the pasted address is not taken over: its host is \"evil.example\"")
        .tells("hint: --base-url gives the address");
    // a flag rules over whatever was pasted
    let run = reissue(&folder, &[NO_LEDGER, "--base-url", "https://shop.example/q", &pasted]).done();
    run.expect(run.stdout.starts_with("https://shop.example/q/L"), "the flag's address");
}

#[test]
fn an_address_that_is_not_taken_over_is_told_with_its_real_host() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    for (address, told) in [
        ("https://shop.example@evil.example/p/", "its host is \"evil.example\""),
        (
            "https://shop.example:443@evil.example:443/p/",
            "its host is \"evil.example\"",
        ),
        (
            "https://a@shop.example@evil.example:8443/p/",
            "its host is \"evil.example:8443\"",
        ),
        ("https://shop.example:8443/p/", "its host is \"shop.example:8443\""),
        ("http://shop.example:443/p/", "its host is \"shop.example:443\""),
        (
            "https://shop.example%2eevil.example/p/",
            "it has no host, or one that can't be",
        ),
    ] {
        let pasted = format!("{address}{old}");
        let run = reissue(&folder, &[NO_LEDGER, "--allow-host", "shop.example", "--", &pasted]).done();
        run.expect(run.stdout.starts_with('L') && !run.stdout.contains("example"), address);
        run.tells(&format!(
            "warning: the pasted address is not taken over: {told}\nhint: "
        ));
    }
}

#[test]
fn a_host_is_the_same_however_it_is_written() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    for (flag, address, taken) in [
        (
            "shop.example",
            "https://shop.example:443/p/",
            "https://shop.example:443/p/",
        ),
        ("shop.example", "http://shop.example:80/p/", "http://shop.example:80/p/"),
        ("shop.example", "https://SHOP.Example/p/", "https://SHOP.Example/p/"),
        ("shop.example", "https://shop.example./p/", "https://shop.example./p/"),
        (
            "shop.example",
            "https://shop.example.:443/p/",
            "https://shop.example.:443/p/",
        ),
        (
            "shop.example",
            "https://ann:x@shop.example/p/",
            "https://shop.example/p/",
        ),
        ("Shop.example.", "https://shop.example/p/", "https://shop.example/p/"),
        ("shop.example:443", "https://shop.example/p/", "https://shop.example/p/"),
        (
            "shop.example.:8443",
            "https://shop.example:8443/p/",
            "https://shop.example:8443/p/",
        ),
        ("shop.example:80", "http://shop.example/p/", "http://shop.example/p/"),
        ("shop.example:443", "http://shop.example/p/", "L"),
        ("shop.example:80", "https://shop.example/p/", "L"),
        ("[::1]", "https://[::1]:443/p/", "https://[::1]:443/p/"),
    ] {
        let pasted = format!("{address}{old}");
        let run = reissue(&folder, &[NO_LEDGER, "--allow-host", flag, &pasted]).done();
        run.expect(run.stdout.starts_with(taken), &format!("{flag} {address}"));
    }
}

#[test]
fn a_text_without_an_address_to_take_over_is_told() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    for address in [
        "",
        "shop.example/p/",
        "https:\\\\shop.example\\p\\",
        "hxxps://shop[.]example/p/",
    ] {
        let pasted = format!("{address}{old}");
        let run = reissue(&folder, &[NO_LEDGER, "--allow-host", "shop.example", &pasted])
            .done()
            .tells("the pasted address is not taken over: there is none that begins with https:// or http://")
            .tells("hint: --base-url gives the address");
        run.expect(run.stdout.starts_with('L'), "the token alone");
        let run = reissue(&folder, &[NO_LEDGER, &pasted]).done();
        run.expect(!run.stderr.contains("address"), "nobody asked for one");
    }
}

#[test]
fn our_own_address_is_taken_over() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1", "campaign_id=a b"]);
    let hosts = ["--allow-host", "other.example", "--allow-host", "Shop.example"];
    for (pasted, before, after) in [
        (
            "Hi, <https://shop.example/p/TOKEN?utm=1> is over.",
            "https://shop.example/p/",
            "?utm=1",
        ),
        ("https://SHOP.example/p?t=TOKEN", "https://SHOP.example/p?t=", ""),
        (
            "> https://shop.example/p?t=3DTOKEN&amp;x=3D%26=\n",
            "https://shop.example/p?t=",
            "&x=%26",
        ),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fother.example%2Fp%2FTOKEN&data=05&reserved=0",
            "https://other.example/p/",
            "",
        ),
    ] {
        let run = reissue(
            &folder,
            &all(&[&[NO_LEDGER], &hosts, &[&pasted.replace("TOKEN", &old)]]),
        )
        .done();
        let link = run.stdout.trim_end();
        run.expect(link.starts_with(before) && link.ends_with(after), pasted);
        assert_eq!(verified(&folder, link, &[])["status"], "valid");
    }
    let run = reissue(
        &folder,
        &[NO_LEDGER, "--url", "https://s.example/{campaign_id}/{token}", &old],
    )
    .done();
    run.expect(
        run.stdout.starts_with("https://s.example/a%20b/L"),
        "placeholders are claims",
    );
}

#[test]
fn what_is_not_ours_gets_nothing() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    folder.write("other.json", keyring_text(&[OTHER_SECRET]));
    let other = folder.token(&["customer_id=1", "--keyring", "other.json"]);
    let (start, end) = old.split_at(old.len() / 2);
    let two_slips = format!("{}x{}x{}", &start[..10], &start[11..], &end[1..]);
    for (text, told) in [
        (other.as_str(), "UNKNOWN KEY"),
        (&two_slips, "INVALID SIGNATURE"),
        ("no token at all", "MALFORMED"),
        ("", "MALFORMED"),
    ] {
        reissue(&folder, &[NO_LEDGER, "--", text])
            .status(1)
            .prints("")
            .tells("no new token: ")
            .tells(told);
    }
    let run = reissue(&folder, &[NO_LEDGER, "--json", &other]).status(1);
    let json = &run.json()[0];
    assert_eq!(
        (&json["token"], &json["replaces"]["status"]),
        (&Value::Null, &"unknown_key".into())
    );
    reissue(&folder, &[NO_LEDGER, "--expect", "customer_id=2", &old])
        .status(1)
        .prints("")
        .tells("no new token: the claim customer_id is not the expected one");
    reissue(&folder, &[NO_LEDGER, "--expect", "customer_id=1", &old]).done();
    folder
        .call(&all(&[&["reissue", NO_LEDGER, &old, &other], &TIME]))
        .refused(2, "there are 2 tokens", "the one that is meant");
}

#[test]
fn a_public_keyring_replaces_nothing() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1", "--public"]);
    folder.run(&["key", "export", "--public", "-o", "public.json"]).done();
    folder
        .call(&all(&[
            &["reissue", NO_LEDGER, &old, "--keyring", "public.json"],
            &TIME,
        ]))
        .refused(2, "check tokens and make none", "--keyring");
}

#[test]
fn flags_that_contradict_are_refused() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    for (args, told, hint) in [
        (
            &["--expires-in", "7d"][..],
            "without a ledger nobody knows",
            "--ignore-revocations",
        ),
        (&[NO_LEDGER], "nothing says when", "--expires-in"),
        (
            &["--expires-in", "7d", NO_LEDGER, "--allow-host", "https://shop.example"],
            "is no host",
            "shop.example",
        ),
        (
            &["--expires-in", "7d", NO_LEDGER, "--allow-host", "shop.example/p"],
            "is no host",
            "shop.example",
        ),
        (
            &["--expires-in", "7d", NO_LEDGER, "--allow-host", ""],
            "is no host",
            "shop.example",
        ),
        (
            &["--expires-in", "7d", NO_LEDGER, "--param", "t"],
            "--param needs an address",
            "--base-url",
        ),
        (
            &["--expires-in", "7d", NO_LEDGER, "--revoke-old"],
            "--revoke-old",
            "--help",
        ),
    ] {
        folder.call(&all(&[&["reissue", &old], args])).refused(2, told, hint);
    }
}

#[test]
fn json_tells_the_new_token_and_the_old_one() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    let run = reissue(
        &folder,
        &[NO_LEDGER, "--json", "--base-url", "https://shop.example/p", &old],
    )
    .done();
    let json = &run.json()[0];
    let token = json["token"].as_str().expect("a token");
    assert_eq!(json["url_link"], format!("https://shop.example/p/{token}"));
    assert_eq!(json["expires_at"], "2026-11-29T16:00:00Z");
    assert_eq!(json["id"], verified(&folder, token, &[])["id"]);
    assert_eq!(json["replaces"]["id"], "000000000001");
    assert_eq!(
        (&json["replaces"]["status"], &json["damaged"]),
        (&"expired".into(), &false.into())
    );
}

#[test]
fn all_of_standard_input_is_one_text() {
    let folder = Folder::new();
    let old = folder.token(&["customer_id=1"]);
    let call = folder.call(&all(&[&["reissue", NO_LEDGER], &TIME]));
    call.stdin(format!("Hello,\n\nmy link {old} is over.\n")).run().done();
}

#[cfg(feature = "ledger")]
mod with_a_ledger {
    use super::*;

    const LEDGER: [&str; 2] = ["--ledger", "l.db"];

    /// It is made by whoever first checks or revokes.
    fn with_ledger(folder: &Folder) {
        let other = folder.token(&["customer_id=other"]);
        let verify = ["verify", "--ledger", "l.db", "--now", ISSUED, &other];
        folder.run(&verify).done();
    }

    #[test]
    fn the_old_token_tells_what_replaces_it() {
        let folder = Folder::new();
        with_ledger(&folder);
        let old = folder.token(&["customer_id=1"]);
        assert_eq!(verified(&folder, &old, &LEDGER)["replaced_by"], Value::Null);
        let run = reissue(&folder, &all(&[&LEDGER, &["--json", &old]])).done();
        let new = run.json()[0]["id"].as_str().expect("an id").to_owned();
        let told = verified(&folder, &old, &LEDGER);
        assert_eq!(told["status"], "expired");
        let expected =
            serde_json::json!({"key_id": "e28e", "id": new, "at": LATER, "expires_at": "2026-11-29T16:00:00Z"});
        assert_eq!(told["replaced_by"], expected);
        let run = folder.run(&all(&[&["verify", &old, "--now", "2026-11-22T16:05:00Z"], &LEDGER]));
        run.expect(
            run.stdout
                .contains(&format!("  replaced by e28e {new}, made 5 min ago\n")),
            "in words",
        );
        // the last one counts
        let run = reissue(&folder, &all(&[&LEDGER, &["--json", &old]])).done();
        assert_eq!(
            verified(&folder, &old, &LEDGER)["replaced_by"]["id"],
            run.json()[0]["id"]
        );
        assert_eq!(
            verified(&folder, &old, &LEDGER)["uses"]["count"],
            5,
            "to replace it is no check"
        );
    }

    #[test]
    fn a_revoked_token_is_not_replaced_and_the_reason_is_told() {
        let folder = Folder::new();
        let old = folder.token(&["customer_id=1"]);
        folder
            .run(&all(&[
                &["revoke", "--now", ISSUED, "--reason", "fraud", &old],
                &LEDGER,
            ]))
            .done();
        reissue(&folder, &all(&[&LEDGER, &[&old]]))
            .status(1)
            .prints("")
            .tells("no new token: REVOKED")
            .tells("\"fraud\"")
            .tells("hint: `linkmint unrevoke`");
        let damaged = format!("{}x{}", &old[..20], &old[21..]);
        reissue(&folder, &all(&[&LEDGER, &[&damaged]]))
            .status(1)
            .prints("")
            .tells("fraud");
        reissue(&folder, &[NO_LEDGER, &old]).done();
        // of a claim too
        let other = folder.token(&["customer_id=2"]);
        folder
            .run(&all(&[
                &["revoke", "--now", ISSUED, "--claim", "customer_id=2"],
                &LEDGER,
            ]))
            .done();
        reissue(&folder, &all(&[&LEDGER, &[&other]])).status(1).prints("");
    }

    #[test]
    fn the_old_token_can_be_revoked_with_it() {
        let folder = Folder::new();
        with_ledger(&folder);
        let old = ["sign", "customer_id=1", "--issued-at", ISSUED, "--expires-in", "30d"];
        let old = folder.run(&old).done().stdout.trim_end().to_owned();
        assert_eq!(verified(&folder, &old, &LEDGER)["status"], "valid");
        let damaged = format!("{}x{}", &old[..20], &old[21..]);
        let run = reissue(&folder, &all(&[&LEDGER, &["--json", "--revoke-old", &damaged]])).done();
        let json = &run.json()[0];
        let told = verified(&folder, &old, &LEDGER);
        assert_eq!(told["status"], "revoked");
        assert_eq!(
            told["revoked"]["reason"],
            format!("replaced by e28e {}", json["id"].as_str().expect("an id"))
        );
        let new = json["token"].as_str().expect("a token");
        assert_eq!(verified(&folder, new, &LEDGER)["status"], "valid");
        reissue(&folder, &all(&[&LEDGER, &[&old]]))
            .status(1)
            .prints("")
            .tells("replaced by e28e");
    }

    #[test]
    fn a_ledger_is_not_made() {
        let folder = Folder::new();
        let old = folder.token(&["customer_id=1"]);
        if folder.keeps_ledgers() {
            folder
                .call(&all(&[&["reissue", &old, "--ledger", "none.db"], &TIME]))
                .refused(3, "none.db", "");
        }
    }
}
