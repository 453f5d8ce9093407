//! Runs the cases of `paste-cases.txt`, which says at its top how one is written.

use linkmint::paste::{Candidate, Cleaning, candidates, has_shape};

const CASES: &str = include_str!("paste-cases.txt");

/// What a case says is found.
#[derive(Debug, PartialEq)]
enum Expected {
    Token { text: String, undone: Vec<String> },
    Guess(String),
    Nothing,
}

struct Case {
    name: String,
    line: usize,
    pasted: String,
    expected: Vec<Expected>,
}

fn cases() -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for (number, line) in CASES.lines().enumerate() {
        let place = format!("paste-cases.txt: line {}", number + 1);
        if let Some(name) = line.strip_prefix("=== ") {
            let (name, line) = (name.trim().to_owned(), number + 1);
            cases.push(Case {
                name,
                line,
                pasted: String::new(),
                expected: Vec::new(),
            });
            continue;
        }
        let Some(case) = cases.last_mut() else {
            continue;
        };
        if let Some(found) = line.strip_prefix("--> ") {
            case.expected.push(expected(found.trim()));
        } else if case.expected.is_empty() {
            case.pasted += &format!("{line}\n");
        } else if let Some(words) = line.trim().strip_prefix("undone:") {
            let Some(Expected::Token { undone, .. }) = case.expected.last_mut() else {
                panic!("{place}: `undone:` stands below a token only");
            };
            let words = words.split(',').map(|word| word.trim().to_owned());
            undone.extend(words.filter(|word| word != "nothing"));
        } else {
            assert!(line.trim().is_empty(), "{place}: not understood: {line}");
        }
    }
    for case in &mut cases {
        case.pasted = with_characters(case.pasted.trim_end_matches('\n'));
    }
    cases
}

fn expected(found: &str) -> Expected {
    match found.strip_prefix("no token") {
        None => Expected::Token {
            text: found.to_owned(),
            undone: Vec::new(),
        },
        Some(rest) => match rest.strip_prefix(", perhaps: ") {
            Some(guess) => Expected::Guess(guess.to_owned()),
            None => Expected::Nothing,
        },
    }
}

/// `{U+200B}` → the character.
fn with_characters(text: &str) -> String {
    let mut parts = text.split("{U+");
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (code, rest) = part.split_once('}').expect("`{U+` has its `}`");
        let code = u32::from_str_radix(code, 16).expect("a hexadecimal number");
        whole.push(char::from_u32(code).expect("a character"));
        whole += rest;
    }
    whole
}

fn found(pasted: &str) -> Vec<Expected> {
    let found = candidates(pasted);
    if found.is_empty() {
        return vec![Expected::Nothing];
    }
    let words = |candidate: &Candidate| candidate.cleaned.iter().map(|kind| kind.as_str().to_owned()).collect();
    let as_expected = |candidate: &Candidate| match candidate.has_shape() {
        true => Expected::Token {
            text: candidate.text.clone(),
            undone: words(candidate),
        },
        false => Expected::Guess(candidate.text.clone()),
    };
    found.iter().map(as_expected).collect()
}

#[test]
fn every_case_of_the_list_holds() {
    let mut wrong = String::new();
    let cases = cases();
    for case in &cases {
        let found = found(&case.pasted);
        if found != case.expected {
            wrong += &format!(
                "\n=== {} (line {})\n{}\nexpected {:#?}\nfound {found:#?}\n",
                case.name, case.line, case.pasted, case.expected
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(cases.len() >= 187, "only {} cases were read", cases.len());
}

#[test]
fn every_name_of_a_case_is_used_once() {
    let mut names: Vec<String> = cases().into_iter().map(|case| case.name).collect();
    names.sort();
    for pair in names.windows(2) {
        assert_ne!(pair[0], pair[1]);
    }
}

#[test]
fn the_words_for_what_was_undone_are_known_and_distinct() {
    let words: Vec<&str> = Cleaning::ALL.iter().map(|kind| kind.as_str()).collect();
    for (at, word) in words.iter().enumerate() {
        assert!(!words[..at].contains(word), "{word} twice");
    }
    for case in cases() {
        for expected in case.expected {
            if let Expected::Token { undone, .. } = expected {
                for word in undone {
                    assert!(words.contains(&word.as_str()), "{}: no such word: {word}", case.name);
                }
            }
        }
    }
}

#[test]
fn a_place_points_at_the_token_in_the_pasted_text() {
    for case in cases() {
        for candidate in candidates(&case.pasted) {
            let place = candidate.place.clone();
            let part = case.pasted.get(place.clone());
            let part = part.unwrap_or_else(|| panic!("{}: {place:?} is no part", case.name));
            let start = candidate.text.chars().next();
            // base64 and full-width letters spell it otherwise
            let is_respelled = [Cleaning::Base64Link, Cleaning::WideLetters];
            if !candidate.cleaned.iter().any(|kind| is_respelled.contains(kind)) {
                assert_eq!(part.chars().next(), start, "{}: {part}", case.name);
            }
            if has_shape(part) {
                assert_eq!(part, candidate.text, "{}", case.name);
            }
        }
    }
}

#[test]
fn what_was_found_is_found_again_with_nothing_undone() {
    for case in cases() {
        for candidate in candidates(&case.pasted).iter().filter(|found| found.has_shape()) {
            let again = candidates(&candidate.text);
            assert_eq!(again.len(), 1, "{}", case.name);
            assert_eq!(again[0].text, candidate.text);
            assert!(again[0].cleaned.is_empty());
            assert_eq!(again[0].place, 0..candidate.text.len());
        }
    }
}
