//! Checking lists over HTTP.

use crate::client::{Answer, Client, expired_token, token};
use serde_json::Value;

const TO: &str = "/v1/check/batch";

fn post(client: &Client, query: &str, kind: &str, list: &str) -> Answer {
    client.list("all", &format!("{TO}{query}"), kind, "*/*", list.into())
}

fn objects(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    let object = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    answer.text.lines().map(object).collect()
}

fn statuses(rows: &[Value]) -> Vec<&str> {
    rows.iter().filter_map(|row| row["status"].as_str()).collect()
}

#[test]
fn a_list_of_tokens_is_answered_line_by_line_in_order() {
    let client = Client::new();
    let list = format!(
        "{}\nnonsense\n{}\nhttps://mystore.com/p/{}\n",
        token(1),
        expired_token(2),
        token(3)
    );
    let answer = post(&client, "", "text/plain", &list);
    let rows = objects(&answer);
    assert_eq!(statuses(&rows), ["valid", "malformed", "expired", "valid"]);
    assert_eq!(
        (&rows[0]["row"], &rows[0]["claims"]["customer_id"]),
        (&1.into(), &"1234567".into())
    );
    let summary = &rows[4]["summary"];
    assert_eq!(
        (&summary["rows"], &summary["statuses"]["valid"], &summary["counted"]),
        (&4.into(), &2.into(), &false.into())
    );
}

#[test]
fn whatever_a_line_of_plain_text_says_the_others_have_their_verdicts() {
    let client = Client::new();
    for text in [
        "nonsense",
        "\"open",
        "\"a\"b",
        "token",
        "url_link,x",
        "sep=;",
        "a,b",
        "\u{feff}x",
        "\u{1f}",
    ] {
        let list = format!("{text}\n{}\n{text}\n\"{}\"\n", token(1), token(2));
        let rows = objects(&post(&client, "", "text/plain", &list));
        assert_eq!(statuses(&rows), ["malformed", "valid", "malformed", "valid"], "{text}");
        assert_eq!(rows[3]["row"], 4, "{text}");
    }
    let refused = post(&client, "", "text/csv", &format!("nonsense\n{}\n", token(1)));
    assert!(
        refused.status == 400 && refused.text.contains("text/plain"),
        "{refused:?}"
    );
    let named = format!("who\n{}\n", token(1));
    assert_eq!(
        statuses(&objects(&post(&client, "?column=who", "text/plain", &named))),
        ["valid"]
    );
}

#[test]
fn tables_and_objects_are_held_against_their_rows() {
    let client = Client::new();
    let (one, two) = (token(1), token(2));
    let list = format!("customer_id,token\n1234567,{one}\n7654321,{two}\n\nx\n");
    assert_eq!(
        statuses(&objects(&post(&client, "", "text/csv", &list))),
        ["valid", "row_mismatch", "unreadable"]
    );
    assert_eq!(
        statuses(&objects(&post(&client, "?no_match=true", "text/csv", &list)))[1],
        "valid"
    );
    let list = format!(
        "{{\"customer_id\":1234567,\"url_link\":\"https://a.example/{one}\"}}\n[]\n{{\"customer_id\":\"x\",\"url_link\":\"{two}\"}}\n"
    );
    let rows = objects(&post(&client, "", "application/x-ndjson", &list));
    assert_eq!(statuses(&rows), ["valid", "unreadable", "row_mismatch"]);
    assert_eq!((&rows[0]["row"], &rows[0]["line"]), (&1.into(), &Value::Null));
    assert_eq!(rows[1]["error"], "the line is no JSON object");
    assert_eq!(rows[3]["summary"]["unreadable"], 1);
}

#[test]
fn claims_are_expected_of_all_rows() {
    let client = Client::new();
    let list = format!("token\n{}\n", token(1));
    let rows = objects(&post(&client, "?expect=campaign_id%3Dautumn26", "text/csv", &list));
    assert_eq!(statuses(&rows), ["claim_mismatch"]);
    assert_eq!(rows[0]["mismatch"][0]["token"], "spring26");
    assert_eq!(
        objects(&post(&client, "?only_invalid=true", "text/csv", &list)).len(),
        1
    );
}

#[test]
fn a_key_sees_no_more_in_a_list_than_of_one_token() {
    let client = Client::with_ledger();
    let list = format!("token\n{}\n", token(1));
    for query in ["", "?count=true"] {
        let bound = client.list("bound", &format!("{TO}{query}"), "text/csv", "*/*", list.clone().into());
        let row = &objects(&bound)[0];
        assert_eq!(row["status"], "claim_mismatch");
        assert_eq!(
            (&row["claims"], &row["id"], &row["uses"]),
            (&serde_json::json!({}), &Value::Null, &Value::Null)
        );
        assert!(row.get("mismatch").is_none());
    }
    let page = client.list("page", TO, "text/csv", "*/*", list.into());
    let row = &objects(&page)[0];
    assert_eq!(
        (&row["status"], &row["claims"]),
        (&"valid".into(), &serde_json::json!({}))
    );
}

#[test]
fn checks_of_a_list_are_counted_only_when_asked_and_revocations_hold() {
    let client = Client::with_ledger();
    let list = format!("token\n{}\n{}\n{}\n", token(1), token(1), token(2));
    let counts = |rows: &[Value]| {
        rows[..3]
            .iter()
            .map(|row| row["uses"]["count"].as_u64())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        counts(&objects(&post(&client, "", "text/csv", &list))),
        [Some(0), Some(0), Some(0)]
    );
    let rows = objects(&post(&client, "?count=true", "text/csv", &list));
    assert_eq!(counts(&rows), [Some(1), Some(2), Some(1)]);
    assert_eq!(
        (&rows[3]["summary"]["counted"], &rows[3]["summary"]["repeated_tokens"]),
        (&true.into(), &1.into())
    );
    assert_eq!(
        counts(&objects(&post(&client, "", "text/csv", &list))),
        [Some(2), Some(2), Some(1)]
    );
}

#[test]
fn a_list_without_tokens_is_refused() {
    let client = Client::new();
    for (query, kind, list, status) in [
        ("", "text/csv", "customer_id\n1\n", 400),
        ("?column=x", "text/csv", "token\n1\n", 400),
        ("?ledger=x", "text/csv", "token\n1\n", 400),
        ("?match=a", "text/csv", "token\n1\n", 400),
        ("", "application/x-ndjson", "{\"id\":1}\n", 400),
        ("", "application/x-ndjson", "\"token\"\n", 400),
        ("", "application/json", "{}", 415),
        ("", "text/csv", "", 400),
    ] {
        assert_eq!(post(&client, query, kind, list).status, status, "{query} {list}");
    }
}
