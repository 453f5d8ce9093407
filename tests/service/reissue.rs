//! New tokens for old ones over HTTP.

use crate::client::{Answer, Client, NOW, expired_token, ring, token, token_with};
use linkmint::service::Settings;
use linkmint::{UnixTime, Verifier};
use serde_json::{Value, json};

const TO: &str = "/v1/tokens/reissue";

fn reissue(client: &Client, key: &str, body: &Value) -> Answer {
    client.ask(key, "POST", TO, &body.to_string())
}

fn lead_to(base: &str, hosts: &[&str]) -> Client {
    Client::of_with_ledger(Settings {
        base_url: Some(base.to_owned()),
        allow_hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        ..Settings::default()
    })
}

#[test]
fn an_expired_token_gets_a_successor_and_the_ledger_notes_it() {
    let client = lead_to("https://mystore.com/p", &[]);
    let old = expired_token(0);
    let answer = reissue(&client, "all", &json!({"text": old, "duration": "7d"}));
    assert_eq!(answer.status, 201, "{answer:?}");
    let made = answer.json();
    let new = made["token"].as_str().expect("a token");
    assert_eq!(made["url_link"], format!("https://mystore.com/p/{new}"));
    assert_eq!(made["replaces"]["status"], "expired");
    assert_eq!(made["replaces"]["revoked"], false);
    let verified = Verifier::new(&ring()).verify(new, NOW).expect("valid");
    assert_eq!(verified.claims().collect::<Vec<_>>(), [("customer_id", "1234567")]);
    let check = client.ask("all", "GET", &format!("/v1/check/{old}"), "").json();
    assert_eq!(check["replaced_by"]["id"], made["id"]);
}

#[test]
fn the_pasted_address_is_taken_over_only_where_its_host_is_allowed() {
    let client = lead_to("https://mystore.com/p", &["shop.example"]);
    for (host, begins) in [
        ("shop.example", "https://shop.example/a/L"),
        ("evil.example", "https://mystore.com/p/L"),
        ("shop.example.evil.example", "https://mystore.com/p/L"),
        ("shop.example@evil.example", "https://mystore.com/p/L"),
    ] {
        let text = format!("> see <https://{host}/a/{}?x=1>.", expired_token(0));
        let made = reissue(&client, "all", &json!({"text": text, "duration": "7d"})).json();
        let link = made["url_link"].as_str().unwrap_or_else(|| panic!("{made}"));
        assert!(link.starts_with(begins), "{host}: {link}");
        assert_eq!(link.ends_with("?x=1"), host == "shop.example", "{link}");
    }
    // without any address there is the token alone
    let client = Client::with_ledger();
    let text = format!("https://evil.example/{}", expired_token(0));
    let made = reissue(&client, "all", &json!({"text": text, "duration": "7d"})).json();
    assert_eq!(made["url_link"], Value::Null);
}

#[test]
fn what_has_no_successor_gets_the_verdict() {
    let client = Client::with_ledger();
    let ask = |body: &Value| reissue(&client, "all", body);
    let mut forged = expired_token(0);
    forged.replace_range(50..51, if &forged[50..51] == "x" { "y" } else { "x" });
    for (text, expect, status, verdict) in [
        (forged, json!({}), 403, "invalid_signature"),
        ("nothing here".to_owned(), json!({}), 400, "malformed"),
        (String::new(), json!({}), 400, "malformed"),
        (expired_token(0), json!({"customer_id": "2"}), 403, "claim_mismatch"),
        (token(0), json!({"campaign_id": "autumn26"}), 403, "claim_mismatch"),
    ] {
        let answer = ask(&json!({"text": text, "expect": expect, "duration": "7d"}));
        assert_eq!(answer.told("status"), (status, verdict.to_owned()), "{answer:?}");
        assert_eq!(answer.header("linkmint-status"), verdict);
    }
    let revoke = json!({"token": token(1), "reason": "fraud"}).to_string();
    assert_eq!(client.ask("all", "POST", "/v1/revocations", &revoke).status, 201);
    let answer = ask(&json!({"text": token(1), "duration": "7d"}));
    assert_eq!(answer.told("status"), (403, "revoked".to_owned()));
    assert_eq!(answer.json()["revoked"]["reason"], "fraud");
}

#[test]
fn a_request_that_can_t_be_done_is_a_problem() {
    let client = Client::with_ledger();
    for (body, told) in [
        (
            json!({"text": token(0)}),
            "give one of duration, expires_at and never_expires",
        ),
        (json!({"text": token(0), "duration": "7"}), "duration: "),
        (
            json!({"text": format!("{} {}", token(0), token(1)), "duration": "7d"}),
            "several tokens",
        ),
        (
            json!({"text": token(0), "duration": "7d", "base_url": "https://evil.example"}),
            "a member of the body",
        ),
    ] {
        let answer = reissue(&client, "all", &body);
        assert_eq!(answer.status, 400, "{answer:?}");
        assert!(
            answer.json()["detail"]
                .as_str()
                .is_some_and(|detail| detail.contains(told)),
            "{answer:?}"
        );
    }
    assert_eq!(
        reissue(&client, "check", &json!({"text": token(0), "duration": "7d"})).status,
        403
    );
    let nobody_knows = reissue(&Client::new(), "all", &json!({"text": token(0), "duration": "7d"}));
    assert_eq!(
        nobody_knows.told("type"),
        (404, "urn:linkmint:problem:no-ledger".to_owned())
    );
}

#[test]
fn the_old_token_is_revoked_where_that_is_meant() {
    let client = Client::with_ledger();
    let body = json!({"text": token(0), "duration": "7d", "revoke_old": true});
    let made = reissue(&client, "all", &body).json();
    assert_eq!(made["replaces"]["revoked"], true, "{made}");
    let check = client.ask("all", "GET", &format!("/v1/check/{}", token(0)), "");
    assert_eq!(check.told("status"), (403, "revoked".to_owned()));
    // the new one is its own
    let new = made["token"].as_str().expect("a token");
    assert_eq!(client.ask("all", "GET", &format!("/v1/check/{new}"), "").status, 200);
    assert_eq!(
        reissue(&client, "all", &body).told("status"),
        (403, "revoked".to_owned())
    );
}

#[test]
fn a_key_bound_to_a_claim_replaces_its_own_tokens_alone() {
    let client = Client::with_ledger();
    let day_before = UnixTime(NOW.0 - 2 * 86_400);
    let other = token_with(&[("customer_id", "1234567"), ("campaign_id", "spring26")], day_before);
    let answer = reissue(&client, "bound", &json!({"text": other, "duration": "7d"}));
    assert_eq!(answer.told("status"), (403, "claim_mismatch".to_owned()));
    assert!(
        !answer.text.contains("1234567") && !answer.text.contains("spring26"),
        "{answer:?}"
    );
    let own = token_with(&[("campaign_id", "autumn26")], day_before);
    assert_eq!(
        reissue(&client, "bound", &json!({"text": own, "duration": "7d"})).status,
        201
    );
}

#[test]
fn a_bound_key_learns_neither_the_claims_nor_the_fate_of_another_token() {
    let client = Client::with_ledger();
    let old = token_with(
        &[("customer_id", "1234567"), ("campaign_id", "spring26")],
        UnixTime(NOW.0 - 2 * 86_400),
    );
    let revoke = json!({"token": token(1), "reason": "fraud"}).to_string();
    assert_eq!(client.ask("all", "POST", "/v1/revocations", &revoke).status, 201);
    for text in [old, token(1)] {
        let answer = client.ask("bound", "POST", "/v1/check", &json!({"token": text}).to_string());
        assert_eq!(answer.told("status"), (403, "claim_mismatch".to_owned()));
        let list = client.list(
            "bound",
            "/v1/check/batch",
            "text/csv",
            "*/*",
            format!("token\n{text}\n").into(),
        );
        let scan = client.ask("bound", "GET", &format!("/key/validatetoken?token={text}"), "");
        assert_eq!(scan.status, 403);
        for told in [answer.text, list.text, scan.text] {
            let tells = |word: &str| told.contains(word);
            assert!(!tells("1234567") && !tells("spring26") && !tells("fraud"), "{told}");
            // neither in its answer nor in the summary of a list that has it alone
            assert!(!tells("expired") && !tells("revoked"), "{told}");
        }
    }
}

#[test]
fn public_keys_alone_replace_nothing() {
    let client = Client::with_ledger_and_ring(ring().to_public());
    let answer = reissue(&client, "all", &json!({"text": token(0), "duration": "7d"}));
    assert_eq!(answer.status, 503, "{answer:?}");
}
