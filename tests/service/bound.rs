//! A key that is bound to a claim can't tell one token of others from another.

use crate::client::{Client, NOW, ring};
use linkmint::token::Form;
use linkmint::{ClaimSet, Minter, TokenId, UnixTime, Validity};
use serde_json::json;

/// A sealed token of spring26, which nobody can read without the key.
fn sealed(id: u64, at: UnixTime) -> String {
    let claims = ClaimSet::of([("customer_id", "1234567"), ("campaign_id", "spring26")]).expect("claims");
    let ring = ring();
    let mut minter = Minter::new(ring.signing_key(None).expect("a key"), Form::Sealed(Default::default()));
    let first = TokenId::parse("000000000001").expect("an id");
    let validity = Validity::lasting(at, 86_400).expect("times");
    minter
        .mint_claims(&validity, first.plus(id), &claims)
        .expect("they fit")
}

/// What it is answered about a token on every route, without the token and the request's id.
fn answers(client: &Client, token: &str) -> Vec<String> {
    let json = |body: serde_json::Value| body.to_string();
    let asked = [
        ("POST", "/v1/check".to_owned(), json(json!({ "token": token }))),
        (
            "POST",
            "/v1/check".to_owned(),
            json(json!({ "token": token, "expect": {"campaign_id": "spring26"} })),
        ),
        ("GET", format!("/v1/check?token={token}"), String::new()),
        ("GET", format!("/v1/check/{token}?count=true"), String::new()),
        ("GET", format!("/key/validatetoken?token={token}"), String::new()),
        (
            "POST",
            "/v1/tokens/reissue".to_owned(),
            json(json!({ "text": token, "duration": "7d" })),
        ),
        ("POST", "/v1/revocations".to_owned(), json(json!({ "token": token }))),
    ];
    let asked = asked.map(|(method, path, body)| client.ask("bound", method, &path, &body));
    let lists = ["", "?count=true", "?expect=campaign_id%3Dspring26"].map(|query| {
        let path = format!("/v1/check/batch{query}");
        client.list("bound", &path, "text/csv", "*/*", format!("token\n{token}\n").into())
    });
    let told = asked.into_iter().chain(lists).map(|answer| {
        let id = answer.header("x-request-id").to_owned();
        let told = format!("{} {} {}", answer.status, answer.header("linkmint-status"), answer.text);
        told.replace(&id, "ID").replace(token, "TOKEN")
    });
    told.collect()
}

#[test]
fn a_bound_key_can_t_tell_one_token_of_others_from_another() {
    let client = Client::with_ledger();
    let past = UnixTime(NOW.0 - 2 * 86_400);
    let (expired, to_come) = (sealed(1, past), sealed(2, UnixTime(NOW.0 + 60)));
    let (checked, revoked, replaced) = (sealed(3, NOW), sealed(4, NOW), sealed(5, NOW));
    let ask = |path: &str, body: serde_json::Value| client.ask("all", "POST", path, &body.to_string()).status;
    assert_eq!(ask("/v1/check", json!({ "token": checked })), 200);
    assert_eq!(ask("/v1/revocations", json!({"token": revoked, "reason": "lost"})), 201);
    assert_eq!(
        ask("/v1/tokens/reissue", json!({"text": replaced, "duration": "7d"})),
        201
    );
    let plain = answers(&client, &sealed(6, NOW));
    assert!(
        plain[0].contains("claim_mismatch") && plain[0].contains("\"issued_at\":null"),
        "{plain:?}"
    );
    for (token, what) in [
        (expired, "expired"),
        (to_come, "to come"),
        (checked, "checked"),
        (revoked, "revoked"),
        (replaced, "replaced"),
    ] {
        assert_eq!(answers(&client, &token), plain, "{what}");
    }
}
