//! What holds for all claims, all times and all keys, over the front door.

use linkmint_token::claims::{ClaimName, MAX_VALUE};
use linkmint_token::token::{UntrustedToken, Validity, ValidityError, wire};
use linkmint_token::{
    Alphabet, ClaimSet, Form, Key, Keyring, Minter, Refusal, Secret, Status, TokenId, UnixTime, Verifier,
};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::collections::BTreeMap;
use std::time::Duration;

type Claims = BTreeMap<String, String>;

fn form() -> impl Strategy<Value = Form> {
    select(vec![
        Form::Signed(Alphabet::Base64Url),
        Form::Signed(Alphabet::Base32),
        Form::Sealed(Alphabet::Base64Url),
        Form::Sealed(Alphabet::Base32),
    ])
}

fn name() -> impl Strategy<Value = String> {
    let any_text = prop_oneof!["[a-z_]{1,12}", "\\PC{1,64}", "[\u{80}-\u{10ffff}]{1,16}"];
    let any_name = any_text.prop_filter("a name of a claim", |text| ClaimName::parse(text).is_ok());
    let registered = select(vec!["customer_id", "campaign_id", "product_id"]);
    prop_oneof![1 => registered.prop_map(str::to_owned), 2 => any_name]
}

fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        "[0-9]{1,22}",
        any::<u64>().prop_map(|number| number.to_string()),
        "[0-9a-f]{7,42}",
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-fA-F]{12}",
        any::<String>(),
        "[\\x00-\\x1f\\x7f\u{feff}\u{202e}]{1,20}",
        "[a-z0-9é]{500,512}",
    ]
    .prop_filter("a value of a claim", |text| (1..=MAX_VALUE).contains(&text.len()))
}

/// Claims that a token carries: at most 16, and 1,024 bytes together.
fn claims() -> impl Strategy<Value = Claims> {
    btree_map(name(), value(), 0..=16).prop_filter("they fit into a token", |claims| {
        let long: usize = claims.iter().map(|(name, value)| name.len() + value.len() + 5).sum();
        long <= 1_015
    })
}

/// Times of all sizes, with those at the edges more often.
fn second() -> impl Strategy<Value = u32> {
    let edges = vec![0, 1, 2, 0x7fff_ffff, 0x8000_0000, u32::MAX - 1, u32::MAX];
    prop_oneof![select(edges), any::<u32>()]
}

fn validity() -> impl Strategy<Value = Validity> {
    let times = (second(), proptest::option::of(second()), proptest::option::of(second()));
    times.prop_filter_map("times of a token", |(issued, expires, start)| {
        Validity::new(issued, expires, start).ok()
    })
}

fn id() -> impl Strategy<Value = TokenId> {
    any::<u64>().prop_map(|number| TokenId::parse("000000000000").expect("an id").plus(number))
}

fn ring(seed: u8) -> Keyring {
    Keyring::of(Secret::new(vec![seed; 32].into()).expect("32 bytes"))
}

fn minted(ring: &Keyring, form: Form, validity: &Validity, id: TokenId, claims: &Claims) -> String {
    let pairs = claims.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let claims = ClaimSet::of(pairs).expect("claims of a token");
    let mut minter = Minter::new(ring.signing_key(None).expect("a key"), form);
    minter.mint_claims(validity, id, &claims).expect("they fit")
}

/// A second at which a token of these times is valid; none if it never is.
fn good_second(validity: &Validity) -> UnixTime {
    UnixTime(validity.not_before().unwrap_or(validity.issued_at().min(u32::MAX - 1)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn any_claims_come_back(form in form(), validity in validity(), id in id(), claims in claims()) {
        let ring = ring(7);
        let text = minted(&ring, form, &validity, id, &claims);
        let token = Verifier::new(&ring).verify(&text, good_second(&validity)).expect("valid");
        let read: Claims = token.claims().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        prop_assert_eq!(read, claims);
        prop_assert_eq!(token.form(), form);
        prop_assert_eq!(token.id(), Some(id));
        prop_assert_eq!(token.issued_at(), Some(UnixTime(validity.issued_at())));
        prop_assert_eq!(token.expires_at(), validity.expires_at().map(UnixTime));
        prop_assert_eq!(token.not_before(), validity.not_before().map(UnixTime));
        prop_assert!(text.len() <= wire::MAX_TEXT && text.bytes().all(|byte| byte.is_ascii_graphic()));
    }

    #[test]
    fn any_changed_byte_is_refused(
        form in form(), validity in validity(), id in id(), claims in claims(), place: Index, flip in 1..=255u8
    ) {
        let ring = ring(7);
        let text = minted(&ring, form, &validity, id, &claims);
        let mut bytes = Vec::new();
        let alphabet = wire::decode(&text, &mut bytes).expect("a token");
        let place = place.index(bytes.len());
        bytes[place] ^= flip;
        let mut changed = Vec::new();
        wire::encode(&bytes, alphabet, &mut changed);
        let changed = String::from_utf8(changed).expect("ASCII");
        let status = Verifier::new(&ring).verify(&changed, good_second(&validity)).expect_err("changed").status();
        let expected = match place {
            0 => &[Status::Malformed, Status::InvalidSignature][..],
            1 | 2 => &[Status::UnknownKey],
            _ => &[Status::InvalidSignature],
        };
        prop_assert!(expected.contains(&status), "{status} at byte {place}");
    }

    #[test]
    fn another_key_of_the_same_id_is_refused(form in form(), validity in validity(), id in id(), claims in claims()) {
        // two of some hundred secrets whose two bytes of id agree
        let (one, other) = same_id();
        let text = minted(&Keyring::of(one), form, &validity, id, &claims);
        let refusal = Verifier::new(&Keyring::of(other)).verify(&text, good_second(&validity));
        prop_assert_eq!(refusal.expect_err("another key"), Refusal::InvalidSignature);
    }

    #[test]
    fn two_inputs_never_mint_one_token(
        forms in (form(), form()), validities in (validity(), validity()), ids in (id(), id()),
        one in claims(), change in 0..4usize, other in claims(),
    ) {
        let ring = ring(7);
        let first = (forms.0, validities.0, ids.0, one.clone());
        let mut second = first.clone();
        // in one point only: where they differ in all they would differ anyhow
        match change {
            0 => second.0 = forms.1,
            1 => second.1 = validities.1,
            2 => second.2 = ids.1,
            _ => second.3 = other,
        }
        let mint = |(form, validity, id, claims): &(Form, Validity, TokenId, Claims)| {
            minted(&ring, *form, validity, *id, claims)
        };
        prop_assert_eq!(first == second, mint(&first) == mint(&second));
    }

    #[test]
    fn the_edges_of_a_tokens_time_are_exact(form in form(), validity in validity(), leeway in 0..5_000u32) {
        let ring = ring(7);
        let text = minted(&ring, form, &validity, TokenId::parse("000000000001").expect("an id"), &Claims::new());
        for leeway in [0, leeway] {
            let verifier = Verifier::new(&ring).leeway(Duration::from_secs(leeway.into()));
            let edges = [validity.not_before(), validity.expires_at(), Some(validity.issued_at())];
            for edge in edges.into_iter().flatten() {
                let around = [edge.saturating_sub(leeway), edge, edge.saturating_add(leeway)];
                for now in around.into_iter().flat_map(|now| [now.saturating_sub(1), now, now.saturating_add(1)]) {
                    let (wide, leeway) = (i64::from(now), i64::from(leeway));
                    let early = validity.not_before().is_some_and(|start| wide + leeway < i64::from(start));
                    let late = validity.expires_at().is_some_and(|end| wide - leeway >= i64::from(end));
                    let expected = match (early, late) {
                        (true, _) => Status::NotYetValid,
                        (false, true) => Status::Expired,
                        (false, false) => Status::Valid,
                    };
                    let answer = verifier.verify(&text, UnixTime(now));
                    prop_assert_eq!(answer.map_or_else(|refusal| refusal.status(), |_| Status::Valid), expected);
                }
            }
        }
    }

    #[test]
    fn times_that_contradict_each_other_are_refused(issued in second(), expires in second(), start in second()) {
        let is_good = expires > issued && start != 0 && start < expires;
        prop_assert_eq!(Validity::new(issued, Some(expires), Some(start)).is_ok(), is_good);
        prop_assert_eq!(Validity::new(issued, None, Some(start)).is_ok(), start != 0);
        let seconds = u64::from(expires);
        let lasting = Validity::lasting(issued, seconds);
        match u64::from(issued) + seconds {
            _ if seconds == 0 => prop_assert_eq!(lasting, Err(ValidityError::ExpiresAsIssued)),
            end @ 0..=0xffff_ffff => prop_assert_eq!(lasting, Validity::new(issued, Some(end as u32), None)),
            _ => prop_assert_eq!(lasting, Err(ValidityError::AfterLastSecond)),
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,200}", start in select(vec!["", "L", "S", "F", "j", "eyJ", "LA"])) {
        let keys = [ring(7).keys()[0].clone()];
        for text in [text.clone(), format!("{start}{text}")] {
            let mut buffer = Vec::new();
            let answer = UntrustedToken::read(&text, &mut buffer).and_then(|token| token.authenticate(&keys).map(drop));
            prop_assert!(answer.is_err());
        }
    }

    #[test]
    fn bytes_that_begin_like_a_token_are_refused(kind in select(vec![0x2cu8, 0x48]), rest in vec(any::<u8>(), 30..1_100)) {
        let ring = ring(7);
        let id = ring.keys()[0].id().0;
        let bytes = [&[kind][..], &id, &rest].concat();
        for alphabet in [Alphabet::Base64Url, Alphabet::Base32] {
            let mut text = Vec::new();
            wire::encode(&bytes, alphabet, &mut text);
            let text = String::from_utf8(text).expect("ASCII");
            let status = Verifier::new(&ring).verify(&text, UnixTime(1)).expect_err("made up").status();
            prop_assert!(matches!(status, Status::Malformed | Status::InvalidSignature));
        }
    }
}

/// Two secrets whose keys have the same id: among a few hundred of them some do.
fn same_id() -> (Secret, Secret) {
    static PAIR: std::sync::OnceLock<(u16, u16)> = std::sync::OnceLock::new();
    let secret = |number: u16| Secret::new([&[3; 30][..], &number.to_be_bytes()].concat().into()).expect("32 bytes");
    let (one, other) = PAIR.get_or_init(|| {
        let mut seen = BTreeMap::new();
        (0..)
            .find_map(|number| {
                let earlier = seen.insert(Key::new(secret(number)).id(), number);
                earlier.map(|earlier| (earlier, number))
            })
            .expect("65,536 secrets share 65,536 ids only if none repeats")
    });
    (secret(*one), secret(*other))
}
