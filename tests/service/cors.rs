//! What the pages of other sites may ask.

use crate::client::{Client, token};
use axum::body::Body;
use axum::http::Request;
use linkmint::service::Settings;
use serde_json::json;

const PAGE: &str = "https://shop.example";

fn client() -> Client {
    Client::of(Settings {
        any_host: true,
        ..Settings::default()
    })
}

fn post(client: &Client, key: &str, path: &str, origin: &str) -> crate::client::Answer {
    let request = Request::post(path)
        .header("host", "links.example")
        .header("origin", origin)
        .header("sec-fetch-site", "cross-site");
    let request = request
        .header("x-api-key", key)
        .header("content-type", "application/json");
    let body = Body::from(json!({"token": token(0)}).to_string());
    client.send(request.body(body).expect("a request"))
}

#[test]
fn a_browser_that_asks_first_is_answered_for_the_origins_of_all_keys() {
    let client = client();
    let ask = |path: &str, origin: &str| {
        let headers = [("origin", origin), ("access-control-request-method", "POST")];
        client.bare("OPTIONS", path, &headers)
    };
    let answer = ask("/v1/check", PAGE);
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), PAGE);
    assert_eq!(
        answer.header("access-control-allow-headers"),
        "authorization, content-type, x-api-key"
    );
    assert_eq!(answer.header("vary"), "Origin");
    for (path, origin) in [
        ("/v1/check", "https://evil.example"),
        ("/v1/check", "http://shop.example"),
        ("/v1/check", "null"),
        ("/v1/tokens", PAGE),
        ("/livez", PAGE),
    ] {
        let answer = ask(path, origin);
        assert!(
            answer.headers.get("access-control-allow-origin").is_none(),
            "{path} {origin}"
        );
    }
}

#[test]
fn a_page_reads_answers_to_its_own_key_and_no_claims() {
    let client = client();
    let page = client.secret("page").to_owned();
    let answer = post(&client, &page, "/v1/check", PAGE);
    assert_eq!(answer.told("status"), (200, "valid".to_owned()));
    assert_eq!(answer.json()["claims"], json!({}));
    assert_eq!(answer.header("access-control-allow-origin"), PAGE);
    assert_eq!(answer.header("vary"), "Origin");
    assert_eq!(post(&client, &page, "/v1/check", "https://evil.example").status, 403);
    let wrong = post(&client, "lmk_x", "/v1/check", PAGE);
    assert_eq!(
        (wrong.status.as_u16(), wrong.header("access-control-allow-origin")),
        (401, PAGE)
    );
    // outside of a browser it is a key like others
    assert_eq!(
        client.ask("page", "GET", &format!("/v1/check/{}", token(0)), "").status,
        200
    );
}

#[test]
fn no_other_key_works_from_another_site() {
    let client = client();
    let all = client.secret("all").to_owned();
    let answer = post(&client, &all, "/v1/check", PAGE);
    assert_eq!(answer.status, 403);
    assert!(!answer.text.contains("1234567"));
    for path in ["/v1/tokens", "/v1/introspect"] {
        assert_eq!(post(&client, &all, path, PAGE).status, 403, "{path}");
    }
    let page = client.secret("page").to_owned();
    assert_eq!(post(&client, &page, "/v1/tokens", PAGE).status, 403);
    // a page's own origin, told by the browser as same-site, is another one
    let get = [("x-api-key", &*all), ("origin", PAGE), ("sec-fetch-site", "same-site")];
    assert_eq!(client.bare("GET", "/v1/check?token=x", &get).status, 403);
}
