//! A ledger against a plain map of what was counted, and what it does with files that are none.

#[cfg(all(unix, feature = "postgres"))]
use crate::server;
use linkmint::claims::{ClaimSet, Claims};
use linkmint::key::{Key, Secret};
#[cfg(all(unix, feature = "postgres"))]
use linkmint::ledger::ServerError;
use linkmint::ledger::{
    Checks, Foreign, How, Known, Ledger, LedgerError, Options, Question, Replacement, Run, Sightings, Target, Uses,
};
use linkmint::token::{Authentic, Form, Minter, Revocation, Status, TokenId, Trace, UntrustedToken, Validity};
use linkmint::{Alphabet, KeyId, UnixTime};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

const NOW: UnixTime = UnixTime(1_790_000_100);
const CREATE: Options = Options {
    create: true,
    read_only: false,
    sync: false,
    clock: None,
};
const READ: Options = Options {
    create: false,
    read_only: true,
    sync: false,
    clock: None,
};

/// Where a ledger is to be.
struct Location {
    folder: TempDir,
    /// The address of a data base, where it is to be on a server.
    address: Option<String>,
}

impl Location {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            #[cfg(all(unix, feature = "postgres"))]
            address: server::is_meant().then(server::data_base),
            #[cfg(not(all(unix, feature = "postgres")))]
            address: None,
        }
    }

    fn path(&self) -> PathBuf {
        match &self.address {
            Some(address) => address.into(),
            None => self.folder.path().join("ledger.db"),
        }
    }

    fn open(&self) -> Ledger {
        Ledger::open(&self.path(), CREATE).expect("a ledger")
    }
}

fn key() -> Key {
    Key::new(Secret::new(vec![7; 32].into()).expect("32 bytes"))
}

/// Token number `id`, with an hour to live.
fn mint(id: u64, form: Form) -> String {
    let mut minter = Minter::new(&key(), form);
    let validity = Validity::lasting(NOW, 3_600 + id % 2).expect("a validity");
    let claims = ClaimSet::of([("customer_id", &*id.to_string()), ("campaign_id", "spring26")]).expect("claims");
    let start = TokenId::parse("000000000000").expect("an id");
    minter.mint_claims(&validity, start.plus(id), &claims).expect("a token")
}

fn with<T>(text: &str, look: impl FnOnce(&Authentic<'_>) -> T) -> T {
    let mut buffer = Vec::new();
    let token = UntrustedToken::read(text, &mut buffer).expect("a token");
    look(&token.authenticate(&[key().into()]).expect("authentic"))
}

fn sightings(ids: impl IntoIterator<Item = (u64, Status)>) -> Sightings {
    let mut sightings = Sightings::default();
    for (id, status) in ids {
        with(&mint(id, Form::default()), |token| {
            sightings.add(token, token.trace(), status, false)
        });
    }
    sightings
}

fn trace(id: u64) -> Trace {
    with(&mint(id, Form::default()), |token| token.trace())
}

fn uses(count: u64, first: u32, last: u32) -> Uses {
    Uses {
        count,
        first: Some(first),
        last: Some(last),
    }
}

/// What a ledger knows of a token with these claims.
fn known(ledger: &Ledger, trace: Trace, claims: Claims<'_>) -> Known {
    let uses = true;
    let known = ledger.known(&[Question { trace, claims, uses }]).expect("read");
    known.into_iter().next().expect("one for each question")
}

/// How often the token number `id` was checked.
fn uses_of(ledger: &Ledger, id: u64) -> Uses {
    known(ledger, trace(id), Claims::default()).uses.expect("it was asked")
}

/// What was made in the place of the token number `id`.
fn replacement(ledger: &Ledger, id: u64) -> Option<Replacement> {
    known(ledger, trace(id), Claims::default()).replaced_by
}

#[test]
fn each_check_learns_how_often_its_token_was_checked() {
    let place = Location::new();
    let mut ledger = place.open();
    assert!(ledger.is_new());
    assert_eq!(uses_of(&ledger, 1), Uses::default());
    let twice = sightings([(1, Status::Valid), (2, Status::Valid), (1, Status::Expired)]);
    let now = NOW.0;
    assert_eq!(
        ledger.count(&twice, NOW).expect("counted"),
        [uses(1, now, now), uses(1, now, now), uses(2, now, now)]
    );
    drop(ledger);
    let mut ledger = place.open();
    assert!(!ledger.is_new());
    let earlier = UnixTime(now - 5_000);
    let once = sightings([(1, Status::Valid)]);
    assert_eq!(
        ledger.count(&once, earlier).expect("counted"),
        [uses(3, now - 5_000, now)]
    );
    assert_eq!(uses_of(&ledger, 1), uses(3, now - 5_000, now));
    assert_eq!(ledger.count(&Sightings::default(), NOW).expect("nothing to do"), []);
}

#[test]
fn many_tokens_in_many_leaves_are_counted_as_in_a_map() {
    let place = Location::new();
    let mut ledger = place.open();
    let mut model: BTreeMap<Trace, Vec<Checks>> = BTreeMap::new();
    let statuses = [Status::Valid, Status::Expired, Status::Revoked, Status::RowMismatch];
    let (mut seed, mut total) = (1u64, 0);
    let mut random = |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for turn in 0..24 {
        let at = UnixTime(NOW.0 + turn * 333);
        let many = [1, 2, 200, 1_500][turn as usize % 4];
        let checks: Vec<_> = (0..many)
            .map(|_| (random(2_500), statuses[random(4) as usize]))
            .collect();
        ledger.count(&sightings(checks.iter().copied()), at).expect("counted");
        total += checks.len() as u64;
        for (id, status) in checks {
            let known = model.entry(trace(id)).or_default();
            let same = |other: &&mut Checks| other.status == status && other.first / 900 == at.0 / 900;
            match known.iter_mut().find(same) {
                Some(known) => (known.count, known.last) = (known.count + 1, at.0),
                None => known.push(Checks {
                    status,
                    count: 1,
                    first: at.0,
                    last: at.0,
                }),
            }
        }
    }
    let mut found = BTreeMap::new();
    let mut last = None;
    let each = |token: &linkmint::ledger::TokenRecord<'_>| {
        assert!(last < Some(token.trace), "in the order of traces");
        last = Some(token.trace);
        let claims = token.claims.expect("they are in clear");
        assert_eq!(claims.value("campaign_id").expect("there").to_string(), "spring26");
        let number = token.id.expect("ours").to_string();
        let id = u64::from_str_radix(&number, 16).expect("hex");
        assert_eq!(claims.value("customer_id").expect("there").to_string(), id.to_string());
        assert_eq!(token.expires_at, Some(NOW.0 + 3_600 + (id % 2) as u32));
        let checks: Result<Vec<_>, _> = token.checks().collect();
        found.insert(token.trace, checks.expect("whole"));
        Ok(())
    };
    ledger.tokens(each).expect("read");
    let sum: u64 = found.values().flatten().map(|checks| checks.count).sum();
    assert_eq!(sum, total);
    let order = |checks: &mut Vec<Checks>| checks.sort_by_key(|one| (one.first / 900, one.status.as_str()));
    model.values_mut().for_each(order);
    found.values_mut().for_each(order);
    assert!(found == model, "the same checks of the same tokens");

    let half = found.len() as u64;
    let pruned = ledger.prune(UnixTime(NOW.0 + 3_600)).expect("pruned");
    let mut left = 0;
    ledger
        .tokens(|token| {
            left += u64::from(token.expires_at == Some(NOW.0 + 3_601));
            Ok(())
        })
        .expect("read");
    assert_eq!(pruned + left, half);
    assert!(pruned > 900 && left > 900, "{pruned} and {left}");
    assert_eq!(ledger.prune(UnixTime(NOW.0 + 3_600)).expect("pruned"), 0);
    assert_eq!(ledger.prune(UnixTime(NOW.0 + 3_601)).expect("pruned"), left);
}

#[test]
fn nobody_makes_a_link_from_a_ledger() {
    let place = Location::new();
    let signed = mint(1, Form::default());
    let sealed = mint(2, Form::Sealed(Alphabet::Base64Url));
    let kept = mint(3, Form::Sealed(Alphabet::Base64Url));
    let mut all = Sightings::default();
    let mut tags = Vec::new();
    for (text, keep_sealed) in [(&signed, false), (&sealed, false), (&kept, true)] {
        with(text, |token| {
            all.add(token, token.trace(), Status::Valid, keep_sealed);
            tags.push(token.tag().to_vec());
        });
    }
    let mut ledger = place.open();
    ledger.count(&all, NOW).expect("counted");
    let mut claims = Vec::new();
    ledger
        .tokens(|token| {
            claims.push(token.claims.is_some());
            Ok(())
        })
        .expect("read");
    claims.sort_unstable();
    assert_eq!(claims, [false, true, true]);
    let because = Revocation {
        at: NOW.0,
        reason: None,
    };
    ledger.revoke(&all, How::Token, &because).expect("revoked");
    let has = |bytes: &[u8], part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
    for entry in fs::read_dir(place.folder.path()).expect("a folder") {
        let bytes = fs::read(entry.expect("an entry").path()).expect("read");
        for tag in &tags {
            assert!(!has(&bytes, tag) && !has(&bytes, &tag[..8]), "a tag");
        }
        for text in [&signed, &sealed, &kept] {
            assert!(!has(&bytes, &text.as_bytes()[..20]), "a token's text");
        }
    }
}

#[test]
fn claims_that_were_not_kept_are_added_when_they_are_to_be() {
    let place = Location::new();
    let mut ledger = place.open();
    for keep_sealed in [false, true, false] {
        let mut one = Sightings::default();
        let text = mint(2, Form::Sealed(Alphabet::Base64Url));
        with(&text, |token| one.add(token, token.trace(), Status::Valid, keep_sealed));
        ledger.count(&one, NOW).expect("counted");
    }
    let mut seen = 0;
    ledger
        .tokens(|token| {
            assert!(token.claims.is_some());
            assert_eq!(token.uses().expect("whole").count, 3);
            seen += 1;
            Ok(())
        })
        .expect("read");
    assert_eq!(seen, 1);
}

#[test]
fn a_revoked_claim_is_found_beside_few_names_and_many() {
    let place = Location::new();
    let mut ledger = place.open();
    let because = Revocation {
        at: NOW.0,
        reason: None,
    };
    let is_revoked = |ledger: &Ledger| {
        with(&mint(1, Form::default()), |token| {
            known(ledger, token.trace(), token.claims()).revocation.is_some()
        })
    };
    for (name, value) in [("", ""), ("campaign", "spring26"), ("campaign_id", "autumn26")] {
        ledger.revoke_claim(name, value, &because).expect("revoked");
        assert!(!is_revoked(&ledger), "{name}");
    }
    ledger
        .revoke_claim("campaign_id", "spring26", &because)
        .expect("revoked");
    for number in 0..40 {
        assert!(is_revoked(&ledger), "{number}");
        ledger
            .revoke_claim(&format!("name{number}"), "1", &because)
            .expect("revoked");
    }
    assert!(ledger.unrevoke_claim("campaign_id", "spring26").expect("done") && !is_revoked(&ledger));
}

#[test]
fn what_is_revoked_stays_so_until_it_is_taken_back() {
    let place = Location::new();
    let mut ledger = place.open();
    let because = |reason: &str| Revocation {
        at: NOW.0,
        reason: Some(reason.to_owned()),
    };
    let some = sightings([(1, Status::Valid), (2, Status::Valid)]);
    assert_eq!(
        ledger.revoke(&some, How::Token, &because("lost")).expect("revoked"),
        [None, None]
    );
    let again = ledger.revoke(&some, How::List, &because("again")).expect("revoked");
    assert_eq!(again, [Some(because("lost")), Some(because("lost"))]);
    let of = |ledger: &Ledger, id: u64| {
        with(&mint(id, Form::default()), |token| {
            let one = known(ledger, token.trace(), token.claims()).revocation;
            let all = ledger.revocations().expect("read");
            assert_eq!(all.find(&token.trace(), token.claims()), one.as_ref());
            one.and_then(|found| found.reason)
        })
    };
    assert_eq!(of(&ledger, 2).as_deref(), Some("lost"));
    assert_eq!(of(&ledger, 3), None);
    let campaign = ("campaign_id", "spring26");
    assert_eq!(
        ledger
            .revoke_claim(campaign.0, campaign.1, &because("wrong prices"))
            .expect("revoked"),
        None
    );
    assert_eq!(
        ledger
            .revoke_claim(campaign.0, campaign.1, &because("other"))
            .expect("revoked"),
        Some(because("wrong prices"))
    );
    assert_eq!(of(&ledger, 3).as_deref(), Some("wrong prices"));
    assert_eq!(of(&ledger, 2).as_deref(), Some("lost"));
    let mut list = Vec::new();
    ledger
        .revoked(|entry| {
            list.push((entry.how, entry.revocation.reason.expect("there")));
            if let Target::Token { claims, id, key_id, .. } = entry.target {
                assert_eq!(claims.expect("in clear").len(), 2);
                assert!(id.is_some() && key_id == key().id());
            }
            true
        })
        .expect("read");
    let lost = (How::Token, "lost".to_owned());
    assert_eq!(list, [(How::Claim, "wrong prices".to_owned()), lost.clone(), lost]);
    assert_eq!(
        ledger
            .unrevoke(&sightings([(2, Status::Valid), (3, Status::Valid)]))
            .expect("done"),
        [true, false]
    );
    assert!(ledger.unrevoke_claim(campaign.0, campaign.1).expect("done"));
    assert!(!ledger.unrevoke_claim(campaign.0, campaign.1).expect("done"));
    assert_eq!((of(&ledger, 1).as_deref(), of(&ledger, 2)), (Some("lost"), None));
    ledger.prune(UnixTime(NOW.0 + 3_601)).expect("pruned");
    assert_eq!(of(&ledger, 1), None, "what has expired needs no revocation");
}

#[test]
fn who_counts_the_same_tokens_at_once_loses_none_and_waits_in_no_circle() {
    let place = Location::new();
    drop(place.open());
    std::thread::scope(|scope| {
        for number in 0..4u64 {
            let path = place.path();
            scope.spawn(move || {
                let mut ledger = Ledger::open(&path, CREATE).expect("a ledger");
                for turn in 0..10 {
                    // all the same tokens, each time and for each in another order
                    let ids = (0..150).map(|id| ((id * 7 + turn * 31 + number * 53) % 150, Status::Valid));
                    ledger.count(&sightings(ids), NOW).expect("counted");
                }
            });
        }
    });
    let all = place
        .open()
        .uses_of(&sightings((0..150).map(|id| (id, Status::Valid))))
        .expect("read");
    assert!(all.iter().all(|uses| uses.count == 40), "{all:?}");
}

#[test]
fn runs_come_back_as_they_were_taken_in() {
    let place = Location::new();
    let mut ledger = place.open();
    let run = Run {
        at: NOW.0,
        key_id: KeyId([0xe2, 0x8e]),
        rows: 3,
        issued_at: NOW.0 - 1,
        first_id: TokenId::parse("0000000000ff").expect("an id"),
        expiries: Some((NOW.0 + 1, NOW.0 + 2)),
        never: 1,
        campaigns: vec![("spring26".to_owned(), 2), ("autumn26".to_owned(), 1)],
        input: "customers.csv".to_owned(),
        repeat: "--issued-at …".to_owned(),
        pruned_at: None,
    };
    let endless = Run {
        expiries: None,
        campaigns: Vec::new(),
        ..run.clone()
    };
    ledger.record(&run).expect("taken in");
    ledger.record(&endless).expect("taken in");
    let mut runs = [run, endless];
    assert_eq!(ledger.runs().expect("read"), runs);
    ledger.prune(NOW).expect("pruned");
    assert_eq!(ledger.runs().expect("read"), runs, "none of them had expired");
    let later = UnixTime(NOW.0 + 1);
    ledger.prune(later).expect("pruned");
    runs[0].pruned_at = Some(later.0);
    assert_eq!(ledger.runs().expect("read"), runs);
}

#[test]
fn a_ledger_that_is_read_stays_as_it_is() {
    let place = Location::new();
    assert!(matches!(Ledger::open(&place.path(), READ), Err(LedgerError::Missing)));
    place
        .open()
        .count(&sightings([(1, Status::Valid)]), NOW)
        .expect("counted");
    let mut reader = Ledger::open(&place.path(), READ).expect("a ledger");
    assert_eq!(uses_of(&reader, 1).count, 1);
    let refused = reader.count(&sightings([(1, Status::Valid)]), NOW);
    assert!(matches!(refused, Err(LedgerError::ReadOnly)), "{refused:?}");
    assert_eq!(uses_of(&place.open(), 1).count, 1);
}

#[track_caller]
fn refused(path: &Path) -> LedgerError {
    let before = fs::read(path).ok();
    let refused = Ledger::open(path, CREATE).expect_err("no ledger");
    assert_eq!(fs::read(path).ok(), before);
    assert!(!refused.hint().is_empty());
    refused
}

#[test]
fn what_is_no_ledger_is_told_apart() {
    let place = Location::new();
    let path = place.path();
    assert!(matches!(refused(place.folder.path()), LedgerError::Folder));
    assert!(matches!(refused(Path::new("")), LedgerError::NoName));
    assert!(matches!(
        refused(&place.folder.path().join("no/such")),
        LedgerError::Io(_)
    ));
    for (text, foreign) in [
        ("", Foreign::Empty),
        ("{\"keys\": []}", Foreign::Keyring),
        ("customer_id\n1\n", Foreign::Other),
    ] {
        fs::write(&path, text).expect("written");
        assert!(
            matches!(refused(&path), LedgerError::Foreign(found) if found == foreign),
            "{text:?}"
        );
    }
}

#[test]
fn a_ledger_of_a_newer_version_and_other_data_bases_are_left_alone() {
    // places in the header of an SQLite file: its format, section 1.3
    type Expected = fn(&LedgerError) -> bool;
    let changes: [(usize, Expected); 2] = [
        (60, |error| matches!(error, LedgerError::Newer { found: 99, .. })),
        (68, |error| matches!(error, LedgerError::Foreign(Foreign::Database))),
    ];
    for (start, expected) in changes {
        let place = Location::new();
        drop(place.open());
        let mut bytes = fs::read(place.path()).expect("read");
        bytes[start..start + 4].copy_from_slice(&99u32.to_be_bytes());
        fs::write(place.path(), bytes).expect("written");
        let error = refused(&place.path());
        assert!(expected(&error), "{error:?}");
    }
}

#[test]
fn a_log_without_its_ledger_is_not_taken_for_a_new_one() {
    let place = Location::new();
    place
        .open()
        .count(&sightings([(1, Status::Valid)]), NOW)
        .expect("counted");
    fs::remove_file(place.path()).expect("removed");
    assert!(matches!(refused(&place.path()), LedgerError::Leftover));
}

#[test]
fn a_damaged_leaf_is_no_count() {
    let place = Location::new();
    let mut ledger = place.open();
    ledger.count(&sightings([(1, Status::Valid)]), NOW).expect("counted");
    ledger.end_bulk().expect("folded in");
    drop(ledger);
    for ending in ["-wal", "-shm"] {
        fs::remove_file(place.folder.path().join(format!("ledger.db{ending}"))).expect("removed");
    }
    let mut bytes = fs::read(place.path()).expect("read");
    let trace = trace(1).0;
    let start = bytes.windows(16).position(|window| window == trace).expect("there");
    bytes[start + 16] = 0xff;
    fs::write(place.path(), bytes).expect("written");
    let mut ledger = place.open();
    let again = ledger.count(&sightings([(1, Status::Valid)]), NOW);
    assert!(matches!(again, Err(LedgerError::Damaged)), "{again:?}");
    assert!(matches!(ledger.tokens(|_| Ok(())), Err(LedgerError::Damaged)));
}

#[cfg(all(unix, feature = "postgres"))]
crate::server::on_a_server! {
    each_check_learns_how_often_its_token_was_checked
    many_tokens_in_many_leaves_are_counted_as_in_a_map
    claims_that_were_not_kept_are_added_when_they_are_to_be
    what_is_revoked_stays_so_until_it_is_taken_back
    who_counts_the_same_tokens_at_once_loses_none_and_waits_in_no_circle
    runs_come_back_as_they_were_taken_in
    a_ledger_that_is_read_stays_as_it_is
}

#[cfg(all(unix, feature = "postgres"))]
#[test]
fn a_server_that_is_gone_is_told_and_what_was_counted_is_there_when_it_is_back() {
    let Some(mut server) = server::Server::start() else {
        return;
    };
    let address = PathBuf::from(server.data_base());
    let mut ledger = Ledger::open(&address, CREATE).expect("a ledger");
    let one = sightings([(1, Status::Valid)]);
    ledger.count(&one, NOW).expect("counted");
    server.crash();
    let lost = ledger.count(&one, NOW);
    assert!(
        matches!(lost, Err(LedgerError::Server(ServerError::Lost(_)))),
        "{lost:?}"
    );
    let gone = Ledger::open(&address, CREATE);
    assert!(
        matches!(gone, Err(LedgerError::Server(ServerError::Unreachable(_)))),
        "{gone:?}"
    );
    server.run();
    let ledger = Ledger::open(&address, CREATE).expect("the same ledger");
    assert!(!ledger.is_new());
    assert_eq!(uses_of(&ledger, 1).count, 1);
}

#[test]
fn what_replaces_a_token_is_known_until_that_ends() {
    let place = Location::new();
    let mut ledger = place.open();
    let by = |id: &str, expires_at| Replacement {
        key_id: key().id(),
        id: TokenId::parse(id).expect("an id"),
        at: NOW.0,
        expires_at,
    };
    let (first, last) = (by("0000000000aa", None), by("0000000000bb", Some(NOW.0 + 10)));
    assert_eq!(replacement(&ledger, 1), None);
    ledger
        .replace(&[(trace(2), first), (trace(1), first), (trace(1), last)])
        .expect("noted");
    drop(ledger);
    let mut ledger = place.open();
    assert_eq!(replacement(&ledger, 1), Some(last));
    ledger.prune(UnixTime(NOW.0 + 9)).expect("pruned");
    assert_eq!(replacement(&ledger, 1), Some(last));
    ledger.prune(UnixTime(NOW.0 + 10)).expect("pruned");
    assert_eq!(replacement(&ledger, 1), None);
    assert_eq!(replacement(&ledger, 2), Some(first));
    ledger.replace(&[]).expect("nothing to do");
}
