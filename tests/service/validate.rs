//! The check as scan services have it.

use crate::client::{Client, expired_token, token, token_with};
use linkmint::UnixTime;
use linkmint::service::{Settings, Tracker};
use serde_json::json;

fn ask(client: &Client, key: &str, token: &str) -> crate::client::Answer {
    client.ask(key, "GET", &format!("/key/validatetoken?token={token}"), "")
}

#[test]
fn a_valid_token_is_told_as_documented() {
    let client = Client::new();
    // 2021-02-04T15:10:32Z, for 100 years
    let claims = [("customer_id", "Gate 7"), ("campaign_id", "spring26")];
    let old = token_with(&claims, UnixTime(1_612_451_432));
    let answer = ask(&client, "check", &old);
    assert_eq!(answer.told("message"), (403, "token expired".to_owned()));
    let answer = ask(&client, "check", &token(0));
    assert_eq!(answer.status, 200);
    let data = json!({"tokenData": {"creationDate": "2026-09-21T14:13:20.000Z", "trackerLabel": "spring26", "trackerName": "1234567"}});
    assert_eq!(answer.json(), data);
    let page = ask(&client, "page", &token(0));
    assert_eq!(page.json()["tokenData"]["trackerName"], json!(null));
}

#[test]
fn what_is_not_valid_is_no_success_unless_it_is_asked_for() {
    let client = Client::new();
    assert_eq!(
        ask(&client, "check", &expired_token(0)).told("message"),
        (403, "token expired".to_owned())
    );
    assert_eq!(ask(&client, "check", "nonsense").status, 403);
    assert_eq!(ask(&client, "bound", &token(0)).told("message").0, 403);
    assert_eq!(client.ask("check", "GET", "/key/validatetoken", "").status, 400);
    assert_eq!(ask(&client, "check", "").status, 400);
    let twice = format!("/key/validatetoken?token={0}&token={0}", token(0));
    assert_eq!(client.ask("check", "GET", &twice, "").status, 400);
    let wrong = [("x-api-key", "lmk_x")];
    assert_eq!(client.bare("GET", "/key/validatetoken?token=x", &wrong).status, 401);
    let compatible = Client::of(Settings {
        tracker: Tracker {
            name: "product_id".to_owned(),
            always_ok: true,
            ..Tracker::default()
        },
        ..Settings::default()
    });
    let answer = ask(&compatible, "check", &expired_token(0));
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json(), json!({"message": "Token not found for this account"}));
    assert_eq!(
        ask(&compatible, "check", &token(0)).json()["tokenData"]["trackerName"],
        json!(null)
    );
}

#[test]
fn a_scan_is_counted() {
    let client = Client::with_ledger();
    assert_eq!(ask(&client, "all", &token(0)).status, 200);
    assert_eq!(
        client
            .ask("all", "HEAD", &format!("/key/validatetoken?token={}", token(0)), "")
            .status,
        200
    );
    let check = client.ask("all", "GET", &format!("/v1/check/{}", token(0)), "");
    assert_eq!(check.json()["uses"]["count"], 1);
}
