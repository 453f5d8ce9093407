//! Links that lead on.

use crate::client::{Answer, Client, NOW, expired_token, token, token_with};
use linkmint::service::{Campaigns, Redirects, Target};

fn redirects(confirm: bool) -> Redirects {
    let campaigns = "{\"spring26\": \"https://shop.example/spring?a=1\"}";
    Redirects {
        all: Some("http://other.example:8080/all".parse().expect("an address")),
        campaigns: serde_json::from_str(campaigns).expect("campaigns"),
        confirm,
    }
}

fn follow(client: &Client, token: &str) -> Answer {
    client.bare("GET", &format!("/r/{token}"), &[])
}

fn uses(client: &Client) -> serde_json::Value {
    let check = client.ask("all", "GET", &format!("/v1/check/{}", token(0)), "");
    check.json()["uses"]["count"].clone()
}

#[test]
fn a_valid_link_leads_to_its_campaigns_page_and_is_counted() {
    let client = Client::leading(redirects(false));
    let answer = follow(&client, &token(0));
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (302, "https://shop.example/spring?a=1")
    );
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    let other = token_with(&[("campaign_id", "https://evil.example")], NOW);
    assert_eq!(
        follow(&client, &other).header("location"),
        "http://other.example:8080/all"
    );
    assert_eq!(uses(&client), 1);
    let path = format!("/r/{}?to=https://evil.example", token(0));
    let answer = client.bare("GET", &path, &[("sec-purpose", "prefetch")]);
    assert_eq!(answer.header("location"), "https://shop.example/spring?a=1");
    assert_eq!(client.bare("HEAD", &path, &[]).status, 302);
    assert_eq!(uses(&client), 1);
    let pressed = client.bare("POST", &path, &[]);
    assert_eq!((pressed.status.as_u16(), pressed.header("allow")), (405, "GET,HEAD"));
}

#[test]
fn a_link_that_is_not_valid_is_told_in_words_without_a_claim() {
    let client = Client::leading(redirects(false));
    let told = |token: &str, status: u16, words: &str| {
        let answer = follow(&client, token);
        assert_eq!(answer.status, status, "{token}");
        assert!(answer.text.contains(words), "{}", answer.text);
        assert!(
            !answer.text.contains("1234567") && !answer.text.contains("spring26"),
            "{}",
            answer.text
        );
        assert!(answer.headers.get("location").is_none());
        assert_eq!(answer.header("x-robots-tag"), "noindex");
    };
    told(&expired_token(0), 410, "This link has expired");
    told("x", 404, "This link is not valid");
    told("%00%ff", 404, "This link is not valid");
    told(&"L".repeat(4_000), 404, "This link is not valid");
    told("", 404, "This link is not valid");
    told(&format!("{}/", token(0)), 404, "This link is not valid");
    let nowhere = Client::leading(Redirects {
        all: None,
        ..redirects(false)
    });
    let other = token_with(&[("customer_id", "1")], NOW);
    assert_eq!(follow(&nowhere, &other).status, 404);
    assert_eq!(follow(&nowhere, &token(0)).status, 302);
    assert_eq!(
        follow(&Client::new(), &token(0)).header("content-type"),
        "application/problem+json"
    );
}

#[test]
fn with_a_button_only_who_presses_it_is_counted() {
    let client = Client::leading(redirects(true));
    let answer = follow(&client, &token(0));
    assert_eq!(answer.status, 200);
    assert!(
        answer.text.contains("<b>shop.example</b>") && answer.text.contains("method=\"post\""),
        "{}",
        answer.text
    );
    let policy = answer.header("content-security-policy");
    // browsers hold the shop's own redirects to it as well
    assert!(
        policy.starts_with("default-src 'none';") && !policy.contains("form-action"),
        "{policy}"
    );
    assert_eq!(uses(&client), 0);
    let path = format!("/r/{}", token(0));
    assert_eq!(
        client.bare("POST", &path, &[("sec-fetch-site", "cross-site")]).status,
        403
    );
    let pressed = client.bare("POST", &path, &[("sec-fetch-site", "same-origin"), ("origin", "null")]);
    assert_eq!(
        (pressed.status.as_u16(), pressed.header("location")),
        (303, "https://shop.example/spring?a=1")
    );
    assert_eq!(uses(&client), 1);
    let expired = client.bare("POST", &format!("/r/{}", expired_token(0)), &[]);
    assert_eq!(expired.status, 410);
}

#[test]
fn what_is_no_address_of_a_page_is_refused() {
    for text in [
        "",
        "shop.example",
        "//shop.example",
        "javascript:alert(1)",
        "ftp://shop.example",
        "https://",
        "https://a@shop.example/",
        "https://shop.example/\nx",
        "https://shop.example/ü",
    ] {
        assert!(text.parse::<Target>().is_err(), "{text}");
    }
    let told = |text: &str| {
        serde_json::from_str::<Campaigns>(text)
            .expect_err("refused")
            .to_string()
    };
    let twice = told("{\"a\": \"https://a.example\", \"a\": \"https://b.example\"}");
    assert!(twice.starts_with("the campaign \"a\": it stands twice"), "{twice}");
    let bad = told("{\"a\": \"x\"}");
    assert!(
        bad.starts_with("the campaign \"a\": it is no http or https address"),
        "{bad}"
    );
    told("[]");
    told("{\"a\": 1}");
}
