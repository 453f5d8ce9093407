//! The signed envelope: parts, header, signature. The cases are those of Wycheproof's JSON Web Signature set, and what
//! it lacks.

use super::*;
use linkmint_token::token::Malformed;
use linkmint_token::token::jwt::{Flaw, Jws};

fn flaw(text: &str) -> Malformed {
    Jws::read(text).err().unwrap_or_else(|| panic!("read: {text}"))
}

/// RFC 7515, appendix A.1: blanks and line breaks in the JSON, a key of 64 bytes, and no kid.
#[test]
fn the_standards_example_holds() {
    let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
    let text = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9\
        .eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ\
        .dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let key = SigningKey::new(&bytes_of(key));
    let jws = Jws::read(text).expect("well formed");
    assert_eq!(jws.kid(), None);
    let payload = jws.verify(&key).expect("its signature holds");
    assert!(payload.starts_with(b"{\"iss\":\"joe\",\r\n \"exp\":1300819380,"));
    let other = Jws::read(text).expect("well formed");
    assert_eq!(other.verify(&SigningKey::new(b"another")), None);
    assert_eq!(outcome(text), "unknown_key");
}

#[test]
fn a_character_that_no_part_has_is_told_with_its_place() {
    let text = with_payload("{}");
    for (dot, part) in text.match_indices('.').chain([(0, "")]) {
        let place = dot + part.len() + 2;
        let mut wrong = text.clone();
        wrong.replace_range(place - 1..place, "?");
        assert_eq!(flaw(&wrong), Malformed::Character(place), "{wrong}");
    }
}

#[test]
fn three_parts_are_needed_and_none_may_be_empty() {
    let text = with_payload("{}");
    let [header, payload, tag] = text.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts")
    };
    let table = [
        String::from("eyJ"),
        header.to_owned(),
        format!("{header}."),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}..{tag}"),
        format!("{header}.{tag}"),
        format!("{header}.."),
        format!("{header}.{payload}.{tag}."),
        format!("{header}.{payload}.{tag}.{tag}"),
        format!("{header}.{payload}..{tag}"),
        format!("{header}.{payload}.{tag}.{payload}.{tag}"),
    ];
    for text in &table {
        assert_eq!(flaw(text), Malformed::Jwt(Flaw::Parts), "{text}");
        assert_eq!(outcome(text), "malformed");
    }
    for text in [
        "",
        ".",
        "..",
        &format!(".{payload}.{tag}"),
        &format!("{payload}.{tag}"),
        payload,
    ] {
        assert_eq!(outcome(text), "malformed", "{text}");
    }
    let json = format!(r#"{{"payload":"{payload}","protected":"{header}","signature":"{tag}"}}"#);
    assert_eq!(outcome(&json), "malformed");
    assert_eq!(outcome(&text), "");
}

#[test]
fn other_texts_for_the_same_bytes_are_malformed() {
    // the payload's length leaves unused bits, the header's does not
    let text = with_payload(r#"{"a":"ÿÿÿ>"}"#);
    let [header, payload, tag] = text.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts")
    };
    assert!(payload.contains(['-', '_']));
    let standard = |part: &str| part.replace('-', "+").replace('_', "/");
    let table = [
        format!("{header}.{payload}.{tag}="),
        format!("{header}.{payload}=.{tag}"),
        format!("{header}.{payload}==.{tag}"),
        format!("{header}=.{payload}.{tag}"),
        format!("{header}.{}.{tag}", standard(payload)),
        format!("{header}.{payload}.{tag} "),
        format!("{header}.{payload}.{tag}\n"),
        format!("{header} .{payload}.{tag}"),
        format!("{header}.\t{payload}.{tag}"),
        format!("{header}.{payload}.{}\n{}", &tag[..20], &tag[20..]),
        format!("{header}.{payload}.\u{212a}{tag}"),
        format!("{header}.{payload}%2E{tag}"),
        format!("{header}.{payload}.?{tag}"),
        format!("{header}#.{payload}.{tag}"),
    ];
    for text in &table {
        assert_eq!(outcome(text), "malformed", "{text}");
    }
    for text in [
        format!(" {text}"),
        format!("Bearer {text}"),
        text.to_uppercase(),
        text.to_lowercase(),
    ] {
        assert_eq!(outcome(&text), "malformed", "{text}");
    }
    assert_eq!(
        flaw(&format!("{header}.{payload}.!{tag}")),
        Malformed::Character(header.len() + payload.len() + 3)
    );
}

#[test]
fn unused_bits_are_zero_even_where_the_signature_holds() {
    // "e30" is {}, and so would "e31" be
    let input = format!("{}.e31", base64url(format!(r#"{{"alg":"HS256","kid":"{KID}"}}"#)));
    let tag = base64url(key().jwt().full_tag(input.as_bytes()));
    assert_eq!(flaw(&format!("{input}.{tag}")), Malformed::Jwt(Flaw::Encoding));
    let good = with_payload("{}");
    let last = good.as_bytes()[good.len() - 1];
    let next = char::from(last + 1);
    assert_eq!(
        flaw(&format!("{}{next}", &good[..good.len() - 1])),
        Malformed::Jwt(Flaw::Encoding)
    );
}

#[test]
fn a_signature_has_32_bytes() {
    let text = with_payload("{}");
    let (input, tag) = text.rsplit_once('.').expect("three parts");
    let tag = bytes_of(tag);
    for length in (1..32).chain([33, 48, 64]) {
        let mut other = tag.clone();
        other.resize(length, 0);
        let text = format!("{input}.{}", base64url(other));
        assert_eq!(flaw(&text), Malformed::Jwt(Flaw::Signature), "{length}");
    }
    for bit in 0..256 {
        let mut other = tag.clone();
        other[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(outcome(&format!("{input}.{}", base64url(other))), "invalid_signature");
    }
}

#[test]
fn the_algorithm_is_hs256_and_cant_be_talked_into_another() {
    let key = key();
    let none = ["none", "None", "NONE", "nOnE", "", " none", "null"];
    let others = [
        "HS384",
        "HS512",
        "RS256",
        "ES256",
        "PS256",
        "Ed448",
        "eddsa",
        "dir",
        "hs256",
        "Hs256",
        "HS256 ",
        "HS256\\u0000",
        "HMACSHA256",
    ];
    for name in none.into_iter().chain(others) {
        let header = format!(r#"{{"alg":"{name}","kid":"{KID}","typ":"JWT"}}"#);
        // signed as if it were HS256, so that nothing but the name can refuse it
        assert_eq!(
            flaw(&signed_with(key.jwt(), &header, "{}")),
            Malformed::Jwt(Flaw::Algorithm),
            "{name}"
        );
        let unsigned = format!("{}.{}.", base64url(&header), base64url("{}"));
        assert_eq!(outcome(&unsigned), "malformed");
    }
    for value in ["null", "256", "true", "[\"HS256\"]", "{\"HS256\":1}"] {
        let header = format!(r#"{{"alg":{value},"kid":"{KID}"}}"#);
        assert_eq!(
            flaw(&signed_with(key.jwt(), header, "{}")),
            Malformed::Jwt(Flaw::Algorithm),
            "{value}"
        );
    }
    let header = format!(r#"{{"kid":"{KID}","ALG":"HS256","Alg":"HS256"}}"#);
    assert_eq!(
        flaw(&signed_with(key.jwt(), header, "{}")),
        Malformed::Jwt(Flaw::Algorithm)
    );
    // an escape is another way to write the same text (RFC 7515, section 5.3)
    let header = format!(r#"{{"\u0061lg":"\u0048S256","kid":"{KID}"}}"#);
    assert_eq!(outcome(&signed_with(key.jwt(), header, "{}")), "");
}

#[test]
fn a_header_means_one_thing_or_nothing() {
    let kid = format!(r#","kid":"{KID}""#);
    let table = [
        (kid.clone(), Ok("")),
        (format!(r#"{kid},"typ":"JWT""#), Ok("")),
        (format!(r#"{kid},"typ":"at+jwt","cty":"x","iss":[1,{{}}]"#), Ok("")),
        // no key is ever taken from a token
        (
            format!(r#"{kid},"jwk":{{"kty":"oct","k":"AA"}},"jku":"https://example.com/k","x5c":[]"#),
            Ok(""),
        ),
        (format!(r#"{kid},"b64":true"#), Ok("")),
        // deep, but of no meaning
        (format!(r#"{kid},"x":{}{}"#, "[".repeat(900), "]".repeat(900)), Ok("")),
        (format!(r#"{kid},"crit":["exp"],"exp":1"#), Err(Flaw::Critical)),
        (format!(r#"{kid},"crit":[]"#), Err(Flaw::Critical)),
        (format!(r#"{kid},"crit":null"#), Err(Flaw::Critical)),
        (format!(r#"{kid},"\u0063rit":["b64"],"b64":false"#), Err(Flaw::Critical)),
        (format!(r#"{kid},"alg":"HS256""#), Err(Flaw::Twice)),
        (format!(r#"{kid},"alg":"none""#), Err(Flaw::Twice)),
        (format!(r#"{kid},"\u0061lg":"none""#), Err(Flaw::Twice)),
        (format!(r#"{kid}{kid}"#), Err(Flaw::Twice)),
        (format!(r#","kid":"0000"{kid}"#), Err(Flaw::Twice)),
        (format!(r#"{kid},"x":1,"x":1"#), Err(Flaw::Twice)),
        (r#","kid":57998"#.into(), Err(Flaw::KeyId)),
        (r#","kid":null"#.into(), Err(Flaw::KeyId)),
        (r#","kid":["e28e"]"#.into(), Err(Flaw::KeyId)),
        (format!(r#"{kid},"x""#), Err(Flaw::Header)),
        (format!(r#"{kid},"#), Err(Flaw::Header)),
        (format!(r#"{kid},"x":"{}"#, "\u{7}"), Err(Flaw::Header)),
        (format!(r#"{kid},"x":{}"#, "[".repeat(900)), Err(Flaw::Header)),
    ];
    for (members, expected) in &table {
        let text = with_header(members);
        match expected {
            Ok(claims) => assert_eq!(outcome(&text), *claims, "{members}"),
            Err(why) => assert_eq!(flaw(&text), Malformed::Jwt(*why), "{members}"),
        }
    }
}

#[test]
fn a_header_that_is_no_json_object_is_malformed() {
    let key = key();
    // all begin `{"`, else they are no JWT by their first letters
    let table: [&[u8]; 6] = [
        b"{\"alg\"}",
        b"{\"alg\":\"HS256\"}x",
        b"{\"alg\":\"HS256\"}{}",
        b"{\"a\xff\":1}",
        b"{\"a\xed\xa0\x80\":1}",
        b"{\"a\":\"\\ud800\"}",
    ];
    for header in table {
        assert_eq!(
            flaw(&signed_with(key.jwt(), header, "{}")),
            Malformed::Jwt(Flaw::Header)
        );
    }
    for header in [
        "[]",
        "null",
        "{}",
        " {\"alg\":\"HS256\"}",
        "{ \"alg\":\"HS256\"}",
        "\u{feff}{\"alg\":\"HS256\"}",
    ] {
        assert_eq!(outcome(&signed_with(key.jwt(), header, "{}")), "malformed", "{header}");
    }
}

#[test]
fn a_key_is_known_by_its_id_as_it_is_written() {
    let table = [
        "",
        r#","kid":"""#,
        r#","kid":"E28E""#,
        r#","kid":"e28e ""#,
        r#","kid":"e28e\u0000""#,
        r#","kid":"0000""#,
        r#","kid":"ffff""#,
        r#","kid":"+28e""#,
        r#","kid":"../../keys/e28e""#,
        r#","kid":"' or 1=1""#,
    ];
    for members in table {
        assert_eq!(outcome(&with_header(members)), "unknown_key", "{members}");
    }
    assert_eq!(outcome(&with_header(r#","\u006bid":"\u00652\u0038e""#)), "");
    // of ids that are equal, each key is tried
    let text = with_payload("{}");
    let mut buffer = Vec::new();
    let token = UntrustedToken::read(&text, &mut buffer).expect("well formed");
    assert_eq!(token.key_id(), Some(key().id()));
    assert_eq!(
        token.authenticate(&[]).expect_err("no keys"),
        Refusal::UnknownKey(key().id())
    );
}

#[test]
fn parts_of_two_jwts_make_none() {
    let (one, other) = (with_payload(r#"{"a":"1"}"#), with_payload(r#"{"a":"2"}"#));
    let other_header = with_header(&format!(r#","kid":"{KID}","typ":"JWT""#));
    let [header, payload, tag] = one.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts")
    };
    let part = |text: &str, index: usize| text.split('.').nth(index).expect("a part").to_owned();
    for text in [
        format!("{}.{payload}.{tag}", part(&other_header, 0)),
        format!("{header}.{}.{tag}", part(&other, 1)),
        format!("{header}.{payload}.{}", part(&other, 2)),
        // the dot is signed too: the boundary can't wander
        format!("{header}.{}.{}", part(&other_header, 1), tag),
    ] {
        assert_eq!(outcome(&text), "invalid_signature", "{text}");
    }
}

#[test]
fn the_header_is_judged_before_the_key_and_the_key_before_the_signature() {
    let tag = base64url([0; 32]);
    let text = |header: &str| format!("{}.{}.{tag}", base64url(header), base64url("no JSON"));
    assert_eq!(outcome(&text(r#"{"alg":"none"}"#)), "malformed");
    assert_eq!(outcome(&text(r#"{"alg":"HS256"}"#)), "unknown_key");
    assert_eq!(outcome(&text(r#"{"alg":"HS256","kid":"e28e"}"#)), "invalid_signature");
    assert_eq!(outcome(&with_payload("no JSON")), "malformed");
}
