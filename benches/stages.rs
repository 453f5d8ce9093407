//! Where the time of a row goes: nanoseconds for each stage of `generate`, each by itself on one core.
//!
//! `cargo bench --bench stages` makes a list of 200,000 rows as `benches/customers.py` does (nine columns, some 115
//! bytes a row, 5 % quoted) and prints a line a stage: the median of nine runs over the whole list.

use linkmint::batch::duplicates::Fingerprint;
use linkmint::claims::{ClaimError, ClaimName, ClaimsEncoder};
use linkmint::key::{Key, Lanes, Secret};
use linkmint::table::{Chunk, ReadOptions, RecordIndex, RecordReader, scan};
use linkmint::token::wire::{self, Alphabet};
use linkmint::token::{Form, Minter, TokenId, Validity};
use std::hint::black_box;
use std::time::Instant;

const ROWS: usize = 200_000;
const RUNS: usize = 9;

/// The list, from a small generator of its own, so that the bench needs nothing else.
fn list() -> Vec<u8> {
    let mut state = 20_260_101u64;
    let mut next = |below: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = "customer_id,name,email,phone,product_id,campaign_id,segment,country,notes\n".to_owned();
    for row in 0..ROWS as u64 {
        let id = 10_000_000 + row * 7 + next(7);
        let name = [
            "Zoë Müller",
            "Nguyễn Anh",
            "\"García, José\"",
            "Olga Иванова",
            "John Smith",
        ][next(5) as usize % if next(20) == 0 { 5 } else { 2 }];
        let note = [
            "",
            "prefers email",
            "\"likes red, blue\"",
            "repeat buyer; ships to office",
        ][next(4) as usize % if next(20) == 0 { 4 } else { 2 }];
        let (phone, product) = (1_000_000 + next(8_999_999), next(100_000));
        text +=
            &format!("{id},{name},user{id}@example.com,+49 30 {phone},SKU-{product:05},spring-2026,gold,DE,{note}\n");
    }
    text.into_bytes()
}

/// The median nanoseconds a row of `stage`.
fn measure(name: &str, mut stage: impl FnMut()) {
    let mut times: Vec<f64> = (0..RUNS)
        .map(|_| {
            let started = Instant::now();
            stage();
            started.elapsed().as_secs_f64() * 1e9 / ROWS as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    println!("{name:34} {:7.1} ns a row", times[RUNS / 2]);
}

fn main() {
    let list = list();
    println!("{ROWS} rows, {} bytes a row, median of {RUNS} runs", list.len() / ROWS);
    let mut index = RecordIndex::default();
    measure("split: records and cells", || {
        for block in list.chunks(128 << 10) {
            black_box(scan(block, b',', true, &mut index));
        }
    });
    measure("split: the csv crate, to compare", || {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(&*list);
        let mut record = csv::ByteRecord::new();
        while reader.read_byte_record(&mut record).expect("memory") {
            black_box(&record);
        }
    });
    measure("read, split, find three cells", || {
        let (mut reader, _) = RecordReader::open(&*list, ReadOptions::default()).expect("a list");
        let mut chunk = Chunk::default();
        while reader.fill(&mut chunk).expect("memory") {
            for row in chunk.page().rows() {
                black_box((row.text(0), row.text(5), row.text(4)));
            }
        }
    });
    let names = ["customer_id", "campaign_id", "product_id"].map(|name| ClaimName::parse(name).expect("a name"));
    let mut map = Vec::new();
    let mut claims = |number: usize| {
        map.clear();
        let id = ["10000003", "10483921", "11000007", "12345678"][number % 4];
        let mut encoder = ClaimsEncoder::new(None, &mut map);
        for (name, value) in names.iter().zip([id, "spring-2026", "SKU-00042"]) {
            encoder.push(name, value).expect("fits");
        }
        encoder.finish().expect("fits");
        black_box(&map).len()
    };
    measure("claims: three to CBOR", || {
        for row in 0..ROWS {
            claims(row);
        }
    });
    let body = [7u8; 48];
    let key = Key::new(Secret::new(vec![1; 32].into()).expect("32 bytes"));
    measure("HMAC-SHA256 of 48 bytes, hmac crate", || {
        for _ in 0..ROWS {
            black_box(key.signing().tag(black_box(&body)));
        }
    });
    let mut minter = Minter::new(&key, Form::default());
    let validity = Validity::endless(1_790_000_000u32);
    let draft = |number: usize, minter: &mut Minter| {
        let id = TokenId::parse("000000000001").expect("an id").plus(number as u64);
        let push = |map: &mut ClaimsEncoder<'_>| -> Result<(), ClaimError> {
            let values = ["10000003", "spring-2026", "SKU-00042"];
            names
                .iter()
                .zip(values)
                .try_for_each(|(name, value)| map.push(name, value))
        };
        minter.draft(&validity, id, push).expect("it fits");
    };
    measure("draft 64 tokens at once", || {
        for first in (0..ROWS).step_by(64) {
            minter.clear();
            (first..first + 64).for_each(|number| draft(number, &mut minter));
        }
    });
    for lanes in Lanes::ALL.into_iter().filter(|lanes| lanes.settle()) {
        measure(
            &format!("sign 64 tokens at once, {}", format!("{lanes:?}").to_lowercase()),
            || {
                for _ in (0..ROWS).step_by(64) {
                    black_box(&mut minter).sign();
                }
            },
        );
    }
    measure("duplicates: fingerprint", || {
        for _ in 0..ROWS {
            black_box(Fingerprint::of(black_box(&body[..31])));
        }
    });
    let (token, mut text) = ([9u8; 64], Vec::new());
    measure("base64url of 64 bytes", || {
        for _ in 0..ROWS {
            text.clear();
            wire::encode(black_box(&token), Alphabet::Base64Url, &mut text);
            black_box(&text);
        }
    });
    let (row, mut out) = (&list[100..215], Vec::with_capacity(1 << 20));
    measure("write: row, token, link, expiry", || {
        for _ in 0..ROWS {
            if out.len() > 900_000 {
                out.clear();
            }
            for part in [
                row,
                &text,
                b"https://mystore.com/promotions/",
                &text,
                b"2026-11-22T16:00:00Z",
                b"\n",
            ] {
                out.extend_from_slice(black_box(part));
            }
        }
    });
}
