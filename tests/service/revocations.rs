//! Revoking over HTTP.

use crate::client::{Answer, Client, NOW, token, token_with};
use serde_json::{Value, json};

fn revoke(client: &Client, key: &str, body: &Value) -> Answer {
    client.ask(key, "POST", "/v1/revocations", &body.to_string())
}

fn status(client: &Client, token: &str) -> String {
    let body = json!({"token": token, "count": false}).to_string();
    client.ask("all", "POST", "/v1/check", &body).told("status").1
}

fn entries(client: &Client, key: &str, query: &str) -> (Vec<Value>, Value) {
    let answer = client.ask(key, "GET", &format!("/v1/revocations{query}"), "");
    assert_eq!(answer.status, 200, "{answer:?}");
    let page = answer.json();
    (
        page["revocations"].as_array().expect("entries").clone(),
        page["next"].clone(),
    )
}

#[test]
fn a_token_is_revoked_listed_and_let_go_again() {
    let client = Client::with_ledger();
    let (one, other) = (token(1), token(2));
    let answer = revoke(&client, "all", &json!({"token": one, "reason": "wrong price"}));
    assert_eq!(answer.status, 201, "{answer:?}");
    let made = answer.json();
    assert_eq!(
        (&made["already"], &made["revoked_at"]),
        (&false.into(), &NOW.to_string().into())
    );
    assert_eq!(
        (status(&client, &one), status(&client, &other)),
        ("revoked".into(), "valid".into())
    );
    let again = revoke(&client, "all", &json!({"token": one, "reason": "another"}));
    assert_eq!(
        (again.status.as_u16(), &again.json()["reason"]),
        (200, &"wrong price".into())
    );
    let (listed, next) = entries(&client, "all", "");
    assert_eq!((listed.len(), next), (1, Value::Null));
    assert_eq!(listed[0]["revocation_id"], made["revocation_id"]);
    assert_eq!(
        (&listed[0]["reason"], &listed[0]["claims"]["campaign_id"]),
        (&"wrong price".into(), &"spring26".into())
    );
    let path = format!("/v1/revocations/{}", made["revocation_id"].as_str().expect("an id"));
    assert_eq!(client.ask("all", "DELETE", &path, "").status, 204);
    assert_eq!(client.ask("all", "DELETE", &path, "").status, 404);
    assert_eq!(status(&client, &one), "valid");
}

#[test]
fn a_claim_revokes_all_its_tokens_and_its_id_tells_no_claim() {
    let client = Client::with_ledger();
    let body = json!({"claim": "campaign_id", "value": " spring26 "});
    let made = revoke(&client, "all", &body).json();
    assert_eq!(status(&client, &token(1)), "revoked");
    assert_eq!(revoke(&client, "all", &body).status, 200);
    let id = made["revocation_id"].as_str().expect("an id").to_owned();
    assert!(id.starts_with('c') && id.len() == 33, "{id}");
    let (listed, _) = entries(&client, "all", "");
    assert_eq!(
        (&listed[0]["claim"]["value"], &listed[0]["revocation_id"]),
        (&"spring26".into(), &id.clone().into())
    );
    assert_eq!(
        client.ask("all", "DELETE", &format!("/v1/revocations/{id}"), "").status,
        204
    );
    assert_eq!(status(&client, &token(1)), "valid");
}

#[test]
fn all_entries_come_once_in_pages() {
    let client = Client::with_ledger();
    for number in 0..4 {
        revoke(
            &client,
            "all",
            &json!({"claim": "customer_id", "value": number.to_string()}),
        );
        revoke(&client, "all", &json!({"token": token(number)}));
    }
    let (all, _) = entries(&client, "all", "");
    let ids = |entries: &[Value]| {
        entries
            .iter()
            .map(|entry| entry["revocation_id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(all.len(), 8);
    for limit in [1, 3, 8] {
        let (mut seen, mut query) = (Vec::new(), format!("?limit={limit}"));
        loop {
            let answer = client.ask("all", "GET", &format!("/v1/revocations{query}"), "");
            let page = answer.json();
            seen.extend(ids(page["revocations"].as_array().expect("entries")));
            let Some(next) = page["next"].as_str() else {
                assert!(answer.header("link").is_empty());
                break;
            };
            query = format!("?limit={limit}&after={next}");
            assert_eq!(answer.header("link"), format!("</v1/revocations{query}>; rel=\"next\""));
        }
        assert_eq!(seen, ids(&all), "{limit}");
    }
}

#[test]
fn a_key_bound_to_a_claim_revokes_its_own_tokens_alone() {
    let client = Client::with_ledger();
    let own = token_with(&[("campaign_id", "autumn26")], NOW);
    let claim = json!({"claim": "campaign_id", "value": "autumn26"});
    assert_eq!(revoke(&client, "bound", &claim).status, 403);
    assert_eq!(revoke(&client, "bound", &json!({"token": token(1)})).status, 403);
    let made = revoke(&client, "bound", &json!({"token": own})).json();
    let other = revoke(&client, "all", &json!({"token": token(1)})).json();
    let claim = revoke(&client, "all", &claim).json();
    let (listed, _) = entries(&client, "bound", "");
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["revocation_id"], made["revocation_id"]);
    let undo = |entry: &Value| {
        let path = format!("/v1/revocations/{}", entry["revocation_id"].as_str().expect("an id"));
        client.ask("bound", "DELETE", &path, "").status.as_u16()
    };
    assert_eq!((undo(&other), undo(&claim), undo(&made)), (404, 403, 204));
}

#[test]
fn a_bound_key_undoes_what_it_has_revoked_of_sealed_tokens_where_the_ledger_knows_whose_they_are() {
    for (client, found) in [
        (Client::with_ledger_of_sealed(), (1, 204)),
        (Client::with_ledger(), (0, 404)),
    ] {
        let body = json!({"claims": {"campaign_id": "autumn26"}, "seal": true, "never_expires": true});
        let made = client.ask("bound", "POST", "/v1/tokens", &body.to_string()).json();
        let revoked = revoke(&client, "bound", &json!({"token": made["token"]}));
        assert_eq!(revoked.status, 201);
        let (listed, _) = entries(&client, "bound", "");
        let path = format!(
            "/v1/revocations/{}",
            revoked.json()["revocation_id"].as_str().expect("an id")
        );
        let undone = client.ask("bound", "DELETE", &path, "").status.as_u16();
        assert_eq!((listed.len(), undone), found);
    }
}

#[test]
fn what_can_t_be_revoked_is_told() {
    let client = Client::with_ledger();
    let long = "x".repeat(600);
    let forged = format!("{}A", &token(1)[..token(1).len() - 1]);
    for (body, status) in [
        (json!({}), 400),
        (json!({"token": "x", "claim": "a", "value": "b"}), 400),
        (json!({"claim": "a"}), 400),
        (json!({"claim": "", "value": "b"}), 400),
        (json!({"claim": "a", "value": ""}), 400),
        (json!({"token": "nonsense"}), 400),
        (json!({"token": forged}), 400),
        (json!({"token": token(1), "reason": ""}), 400),
        (json!({"token": token(1), "reason": long}), 400),
        (json!({"token": token(1), "reason": "a\nb"}), 400),
        (json!({"token": token(1), "other": 1}), 400),
    ] {
        let answer = revoke(&client, "all", &body);
        assert_eq!(answer.status, status, "{body}: {answer:?}");
        assert!(!answer.text.contains(&token(1)[20..40]), "{answer:?}");
    }
    for query in ["?limit=0", "?limit=1001", "?limit=x", "?after=x", "?other=1"] {
        assert_eq!(
            client.ask("all", "GET", &format!("/v1/revocations{query}"), "").status,
            400,
            "{query}"
        );
    }
    for id in ["x", "t00", "../x", "%00"] {
        assert_eq!(
            client.ask("all", "DELETE", &format!("/v1/revocations/{id}"), "").status,
            404,
            "{id}"
        );
    }
    assert_eq!(
        revoke(&client, "check", &json!({"token": token(1)})).told("type").1,
        "urn:linkmint:problem:scope"
    );
    let without = revoke(&Client::new(), "all", &json!({"token": token(1)}));
    assert_eq!(without.told("type"), (404, "urn:linkmint:problem:no-ledger".to_owned()));
    assert_eq!(
        client
            .log()
            .iter()
            .filter(|line| line.contains("spring26") || line.contains("LOKO"))
            .count(),
        0
    );
}
