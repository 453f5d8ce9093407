//! Checking over HTTP, and who may.

use crate::client::{Client, expired_token, token};
use axum::body::Body;
use axum::http::Request;
use serde_json::json;

fn check(client: &Client, key: &str, body: &serde_json::Value) -> crate::client::Answer {
    client.ask(key, "POST", "/v1/check", &body.to_string())
}

#[test]
fn every_verdict_has_its_status_and_its_sentence() {
    let client = Client::new();
    let good = token(0);
    let forged = format!(
        "{}{}",
        &good[..good.len() - 1],
        if good.ends_with('A') { "E" } else { "A" }
    );
    let told = |text: &str| {
        let answer = check(&client, "check", &json!({ "token": text }));
        assert_eq!(
            answer.header("linkmint-status"),
            answer.json()["status"].as_str().expect("a status")
        );
        answer.told("message")
    };
    assert_eq!(told(&good), (200, "token valid".to_owned()));
    assert_eq!(told(&expired_token(0)), (403, "token expired".to_owned()));
    assert_eq!(told(&forged), (403, "invalid signature".to_owned()));
    assert_eq!(told("").0, 400);
    assert_eq!(told("no token").0, 400);
    let other = check(
        &client,
        "check",
        &json!({"token": good, "expect": {"campaign_id": "autumn26"}}),
    );
    assert_eq!(other.told("status"), (403, "claim_mismatch".to_owned()));
    let expected = json!([{"name": "campaign_id", "token": "spring26", "expected": "autumn26"}]);
    assert_eq!(other.json()["mismatch"], expected);
}

#[test]
fn a_token_in_an_address_is_checked_the_same() {
    let client = Client::new();
    for path in [
        format!("/v1/check/{}", token(0)),
        format!("/v1/check?token={}", token(0)),
    ] {
        let answer = client.ask("check", "GET", &path, "");
        assert_eq!(answer.told("status"), (200, "valid".to_owned()));
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.json()["claims"]["customer_id"], "1234567");
    }
    let unknown = client.ask("check", "GET", &format!("/v1/check?token={}&tokn=1", token(0)), "");
    assert_eq!(unknown.status, 400);
}

#[test]
fn nobody_is_let_in_without_a_key_of_the_right_scope() {
    let client = Client::new();
    let bare = |header: Option<(&str, String)>| {
        let request = Request::builder().uri("/v1/check?token=x").header("host", "localhost");
        let request = header
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, value));
        client.send(request.body(Body::empty()).expect("a request"))
    };
    let good = client.secret("check").to_owned();
    assert_eq!(bare(None).status, 401);
    assert_eq!(bare(None).header("www-authenticate"), "Bearer realm=\"linkmint\"");
    assert_eq!(bare(Some(("authorization", format!("bearer {good}")))).status, 400);
    assert_eq!(bare(Some(("authorization", format!("Basic {good}")))).status, 401);
    assert_eq!(bare(Some(("x-api-key", format!("{good}x")))).status, 401);
    assert_eq!(bare(Some(("x-api-key", good[..good.len() - 1].to_owned()))).status, 401);
    let scope = client.ask("check", "POST", "/v1/tokens", "{}");
    assert_eq!(scope.told("type"), (403, "urn:linkmint:problem:scope".to_owned()));
}

#[test]
fn an_address_that_tries_many_keys_has_to_wait_and_right_keys_do_not() {
    let client = Client::new();
    let wrong = || {
        let request = Request::builder()
            .uri("/v1/check?token=x")
            .header("host", "localhost")
            .header("x-api-key", "lmk_x");
        client.send(request.body(Body::empty()).expect("a request"))
    };
    for _ in 0..10 {
        assert_eq!(wrong().status, 401);
    }
    let answer = wrong();
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "60"));
    assert_eq!(check(&client, "check", &json!({"token": token(0)})).status, 200);
}

#[test]
fn a_key_bound_to_a_claim_learns_nothing_of_other_tokens() {
    let client = Client::with_ledger();
    let answer = check(&client, "bound", &json!({"token": token(0)}));
    assert_eq!(answer.told("status"), (403, "claim_mismatch".to_owned()));
    let json = answer.json();
    assert_eq!(
        (&json["claims"], &json["id"], &json["uses"]),
        (&json!({}), &json!(null), &json!(null))
    );
    assert_eq!(json["mismatch"], json!(null));
    assert!(!answer.text.contains("1234567"));
}

#[test]
fn a_key_of_a_web_page_sees_no_claims() {
    let client = Client::new();
    let answer = check(&client, "page", &json!({"token": token(0)}));
    assert_eq!(answer.told("status"), (200, "valid".to_owned()));
    assert_eq!(answer.json()["claims"], json!({}));
}

#[test]
fn a_check_is_counted_where_it_stands_for_a_click() {
    let client = Client::with_ledger();
    let count = |answer: crate::client::Answer| answer.json()["uses"]["count"].clone();
    let body = json!({"token": token(0)});
    assert_eq!(count(check(&client, "all", &body)), 1);
    assert_eq!(
        count(check(&client, "all", &json!({"token": token(0), "count": false}))),
        1
    );
    assert_eq!(
        count(client.ask("all", "GET", &format!("/v1/check/{}", token(0)), "")),
        1
    );
    for (name, value) in [
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("x-forwarded-method", "HEAD"),
    ] {
        let request = Request::post("/v1/check")
            .header("host", "localhost")
            .header(name, value);
        let request = request
            .header("x-api-key", client.secret("all"))
            .header("content-type", "application/json");
        let answer = client.send(request.body(Body::from(body.to_string())).expect("a request"));
        assert_eq!(count(answer), 1, "{name}");
    }
    assert_eq!(
        count(client.ask("all", "GET", &format!("/v1/check/{}?count=true", token(0)), "")),
        2
    );
    assert_eq!(count(check(&client, "all", &body)), 3);
}

#[test]
fn what_is_no_request_gets_a_problem_that_quotes_nothing_of_it() {
    let client = Client::new();
    let secret_text = "L-a-strangers-text";
    for (body, status) in [
        (format!("{{\"token\": \"{secret_text}"), 400),
        (format!("{{\"{secret_text}\": 1}}"), 400),
        ("[]".to_owned(), 400),
        ("{\"token\": 7}".to_owned(), 400),
        (format!("{{\"token\": \"{}\"}}", "L".repeat(70_000)), 413),
    ] {
        let answer = client.ask("check", "POST", "/v1/check", &body);
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("content-type"), "application/problem+json");
        assert!(!answer.text.contains(secret_text), "{answer:?}");
        assert_eq!(answer.json()["request_id"], answer.header("x-request-id"));
    }
    let request = Request::post("/v1/check")
        .header("host", "localhost")
        .header("x-api-key", client.secret("check"));
    let plain = client.send(request.body(Body::from("{}")).expect("a request"));
    assert_eq!(plain.status, 415);
    assert_eq!(client.ask("check", "GET", "/v1/nothing", "").status, 404);
    let method = client.ask("check", "DELETE", "/v1/check", "");
    assert_eq!(method.status, 405);
    assert!(method.header("allow").contains("POST"), "{method:?}");
}

#[test]
fn a_body_may_come_in_pieces_and_its_type_in_other_letters() {
    let client = Client::new();
    let send = |kind: &str, pieces: Vec<Vec<u8>>| {
        let request = Request::post("/v1/check")
            .header("host", "localhost")
            .header("x-api-key", client.secret("check"))
            .header("content-type", kind);
        let pieces = futures_util::stream::iter(pieces.into_iter().map(Ok::<_, std::io::Error>));
        let request = request.body(Body::from_stream(pieces)).expect("a request");
        client.send(request).status.as_u16()
    };
    let body = json!({"token": token(0)}).to_string().into_bytes();
    for size in [1, 7, body.len() - 1, body.len()] {
        let pieces = body
            .chunks(size)
            .flat_map(|piece| [piece.to_vec(), Vec::new()])
            .collect();
        assert_eq!(send("application/json", pieces), 200, "{size}");
    }
    for kind in [
        "application/json; charset=utf-8",
        "Application/JSON ;a=b",
        "application/vnd.shop+json",
    ] {
        assert_eq!(send(kind, vec![body.clone()]), 200, "{kind}");
    }
    for kind in [
        "",
        "json",
        "text/json",
        "application/jsonl",
        "application/json+x",
        "application/x-www-form-urlencoded",
    ] {
        assert_eq!(send(kind, vec![body.clone()]), 415, "{kind}");
    }
    // 64 KiB, and not a byte more
    let room = 65_536 - body.len();
    for (spaces, status) in [(room, 200), (room + 1, 413)] {
        assert_eq!(send("application/json", vec![body.clone(), vec![b' '; spaces]]), status);
        let mut long = body.clone();
        long.extend(vec![b' '; spaces]);
        assert_eq!(send("application/json", vec![long]), status);
    }
}

#[test]
fn another_host_and_another_web_page_are_turned_away() {
    let client = Client::new();
    let ask = |host: &str, site: Option<&str>| {
        let request = Request::post("/v1/check")
            .header("host", host)
            .header("x-api-key", client.secret("check"));
        let request = request.header("content-type", "application/json");
        let request = site
            .iter()
            .fold(request, |request, site| request.header("sec-fetch-site", *site));
        let body = Body::from(json!({"token": token(0)}).to_string());
        client.send(request.body(body).expect("a request")).status.as_u16()
    };
    for host in [
        "localhost",
        "localhost:8787",
        "127.0.0.1:8787",
        "[::1]:8787",
        "LOCALHOST",
    ] {
        assert_eq!(ask(host, None), 200, "{host}");
    }
    for host in [
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example:8787",
        "[::2]",
        "",
    ] {
        assert_eq!(ask(host, None), 421, "{host}");
    }
    assert_eq!(ask("localhost", Some("same-origin")), 200);
    assert_eq!(ask("localhost", Some("none")), 200);
    assert_eq!(ask("localhost", Some("cross-site")), 403);
    assert_eq!(ask("localhost", Some("same-site")), 403);
}

#[test]
fn the_log_names_the_route_and_no_token_no_claim_and_no_secret() {
    let client = Client::with_ledger();
    check(&client, "all", &json!({"token": token(0)}));
    client.ask("all", "GET", &format!("/v1/check/{}?count=true", token(0)), "");
    client.ask("all", "GET", &format!("/{}", token(0)), "");
    client.ask("all", &token(0)[..20], "/livez", "");
    let log = client.log();
    assert_eq!(log.len(), 4);
    let first: serde_json::Value = serde_json::from_str(&log[0]).expect("JSON");
    assert_eq!(first["route"], "/v1/check");
    assert_eq!(
        (&first["verdict"], &first["key"], &first["token_id"]),
        (&json!("valid"), &json!("all"), &json!("000000000001"))
    );
    for line in log {
        for hidden in [&token(0)[..20], "1234567", client.secret("all"), "count=true"] {
            assert!(!line.contains(hidden), "{line}");
        }
    }
}

#[test]
fn a_proxy_s_own_authorization_is_none_of_ours() {
    let client = Client::new();
    let path = format!("/v1/check/{}", token(0));
    let status = |headers: &[(&str, &str)]| client.bare("GET", &path, headers).status.as_u16();
    let key = client.secret("all");
    let bearer = format!("bearer {key}");
    let basic = ("authorization", "Basic YTpi");
    assert_eq!(status(&[("x-api-key", key), basic]), 200);
    assert_eq!(status(&[("authorization", &bearer)]), 200);
    assert_eq!(status(&[basic]), 401);
    assert_eq!(status(&[("x-api-key", key), ("authorization", &bearer)]), 401);
}

#[test]
fn a_compressed_body_is_not_read_as_if_it_were_none() {
    let client = Client::new();
    let headers = [
        ("x-api-key", client.secret("all")),
        ("content-type", "application/json"),
        ("content-encoding", "gzip"),
    ];
    let answer = client.bare("POST", "/v1/check", &headers);
    assert_eq!(answer.status, 415, "{answer:?}");
}
