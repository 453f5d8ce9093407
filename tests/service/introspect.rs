//! RFC 7662.

use crate::client::{Answer, Client, NOW, expired_token, token};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;

fn introspect(client: &Client, key: &str, text: &str) -> Answer {
    let request = Request::post("/v1/introspect")
        .header("host", "localhost")
        .header("authorization", format!("Bearer {}", client.secret(key)))
        .header("content-type", "application/x-www-form-urlencoded");
    client.send(request.body(Body::from(format!("token={text}"))).expect("a request"))
}

#[test]
fn a_valid_token_is_active_and_says_whose_it_is() {
    let answer = introspect(&Client::new(), "check", &token(0));
    assert_eq!(answer.status, 200);
    let expected = json!({"active": true, "sub": "1234567", "iat": NOW.0, "exp": NOW.0 + 86_400, "jti": "000000000001",
        "claims": {"customer_id": "1234567", "campaign_id": "spring26"}});
    assert_eq!(answer.json(), expected);
}

#[test]
fn any_other_is_inactive_and_nothing_more() {
    let client = Client::new();
    for (key, text) in [
        ("check", expired_token(0)),
        ("check", "x".to_owned()),
        ("bound", token(0)),
    ] {
        let answer = introspect(&client, key, &text);
        assert_eq!(
            (answer.status.as_u16(), answer.text.as_str()),
            (200, "{\"active\":false}")
        );
    }
}
