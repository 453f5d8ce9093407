//! Forward-auth: what a proxy is told of its visitor.

use crate::client::{Answer, Client, NOW, expired_token, token};
use axum::body::Body;
use axum::http::Request;
use linkmint::service::{ForwardAuth, Peer, Settings, TrustedProxy};
use std::net::IpAddr;

const PROXY: &str = "10.0.0.1";

fn address(text: &str) -> IpAddr {
    text.parse().expect("an address")
}

fn settings(param: Option<&str>, claims: &[&str]) -> Settings {
    let claims = claims.iter().map(|claim| (*claim).to_owned());
    Settings {
        proxies: vec![TrustedProxy::Address(address(PROXY)), TrustedProxy::Unix],
        auth: ForwardAuth::new(Some("X-Original-URI"), param.map(str::to_owned), claims).expect("names of headers"),
        ..Settings::default()
    }
}

/// A request of the proxy, with these headers.
fn ask(client: &Client, headers: &[(&str, &str)]) -> Answer {
    ask_from(client, Some(address(PROXY)), headers)
}

fn ask_from(client: &Client, peer: Option<IpAddr>, headers: &[(&str, &str)]) -> Answer {
    let request = Request::builder().uri("/v1/auth").header("host", "shop.example");
    let request = headers
        .iter()
        .fold(request, |request, (name, value)| request.header(*name, *value));
    let mut request = request.body(Body::empty()).expect("a request");
    request.extensions_mut().insert(Peer(peer));
    client.send(request)
}

fn forged() -> String {
    let good = token(0);
    let last = if good.ends_with('A') { "E" } else { "A" };
    format!("{}{last}", &good[..good.len() - 1])
}

#[test]
fn a_visitor_with_a_valid_token_is_let_through_and_no_other() {
    let client = Client::of(settings(None, &[]));
    let status = |uri: &str| ask(&client, &[("x-original-uri", uri)]).status.as_u16();
    assert_eq!(status(&format!("/p/{}", token(0))), 200);
    assert_eq!(status(&format!("/p/{}?utm_source=mail&x=/y", token(0))), 200);
    assert_eq!(status(&format!("https://shop.example/p/{}", token(0))), 200);
    for uri in [
        "/".to_owned(),
        "/p/".to_owned(),
        String::new(),
        "*".to_owned(),
        format!("/p/{}", forged()),
        format!("/p/{}", expired_token(0)),
        // nothing else than the last segment is searched, and nothing is decoded
        format!("/p/{}/", token(0)),
        format!("/p/{}/more", token(0)),
        format!("/p/{}/..", token(0)),
        format!("/p?token={}", token(0)),
        format!("/p?x=/{}", token(0)),
        format!("/p/x#/{}", token(0)),
        format!("/p%2F{}", token(0)),
        format!("/p/%4C{}", &token(0)[1..]),
        format!("/p/{}%00", token(0)),
        format!("/p/ {}", token(0)),
    ] {
        assert_eq!(status(&uri), 403, "{uri}");
    }
}

#[test]
fn the_token_may_be_a_query_parameter_that_stands_once() {
    let client = Client::of(settings(Some("t"), &[]));
    let status = |uri: &str| ask(&client, &[("x-original-uri", uri)]).status.as_u16();
    assert_eq!(status(&format!("/p?a=1&t={}", token(0))), 200);
    for uri in [
        format!("/p/{}", token(0)),
        format!("/p?T={}", token(0)),
        format!("/p?t={}&t={}", token(0), token(0)),
        format!("/p?t={}&t=", token(0)),
        format!("/p?t=x&t={}", token(0)),
        "/p?t".to_owned(),
    ] {
        assert_eq!(status(&uri), 403, "{uri}");
    }
}

#[test]
fn one_header_alone_is_read_and_only_once() {
    let client = Client::of(settings(None, &[]));
    let good = format!("/p/{}", token(0));
    assert_eq!(ask(&client, &[]).status, 403);
    assert_eq!(ask(&client, &[("x-forwarded-uri", &good)]).status, 403);
    assert_eq!(
        ask(&client, &[("x-original-uri", "/p/x"), ("x-forwarded-uri", &good)]).status,
        403
    );
    assert_eq!(
        ask(&client, &[("x-original-uri", "/p/x"), ("x-original-uri", &good)]).status,
        403
    );
    assert_eq!(
        ask(&client, &[("x-original-uri", &good), ("x-original-uri", &good)]).status,
        403
    );
    let unset = Client::of(Settings {
        auth: ForwardAuth::default(),
        ..settings(None, &[])
    });
    assert_eq!(ask(&unset, &[("x-original-uri", &good)]).status, 403);
}

#[test]
fn who_is_no_trusted_proxy_needs_an_api_key_and_gets_403_without() {
    let settings = Settings {
        any_host: true,
        ..settings(None, &["customer_id"])
    };
    let client = Client::of(settings);
    let good = format!("/p/{}", token(0));
    let stranger = |key: Option<&str>| {
        let key = key.map(|key| ("x-api-key", key));
        let headers: Vec<_> = [("x-original-uri", &*good)].into_iter().chain(key).collect();
        ask_from(&client, Some(address("10.0.0.2")), &headers)
    };
    assert_eq!(stranger(None).status, 403);
    assert_eq!(stranger(Some(client.secret("check"))).status, 200);
    let page = stranger(Some(client.secret("page")));
    assert_eq!((page.status.as_u16(), page.header("x-linkmint-customer-id")), (200, ""));
    assert_eq!(stranger(Some(client.secret("bound"))).status, 403);
    // of a trusted one no key is read: a visitor may have sent it
    assert_eq!(
        ask(&client, &[("x-original-uri", &good), ("x-api-key", "lmk_x")]).status,
        200
    );
    assert_eq!(ask_from(&client, None, &[("x-original-uri", &good)]).status, 200);
    for _ in 0..20 {
        assert_eq!(stranger(Some("lmk_x")).status, 403);
    }
}

#[test]
fn the_claims_that_were_asked_for_are_always_told_and_are_harmless() {
    let client = Client::of(settings(None, &["customer_id", "campaign_id", "size"]));
    let claims = [("customer_id", "Zoë\r\nX-Admin: 1"), ("campaign_id", "spring26")];
    let token = crate::client::token_with(&claims, NOW);
    let told = |answer: &Answer| {
        let names = ["x-linkmint-customer-id", "x-linkmint-campaign-id", "x-linkmint-size"];
        let value = |name| {
            answer
                .headers
                .get(name)
                .map(|value| value.to_str().expect("ASCII").to_owned())
        };
        names.map(|name| value(name).expect("it is always there"))
    };
    let good = ask(&client, &[("x-original-uri", &format!("/p/{token}"))]);
    assert_eq!(good.status, 200);
    assert_eq!(told(&good), ["Zo%C3%AB%0D%0AX-Admin%3A%201", "spring26", ""]);
    for uri in [format!("/p/{}", expired_token(0)), "/p/x".to_owned()] {
        let answer = ask(&client, &[("x-original-uri", &uri)]);
        assert_eq!(
            (answer.status.as_u16(), told(&answer)),
            (403, ["", "", ""].map(str::to_owned))
        );
    }
}

#[test]
fn a_refused_visitor_sees_words_and_no_claim() {
    let client = Client::of(settings(None, &[]));
    let expired = ask(&client, &[("x-original-uri", &format!("/p/{}", expired_token(0)))]);
    assert!(expired.text.contains("This link has expired"), "{}", expired.text);
    assert!(!expired.text.contains("1234567"), "{}", expired.text);
    assert!(
        expired
            .header("content-security-policy")
            .contains("frame-ancestors 'none'")
    );
    let forged = ask(&client, &[("x-original-uri", &format!("/p/{}", forged()))]);
    assert!(forged.text.contains("This link is not valid"), "{}", forged.text);
}

#[test]
fn a_visitor_is_counted_and_one_who_looks_ahead_is_not() {
    let client = Client::of_with_ledger(settings(None, &[]));
    let good = format!("/p/{}", token(0));
    let visit = |headers: &[(&str, &str)]| {
        let headers: Vec<_> = [("x-original-uri", &*good)].iter().chain(headers).copied().collect();
        assert_eq!(ask(&client, &headers).status, 200);
    };
    visit(&[]);
    visit(&[("x-forwarded-method", "HEAD")]);
    visit(&[("sec-purpose", "prefetch")]);
    let answer = client.ask("all", "GET", &format!("/v1/check/{}", token(0)), "");
    assert_eq!(answer.json()["uses"]["count"], 1);
}

#[test]
fn the_log_and_the_wrong_keys_know_the_address_before_the_proxy() {
    let client = Client::of(settings(None, &[]));
    let wrong = |visitor: &str| {
        let request = Request::get("/v1/check?token=x").header("host", "localhost");
        let request = request.header("x-api-key", "lmk_x").header("x-forwarded-for", visitor);
        let mut request = request.body(Body::empty()).expect("a request");
        request.extensions_mut().insert(Peer(Some(address(PROXY))));
        client.send(request).status.as_u16()
    };
    for _ in 0..10 {
        assert_eq!(wrong("203.0.113.1, 192.0.2.1"), 401);
    }
    assert_eq!(wrong("203.0.113.2, 192.0.2.1"), 429);
    assert_eq!(wrong("192.0.2.2"), 401);
    assert!(
        client.log()[0].contains("\"address\":\"192.0.2.1\""),
        "{:?}",
        client.log()
    );
}

#[test]
fn a_claim_that_no_header_can_be_named_after_is_refused() {
    let new = |claims: &[&str]| ForwardAuth::new(Some("x-uri"), None, claims.iter().map(|claim| (*claim).to_owned()));
    assert!(new(&["customer_id", "größe"]).is_err());
    assert!(new(&["customer id"]).is_err());
    assert!(new(&["a_b", "A-b"]).is_err());
    assert!(ForwardAuth::new(Some("x uri"), None, []).is_err());
}
