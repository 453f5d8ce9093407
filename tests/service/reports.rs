//! What was counted, over HTTP.

use crate::client::{Client, NOW, token, token_with};
use serde_json::{Value, json};

fn stats(client: &Client, key: &str, query: &str) -> Value {
    let answer = client.ask(key, "GET", &format!("/v1/stats{query}"), "");
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()
}

/// Two checks of spring26, one of autumn26, and a run of each.
fn counted() -> Client {
    let client = Client::with_ledger();
    for token in [token(1), token(2), token_with(&[("campaign_id", "autumn26")], NOW)] {
        assert_eq!(
            client
                .ask("all", "POST", "/v1/check", &json!({"token": token}).to_string())
                .status,
            200
        );
    }
    let to = "/v1/tokens/batch?no_link=true&never_expires=true";
    let list = "customer_id,campaign_id\n1,spring26\n2,autumn26\n";
    assert_eq!(client.list("all", to, "text/csv", "*/*", list.into()).status, 200);
    client
}

#[test]
fn checks_are_told_by_what_is_asked() {
    let client = counted();
    let by_campaign = stats(&client, "all", "");
    assert_eq!(
        (&by_campaign["checks"], &by_campaign["by"]),
        (&3.into(), &"campaign_id".into())
    );
    assert_eq!(by_campaign["groups"][0]["value"], "spring26");
    assert_eq!(
        (&by_campaign["timezone"], by_campaign["runs"].as_array().map(Vec::len)),
        (&"UTC".into(), Some(1))
    );
    let by_day = stats(
        &client,
        "all",
        "?by=day&timezone=Asia/Tokyo&since=2026-09-01&until=2026-09-30",
    );
    assert_eq!(
        (&by_day["groups"][0]["value"], &by_day["groups"][0]["checks"]),
        (&"2026-09-21".into(), &3.into())
    );
    assert_eq!(stats(&client, "all", "?since=2030-01-01")["checks"], 0);
}

#[test]
fn runs_are_told_by_campaign() {
    let client = counted();
    let runs = client.ask("all", "GET", "/v1/runs", "").json();
    assert_eq!(runs["runs"][0]["minted"], 2);
    let campaigns: Vec<_> = runs["campaigns"]
        .as_array()
        .expect("some")
        .iter()
        .map(|one| &one["minted"])
        .collect();
    assert_eq!(campaigns, [&json!(1), &json!(1)]);
}

#[test]
fn a_key_bound_to_a_claim_sees_counts_of_its_own_tokens_alone() {
    let client = counted();
    let own = stats(&client, "bound", "?by=customer_id");
    assert_eq!(
        (&own["checks"], &own["tokens"], &own["runs"]),
        (&1.into(), &1.into(), &json!([]))
    );
    assert!(
        !own.to_string().contains("1234567") && !own.to_string().contains("spring26"),
        "{own}"
    );
    assert_eq!(client.ask("bound", "GET", "/v1/runs", "").status, 403);
}

#[test]
fn what_can_t_be_asked_is_told() {
    let client = counted();
    for query in [
        "?by=",
        "?timezone=Mars",
        "?since=2026-01-01T00:01:00Z",
        "?since=2026-02-01&until=2026-01-01",
        "?until=never",
        "?top=5",
    ] {
        assert_eq!(
            client.ask("all", "GET", &format!("/v1/stats{query}"), "").status,
            400,
            "{query}"
        );
    }
    assert_eq!(
        client.ask("check", "GET", "/v1/stats", "").told("type").1,
        "urn:linkmint:problem:scope"
    );
    assert_eq!(client.ask("check", "GET", "/v1/runs", "").status, 403);
    assert_eq!(Client::new().ask("all", "GET", "/v1/stats", "").status, 404);
}
