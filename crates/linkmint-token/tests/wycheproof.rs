//! The three primitives against Wycheproof's cases: HMAC-SHA256 as `key` calls it, AES-SIV as the sealed form
//! does, Ed25519 as public tokens are checked.

use aes_siv::siv::Aes128Siv;
use aes_siv::{KeyInit, Tag};
use linkmint_token::key::{KeyId, PublicKey, SigningKey};
use wycheproof::{TestResult, aead, eddsa, mac};

#[test]
fn hmac_sha256_takes_and_refuses_as_it_must() {
    let set = mac::TestSet::load(mac::TestName::HmacSha256).expect("the cases");
    let mut seen = [0, 0];
    for group in set.test_groups {
        for test in group.tests {
            let key = SigningKey::new(&test.key);
            // the two lengths of tags that tokens have: a whole one in a JWT, the first half in a signed token
            let holds = match (<[u8; 32]>::try_from(&**test.tag), <[u8; 16]>::try_from(&**test.tag)) {
                (Ok(tag), _) => key.verifies_full(&test.msg, &tag),
                (_, Ok(tag)) => key.verifies(&test.msg, &tag),
                _ => panic!("case {}: a tag of {} bytes", test.tc_id, test.tag.len()),
            };
            let must_hold = test.result == TestResult::Valid;
            assert_eq!(holds, must_hold, "case {}: {}", test.tc_id, test.comment);
            assert_eq!(
                key.full_tag(&test.msg).starts_with(&test.tag),
                must_hold,
                "case {}",
                test.tc_id
            );
            seen[usize::from(must_hold)] += 1;
        }
    }
    assert!(seen.iter().all(|&count| count > 50), "{seen:?}");
}

#[test]
fn aes_siv_takes_and_refuses_as_it_must() {
    let set = aead::TestSet::load(aead::TestName::AesSivCmac).expect("the cases");
    let mut seen = [0, 0];
    for group in set.test_groups.into_iter().filter(|group| group.key_size == 256) {
        for test in group.tests {
            // RFC 5297, section 6: the nonce is the last of the associated-data strings
            let headers: [&[u8]; 2] = [&test.aad, &test.nonce];
            let key = <[u8; 32]>::try_from(&**test.key).expect("256 bits");
            let mut text = test.ct.to_vec();
            let tag = Tag::try_from(&**test.tag).expect("16 bytes");
            let opened =
                Aes128Siv::new((&key).into()).decrypt_inout_detached(headers, text.as_mut_slice().into(), &tag);
            let must_open = test.result == TestResult::Valid;
            assert_eq!(opened.is_ok(), must_open, "case {}: {}", test.tc_id, test.comment);
            match must_open {
                true => assert_eq!(text, **test.pt, "case {}", test.tc_id),
                // what was not authentic is not handed out
                false => assert_eq!(text, **test.ct, "case {}", test.tc_id),
            }
            seen[usize::from(must_open)] += 1;
        }
    }
    assert!(seen.iter().all(|&count| count > 50), "{seen:?}");
}

#[test]
fn ed25519_takes_and_refuses_as_it_must() {
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).expect("the cases");
    let mut seen = [0, 0];
    for group in set.test_groups {
        let bytes = <[u8; 32]>::try_from(&**group.key.pk).expect("32 bytes");
        let key = PublicKey::new(KeyId([0, 0]), &bytes).expect("a public key");
        for test in group.tests {
            let signature = <[u8; 64]>::try_from(&**test.sig);
            let holds = signature.is_ok_and(|signature| key.verifies(&test.msg, &signature));
            let must_hold = test.result == TestResult::Valid;
            assert_eq!(holds, must_hold, "case {}: {}", test.tc_id, test.comment);
            seen[usize::from(must_hold)] += 1;
        }
    }
    assert!(seen.iter().all(|&count| count > 50), "{seen:?}");
}
