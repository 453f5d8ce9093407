//! What a token says, without any key and without a word of trust.

use crate::support::Folder;

const HEADLINE: &str = "NOT VERIFIED: anyone could have written this\n";

#[test]
fn nothing_is_said_to_be_verified() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "note=x"]);
    // a folder without any keyring
    let run = Folder::empty().run(&["inspect", &token]).done().says_nothing();
    let lines: Vec<Vec<_>> = run
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    run.expect(run.stdout.starts_with(HEADLINE), "the headline");
    for line in [
        &["customer_id", "1001"][..],
        &["note", "x"],
        &["issued", "2026-11-21", "16:00", "UTC"],
        &["expires", "2026-11-21", "17:00", "UTC"],
        &["key", "e28e"],
        &["id", "000000000001"],
    ] {
        run.expect(lines.iter().any(|other| other == line), &format!("{line:?}"));
    }
}

#[test]
fn json_says_that_it_is_not_verified_and_has_no_status() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001"]);
    let run = folder.run(&["inspect", "--json", &token]).done();
    assert_eq!(
        run.stdout,
        "{\"verified\":false,\"key_id\":\"e28e\",\"id\":\"000000000001\",\"format\":\"signed\",\
         \"issued_at\":\"2026-11-21T16:00:00Z\",\"expires_at\":\"2026-11-21T17:00:00Z\",\"not_before\":null,\
         \"claims\":{\"customer_id\":\"1001\"}}\n"
    );
}

#[test]
fn a_sealed_token_shows_its_key_id_only() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1001", "--seal"]);
    let run = folder.run(&["inspect", &token]).done();
    run.expect(
        run.stdout.starts_with(HEADLINE) && run.stdout.contains("e28e"),
        "the key id",
    );
    run.expect(
        !run.stdout.contains("1001") && !run.stdout.contains("2026"),
        "nothing of the body",
    );
    let json = &folder.run(&["inspect", "--json", &token]).done().json()[0];
    assert_eq!(json["key_id"], "e28e");
    for member in ["issued_at", "expires_at", "not_before", "id"] {
        assert!(json[member].is_null(), "{member}");
    }
    assert_eq!(json["claims"], serde_json::json!({}));
}

#[test]
fn what_is_no_token_is_status_one() {
    let folder = Folder::new();
    for text in ["hello", "", "https://shop.example/p"] {
        let run = folder.run(&["inspect", text]).status(1);
        run.expect(run.stdout.starts_with(HEADLINE), "the headline");
        let json = &folder.run(&["inspect", "--json", text]).status(1).json()[0];
        assert_eq!(json["verified"], false);
        assert_eq!((json.get("valid"), json.get("status")), (None, None));
    }
}

#[test]
fn a_forged_token_is_shown_as_what_it_is() {
    let folder = Folder::new();
    let mut token = folder.token(&["customer_id=1001"]);
    token.replace_range(token.len() - 2..token.len() - 1, "A");
    let run = folder.run(&["inspect", &token]).done();
    run.expect(
        run.stdout.starts_with(HEADLINE) && run.stdout.contains("1001"),
        "its claims under the headline",
    );
}

#[test]
fn claims_can_not_steer_the_terminal() {
    let folder = Folder::new();
    let token = folder.token(&["note=\u{1b}[2Jgone\u{202e}\nVALID  for another"]);
    for args in [
        &["inspect", &token][..],
        &["verify", &token, "--now", crate::support::ISSUED],
        &["verify", &token, "--print", "note", "--now", crate::support::ISSUED],
    ] {
        let run = folder.run(args).done();
        run.expect(
            !run.stdout.contains(['\u{1b}', '\u{202e}']),
            "nothing that steers a terminal",
        );
        run.expect(!run.stdout.contains("\nVALID  for another\n"), "no forged line");
    }
}

#[test]
fn a_pasted_link_may_come_on_standard_input() {
    let folder = Folder::new();
    let token = folder.token(&["a=1"]);
    let run = folder
        .call(&["inspect", "-"])
        .stdin(format!("look: <https://shop.example/{token}>.\n"))
        .run()
        .done();
    run.expect(run.stdout.contains("e28e"), "the token found");
}
