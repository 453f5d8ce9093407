//! What the service says beside its answers: nothing of anybody's token, claim or secret.

use crate::client::{Client, NOW, expired_token, token_with};
use serde_json::json;

/// Stands for a customer, and in nothing else.
const CUSTOMER: &str = "qz7customer7zq";
/// The same of letters alone.
const NAME: &str = "Wolfeschlegel";

#[test]
fn no_log_line_metric_or_error_tells_a_token_a_claim_or_a_secret() {
    let client = Client::with_ledger();
    let claims = [("customer_id", CUSTOMER), ("campaign_id", "spring26"), ("name", NAME)];
    let token = token_with(&claims, NOW);
    let forged = format!("{}AAAA", &token[..token.len() - 4]);
    let secrets = ["all", "check", "bound", "page"].map(|key| client.secret(key)[13..].to_owned());
    let mut errors = Vec::new();
    let mut bodies = Vec::new();
    for key in ["all", "check", "bound", "page"] {
        for text in [
            token.as_str(),
            forged.as_str(),
            expired_token(3).as_str(),
            CUSTOMER,
            NAME,
        ] {
            for (method, path, body) in [
                ("POST", "/v1/check".to_owned(), json!({"token": text}).to_string()),
                ("POST", "/v1/check".to_owned(), format!("{{\"token\": \"{text}\"")),
                (
                    "POST",
                    "/v1/check".to_owned(),
                    json!({"token": text, CUSTOMER: text}).to_string(),
                ),
                ("GET", format!("/v1/check/{text}"), String::new()),
                (
                    "GET",
                    format!("/v1/check?token={text}&{CUSTOMER}={text}"),
                    String::new(),
                ),
                ("GET", format!("/{text}?{text}"), String::new()),
                (
                    "POST",
                    "/v1/tokens".to_owned(),
                    json!({"customer_id": CUSTOMER, "duration": "soon"}).to_string(),
                ),
                (
                    "POST",
                    "/v1/tokens".to_owned(),
                    json!({"claims": {CUSTOMER: ""}, "duration": "1h"}).to_string(),
                ),
                (
                    "POST",
                    "/v1/revocations".to_owned(),
                    json!({"token": text, "reason": CUSTOMER}).to_string(),
                ),
                ("DELETE", format!("/v1/revocations/{text}"), String::new()),
            ] {
                let answer = client.ask(key, method, &path, &body);
                if answer.header("content-type") == "application/problem+json" {
                    errors.push(answer.text);
                }
            }
            let list = format!("customer_id,token\n{CUSTOMER},{text}\n");
            for path in [
                "/v1/check/batch?count=true",
                "/v1/tokens/batch?no_link=true&expires_in=1h&token_column=t",
            ] {
                bodies.push(client.list(key, path, "text/csv", "*/*", list.clone().into()));
            }
        }
    }
    let wrong = format!("lmk_00000000_{}", secrets[0]);
    errors.push(client.bare("POST", "/v1/check", &[("x-api-key", &wrong)]).text);
    let metrics = client.metrics();
    assert!(metrics.contains("linkmint_counted_checks_total"), "{metrics}");
    assert!(client.log().len() > 150 && errors.len() > 50 && bodies.iter().any(|answer| answer.status == 200));
    let said = client.log().into_iter().chain(errors).chain([metrics]);
    // a token's text from its middle: forms begin alike
    let parts = [&token[12..28], CUSTOMER, NAME, "spring26", "1234567"];
    for text in said {
        let told = parts
            .iter()
            .copied()
            .chain(secrets.iter().map(String::as_str))
            .find(|part| text.contains(part));
        assert_eq!(told, None, "{text}");
    }
}

/// A value that most members can't have, sent where each of them stands in the description.
#[test]
fn a_wrong_value_is_told_by_its_member_and_not_repeated() {
    let client = Client::with_ledger();
    let token = token_with(&[("customer_id", CUSTOMER)], NOW);
    let description = client.bare("GET", "/openapi.json", &[]).json();
    let list = format!("customer_id,token\n1,{token}\n");
    let mut refused = 0;
    for (path, methods) in description["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let (name, place) = (&parameter["name"], &parameter["in"]);
                let name = name.as_str().expect("a name");
                let address = match place.as_str() {
                    Some("query") => format!("{path}?base_url=https://mystore.com/p&{name}={token}"),
                    _ => path.replace(&format!("{{{name}}}"), &token),
                };
                // one that is given already
                let address = match name {
                    "base_url" => format!("{path}?base_url={token}"),
                    _ if path.ends_with("/tokens/batch") => format!("{address}&expires_in=1h"),
                    _ => address.replace("base_url=https://mystore.com/p&", ""),
                };
                let answer = match operation["requestBody"]["content"].get("text/csv").is_some() {
                    true => client.list("all", &address, "text/csv", "*/*", list.clone().into()),
                    false => client.ask("all", &method.to_ascii_uppercase(), &address, ""),
                };
                if answer.header("content-type") == "application/problem+json" {
                    refused += 1;
                    let (_, detail) = answer.told("detail");
                    assert!(!detail.contains(&token[..12]), "{address}: {detail}");
                    // what excludes another member, or is no member of its own, is told by its rule
                    let is_named = detail.starts_with(name) || detail.contains(name);
                    assert!(is_named || answer.status == 404, "{address}: {detail}");
                }
            }
        }
    }
    let schema = &description["components"]["schemas"]["MintRequest"]["properties"];
    for name in schema.as_object().expect("members").keys() {
        let answer = client.ask(
            "all",
            "POST",
            "/v1/tokens",
            &json!({name: token, "claims": {CUSTOMER: ""}}).to_string(),
        );
        assert!(
            !answer.text.contains(&token[..12]) && !answer.text.contains(CUSTOMER),
            "{name}: {answer:?}"
        );
    }
    assert!(refused > 40, "{refused}");
}
