//! The payload: times, ids and claims, as any JOSE library may write them.

use super::*;

#[test]
fn a_payload_is_one_json_object() {
    let table: [&[u8]; 14] = [
        b"x",
        b"null",
        b"[]",
        b"\"{}\"",
        b"7",
        b"{",
        b"{}}",
        b"{}{}",
        b"{\"a\":\"\0\"}",
        b"{\"a\":\"\xff\"}",
        b"{\"a\":\"\\ud800\"}",
        b"\xef\xbb\xbf{}",
        b"{'a':'b'}",
        // a nested JWT (RFC 7519, section 5.2) is none
        b"eyJhbGciOiJIUzI1NiJ9.e30.AA",
    ];
    for payload in table {
        assert_eq!(
            outcome(&with_payload(payload)),
            "malformed",
            "{}",
            payload.escape_ascii()
        );
    }
    assert_eq!(outcome(&with_payload(" {\r\n\t} ")), "");
}

#[test]
fn a_jwt_with_bytes_of_its_own_says_the_same() {
    let text = with_payload(r#"{"z":"1","a":2}"#);
    let said = |token: &Authentic<'_>| format!("{token:?} {:?}", token.claims().iter().collect::<Vec<_>>());
    let same = check(&text, |token| (said(token), said(&token.into_owned().borrow())));
    let (borrowed, owned) = same.expect("authentic");
    assert_eq!(owned, borrowed);
}

#[test]
fn texts_and_whole_numbers_are_shown_as_text_in_their_order() {
    let table = [
        (r#"{"z":"1","a":2}"#, "z=1 a=2"),
        (
            r#"{"sub":"joe","iss":"https://example.com","aud":"shop"}"#,
            "sub=joe iss=https://example.com aud=shop",
        ),
        (r#"{"a":""}"#, "a="),
        (r#"{"":"x"}"#, "=x"),
        (r#"{"kid":"e28e","alg":"none","crit":"x"}"#, "kid=e28e alg=none crit=x"),
        (r#"{"a":"\u00e9\ud83c\udf81\"\\\/"}"#, "a=é🎁\"\\/"),
        (r#"{"a":"\u0000"}"#, "a=\0"),
        (
            r#"{"customer_id":1234567,"product_id":"0042"}"#,
            "customer_id=1234567 product_id=0042",
        ),
        (r#"{"a":0,"b":-1}"#, "a=0 b=-1"),
        (r#"{"a":9007199254740993}"#, "a=9007199254740993"),
        (
            r#"{"a":18446744073709551615,"b":-9223372036854775808}"#,
            "a=18446744073709551615 b=-9223372036854775808",
        ),
        (r#"{"IAT":"x","Exp":"y"}"#, "IAT=x Exp=y"),
    ];
    for (payload, expected) in table {
        assert_eq!(outcome(&with_payload(payload)), expected, "{payload}");
    }
}

#[test]
fn other_claims_make_a_jwt_malformed() {
    for value in [
        "null",
        "true",
        "false",
        "1.5",
        "1.0",
        "1e3",
        "-0",
        "-0.0",
        "18446744073709551616",
        "-9223372036854775809",
        "1e400",
        "[]",
        r#"["shop","app"]"#,
        "{}",
        r#"{"a":1}"#,
        r#"{"a":1,"a":2}"#,
    ] {
        for payload in [
            format!(r#"{{"a":{value}}}"#),
            format!(r#"{{"customer_id":"1","jti":{value}}}"#),
        ] {
            assert_eq!(outcome(&with_payload(&payload)), "malformed", "{payload}");
        }
    }
    let deep = format!(r#"{{"a":{}{}}}"#, "[".repeat(2_500), "]".repeat(2_500));
    assert_eq!(outcome(&with_payload(deep)), "malformed");
}

#[test]
fn a_member_stands_once() {
    for payload in [
        r#"{"a":"1","a":"1"}"#,
        r#"{"a":"1","b":"2","\u0061":"3"}"#,
        r#"{"exp":1,"exp":4000000000}"#,
        r#"{"exp":4000000000,"\u0065xp":4000000001}"#,
        r#"{"iat":1,"iat":1}"#,
        r#"{"jti":"x","jti":"x"}"#,
    ] {
        assert_eq!(outcome(&with_payload(payload)), "malformed", "{payload}");
    }
    assert_eq!(outcome(&with_payload(r#"{"a":"1","A":"1","a ":"1"}"#)), "a=1 A=1 a =1");
}

#[test]
fn times_are_whole_seconds_of_32_bits() {
    for name in ["iat", "exp", "nbf"] {
        for value in [
            "-1",
            "-0",
            "0.0",
            "1.5",
            "1.0",
            "1e3",
            "1E9",
            "4294967296",
            "18446744073709551616",
            "1e400",
            "\"1\"",
            "\"\"",
            "null",
            "true",
            "[]",
            "{}",
            "\"2026-01-01T00:00:00Z\"",
        ] {
            let payload = format!(r#"{{"{name}":{value}}}"#);
            assert_eq!(outcome(&with_payload(&payload)), "malformed", "{payload}");
        }
    }
    for payload in [
        r#"{"iat":0}"#,
        r#"{"iat":4294967295}"#,
        r#"{"exp":4294967295}"#,
        r#"{"nbf":0}"#,
        "{}",
    ] {
        assert_eq!(outcome(&with_payload(payload)), "", "{payload}");
    }
}

#[test]
fn times_of_others_are_held_against_now_and_not_against_each_other() {
    let table = [
        // a minter of ours refuses all of these
        (r#"{"iat":2000000000,"exp":1900000000}"#, ""),
        (r#"{"iat":1767225600,"exp":1767225600}"#, "expired"),
        (r#"{"nbf":1767225601,"exp":1767225601}"#, "not_yet_valid"),
        (r#"{"nbf":1767225600,"exp":1767225600}"#, "expired"),
        (r#"{"nbf":1767225599,"exp":1767225601}"#, ""),
        // 0 is 1970 here, and not never
        (r#"{"exp":0}"#, "expired"),
        (r#"{"exp":1767225600}"#, "expired"),
        (r#"{"exp":1767225601}"#, ""),
        (r#"{"nbf":1767225601}"#, "not_yet_valid"),
        // what comes first decides: not_yet_valid before expired
        (r#"{"nbf":1767225601,"exp":1}"#, "not_yet_valid"),
        // issued in the future: nothing depends on it
        (r#"{"iat":4294967295}"#, ""),
    ];
    for (payload, expected) in table {
        assert_eq!(outcome(&with_payload(payload)), expected, "{payload}");
    }
}

#[test]
fn what_is_missing_is_missing() {
    let facts = |payload: &str| check(&with_payload(payload), |token| (token.id(), token.times())).expect("valid");
    let (id, times) = facts("{}");
    assert_eq!(id, None);
    assert_eq!(
        (times.issued_at, times.expires_at, times.not_before),
        (None, None, None)
    );
    let (_, times) = facts(r#"{"iat":1,"nbf":0}"#);
    assert_eq!((times.issued_at, times.not_before), (Some(1), Some(0)));
}

#[test]
fn a_jti_is_an_id_only_as_we_write_it() {
    let ours = r#"{"jti":"6955b90000000000002a","iat":1767225600}"#;
    let id = check(&with_payload(ours), |token| (token.id(), token.claims().len()));
    assert_eq!(id, Ok((TokenId::parse("00000000002a"), 0)));
    for (payload, shown) in [
        (r#"{"jti":"6955b90000000000002a"}"#, "jti=6955b90000000000002a"),
        (r#"{"iat":1,"jti":"6955b90000000000002a"}"#, "jti=6955b90000000000002a"),
        (
            r#"{"iat":1767225600,"jti":"6955B90000000000002A"}"#,
            "jti=6955B90000000000002A",
        ),
        (r#"{"iat":1767225600,"jti":"6955b900000000000000"}"#, ""),
        (
            r#"{"iat":1767225600,"jti":"6955b9000000000000000"}"#,
            "jti=6955b9000000000000000",
        ),
        (
            r#"{"iat":1767225600,"jti":"b6c1d2e0-0000-4000-8000-000000000000"}"#,
            "jti=b6c1d2e0-0000-4000-8000-000000000000",
        ),
        (r#"{"jti":42}"#, "jti=42"),
        (r#"{"jti":""}"#, "jti="),
    ] {
        assert_eq!(outcome(&with_payload(payload)), shown, "{payload}");
    }
}

#[test]
fn looking_without_a_key_sees_the_same() {
    let mut buffer = Vec::new();
    let text = with_payload(r#"{"iat":1767225600,"jti":"6955b90000000000002a","a":"1"}"#);
    let forged = format!("{}AAAA", &text[..text.len() - 4]);
    for text in [text, forged] {
        let token = UntrustedToken::read(&text, &mut buffer).expect("well formed");
        let seen = token.peek().expect("readable").expect("nothing is hidden");
        assert_eq!(seen.id, TokenId::parse("00000000002a"));
        assert_eq!(seen.times.issued_at, Some(NOW as u32));
        assert_eq!(seen.claims.iter().map(|claim| claim.name).collect::<Vec<_>>(), ["a"]);
    }
}

#[test]
fn the_tag_is_the_signatures_first_half() {
    let text = with_payload("{}");
    let whole = bytes_of(text.rsplit('.').next().expect("a signature"));
    let tag = check(&text, |token| *token.tag()).expect("valid");
    assert_eq!(tag, whole[..16]);
}
