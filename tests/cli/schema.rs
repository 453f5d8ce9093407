//! The JSON of answers against its schema, `samples/verify-answer.schema.json`.

use crate::support::{Folder, ISSUED};
use serde_json::Value;

/// The part of JSON Schema that the file uses: type, enum, properties, required, items.
pub(crate) fn check(value: &Value, schema: &Value, place: &str) {
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array) {
        assert!(allowed.contains(value), "{place}: {value} is none of {allowed:?}");
    }
    if let Some(types) = schema.get("type") {
        let types: Vec<&Value> = types.as_array().map_or(vec![types], |types| types.iter().collect());
        let own = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(
            types.iter().any(|name| *name == own),
            "{place}: {value} is no {types:?}"
        );
    }
    let required = schema["required"].as_array().filter(|_| value.is_object());
    for required in required.unwrap_or(&Vec::new()) {
        let name = required.as_str().expect("a name");
        assert!(value.get(name).is_some(), "{place}: no {name}");
    }
    for (name, member) in value.as_object().unwrap_or(&serde_json::Map::new()) {
        let place = format!("{place}.{name}");
        match (&schema["properties"][name], &schema["additionalProperties"]) {
            (Value::Null, Value::Bool(false)) => panic!("{place} is not in the schema"),
            (Value::Null, other) => check(member, other, &place),
            (own, _) => check(member, own, &place),
        }
    }
    for (index, item) in value.as_array().unwrap_or(&Vec::new()).iter().enumerate() {
        check(item, &schema["items"], &format!("{place}[{index}]"));
    }
}

pub(crate) fn schema() -> Value {
    serde_json::from_str(include_str!("../../samples/verify-answer.schema.json")).expect("JSON")
}

#[test]
fn every_answer_is_what_the_schema_says() {
    let folder = Folder::with_list("customer_id\n1\n2\n");
    folder.generate(&["-o", "links.csv"]).done();
    let token = folder.token(&["customer_id=1234567"]);
    let sealed = folder.token(&["customer_id=1234567", "--seal"]);
    let jwt = folder.token(&["customer_id=1234567", "--format", "jwt"]);
    let url = format!("<https://shop.example/p/{token}>");
    let damaged = format!("{}x{}", &token[..20], &token[21..]);
    folder.run(&["revoke", "--ledger", "l.db", &sealed]).done();
    let cases: [&[&str]; 13] = [
        &["verify", &token],
        &["verify", &sealed],
        &["verify", &jwt],
        &["verify", &url],
        &["verify", &damaged],
        &["verify", "no token"],
        &["verify", &token, "--now", "2030-01-01T00:00:00Z"],
        &["verify", &token, "--expect", "customer_id=2", "--expect", "missing=3"],
        &["verify", "--file", "links.csv"],
        &["verify", "--scan", "links.csv"],
        &["verify", "--ledger", "l.db", &token],
        &["verify", "--ledger", "l.db", &sealed],
        &["verify", "--ledger", "l.db", "--ledger-read-only", &jwt],
    ];
    for case in cases {
        let mut args = case.to_vec();
        if !args.contains(&"--now") {
            args.extend(["--now", ISSUED]);
        }
        args.push("--json");
        let answers = folder.run(&args).json();
        assert!(!answers.is_empty(), "{args:?}");
        for answer in &answers {
            check(answer, &schema(), "answer");
        }
    }
}

#[test]
#[should_panic(expected = "answer.surprise is not in the schema")]
fn a_member_that_the_schema_does_not_know_is_noticed() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let mut answer = folder.run(&["verify", &token, "--now", ISSUED, "--json"]).json()[0].clone();
    answer["surprise"] = true.into();
    check(&answer, &schema(), "answer");
}

#[test]
fn local_time_stands_beside_utc() {
    let folder = Folder::new();
    let token = folder.token(&["customer_id=1"]);
    let run = folder
        .call(&["verify", &token, "--now", ISSUED])
        .variable("TZ", "Europe/Berlin")
        .run()
        .status(0);
    run.expect(
        run.stdout.contains("until 2026-11-21 17:00 UTC (18:00 CET)"),
        "both times",
    );
}
