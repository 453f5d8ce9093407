//! What is minted, to the byte, and what can't be.

use super::*;
use linkmint_token::claims::ClaimName;
use linkmint_token::token::shape::has_shape;
use linkmint_token::token::wire::Alphabet;

#[test]
fn header_and_payload_are_exactly_as_the_format_says() {
    let text = minted(
        Form::Jwt,
        &[("x", "a\"b\\c\n🎁"), ("product_id", "0042"), ("customer_id", "1234567")],
    );
    let text = text.expect("fits");
    let parts: Vec<&str> = text.split('.').collect();
    assert_eq!(bytes_of(parts[0]), br#"{"alg":"HS256","kid":"e28e","typ":"JWT"}"#);
    let payload = String::from_utf8(bytes_of(parts[1])).expect("UTF-8");
    assert_eq!(
        payload,
        r#"{"iat":1767225600,"exp":1767225660,"jti":"6955b90000000000002a","customer_id":"1234567","product_id":"0042","x":"a\"b\\c\n🎁"}"#
    );
    let tag = key().jwt().full_tag(format!("{}.{}", parts[0], parts[1]).as_bytes());
    assert_eq!(bytes_of(parts[2]), tag);
}

#[test]
fn times_that_are_none_are_left_out() {
    let mint = |expires_at, not_before| {
        let validity = Validity::new(7, expires_at, not_before).expect("times");
        let id = TokenId::parse("ffffffffffff").expect("an id");
        let mut text = Vec::new();
        let minted = Minter::new(&key(), Form::Jwt).mint::<ClaimError>(&validity, id, &mut text, |_| Ok(()));
        minted.expect("fits");
        let text = String::from_utf8(text).expect("ASCII");
        String::from_utf8(bytes_of(text.split('.').nth(1).expect("a payload"))).expect("UTF-8")
    };
    assert_eq!(mint(None, None), r#"{"iat":7,"jti":"00000007ffffffffffff"}"#);
    assert_eq!(
        mint(Some(9), Some(8)),
        r#"{"iat":7,"exp":9,"nbf":8,"jti":"00000007ffffffffffff"}"#
    );
    assert_eq!(
        mint(Some(u32::MAX), None),
        r#"{"iat":7,"exp":4294967295,"jti":"00000007ffffffffffff"}"#
    );
}

#[test]
fn a_jwt_is_put_behind_what_is_there() {
    let validity = Validity::new(7, None, None).expect("times");
    let mut minter = Minter::new(&key(), Form::Jwt);
    assert_eq!(minter.form(), Form::Jwt);
    let id = TokenId::parse("ffffffffffff").expect("an id");
    // what is there does not count for the length of a JWT
    let mut text = vec![b'-'; 8_192];
    let minted = minter.mint::<ClaimError>(&validity, id, &mut text, |_| Ok(()));
    minted.expect("fits");
    let (before, jwt) = text.split_at(8_192);
    assert!(before.iter().all(|&byte| byte == b'-') && jwt.starts_with(b"eyJ"));
}

#[test]
fn all_that_was_minted_is_read_back() {
    let text = minted(Form::Jwt, &[("customer_id", "1234567"), ("é", "ü\0")]).expect("fits");
    let facts = check(&text, |token| {
        (
            token.form(),
            token.key_id(),
            token.id(),
            token.times(),
            token.claims().value("é").map(|value| value.to_string()),
        )
    });
    let (form, key_id, id, times, value) = facts.expect("valid");
    assert_eq!(form.as_str(), "jwt");
    assert_eq!(key_id, key().id());
    assert_eq!(id, TokenId::parse("00000000002a"));
    assert_eq!(times.issued_at, Some(NOW as u32));
    assert_eq!(times.expires_at, Some(NOW as u32 + 60));
    assert_eq!(times.not_before, None);
    assert_eq!(value.as_deref(), Some("ü\0"));
}

#[test]
fn names_that_the_form_has_for_itself_are_no_claims() {
    for name in ["iat", "exp", "nbf", "jti", "kid"] {
        assert_eq!(
            minted(Form::Jwt, &[("a", "1"), (name, "1")]),
            Err(ClaimError::Reserved(name))
        );
        assert!(minted(Form::default(), &[(name, "1")]).is_ok());
    }
    assert!(minted(Form::Jwt, &[("sub", "1"), ("IAT", "2"), ("alg", "none"), ("crit", "x")]).is_ok());
}

#[test]
fn the_limits_of_a_signed_token_hold_for_a_jwt() {
    let long = "x".repeat(512);
    for form in [Form::default(), Form::Jwt] {
        let values = |count: usize| {
            vec![("a", &*long), ("b", &*long)]
                .into_iter()
                .take(count)
                .collect::<Vec<_>>()
        };
        assert!(minted(form, &values(1)).is_ok());
        assert_eq!(minted(form, &values(2)), Err(ClaimError::LongMap(1035)));
        assert_eq!(minted(form, &[("a", "")]), Err(ClaimError::EmptyValue));
    }
}

#[test]
fn a_jwt_that_escapes_make_too_long_is_refused_and_leaves_nothing() {
    let control = "\u{1}".repeat(506);
    let claims = [("a", &*control), ("b", &*control)];
    assert!(minted(Form::default(), &claims).is_ok());
    let mut text = b"before".to_vec();
    let validity = Validity::new(1, None, None).expect("times");
    let id = TokenId::parse("000000000000").expect("an id");
    let result = Minter::new(&key(), Form::Jwt).mint::<ClaimError>(&validity, id, &mut text, |map| {
        claims
            .iter()
            .try_for_each(|(name, value)| map.push(&ClaimName::parse(name)?, value))
    });
    assert!(matches!(result, Err(ClaimError::LongJwt(8193..))), "{result:?}");
    assert_eq!(text, b"before");
}

#[test]
fn the_longest_jwt_that_is_read_is_the_longest_that_is_found_in_a_paste() {
    // one blank in the header, so that the whole comes to exactly 8,192 characters
    let header = format!(r#"{{"alg":"HS256","kid":"{KID}","typ":"JWT" }}"#);
    let of = |bytes: usize| {
        let payload = format!(r#"{{"a":"{}"}}"#, "x".repeat(bytes - 8));
        signed_with(key().jwt(), &header, payload)
    };
    let (fits, too_long) = (of(6069), of(6070));
    assert_eq!((fits.len(), too_long.len()), (8192, 8194));
    assert!(outcome(&fits).starts_with("a=xxx"));
    assert_eq!(outcome(&too_long), "malformed");
    assert!(has_shape(&fits) && !has_shape(&too_long));
}

#[test]
fn no_form_verifies_as_another() {
    let key = key();
    let header = format!(r#"{{"alg":"HS256","kid":"{KID}"}}"#);
    for other in [key.signing(), &SigningKey::new(key.secret().expose())] {
        assert_eq!(outcome(&signed_with(other, &header, "{}")), "invalid_signature");
    }
    // a signed token under the JWT key, as a backend could try it
    let mut bytes = bytes_of(&minted(Form::Signed(Alphabet::Base64Url), &[("a", "b")]).expect("fits"));
    let message = bytes.len() - 16;
    let tag = key.jwt().tag(&bytes[..message]);
    assert_ne!(bytes[message..], tag);
    bytes[message..].copy_from_slice(&tag);
    assert_eq!(outcome(&base64url(&bytes)), "invalid_signature");
    // and the same bytes under the signing key of a ring that has the JWT key for its secret
    let backend = Key::new(Secret::new(key.jwt_secret().to_vec().into()).expect("32 bytes"));
    assert_ne!(backend.id(), key.id());
    assert_ne!(backend.jwt().full_tag(b""), key.jwt().full_tag(b""));
}
