//! For which host a request is: it says so once, on every route, or gets no answer of that route (RFC 9112, section 3.2).

use crate::client::{Answer, Client, token};
use axum::body::Body;
use axum::http::{Request, Version};
use linkmint::service::Settings;
use serde_json::json;

/// What comes back to a request with an API key for all, and these hosts.
fn ask(client: &Client, method: &str, path: &str, hosts: &[&str], version: Version) -> Answer {
    let request = Request::builder().method(method).uri(path).version(version);
    let request = hosts
        .iter()
        .fold(request, |request, host| request.header("host", *host));
    let request = request
        .header("x-api-key", client.secret("all"))
        .header("content-type", "application/json");
    let body = json!({"token": token(0)}).to_string();
    client.send(request.body(Body::from(body)).expect("a request"))
}

/// Whoever has API keys of its own may be called as it likes: there, nothing else is looked at in `Host`.
fn any_host() -> Settings {
    Settings {
        any_host: true,
        ..Settings::default()
    }
}

#[test]
fn a_request_with_no_host_or_with_two_is_refused_on_every_route() {
    let routes: Vec<(String, String)> = linkmint::service::document()
        .paths
        .paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = [("GET", &item.get), ("POST", &item.post), ("DELETE", &item.delete)];
            let there = methods.into_iter().filter(|(_, operation)| operation.is_some());
            there.map(|(method, _)| (method.to_owned(), path.replace(['{', '}'], "")))
        })
        .collect();
    assert!(routes.len() > 10);
    let others = [("GET", "/"), ("GET", "/nothing"), ("OPTIONS", "/v1/check")];
    let others = others.map(|(method, path)| (method.to_owned(), path.to_owned()));
    for settings in [Settings::default(), any_host()] {
        let client = Client::of(settings);
        for (method, path) in routes.iter().chain(&others) {
            for hosts in [&[][..], &["localhost", "localhost"], &["localhost", "evil.example"]] {
                let answer = ask(&client, method, path, hosts, Version::HTTP_11);
                assert_eq!(answer.status, 400, "{method} {path} {hosts:?}");
                let told = answer.json()["detail"].to_string();
                assert!(told.contains("Host"), "{told}");
            }
        }
        let lines = client.log();
        assert!(lines.iter().all(|line| line.contains("\"status\":400")));
    }
}

#[test]
fn what_is_no_host_is_refused() {
    let client = Client::of(any_host());
    for host in [
        "a b",
        "shop.example/x",
        "me@shop.example",
        "shop.example\t",
        "sh\u{f6}p",
        "a\"b",
        "<a>",
        "a?b",
        "a#b",
        "a\\b",
    ] {
        assert_eq!(
            ask(&client, "POST", "/v1/check", &[host], Version::HTTP_11).status,
            400,
            "{host}"
        );
    }
    // RFC 9112, section 3.2: one whose address has no host has an empty one
    for host in [
        "",
        "shop.example",
        "shop.example:8787",
        "[2001:db8::1]:443",
        "xn--shp-sna.example",
        "a_b.example",
    ] {
        assert_eq!(
            ask(&client, "POST", "/v1/check", &[host], Version::HTTP_11).status,
            200,
            "{host}"
        );
    }
}

#[test]
fn an_old_request_need_not_name_a_host() {
    let client = Client::of(any_host());
    assert_eq!(ask(&client, "GET", "/livez", &[], Version::HTTP_10).status, 200);
    assert_eq!(ask(&client, "GET", "/livez", &["a", "a"], Version::HTTP_10).status, 400);
    // but where it must be the service's own, it must be named
    let client = Client::new();
    assert_eq!(ask(&client, "GET", "/livez", &[], Version::HTTP_10).status, 421);
}

#[test]
fn numbers_are_given_to_requests_with_one_host_alone() {
    let client = Client::new();
    for (hosts, status) in [(&["a"][..], 200), (&["a", "a"], 400), (&[], 400)] {
        let request = Request::get("/metrics");
        let request = hosts
            .iter()
            .fold(request, |request, host| request.header("host", *host));
        let answer = client.send_to_metrics(request.body(Body::empty()).expect("a request"));
        assert_eq!(answer.status, status, "{hosts:?}");
    }
}

#[test]
fn every_address_of_this_machine_alone_is_its_own() {
    let client = Client::new();
    let status = |host: &str| {
        let answer = ask(&client, "POST", "/v1/check", &[host], Version::HTTP_11);
        answer.status.as_u16()
    };
    for own in [
        "localhost:8787",
        "LOCALHOST",
        "127.0.0.2:8787",
        "[::1]",
        "[::ffff:127.0.0.1]:8787",
        "[::ffff:7f00:1]",
    ] {
        assert_eq!(status(own), 200, "{own}");
    }
    for other in [
        "10.0.0.1",
        "127.0.0.1.evil.example",
        "evil.example:127",
        "[::2]",
        "0.0.0.0",
        "2130706433",
        "127.1",
    ] {
        assert_eq!(status(other), 421, "{other}");
    }
}
