//! Several links in one pasted text, however they are wrapped, parted and written: each is told, and none is swallowed
//! by the one before it.

use crate::scan_mails::Links;
use crate::support::ISSUED;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// A link as a filter writes it.
type Wrap = fn(&str) -> String;

fn escaped(link: &str) -> String {
    link.replace(':', "%3A").replace('/', "%2F")
}

fn safe(link: &str) -> String {
    format!(
        "https://eur01.safelinks.protection.outlook.com/?url={}&data=05%7C01%7Cjo&sdata=abc%3D&reserved=0",
        escaped(link)
    )
}

fn proofpoint_v1(link: &str) -> String {
    format!("https://urldefense.proofpoint.com/v1/url?u={link}&k=x&r=y&m=z&s=q")
}

fn proofpoint_v2(link: &str) -> String {
    let link = link
        .replace('-', "-2D")
        .replace('_', "-5F")
        .replace(':', "-3A")
        .replace('/', "_");
    format!("https://urldefense.proofpoint.com/v2/url?u={link}&d=DwMFaQ&c=x&r=y&m=z&s=q&e=")
}

fn proofpoint_v3(link: &str) -> String {
    format!("https://urldefense.com/v3/__{link}__;!!AbC!xyz$")
}

fn sophos(link: &str) -> String {
    format!(
        "https://eu.sophos.example/x?d=shop.example&u={}&p=m&h=0123",
        STANDARD.encode(link).replace('=', "%3D")
    )
}

fn mandrill(link: &str) -> String {
    let object = format!("{{\"u\":1,\"v\":1,\"url\":\"{}\"}}", link.replace('/', "\\/"));
    format!(
        "https://mandrill.example/track/click/1/shop.example?p={}",
        URL_SAFE_NO_PAD.encode(object)
    )
}

fn in_path(link: &str) -> String {
    format!("https://go.example/r/{}", URL_SAFE_NO_PAD.encode(link))
}

const WRAPS: [Wrap; 7] = [
    safe,
    proofpoint_v1,
    proofpoint_v2,
    proofpoint_v3,
    sophos,
    mandrill,
    in_path,
];

#[test]
fn a_link_right_behind_a_wrapped_one_is_told_too() {
    let links = Links::new();
    for wrap in WRAPS {
        let (good, forged) = (wrap(&links.good), wrap(&links.forged));
        for text in [
            format!("{good};{forged}"),
            format!("{good},{forged}"),
            format!("({good})({forged})"),
            format!("{good};Jo;{forged}"),
            format!("[x]({good})[y]({forged})"),
            format!("[x]({good}),[y]({forged})"),
            format!("[{good}]({forged})"),
            format!("{good};{}", links.forged),
        ] {
            assert_eq!(links.statuses(&text), ["valid", "invalid_signature"], "{text}");
        }
    }
}

#[test]
fn what_stands_behind_a_wrapped_link_or_within_it_takes_no_token_away() {
    let links = Links::new();
    for wrap in [safe, proofpoint_v2] {
        for sign in [",", ";", ")"] {
            let text = format!("See {}{sign}HTTPS://B.EXAMPLE/X bye", wrap(&links.good));
            assert_eq!(links.statuses(&text), ["valid"], "{text}");
        }
    }
    let raw = proofpoint_v3(&format!("https://a.example/r,{}", links.good));
    links.is_whole("Content-Type: text/html", &format!("<a href=\"{raw}\">go</a>"));
}

#[test]
fn an_equals_sign_that_ends_a_link_hides_no_line_break() {
    let links = Links::new();
    let second = [
        proofpoint_v2(&links.forged),
        safe(&links.forged),
        links.forged.clone(),
        links.forged.trim_start_matches("https://").to_owned(),
    ];
    for line_end in ["\n", "\r\n", "\n> ", " \n"] {
        for second in &second {
            let first = proofpoint_v2(&links.good);
            let text = format!("{first}{line_end}{second}{line_end}");
            assert_eq!(links.statuses(&text), ["valid", "invalid_signature"], "{text}");
        }
        for padding in ["=", "=="] {
            let first = format!(
                "https://go.example/r?u={}{padding}",
                STANDARD.encode(&links.good).trim_end_matches('=')
            );
            let text = format!("{first}{line_end}{}", links.forged);
            assert_eq!(links.statuses(&text), ["valid", "invalid_signature"], "{text}");
        }
    }
    // in quoted-printable it does
    for text in [
        format!("https://shop.example/x?b=3D1&e=\n=3D2&t=3D{}", links.token()),
        format!("see this=20=\n{}", links.good.replace("/p/", "/=\np/")),
    ] {
        assert_eq!(links.statuses(&text), ["valid"], "{text}");
    }
}

impl Links {
    fn token(&self) -> &str {
        self.good.rsplit('/').next().expect("a token")
    }

    fn jwt(&self) -> String {
        self.folder.token(&["customer_id=1001", "--format", "jwt"])
    }

    fn all_valid(&self, text: &str) {
        assert_eq!(self.statuses(text), ["valid"], "{text}");
    }
}

#[test]
fn a_full_stop_behind_a_jwt_that_was_broken_over_lines_is_none_of_its_dots() {
    let links = Links::new();
    let jwt = links.jwt();
    for width in [60, 76] {
        let letters: Vec<char> = format!("https://shop.example/p/{jwt}").chars().collect();
        let lines: Vec<String> = letters.chunks(width).map(|line| line.iter().collect()).collect();
        for end in [".", "", "...", ".\nThanks"] {
            links.all_valid(&format!("{}{end}\n", lines.join("\n")));
        }
    }
    // as mail programs break it: behind its dots
    links.all_valid(&format!(
        "https://shop.example/p/{}.\nThanks\n",
        jwt.replace('.', ".\n")
    ));
}

#[test]
fn a_jwt_is_read_with_tags_dashes_and_spaces_at_its_seams() {
    let links = Links::new();
    let jwt = links.jwt();
    for tags in ["</span><span>", "<b>", "<!-- -->"] {
        links.all_valid(&format!("<span>{}</span>", jwt.replace('.', &format!(".{tags}"))));
        links.all_valid(&format!("<span>{}</span>", jwt.replace('.', &format!("{tags}."))));
    }
    let signature = jwt.rfind('.').expect("a dot") + 1;
    for at in signature + 1..jwt.len() - 1 {
        let (head, rest) = jwt.split_at(at);
        links.all_valid(&format!("My code is {head} {rest} 2 times"));
    }
    let mut dashed = 0;
    for number in 0..400 {
        let jwt = links
            .folder
            .token(&[&format!("customer_id={number}"), "--format", "jwt"]);
        let (head, signature) = jwt.rsplit_once('.').expect("a dot");
        if let Some(rest) = signature.strip_prefix('-') {
            links.all_valid(&format!("{head}.\u{2013}{rest}"));
            links.all_valid(&format!("{head}.\u{2011}{rest}"));
            dashed += 1;
        }
        if dashed == 2 {
            return;
        }
    }
    panic!("no signature begins with a dash");
}

#[test]
fn a_token_that_was_wrapped_is_found_within_json() {
    let links = Links::new();
    for good in [links.good.clone(), links.jwt()] {
        for at in [30, 50, good.len() - 9] {
            let (head, rest) = good.split_at(at);
            for line_break in ["\n", "\r\n", "=\n", "=\r\n", "\n> "] {
                let text = format!("> Hi\n> {head}{line_break}{rest}\nBye \"Jo\"\n{}\n", links.forged);
                let json = serde_json::Value::from(text).to_string();
                let twice = serde_json::Value::from(json.clone()).to_string();
                let gson = json.replace('=', "\\u003d").replace('/', "\\/");
                for text in [json, gson, twice] {
                    assert_eq!(links.statuses(&text), ["valid", "invalid_signature"], "{text}");
                }
            }
        }
    }
}

#[test]
fn base64_of_a_wrapper_may_hold_letters_past_ascii() {
    let links = Links::new();
    for wrap in [sophos, in_path] {
        links.all_valid(&wrap(&format!("https://www.m\u{fc}ller.example/p/{}", links.token())));
    }
}

#[test]
fn a_wrapper_that_was_cut_takes_in_no_other_link() {
    let links = Links::new();
    let without_scheme = links.forged.trim_start_matches("https://");
    let forged_token = links.forged.rsplit('/').next().expect("a token");
    let whole = safe(&links.good);
    for cut in ["&data", "&reserved"] {
        let cut = &whole[..whole.find(cut).expect("there")];
        for second in [
            without_scheme,
            &format!("{without_scheme}?reserved=1"),
            &format!("{without_scheme}&a=1"),
            forged_token,
        ] {
            let text = format!("{cut}\n{second}\n");
            assert_eq!(links.statuses(&text), ["valid", "invalid_signature"], "{text}");
        }
    }
    // one that was broken over lines does
    for at in (20..whole.len() - 1).step_by(7) {
        let (head, rest) = whole.split_at(at);
        links.all_valid(&format!("{head}\n{rest}\n"));
    }
}

#[test]
fn an_address_that_is_broken_over_lines_is_said_to_be_so() {
    let links = Links::new();
    let (head, rest) = links.good.split_at(60);
    let args = [
        "reissue",
        "--expires-in",
        "7d",
        "--ignore-revocations",
        "--allow-host",
        "shop.example",
        "--issued-at",
        ISSUED,
    ];
    let run = links.folder.call(&args).stdin(format!("{head}\n{rest}\n")).run().done();
    run.tells("the pasted address is not taken over: it is broken over lines");
    let run = links.folder.call(&args).stdin(links.token()).run().done();
    run.tells("there is none that begins with https:// or http://");
}
