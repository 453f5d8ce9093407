//! The pages for people, without a browser: who is let in, and what a form has to bring.

use crate::client::{Answer, Client, NOW, expired_token, token, token_with};
use axum::body::Body;
use axum::http::Request;
use linkmint::service::Settings;

/// A browser that is signed in.
struct Browser<'a> {
    client: &'a Client,
    cookie: String,
}

fn form(fields: &[(&str, &str)]) -> String {
    let encode = |text: &str| {
        let byte = |byte: u8| match byte {
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect::<String>()
    };
    let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn post(client: &Client, path: &str, cookie: &str, fields: &[(&str, &str)]) -> Answer {
    let request = Request::post(path)
        .header("host", "localhost")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", cookie);
    client.send(request.body(Body::from(form(fields))).expect("a request"))
}

fn cookie_of(answer: &Answer) -> String {
    answer
        .header("set-cookie")
        .split(';')
        .next()
        .unwrap_or_default()
        .to_owned()
}

impl<'a> Browser<'a> {
    fn of(client: &'a Client, key: &str) -> Self {
        let answer = post(client, "/sign-in", "", &[("key", client.secret(key))]);
        assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
        let cookie = cookie_of(&answer);
        Self { client, cookie }
    }

    fn get(&self, path: &str) -> Answer {
        // beside other programs' cookies
        let cookies = format!("a=b; {}; c=d", self.cookie);
        self.client.bare("GET", path, &[("cookie", &cookies)])
    }

    fn form_token(&self) -> String {
        let page = self.get("/").text;
        let value = page.split("name=\"form_token\" value=\"").nth(1);
        value
            .and_then(|rest| rest.split('"').next())
            .expect("a form")
            .to_owned()
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.form_token();
        let fields = [&[("form_token", &*token)], fields].concat();
        post(self.client, path, &self.cookie, &fields)
    }

    fn support(&self, text: &str) -> Answer {
        let answer = self.post("/support", &[("text", text)]);
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer
    }
}

#[test]
fn nobody_sees_a_page_who_is_not_signed_in() {
    let client = Client::new();
    assert!(client.bare("GET", "/", &[]).text.contains("name=\"key\""));
    for path in ["/support", "/lists", "/stats"] {
        for cookie in ["", "linkmint=", "linkmint=x.y", "linkmint=."] {
            let answer = client.bare("GET", path, &[("cookie", cookie)]);
            assert_eq!(
                (answer.status.as_u16(), answer.header("location")),
                (303, "/"),
                "{path} {cookie}"
            );
        }
        // an API key opens no page: a page is opened by addresses, which others write
        let headers = [("x-api-key", client.secret("all"))];
        assert_eq!(client.bare("GET", path, &headers).status, 303);
    }
    for path in ["/support", "/support/revoke", "/support/reissue", "/sign-out"] {
        let answer = post(&client, path, "", &[("text", "x"), ("form_token", "")]);
        assert_eq!(answer.status, 403, "{path}");
        assert!(answer.text.contains("Please sign in again"), "{}", answer.text);
    }
}

#[test]
fn a_key_signs_in_and_the_session_ends_when_it_is_told_to() {
    let client = Client::new();
    for (key, words) in [
        ("", "not known"),
        ("lmk_x", "not known"),
        (client.secret("page"), "is for a web page"),
    ] {
        let answer = post(&client, "/sign-in", "", &[("key", key)]);
        assert_eq!(answer.status, 401);
        assert!(
            answer.text.contains(words) && cookie_of(&answer).is_empty(),
            "{}",
            answer.text
        );
    }
    let browser = Browser::of(&client, "all");
    let home = browser.get("/");
    for path in ["/support", "/lists", "/stats"] {
        assert!(
            home.text.contains(&format!("class=\"choice\" href=\"{path}\"")),
            "{}",
            home.text
        );
    }
    assert_eq!(home.header("referrer-policy"), "same-origin");
    let policy = home.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert_eq!(
        post(&client, "/sign-out", &browser.cookie, &[("form_token", "x")]).status,
        403
    );
    let out = browser.post("/sign-out", &[]);
    assert_eq!(out.status, 303);
    assert!(out.header("set-cookie").contains("Max-Age=0"), "{out:?}");
    assert_eq!(browser.get("/support").status, 303);
}

#[test]
fn an_address_that_is_none_is_told_in_words_to_people() {
    let client = Client::new();
    let retried = client.bare("GET", "/sign-in", &[]);
    assert_eq!((retried.status.as_u16(), retried.header("location")), (303, "/"));
    let browser = client.bare(
        "GET",
        "/suport",
        &[("accept", "text/html,application/xhtml+xml,*/*;q=0.8")],
    );
    assert_eq!(browser.status, 404);
    assert!(
        browser.header("content-type").starts_with("text/html") && browser.text.contains("There is no such page"),
        "{}",
        browser.text
    );
    let program = client.bare("GET", "/suport", &[("accept", "*/*")]);
    assert_eq!(program.header("content-type"), "application/problem+json");
}

#[test]
fn the_cookie_is_for_this_service_alone() {
    let client = Client::new();
    let answer = post(&client, "/sign-in", "", &[("key", client.secret("all"))]);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(cookie.starts_with("linkmint=") && cookie.ends_with("; Path=/; Max-Age=28800; HttpOnly; SameSite=Strict"));
    let client = Client::of(Settings {
        https: true,
        ..Settings::default()
    });
    let answer = post(&client, "/sign-in", "", &[("key", client.secret("all"))]);
    let cookie = answer.header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("__Host-linkmint=") && cookie.ends_with("; SameSite=Strict; Secure"),
        "{cookie}"
    );
    let browser = Browser::of(&client, "all");
    assert_eq!(browser.get("/support").status, 200);
}

#[test]
fn the_printed_address_signs_in_only_where_there_are_no_api_keys() {
    let client = Client::new();
    let answer = client.bare("GET", &format!("/?key={}", client.secret("all")), &[]);
    assert_eq!((answer.status.as_u16(), answer.header("location")), (303, "/"));
    assert!(!cookie_of(&answer).is_empty());
    assert_eq!(client.bare("GET", "/?key=lmk_x", &[]).status, 401);
    let client = Client::of(Settings {
        any_host: true,
        ..Settings::default()
    });
    let answer = client.bare("GET", &format!("/?key={}", client.secret("all")), &[]);
    assert_eq!((answer.status.as_u16(), cookie_of(&answer).as_str()), (200, ""));
}

#[test]
fn who_tries_many_keys_has_to_wait() {
    let client = Client::new();
    for _ in 0..10 {
        assert_eq!(post(&client, "/sign-in", "", &[("key", "lmk_x")]).status, 401);
    }
    let answer = post(&client, "/sign-in", "", &[("key", "lmk_x")]);
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (429, "60"));
    Browser::of(&client, "all");
}

#[test]
fn what_was_pasted_is_answered_in_words_and_never_counted() {
    let client = Client::with_ledger();
    let browser = Browser::of(&client, "all");
    let good = browser.support(&format!("> Is <https://mystore.com/p/{}> any good?", token(0)));
    for words in [
        ">VALID<",
        "For another 1 day, until",
        "<dd>1234567</dd>",
        "Not checked before.",
    ] {
        assert!(good.text.contains(words), "{words}: {}", good.text);
    }
    let again = browser.support(&token(0));
    assert!(again.text.contains("Not checked before."), "{}", again.text);
    let mut damaged = token(0);
    damaged.replace_range(20..21, if &damaged[20..21] == "x" { "y" } else { "x" });
    let damaged = browser.support(&damaged);
    assert!(
        damaged.text.contains(">DAMAGED<") && damaged.text.contains("The undamaged token"),
        "{}",
        damaged.text
    );
    assert!(damaged.text.contains(&format!(">{}<", token(0))), "{}", damaged.text);
    let expired = browser.support(&expired_token(0));
    assert!(
        expired.text.contains(">EXPIRED<") && expired.text.contains("1 day ago"),
        "{}",
        expired.text
    );
    let nothing = browser.support("hello, where is my parcel?");
    assert!(nothing.text.contains(">MALFORMED<"), "{}", nothing.text);
    // what was pasted stays as it was
    let lines = browser.support("a\nb <c>");
    assert!(lines.text.contains("\na\nb &lt;c&gt;\n</textarea>"), "{}", lines.text);
    let two = browser.support(&format!("{} {}", token(0), expired_token(1)));
    assert!(
        two.text.contains(">VALID<") && two.text.contains(">EXPIRED<"),
        "{}",
        two.text
    );
}

#[test]
fn a_whole_mail_is_pasted() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    // what `verify` reads as well, in the encoding of a form, where a byte may become three
    let line = "\u{fc}berall nur W\u{f6}rter, <b>und kein Link</b>: &amp;\n";
    let mail = line.repeat((1 << 20) / line.len() - 8);
    let answer = browser.support(&format!("{mail} https://mystore.com/p/{}\n", token(0)));
    assert!(answer.text.contains(">VALID<"));
    for times in [2, 4] {
        let endless = browser.post("/support", &[("text", &mail.repeat(times))]);
        assert_eq!(endless.status, 413, "{times}");
        assert!(endless.text.contains("paste the part with the link") && endless.text.contains("<nav"));
    }
}

#[test]
fn nothing_that_was_pasted_is_markup() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    let hostile = "</textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>";
    let claims = [("customer_id", hostile)];
    for text in [hostile.to_owned(), token_with(&claims, NOW)] {
        let answer = browser.support(&text);
        assert!(
            !answer.text.contains("<script") && !answer.text.contains("<img"),
            "{}",
            answer.text
        );
    }
}

#[test]
fn a_link_is_revoked_by_who_may() {
    let client = Client::with_ledger();
    let browser = Browser::of(&client, "all");
    assert!(browser.support(&token(0)).text.contains("Revoke this link"));
    let desk = Browser::of(&client, "check");
    assert!(!desk.support(&token(0)).text.contains("Revoke this link"));
    assert_eq!(desk.post("/support/revoke", &[("token", &token(0))]).status, 403);
    let fields = [("form_token", "x"), ("token", &*token(0))];
    assert_eq!(post(&client, "/support/revoke", &browser.cookie, &fields).status, 403);
    let bound = Browser::of(&client, "bound");
    assert_eq!(bound.post("/support/revoke", &[("token", &token(0))]).status, 403);
    assert_eq!(browser.post("/support/revoke", &[("token", "nonsense")]).status, 400);
    assert!(browser.support(&token(0)).text.contains(">VALID<"));

    let done = browser.post("/support/revoke", &[("token", &token(0)), ("reason", "sent twice")]);
    assert!(
        done.text.contains("The link is revoked") && done.text.contains(">REVOKED<"),
        "{}",
        done.text
    );
    assert!(
        done.text.contains("sent twice") && !done.text.contains("Revoke this link"),
        "{}",
        done.text
    );
    let check = client.ask("all", "GET", &format!("/v1/check/{}", token(0)), "");
    assert_eq!(check.told("status"), (403, "revoked".to_owned()));
}

#[test]
fn a_new_link_is_made_by_who_may() {
    let client = Client::of_with_ledger(Settings {
        base_url: Some("https://mystore.com/p".to_owned()),
        allow_hosts: vec!["shop.example".to_owned()],
        ..Settings::default()
    });
    let browser = Browser::of(&client, "all");
    let old = expired_token(0);
    let page = browser.support(&format!("https://shop.example/a/{old}?x=\"'<b>"));
    assert!(
        page.text.contains("Make a new link") && page.text.contains("Revoke the old link"),
        "{}",
        page.text
    );
    assert!(
        page.text
            .contains("name=\"address\" value=\"https://shop.example/a/{token}"),
        "{}",
        page.text
    );
    let desk = Browser::of(&client, "check");
    assert!(!desk.support(&old).text.contains("Make a new link"));
    let fields = [("token", &*old), ("duration", "7d")];
    assert_eq!(desk.post("/support/reissue", &fields).status, 403);
    let forged = [&[("form_token", "x")], &fields[..]].concat();
    assert_eq!(post(&client, "/support/reissue", &browser.cookie, &forged).status, 403);
    assert_eq!(
        browser
            .post("/support/reissue", &[("token", &old), ("duration", "soon")])
            .status,
        400
    );

    let done = browser.post("/support/reissue", &fields).text;
    assert!(
        done.contains("Here is the new link. The old one stays as it is."),
        "{done}"
    );
    assert!(
        done.contains("<code class=\"token\">https://mystore.com/p/L") && done.contains("Replaced by e28e"),
        "{done}"
    );
    // the address in the form is believed no more than a pasted one
    for (address, begins) in [
        ("https://shop.example/a/{token}?x=1", "https://shop.example/a/L"),
        ("https://evil.example/a/{token}", "https://mystore.com/p/L"),
    ] {
        let done = browser
            .post("/support/reissue", &[&fields[..], &[("address", address)]].concat())
            .text;
        assert!(done.contains(&format!("<code class=\"token\">{begins}")), "{done}");
    }
    let done = browser
        .post("/support/reissue", &[&fields[..], &[("revoke_old", "yes")]].concat())
        .text;
    assert!(
        done.contains("The old one is revoked.") && done.contains(">REVOKED<"),
        "{done}"
    );
    assert!(!done.contains("Make a new link"), "{done}");
    let done = browser.post("/support/reissue", &fields).text;
    assert!(done.contains("No new link was made"), "{done}");
}

#[test]
fn without_a_ledger_no_link_is_made_anew() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    assert!(!browser.support(&expired_token(0)).text.contains("Make a new link"));
    let fields = [("token", &*expired_token(0)), ("duration", "7d")];
    assert_eq!(browser.post("/support/reissue", &fields).status, 404);
}

#[test]
fn a_key_bound_to_a_claim_sees_no_other_link() {
    let client = Client::with_ledger();
    let bound = Browser::of(&client, "bound");
    let mut damaged = token(0);
    damaged.replace_range(20..21, if &damaged[20..21] == "x" { "y" } else { "x" });
    for text in [token(0), damaged] {
        let answer = bound.support(&text);
        assert!(
            !answer.text.contains("1234567") && !answer.text.contains("spring26"),
            "{}",
            answer.text
        );
        assert!(
            !answer.text.contains("Revoke this link") && !answer.text.contains("The undamaged"),
            "{}",
            answer.text
        );
    }
    let counted = bound.get("/stats");
    assert!(
        !counted.text.contains("1234567") && !counted.text.contains("spring26"),
        "{}",
        counted.text
    );
}

#[test]
fn statistics_are_the_report_as_it_is_now() {
    let client = Client::with_ledger();
    let browser = Browser::of(&client, "all");
    assert!(browser.get("/stats").text.contains("Nothing was counted yet"));
    client.ask("all", "GET", &format!("/v1/check/{}?count=true", token(0)), "");
    let page = browser.get("/stats");
    assert!(page.text.contains("spring26: links that came back"), "{}", page.text);
    assert!(browser.get("/stats?by=day").text.contains("<h2>Days</h2>"));
    assert!(
        browser
            .get("/stats?by=day&since=2026-01-01&until=2026-02-01")
            .text
            .contains("Only checks from")
    );
    for bad in [
        "/stats?since=soon",
        "/stats?since=2026-02-01&until=2026-01-01",
        "/stats?since=2026-01-01T00:01:00Z",
    ] {
        assert_eq!(browser.get(bad).status, 400, "{bad}");
    }
    let desk = Browser::of(&client, "check");
    assert_eq!(desk.get("/stats").status, 403);
    let none = Client::new();
    assert!(
        Browser::of(&none, "all")
            .get("/stats")
            .text
            .contains("without a ledger")
    );
}

/// The form for a list; the file last.
fn list_form(browser: &Browser<'_>, path: &str, fields: &[(&str, &str)], list: impl AsRef<[u8]>) -> Answer {
    let token = browser.form_token();
    let usual = [
        ("form_token", &*token),
        ("base_url", "https://mystore.com/p"),
        ("end", "in"),
        ("days", "7"),
    ];
    let usual = usual
        .iter()
        .filter(|(name, _)| fields.iter().all(|(other, _)| other != name));
    let mut body = String::new();
    for (name, value) in usual.chain(fields) {
        body += &format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    let file = "Content-Disposition: form-data; name=\"list\"; filename=\"c.csv\"\r\nContent-Type: text/csv";
    body += &format!("--edge\r\n{file}\r\n\r\n");
    let body = [body.as_bytes(), list.as_ref(), b"\r\n--edge--\r\n"].concat();
    let request = Request::post(path)
        .header("host", "localhost")
        .header("content-type", "multipart/form-data; boundary=edge")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", &browser.cookie);
    browser.client.send(request.body(Body::from(body)).expect("a request"))
}

const LIST: &str = "customer_id;name;campaign_id\n1;Ann;spring26\n;Bob;spring26\n3;Cy;spring26\n";

#[test]
fn a_list_is_looked_at_and_comes_back_with_links() {
    let client = Client::with_ledger();
    let browser = Browser::of(&client, "all");
    let looked = list_form(&browser, "/lists/look", &[], LIST);
    let links = list_form(&browser, "/lists/links", &[], LIST);
    for words in [
        "2 of 3 rows get a link",
        "Text in UTF-8 with &quot;;&quot; between 3 columns",
        "Row 3: column customer_id: ",
        "Whoever sees the link can read",
        "characters, which leaves",
        ">Ann<",
        &format!("The download has {} bytes.", links.text.len()),
    ] {
        assert!(looked.text.contains(words), "{words}: {}", looked.text);
    }
    assert!(
        looked
            .header("content-security-policy")
            .contains("frame-ancestors 'self'")
    );
    assert_eq!(
        links.header("content-disposition"),
        "attachment; filename=\"links.csv\""
    );
    let lines: Vec<&str> = links.text.lines().collect();
    assert_eq!(
        (lines.len(), lines[0]),
        (3, "customer_id;name;campaign_id;token;url_link;expires_at")
    );
    assert!(
        lines[1].starts_with("1;Ann;spring26;L") && lines[2].contains(";https://mystore.com/p/L"),
        "{lines:?}"
    );
    let token = lines[1].split(';').nth(3).expect("a token");
    let check = client.ask("all", "GET", &format!("/v1/check/{token}"), "");
    assert_eq!(check.told("status"), (200, "valid".to_owned()));
    let rejected = list_form(&browser, "/lists/rejected", &[], LIST);
    let lines: Vec<&str> = rejected.text.lines().collect();
    assert_eq!(lines.len(), 2, "{}", rejected.text);
    assert!(
        lines[0].starts_with("row;error;customer_id") && lines[1].starts_with("3;"),
        "{lines:?}"
    );
}

#[test]
fn a_form_that_no_browser_sends_is_refused_with_the_reason() {
    let client = Client::with_ledger();
    let browser = Browser::of(&client, "all");
    let long = "x".repeat(100_000);
    let refused = list_form(&browser, "/lists/look", &[("campaign_id", &long)], LIST);
    assert!(
        refused.status == 413 && refused.text.contains("too long"),
        "{}",
        refused.text
    );
    let twice = [("days", "7"), ("days", "8")];
    let refused = list_form(&browser, "/lists/look", &twice, LIST);
    assert!(
        refused.status == 400 && refused.text.contains("a field twice"),
        "{}",
        refused.text
    );
    assert_eq!(browser.get("/stats?by=day&by=hour").status, 400);
}

#[test]
fn who_is_not_signed_in_any_more_is_told_so_in_the_frame() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    let form_token = browser.form_token();
    browser.post("/sign-out", &[]);
    for path in ["/lists/look", "/lists/links", "/lists/rejected"] {
        let request = Request::post(path)
            .header("host", "localhost")
            .header("content-type", "multipart/form-data; boundary=edge")
            .header("cookie", &browser.cookie);
        let body = format!("--edge\r\nContent-Disposition: form-data; name=\"form_token\"\r\n\r\n{form_token}\r\n");
        let answer = client.send(request.body(Body::from(body)).expect("a request"));
        assert_eq!(answer.status, 403, "{path}");
        // a page that no frame shows is a browser's error
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'self'"), "{path}: {policy}");
        assert!(
            answer.text.contains("not signed in any more") && answer.text.contains("href=\"/\" target=\"_top\""),
            "{path}: {}",
            answer.text
        );
    }
}

#[test]
fn the_sheet_of_a_workbook_is_chosen() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    let mut book = rust_xlsxwriter::Workbook::new();
    for (name, customer) in [("March", "0042"), ("April", "0043")] {
        let sheet = book.add_worksheet().set_name(name).expect("a name");
        sheet.write(0, 0, "customer_id").expect("a cell");
        sheet.write(1, 0, customer).expect("a cell");
    }
    let book = book.save_to_buffer().expect("a workbook");
    let first = list_form(&browser, "/lists/look", &[], &book);
    let words = "The sheet March of a workbook, with 1 column; it has others: April.";
    assert!(
        first.text.contains(words) && first.text.contains(">0042<"),
        "{}",
        first.text
    );
    let made = list_form(&browser, "/lists/links", &[("sheet", "April")], &book);
    assert!(made.text.contains("\n0043,L"), "{}", made.text);
    let none = list_form(&browser, "/lists/look", &[("sheet", "May")], &book);
    assert!(none.status == 400 && none.text.contains("March"), "{}", none.text);
}

#[test]
fn a_look_makes_no_link_that_holds() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    let looked = list_form(&browser, "/lists/look", &[], LIST);
    let token = looked
        .text
        .split("https://mystore.com/p/")
        .nth(1)
        .and_then(|rest| rest.split('<').next());
    let check = client.ask("all", "GET", &format!("/v1/check/{}", token.expect("a link")), "");
    assert_eq!(check.status, 403, "{check:?}");
}

#[test]
fn what_a_form_says_of_a_list_is_held_to() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    let made = |fields: &[(&str, &str)]| list_form(&browser, "/lists/links", fields, LIST);
    let ends = made(&[("end", "at"), ("date", "2026-12-24")]);
    assert!(ends.text.contains(";2026-12-2"), "{}", ends.text);
    let of_zone = made(&[("end", "at"), ("date", "2026-12-24"), ("timezone", "Asia/Tokyo")]);
    assert!(of_zone.text.contains(";2026-12-24T15:00:00Z"), "{}", of_zone.text);
    assert!(
        made(&[("end", "never")])
            .text
            .lines()
            .nth(1)
            .expect("a row")
            .ends_with(';')
    );
    let sealed = list_form(&browser, "/lists/look", &[("seal", "true")], LIST);
    assert!(sealed.text.contains("only linkmint can read it"), "{}", sealed.text);
    let template = made(&[("base_url", "https://mystore.com/?t={token}&c={customer_id}")]);
    assert!(template.text.contains("&c=1"), "{}", template.text);
    for (fields, words) in [
        (&[("end", "at")][..], "choose the last day"),
        (&[("days", "many")], "They are valid for … days"),
        (&[("days", "")], "Write a number from 1 to 3650"),
        (&[("days", "0")], "Write a number from 1 to 3650"),
        (&[("end", "at"), ("date", "2001-01-01")], "They are valid to the end of"),
        (&[("timezone", "Mars")], "Time zone of all dates"),
        (&[("sheet", "March")], "The list is no workbook"),
        (&[("base_url", "mystore")], "Address that they lead to"),
        (&[("claims", "nobody")], "Columns that go into the link"),
        (&[("form_token", "x")], "too old"),
    ] {
        let answer = made(fields);
        assert!(
            answer.status.as_u16() >= 400 && answer.text.contains(words),
            "{words}: {answer:?}"
        );
        assert!(answer.header("content-disposition").is_empty());
        // an API's names are nothing to people
        for name in ["expires_in", "expires_at", "base_url", "claims:", "timezone:"] {
            assert!(!answer.text.contains(name), "{name}: {}", answer.text);
        }
    }
    let none = list_form(&browser, "/lists/look", &[], "");
    assert_eq!(none.status, 400);
    let desk = Browser::of(&client, "check");
    assert_eq!(list_form(&desk, "/lists/links", &[], LIST).status, 403);
    let bound = Browser::of(&client, "bound");
    assert_ne!(list_form(&bound, "/lists/links", &[], LIST).text.lines().count(), 3);
}

#[test]
fn an_export_of_another_program_leads_to_what_mends_it() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    let names = list_form(&browser, "/lists/look", &[], "Kundennummer;Name\n1;Ann\n");
    assert_eq!(names.status, 400);
    for words in [
        "the list has &quot;Kundennummer&quot;",
        "customer_id=NAME OF THE COLUMN",
        "More choices",
    ] {
        assert!(names.text.contains(words), "{words}: {}", names.text);
    }
    let chosen = [("claims", "customer_id=Kundennummer")];
    let mended = list_form(&browser, "/lists/look", &chosen, "Kundennummer;Name\n1;Ann\n");
    assert_eq!(mended.status, 200, "{}", mended.text);

    let list = b"customer_id;Gr\xf6\xdfe\n1;J\xfcrgen\n";
    let wrong = list_form(&browser, "/lists/look", &[], list);
    assert_eq!(wrong.status, 400);
    for words in [
        "most likely it is windows-1252",
        "Gr\u{f6}\u{df}e",
        "CSV UTF-8",
        "value=\"windows-1252\"",
    ] {
        let page = if words.starts_with("value") {
            browser.get("/lists").text
        } else {
            wrong.text.clone()
        };
        assert!(page.contains(words), "{words}: {page}");
    }
    let mended = list_form(&browser, "/lists/look", &[("encoding", "windows-1252")], list);
    assert!(
        mended.text.contains("Text in windows-1252") && mended.text.contains("J\u{fc}rgen"),
        "{}",
        mended.text
    );
}

#[test]
fn no_cell_of_a_list_is_markup() {
    let client = Client::new();
    let browser = Browser::of(&client, "all");
    let list = "customer_id,<script>alert(1)</script>\n\"<img src=x onerror=alert(1)>\",\"'><b>\"\n";
    let looked = list_form(&browser, "/lists/look", &[], list);
    assert_eq!(looked.status, 200);
    assert!(!looked.text.contains("<script") && !looked.text.contains("<img") && !looked.text.contains("<b>\""));
}
