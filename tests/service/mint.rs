//! Making tokens over HTTP.

use crate::client::{Client, NOW};
use linkmint::{Keyring, Verifier};
use serde_json::json;

fn mint(client: &Client, key: &str, body: &serde_json::Value) -> crate::client::Answer {
    client.ask(key, "POST", "/v1/tokens", &body.to_string())
}

fn verifier(ring: &Keyring) -> Verifier {
    Verifier::new(ring)
}

#[test]
fn a_token_is_made_with_its_link_and_how_to_repeat_it() {
    let client = Client::new();
    let body = json!({"base_url": "https://mystore.com/promotions", "customer_id": 1_234_567, "campaign_id": "spring26",
        "product_id": "88", "duration": "24h"});
    let answer = mint(&client, "all", &body);
    assert_eq!(answer.status, 201, "{answer:?}");
    let made = answer.json();
    let token = made["token"].as_str().expect("a token");
    assert_eq!(made["url_link"], format!("https://mystore.com/promotions/{token}"));
    assert_eq!(made["repeat"]["issued_at"], NOW.to_string());
    assert_eq!(made["repeat"]["first_id"], made["id"]);
    let verified = verifier(&crate::client::ring()).verify(token, NOW).expect("valid");
    let claims: Vec<_> = verified.claims().collect();
    assert_eq!(
        claims,
        [
            ("customer_id", "1234567"),
            ("campaign_id", "spring26"),
            ("product_id", "88")
        ]
    );
}

#[test]
fn templates_parameters_forms_and_dates_are_taken() {
    let client = Client::new();
    for (more, begins) in [
        (
            json!({"url": "https://a.example/{token}?c={who}"}),
            "https://a.example/L",
        ),
        (
            json!({"base_url": "https://a.example/p", "param": "t"}),
            "https://a.example/p?t=L",
        ),
        (
            json!({"base_url": "https://a.example", "seal": true}),
            "https://a.example/S",
        ),
        (
            json!({"base_url": "https://a.example", "text": "base32"}),
            "https://a.example/f",
        ),
        (
            json!({"base_url": "https://a.example", "text": "base32-upper"}),
            "https://a.example/F",
        ),
        (
            json!({"base_url": "https://a.example", "format": "jwt"}),
            "https://a.example/eyJ",
        ),
        (
            json!({"base_url": "https://a.example", "public": true}),
            "https://a.example/P",
        ),
        (
            json!({"base_url": "https://a.example", "public": true, "format": "jwt"}),
            "https://a.example/eyJ",
        ),
    ] {
        let mut body = json!({"claims": {"who": "a b"}, "expires_at": "2026-11-30", "timezone": "Europe/Berlin"});
        body.as_object_mut()
            .expect("an object")
            .extend(more.as_object().expect("an object").clone());
        let made = mint(&client, "all", &body).json();
        let link = made["url_link"].as_str().unwrap_or_else(|| panic!("{made}"));
        assert!(link.starts_with(begins), "{link}");
        assert_eq!(made["expires_at"], "2026-11-30T23:00:00Z");
    }
}

#[test]
fn a_whole_number_of_any_length_becomes_its_digits() {
    let client = Client::new();
    for digits in ["18446744073709551616", "-0", "-9223372036854775809", "7"] {
        let body = format!("{{\"claims\":{{\"a\":{digits}}},\"customer_id\":{digits},\"never_expires\":true}}");
        let made = client.ask("all", "POST", "/v1/tokens", &body);
        assert_eq!(made.status, 201, "{made:?}");
        let token = made.json()["token"].as_str().expect("a token").to_owned();
        let verified = verifier(&crate::client::ring()).verify(&token, NOW).expect("valid");
        assert_eq!(
            (verified.claim("a"), verified.claim("customer_id")),
            (Some(digits), Some(digits))
        );
    }
}

#[test]
fn what_can_t_be_made_is_refused_with_the_member_and_the_reason() {
    let client = Client::new();
    for (body, told) in [
        (
            json!({"customer_id": "1"}),
            "give one of duration, expires_at and never_expires",
        ),
        (json!({"customer_id": "1", "duration": "24"}), "duration: "),
        (
            json!({"customer_id": "", "never_expires": true}),
            "the claim \"customer_id\": ",
        ),
        (
            json!({"customer_id": 1.5, "never_expires": true}),
            "a member of the body",
        ),
        (
            json!({"customer_id": true, "never_expires": true}),
            "a member of the body",
        ),
        (json!({"customer": "1", "never_expires": true}), "a member of the body"),
        (
            json!({"base_url": "ftp://a.example", "never_expires": true}),
            "base_url: ",
        ),
        (
            json!({"url": "https://a.example/{token}/{who}", "never_expires": true}),
            "url: there is no claim \"who\"",
        ),
        (
            json!({"format": "jwt", "seal": true, "never_expires": true}),
            "a JWT has neither seal nor text",
        ),
    ] {
        let answer = mint(&client, "all", &body);
        assert_eq!(answer.status, 400, "{answer:?}");
        let detail = answer.json()["detail"].as_str().expect("a detail").to_owned();
        assert!(detail.starts_with(told), "{detail}");
    }
}

#[test]
fn a_key_bound_to_a_claim_makes_no_other() {
    let client = Client::new();
    let body = |campaign: &str| json!({"claims": {"campaign_id": campaign}, "never_expires": true});
    assert_eq!(mint(&client, "bound", &body("autumn26")).status, 201);
    assert_eq!(mint(&client, "bound", &body("spring26")).status, 403);
    assert_eq!(mint(&client, "bound", &json!({"never_expires": true})).status, 403);
    assert_eq!(mint(&client, "check", &body("autumn26")).status, 403);
}

#[test]
fn a_token_without_claims_has_to_be_asked_for() {
    let client = Client::new();
    for body in [
        json!({"customer_id": null, "never_expires": true}),
        json!({"customer_id": "1", "campaign_id": null, "never_expires": true}),
        json!({"claims": {"who": null}, "never_expires": true}),
        json!({"claims": {}, "never_expires": true}),
        json!({"never_expires": true}),
        json!({"customer_id": "1", "no_claims": true, "never_expires": true}),
    ] {
        assert_eq!(mint(&client, "all", &body).status, 400, "{body}");
    }
    let bare = mint(&client, "all", &json!({"no_claims": true, "never_expires": true}));
    assert_eq!(bare.status, 201, "{bare:?}");
}

#[test]
fn a_body_that_programs_read_differently_is_refused() {
    let client = Client::with_ledger();
    let token = crate::client::token(0);
    for (path, body) in [
        (
            "/v1/tokens",
            r#"{"claims": {"a": "1", "a": "2"}, "never_expires": true}"#.to_owned(),
        ),
        (
            "/v1/tokens",
            r#"{"customer_id": "1", "customer_id": "2", "never_expires": true}"#.to_owned(),
        ),
        (
            "/v1/check",
            format!(r#"{{"token": "{token}", "expect": {{"campaign_id": "x", "campaign_id": "spring26"}}}}"#),
        ),
        ("/v1/check", format!(r#" ["{token}"]"#)),
        (
            "/v1/tokens/reissue",
            format!(
                r#"{{"text": "{token}", "duration": "1d", "expect": {{"campaign_id": "x", "campaign_id": "spring26"}}}}"#
            ),
        ),
        ("/v1/revocations", format!(r#"["{token}", null, null, null]"#)),
    ] {
        let answer = client.ask("all", "POST", path, &body);
        assert_eq!(answer.status, 400, "{body}: {answer:?}");
    }
}

#[test]
fn whole_numbers_are_claims_wherever_values_are_given() {
    let client = Client::with_ledger();
    let made = mint(
        &client,
        "all",
        &json!({"customer_id": 42, "claims": {"n": -7}, "never_expires": true}),
    );
    let token = made.json()["token"].as_str().expect("a token").to_owned();
    let expect = json!({"customer_id": 42, "n": -7});
    let ask = |path: &str, body: serde_json::Value| client.ask("all", "POST", path, &body.to_string());
    assert_eq!(ask("/v1/check", json!({"token": token, "expect": expect})).status, 200);
    assert_eq!(
        ask("/v1/check", json!({"token": token, "expect": {"n": 7}}))
            .told("status")
            .1,
        "claim_mismatch"
    );
    let renewed = json!({"text": token, "duration": "1d", "expect": expect});
    assert_eq!(ask("/v1/tokens/reissue", renewed).status, 201);
    assert_eq!(
        ask("/v1/revocations", json!({"claim": "customer_id", "value": 42})).status,
        201
    );
    assert_eq!(ask("/v1/check", json!({"token": token})).told("status").1, "revoked");
    for value in [json!(1.5), json!(true), json!(null)] {
        assert_eq!(
            ask("/v1/check", json!({"token": token, "expect": {"n": value}})).status,
            400
        );
        let claim = json!({"claim": "customer_id", "value": value});
        assert_eq!(ask("/v1/revocations", claim).status, 400, "{value}");
    }
}
