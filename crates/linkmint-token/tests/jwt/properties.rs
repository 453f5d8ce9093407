//! What holds for all claims, all keys and all slips.

use super::*;
use linkmint_token::claims::ClaimName;
use linkmint_token::token::jwt;
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn a_name() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("customer_id".to_owned()),
        Just("campaign_id".to_owned()),
        "[a-z_]{1,12}",
        "\\PC{1,16}",
    ]
    .prop_filter("a name that can be minted", |name| {
        ClaimName::parse(name).is_ok() && jwt::reserved(name).is_none()
    })
}

fn a_value() -> impl Strategy<Value = String> {
    // numbers, UUIDs and hex are stored otherwise, controls and quotes need escapes
    prop_oneof![
        "[0-9]{1,21}",
        "[0-9a-f]{8,40}",
        "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}",
        "[\\x00-\\x1f\"\\\\/\\x7f\u{2028}]{1,20}",
        "\\PC{1,40}",
        any::<String>(),
    ]
    .prop_filter("a value that can be minted", |value| (1..=200).contains(&value.len()))
}

fn some_claims() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(a_name(), a_value(), 0..5)
}

fn mint(claims: &BTreeMap<String, String>) -> String {
    let claims: Vec<(&str, &str)> = claims.iter().map(|(name, value)| (&**name, &**value)).collect();
    minted(Form::Jwt, &claims).expect("fits")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn any_claims_come_back(claims in some_claims()) {
        let text = mint(&claims);
        let read: BTreeMap<String, String> = check(&text, |token| {
            token.claims().iter().map(|claim| (claim.name.to_owned(), claim.value.to_string())).collect()
        }).expect("valid");
        prop_assert_eq!(read, claims.clone());
        // and a JSON reader of no special care sees the same
        let payload: serde_json::Value =
            serde_json::from_slice(&bytes_of(text.split('.').nth(1).expect("a payload"))).expect("JSON");
        for (name, value) in &claims {
            prop_assert_eq!(payload[name].as_str(), Some(&**value));
        }
    }

    #[test]
    fn any_other_character_is_refused(claims in some_claims(), place: prop::sample::Index, letter in "[A-Za-z0-9_.=+/ -]|\\PC") {
        let text = mint(&claims);
        let at = place.index(text.len());
        let changed = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
        prop_assume!(changed != text);
        prop_assert!(check(&changed, |_| ()).is_err(), "{changed}");
    }

    #[test]
    fn any_character_more_or_less_or_swapped_is_refused(claims in some_claims(), place: prop::sample::Index, letter in "[A-Za-z0-9_.=-]") {
        let text = mint(&claims);
        let at = place.index(text.len() - 1);
        let mut swapped = text.clone().into_bytes();
        swapped.swap(at, at + 1);
        let swapped = String::from_utf8(swapped).expect("ASCII");
        for changed in [
            format!("{}{letter}{}", &text[..at], &text[at..]),
            format!("{text}{letter}"),
            format!("{}{}", &text[..at], &text[at + 1..]),
            text[..at + 1].to_owned(),
            swapped,
        ] {
            prop_assert!(changed == text || check(&changed, |_| ()).is_err(), "{changed}");
        }
    }

    #[test]
    fn any_signature_but_the_right_one_is_refused(payload in "\\PC{1,40}", tag in vec(any::<u8>(), 32)) {
        let text = with_payload(payload);
        let input = text.rsplit_once('.').expect("three parts").0;
        let status = outcome(&format!("{input}.{}", base64url(tag)));
        prop_assert_eq!(status, "invalid_signature");
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(header in vec(any::<u8>(), 0..60), payload in vec(any::<u8>(), 0..60)) {
        let mut whole = b"{\"alg\":\"HS256\",\"kid\":\"e28e\"".to_vec();
        whole.extend(header);
        let _ = outcome(&signed_with(key().jwt(), whole, &payload));
        let _ = outcome(&with_payload(payload));
    }

    #[test]
    fn any_json_is_shown_or_refused(payload in "\\{(\"[a-c]\":(\"[a-z\\\\\"]{0,3}\"|-?[0-9]{1,3}|[0-9.e-]{1,4}|null|\\{\\}|\\[\\]),?){0,4}\\}") {
        let taken = !["malformed", "expired"].contains(&&*outcome(&with_payload(&payload)));
        // never more than a lenient reader takes
        prop_assert!(!taken || serde_json::from_str::<serde_json::Value>(&payload).is_ok(), "{payload}");
    }
}
