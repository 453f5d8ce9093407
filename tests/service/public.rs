//! Public keys over HTTP: what is given out, and that nothing is made with them.

use crate::client::{Client, NOW, ring};
use axum::body::Body;
use axum::http::Request;
use linkmint::{Keyring, Secret, Verifier};
use serde_json::{Value, json};

fn jwks(client: &Client) -> crate::client::Answer {
    let request = Request::get("/.well-known/jwks.json").header("host", "localhost");
    client.send(request.body(Body::empty()).expect("a request"))
}

#[test]
fn the_public_keys_are_given_out_without_a_secret() {
    let client = Client::new();
    let answer = jwks(&client);
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "max-age=300");
    assert_eq!(answer.header("content-type"), "application/jwk-set+json");
    assert_eq!(answer.text, *ring().to_public().to_json());
    let key = &answer.json()["keys"][0];
    assert_eq!(
        (&key["kty"], &key["k"], &key["d"]),
        (&json!("OKP"), &Value::Null, &Value::Null)
    );
    // and they check what the service makes
    let body = json!({"customer_id": "1", "duration": "24h", "public": true});
    let made = client.ask("all", "POST", "/v1/tokens", &body.to_string()).json();
    let public = Keyring::from_json(&answer.text).expect("a keyring");
    let token = made["token"].as_str().expect("a token");
    assert!(Verifier::new(&public).verify(token, NOW).is_ok());
    let checked = client.ask("check", "POST", "/v1/check", &json!({"token": token}).to_string());
    assert_eq!(checked.told("format"), (200, "public".into()));
}

#[test]
fn keys_that_share_an_id_are_not_given_out() {
    // the secret of zeros that begins with this number has the id of the ring's key
    let mut bytes = vec![0; 32];
    bytes[..8].copy_from_slice(&160_769_u64.to_be_bytes());
    let mut both = ring();
    both.import(Keyring::of(Secret::new(bytes.into()).expect("32 bytes")));
    let answer = jwks(&Client::with_ring(both));
    assert_eq!(answer.status, 503);
    assert!(
        answer.text.contains("several keys of the keyring have the id e28e"),
        "{answer:?}"
    );
    // a key beside its own public half is one key
    let mut half = ring();
    half.import(ring().to_public());
    assert_eq!(jwks(&Client::with_ring(half)).text, *ring().to_public().to_json());
}

/// Whoever has public keys makes no token, whatever is asked of the service.
#[test]
fn a_public_keyring_makes_no_token_over_http() {
    let client = Client::with_ring(ring().to_public());
    let document: Value = serde_json::to_value(linkmint::service::document()).expect("JSON");
    let mut asked = 0;
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            for flags in [
                json!({}),
                json!({"public": true}),
                json!({"seal": true}),
                json!({"format": "jwt"}),
                json!({"public": true, "format": "jwt"}),
            ] {
                let mut body = json!({"customer_id": "1", "duration": "24h"});
                body.as_object_mut()
                    .expect("an object")
                    .extend(flags.as_object().expect("an object").clone());
                let path = path.replace("{token}", "x").replace("{id}", "x");
                let answer = client.ask("all", &method.to_uppercase(), &path, &body.to_string());
                let shown = format!("{method} {path} {body}: {answer:?}");
                assert!(
                    !answer.text.contains("\"token\":") && !answer.text.contains("url_link"),
                    "{shown}"
                );
                if path == "/v1/tokens" {
                    assert_eq!(answer.status, 503, "{shown}");
                    assert!(answer.text.contains("check tokens and make none"), "{shown}");
                }
                asked += 1;
            }
        }
    }
    assert!(asked > 30, "{asked}");
}

#[test]
fn a_public_token_is_not_sealed() {
    let body = json!({"customer_id": "1", "duration": "24h", "public": true, "seal": true});
    let answer = Client::new().ask("all", "POST", "/v1/tokens", &body.to_string());
    assert_eq!(answer.status, 400);
    assert!(answer.text.contains("can't be sealed"), "{answer:?}");
}
