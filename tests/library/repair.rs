//! Every kind of slip at every place of tokens of every form.

use linkmint::key::{CheckingKey, Key, Secret};
use linkmint::paste::has_shape;
use linkmint::repair::{Slip, SlipKind, one_slip_away, one_slip_until};
use linkmint::token::{UntrustedToken, wire::Alphabet};
use linkmint::{ClaimSet, Form, Minter, TokenId, UnixTime, Validity};
use proptest::prelude::*;
use std::sync::LazyLock;

const TYPICAL: &str = "LOKOarE7gGqyjQABAgMEBQajARoAEtaHAmhzcHJpbmcyNgMYWIbqqsMuOaXfgl2ImtOCtkk";
const SEALED: &str = "SOKOjwqt5H28H1bZ-2yREtj8pew4p3NKWVF_Qmo0J2Ss-VZ29UIkzLy9xG3DebBz-5RBB_o";
const PADDED: &str = "LOKOarE7gGqyjQABAgMEBQahARgqsAKihzseBkGUn7ckVF68gQ";
const BASE32: &str = "ftri42vrhoagvmunaaaqeayeaudkgai2aajnnbycnbzxa4tjnzttenqddbmin2vkymxdtjo7qjoyrgwtqk3es";
const SEALED_BASE32: &str = "JDRI5DYKVXSH3PA7K3M7W3ERCLMPZJPMHCTXGSSZKF7UE2RUE5SKZ6KWO32UEJGMXS64I3ODPGYHH64UIED7U";
const JWT: &str = concat!(
    "eyJhbGciOiJIUzI1NiIsImtpZCI6ImUyOGUiLCJ0eXAiOiJKV1QifQ.eyJpYXQiOjE3OTAwMDAwMDAsImV4cCI6MTc5",
    "MDA4NjQwMCwianRpIjoiNmFiMTNiODAwMTAyMDMwNDA1MDYiLCJjdXN0b21lcl9pZCI6IjEyMzQ1NjciLCJjYW1wYWln",
    "bl9pZCI6InNwcmluZzI2IiwicHJvZHVjdF9pZCI6Ijg4In0.fLZDIsL7UpH6_sD-sFakRCb8m5AAy1ptjjj9xFUjkCQ"
);
const TOKENS: [&str; 6] = [TYPICAL, SEALED, PADDED, BASE32, SEALED_BASE32, JWT];

/// The places of a token that a test tries: all, of a long one every 23rd.
fn places(token: &str) -> impl Iterator<Item = (usize, char)> {
    let step = if token.len() > 100 { 23 } else { 1 };
    token.char_indices().step_by(step)
}

/// The slip found where only this token is genuine.
fn slip_from(damaged: &str, genuine: &str) -> Option<Slip> {
    one_slip_away(damaged, &mut |text| text == genuine)
}

/// The slip from a token that one of these keys has made.
fn one_slip_from_authentic(text: &str, keys: &[CheckingKey]) -> Option<Slip> {
    one_slip_until(text, keys, &mut || false).expect("nobody stops it")
}

fn expect(damaged: &str, genuine: &str) -> Slip {
    let slip = slip_from(damaged, genuine);
    let slip = slip.unwrap_or_else(|| panic!("nothing found for {damaged}, from {genuine}"));
    assert_eq!(slip.repaired, genuine);
    slip
}

fn with(text: &str, at: usize, new: char) -> String {
    text.chars()
        .enumerate()
        .map(|(i, c)| if i == at { new } else { c })
        .collect()
}

fn without(text: &str, at: usize) -> String {
    text.chars()
        .enumerate()
        .filter(|&(i, _)| i != at)
        .map(|(_, c)| c)
        .collect()
}

fn inserted(text: &str, at: usize, new: char) -> String {
    format!("{}{new}{}", &text[..at], &text[at..])
}

fn is_base32(token: &str) -> bool {
    token.starts_with(['f', 'F', 'j', 'J'])
}

#[test]
fn a_wrong_character_is_found_everywhere() {
    for token in TOKENS {
        for (at, right) in places(token) {
            for wrong in ['2', 'x', '-', '.', '🌞'] {
                if wrong.eq_ignore_ascii_case(&right) {
                    continue;
                }
                let slip = expect(&with(token, at, wrong), token);
                assert_eq!((slip.position, slip.kind), (at + 1, SlipKind::Substituted));
                assert_eq!(slip.should_be, Some(right.to_string()));
                assert_eq!(slip.to_string(), format!("character {} should be {right}", at + 1));
            }
        }
    }
}

#[test]
fn upper_for_lower_is_found_everywhere() {
    for token in TOKENS.into_iter().filter(|token| !is_base32(token)) {
        for (at, right) in token.char_indices().filter(|(_, c)| c.is_ascii_alphabetic()) {
            let wrong = char::from(u8::try_from(right).expect("ASCII") ^ 0x20);
            let slip = expect(&with(token, at, wrong), token);
            assert_eq!((slip.position, slip.kind), (at + 1, SlipKind::Case));
            assert_eq!(slip.should_be, Some(right.to_string()));
        }
    }
}

#[test]
fn a_lost_character_is_found_everywhere() {
    for token in TOKENS {
        for (at, lost) in places(token) {
            let damaged = without(token, at);
            let slip = expect(&damaged, token);
            assert_eq!(slip.should_be, Some(lost.to_string()));
            let is_end = slip.position == damaged.len();
            let kind = if is_end { SlipKind::CutEnd } else { SlipKind::Lost };
            assert_eq!(slip.kind, kind, "{damaged}");
            // Of two equal neighbours either may be the one that is lost.
            assert_eq!(inserted(&damaged, slip.position, lost), token);
        }
    }
}

#[test]
fn a_doubled_or_added_character_is_found_everywhere() {
    for token in TOKENS {
        for (at, right) in places(token) {
            let slip = expect(&inserted(token, at, right), token);
            assert_eq!(slip.kind, SlipKind::Doubled);
            assert_eq!(slip.should_be, None);
            let damaged = inserted(token, at, right);
            assert_eq!(without(&damaged, slip.position - 1), token);
            for new in ['7', 'é', ' '] {
                let damaged = inserted(token, at, new);
                let slip = expect(&damaged, token);
                assert_eq!(without(&damaged, slip.position - 1), token);
            }
        }
        let slip = expect(&format!("{token}!"), token);
        assert_eq!((slip.position, slip.kind), (token.len() + 1, SlipKind::Added));
    }
}

#[test]
fn swapped_neighbours_are_found_everywhere() {
    for token in TOKENS {
        let characters: Vec<char> = token.chars().collect();
        for at in 1..characters.len() {
            let mut swapped = characters.clone();
            swapped.swap(at - 1, at);
            let damaged: String = swapped.iter().collect();
            if damaged.eq_ignore_ascii_case(token) {
                continue;
            }
            let slip = expect(&damaged, token);
            assert_eq!((slip.position, slip.kind), (at, SlipKind::Swapped));
            assert_eq!(slip.should_be, Some(token[at - 1..=at].to_owned()));
        }
    }
}

#[test]
fn an_end_cut_by_up_to_two_is_found() {
    for token in TOKENS {
        for cut in 1..=2 {
            let damaged = &token[..token.len() - cut];
            let slip = expect(damaged, token);
            assert_eq!((slip.position, slip.kind), (damaged.len(), SlipKind::CutEnd));
            assert_eq!(slip.should_be.as_deref(), Some(&token[token.len() - cut..]));
        }
        assert_eq!(slip_from(&token[..token.len() - 3], token), None);
    }
}

#[test]
fn the_sentences_are_those_of_the_contract() {
    let sentence = |damaged: &str, token: &str| expect(damaged, token).to_string();
    assert_eq!(sentence(&with(TYPICAL, 16, 'X'), TYPICAL), "character 17 should be A");
    let lost = "a character is missing after character 16: A";
    assert_eq!(sentence(&without(TYPICAL, 16), TYPICAL), lost);
    let first = "a character is missing before character 1: L";
    assert_eq!(sentence(&TYPICAL[1..], TYPICAL), first);
    assert_eq!(
        sentence(&inserted(TYPICAL, 16, 'A'), TYPICAL),
        "character 17 is doubled"
    );
    assert_eq!(
        sentence(&inserted(TYPICAL, 16, 'x'), TYPICAL),
        "character 17 does not belong there"
    );
    let swapped = TYPICAL.replace("AgMEBQ", "AgMBEQ");
    assert_eq!(sentence(&swapped, TYPICAL), "characters 20 and 21 are swapped");
    assert_eq!(sentence(&TYPICAL[..69], TYPICAL), "the end is cut off: kk is missing");
}

#[test]
fn two_genuine_tokens_leave_open_which_was_meant() {
    let (one, other) = (with(TYPICAL, 30, 'x'), with(TYPICAL, 30, 'y'));
    let mut genuine = |text: &str| text == one || text == other;
    assert_eq!(one_slip_away(TYPICAL, &mut genuine), None);
    let mut any = |_: &str| true;
    assert_eq!(one_slip_away(TYPICAL, &mut any), None);
}

#[test]
fn two_slips_are_too_many() {
    let twice = with(&with(TYPICAL, 20, 'x'), 50, 'x');
    assert_eq!(slip_from(&twice, TYPICAL), None);
    assert_eq!(slip_from(&TYPICAL.to_lowercase(), TYPICAL), None);
    assert_eq!(slip_from(&with(&without(TYPICAL, 9), 20, '?'), TYPICAL), None);
}

#[test]
fn base32_is_repaired_in_its_own_case() {
    let mixed = "Ftri42VRHOAGvmunaaaqeayeaudkgai2aajnnbycnbzxa4tjnzttenqddbmin2vkymxdtjo7qjoyrgwtqk3es";
    let damaged = with(mixed, 12, '1');
    let mut genuine = |text: &str| text.eq_ignore_ascii_case(mixed);
    let slip = one_slip_away(&damaged, &mut genuine).expect("a slip");
    assert_eq!(slip.repaired, mixed);
    let upper = BASE32.to_uppercase();
    assert_eq!(expect(&with(&upper, 12, '1'), &upper).should_be.as_deref(), Some("V"));
}

/// Whether a signed token is genuine under the first vector's secret.
static KEYS: LazyLock<[CheckingKey; 2]> = LazyLock::new(|| {
    [0x80, 0].map(|first: u8| {
        let secret = (first..first + 32).collect::<Vec<u8>>();
        Key::new(Secret::new(secret.into()).expect("32 bytes")).into()
    })
});

fn is_authentic(text: &str) -> bool {
    UntrustedToken::read(text, &mut Vec::new())
        .and_then(|token| token.authenticate(&*KEYS))
        .is_ok()
}

#[test]
fn a_real_signature_finds_the_slip_that_checking_each_text_finds() {
    for token in TOKENS {
        let middle = token.len() / 2;
        for damaged in [with(token, middle, 'z'), without(token, middle + 3), token.to_owned()] {
            let slip = one_slip_from_authentic(&damaged, &*KEYS);
            assert_eq!(slip, one_slip_away(&damaged, &mut is_authentic), "{damaged}");
            assert_eq!(
                slip.map(|slip| slip.repaired),
                (damaged != token).then(|| token.to_owned())
            );
        }
    }
}

#[test]
fn a_slip_in_a_jwt_of_many_alphabets_is_found() {
    let key = KEYS[1].secret().expect("a secret");
    let claims = ClaimSet::of([("é", "ü\0\n\"\\"), ("customer_id", "🎁 Ω"), ("x", "ÿþ")]).expect("claims");
    let token = Minter::new(key, Form::Jwt)
        .mint_claims(
            &Validity::endless(UnixTime(1)),
            TokenId::parse("000000000001").expect("an id"),
            &claims,
        )
        .expect("they fit");
    for (at, right) in token.char_indices().step_by(3) {
        let wrong = if right == '7' { 'm' } else { '7' };
        let damaged = match at % 4 {
            0 => with(&token, at, wrong),
            1 => without(&token, at),
            2 => inserted(&token, at, wrong),
            _ => {
                let next = token[at + 1..].chars().next().unwrap_or(right);
                with(&with(&token, at, next), (at + 1).min(token.len() - 1), right)
            }
        };
        let slip = one_slip_from_authentic(&damaged, &KEYS[1..]);
        let found = slip.map_or(damaged.clone(), |slip| slip.repaired);
        assert_eq!(found, token, "{damaged}");
    }
}

#[test]
fn a_slip_in_the_longest_tokens_is_found() {
    let key = KEYS[1].secret().expect("a secret");
    let claims: Vec<(String, String)> = (b'a'..b'q')
        .map(|name| (char::from(name).into(), "Vv".repeat(29)))
        .collect();
    let claims = ClaimSet::of(claims.iter().map(|(name, value)| (name.as_str(), value.as_str()))).expect("they fit");
    for form in [
        Form::default(),
        Form::Signed(Alphabet::Base32),
        Form::Sealed(Alphabet::Base64Url),
        Form::Jwt,
    ] {
        let token = Minter::new(key, form)
            .mint_claims(
                &Validity::endless(UnixTime(1)),
                TokenId::parse("000000000001").expect("an id"),
                &claims,
            )
            .expect("they fit");
        assert!(token.len() > 1_300, "{}", token.len());
        for damaged in [
            with(&token, 1_000, '_'),
            without(&token, 700),
            inserted(&token, 40, 'b'),
        ] {
            let slip = one_slip_from_authentic(&damaged, &*KEYS);
            assert_eq!(slip.map(|slip| slip.repaired), Some(token.clone()), "{damaged}");
        }
    }
}

#[test]
fn odd_texts_find_nothing() {
    let long = "L".repeat(100_000);
    let dots = ".".repeat(8_000);
    let a_few = [
        "",
        "L",
        "LO",
        "é",
        "\u{0}",
        "....",
        "eyJ",
        "eyJ..",
        &long,
        &dots,
        &TYPICAL[..40],
    ];
    for text in a_few {
        let mut asked = 0;
        let mut genuine = |text: &str| {
            asked += 1;
            assert!(has_shape(text));
            false
        };
        assert_eq!(one_slip_away(text, &mut genuine), None);
        assert!(asked < 10_000, "{asked}");
    }
}

fn assert_trials_come_once(damaged: &str) {
    let mut seen = std::collections::HashSet::new();
    one_slip_away(damaged, &mut |trial| {
        assert!(seen.insert(trial.to_owned()), "{trial} twice");
        assert!(has_shape(trial));
        false
    });
}

#[test]
fn trials_come_once_and_with_a_shape() {
    for token in TOKENS {
        for damaged in [
            with(token, 30, 'x'),
            without(token, 20),
            inserted(token, 20, 'q'),
            token[..token.len() - 2].to_owned(),
            with(token, 5, '?'),
            token[1..].to_owned(),
        ] {
            assert_trials_come_once(&damaged);
        }
    }
}

proptest! {
    #[test]
    fn garbage_finds_nothing(text in "[A-Za-z0-9_.-]{0,120}|\\PC{0,90}") {
        prop_assert_eq!(one_slip_from_authentic(&text, &*KEYS), None);
    }

    #[test]
    fn a_random_slip_of_a_random_token_is_found(
        which in 0..TOKENS.len(),
        at in 0..1000usize,
        new in "[A-Za-z0-9_.-]",
        kind in 0..3,
    ) {
        let token = TOKENS[which];
        let at = at % token.len();
        let new = new.chars().next().unwrap_or('A');
        let damaged = match kind {
            0 => with(token, at, new),
            1 => inserted(token, at, new),
            _ => without(token, at),
        };
        let same = if is_base32(token) { damaged.eq_ignore_ascii_case(token) } else { damaged == token };
        if !same {
            let slip = slip_from(&damaged, token).map(|slip| slip.repaired);
            prop_assert_eq!(slip.as_deref(), Some(token));
        }
    }
}
