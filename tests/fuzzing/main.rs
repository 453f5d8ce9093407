//! The fuzz targets' harness on seeds that were spoiled at random, so that it is run and not only compiled.
//!
//! A fixed number of rounds from a fixed start: what fails once fails again. `fuzz/run` goes on where this ends.

#[cfg(feature = "xlsx")]
#[path = "../books/mod.rs"]
mod books;
mod harness;
pub(crate) mod same_as_csv;
#[cfg(feature = "xlsx")]
mod workbook;

use serde_json::Value;

/// Numbers that are the same in every run (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }

    /// Some bytes changed, lost, doubled or brought in from another seed.
    fn spoil(&mut self, seeds: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = seeds[self.below(seeds.len())].clone();
        for _ in 0..self.below(4) {
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(8)).min(bytes.len());
            match self.below(5) {
                0 if !bytes.is_empty() => bytes[at] = self.below(256) as u8,
                1 if !bytes.is_empty() => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                _ => {
                    let other = &seeds[self.below(seeds.len())];
                    let from = self.below(other.len());
                    let length = self.below(other.len() - from + 1);
                    bytes.splice(at..at, other[from..from + length].iter().copied());
                }
            }
        }
        bytes
    }
}

fn run(rounds: usize, seeds: &[Vec<u8>], harness: fn(&[u8])) {
    let mut chance = Chance(0x6c69_6e6b_6d69_6e74);
    for seed in seeds {
        harness(seed);
    }
    for _ in 0..rounds {
        harness(&chance.spoil(seeds));
    }
}

/// The texts of the valid vectors and of those that are refused.
fn vectors() -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../../crates/linkmint-token/tests/token-vectors.json"))
        .expect("the vectors are JSON");
    let lists = ["valid", "refused"].map(|list| all[list].as_array().cloned().unwrap_or_default());
    lists.concat()
}

fn texts_of(members: &[&str]) -> Vec<Vec<u8>> {
    let vectors = vectors();
    let texts = members
        .iter()
        .flat_map(|member| vectors.iter().map(|row| &row[*member]));
    let texts: Vec<_> = texts
        .filter_map(Value::as_str)
        .map(|text| text.as_bytes().to_vec())
        .collect();
    assert!(texts.len() > 10, "the vectors have no {members:?}");
    texts
}

#[test]
fn any_token_text() {
    run(6_000, &texts_of(&["base64url", "base32", "text"]), harness::token_text);
}

#[test]
fn any_claims() {
    // the map of a signed token stands from its 17th byte on
    let bytes = texts_of(&["bytes"])
        .iter()
        .map(|digits| hex(digits))
        .collect::<Vec<_>>();
    let maps: Vec<_> = bytes.iter().map(|bytes| bytes[17..].to_vec()).collect();
    run(20_000, &maps, harness::claims);
}

fn hex(digits: &[u8]) -> Vec<u8> {
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).expect("ASCII"), 16).expect("hex");
    digits.chunks(2).map(byte).collect()
}

#[test]
fn any_jwt() {
    let seeds: [&[u8]; 6] = [
        br#"{"iat":1790000000,"exp":1790086400,"nbf":1790000001,"jti":"6ab13b8000000000002a","customer_id":"1234567"}"#,
        b"{\"alg\":\"HS256\",\"kid\":\"e28e\",\"typ\":\"JWT\"}\n{\"iat\":0,\"level\":-9223372036854775808}",
        b"{\"alg\":\"HS256\",\"kid\":\"e28e\",\"crit\":[]}\n{}",
        br#"{"sub":"\u00e9\ud83d\ude00","n":18446744073709551615,"iat":4294967295}"#,
        br#"{"exp":1e9,"aud":["a"],"x":null,"y":true,"z":{"a":{}},"":"","iat":-0}"#,
        br#"{"alg":"none"}"#,
    ];
    run(6_000, &seeds.map(<[u8]>::to_vec), harness::jwt);
}

#[test]
fn any_keyring() {
    const SECRET: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let member = |more: &str| format!(r#"{{"kty":"oct","k":"{SECRET}"{more}}}"#);
    let ring = |keys: &str| format!(r#"{{"keys":[{keys}],"owner":"me"}}"#).into_bytes();
    let seeds = [
        ring(&member("")),
        ring(&member(r#","kid":"e28e","alg":"HS256""#)),
        ring(&member(
            r#","kid":"e28e","linkmint_status":"retired","linkmint_created":"2026-11-21T16:00:00Z""#,
        )),
        ring(&format!(
            "{},{}",
            member(r#","x":[1]"#),
            member(r#","linkmint_status":"active""#)
        )),
        ring(r#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#),
    ];
    run(2_000, &seeds, harness::keyring);
}

#[test]
fn any_list() {
    let seeds: [&[u8]; 4] = [
        b"\0\x10\x01customer_id,name\r\n1,\"a, \"\"b\"\"\"\r\n\r\n2,c\"d\n",
        b"\x01\0\0id;note\n1;\"two\nlines\"\n;;\n2;\"never closed",
        b"\x02\xff\x07a\tb\r1\t\"x\"y\"\r\"\"\t\"\"\"\"",
        b"\x03\x40\x3fa|b|c\n\xe9|\xef\xbb\xbf|0123456789012345678901234567890123456789012345678901234567890123",
    ];
    run(200, &seeds.map(<[u8]>::to_vec), harness::list);
}

#[test]
fn any_pasted_text() {
    let cases = include_str!("../library/paste-cases.txt").split("\n=== ").skip(1);
    let pasted = |case: &str| {
        let text = case.split("\n-->").next().unwrap_or_default();
        text.as_bytes().to_vec()
    };
    run(600, &cases.map(pasted).collect::<Vec<_>>(), harness::pasted);
}

/// The seeds of the parts of workbooks; `LINKMINT_BLESS=1` makes the fuzz target's corpus of them, as `fuzz/run` does.
#[cfg(feature = "xlsx")]
#[test]
fn any_workbook() {
    let sheet = books::sheet(
        "<dimension ref=\"A1:B3\"/>",
        &format!(
            "{}<row r=\"2\"><c r=\"A2\" s=\"2\"><v>42</v></c><c r=\"B2\" t=\"s\"><v>1</v></c></row><row><c t=\"b\"><v>1</v>\
            </c><c t=\"str\"><f>A1</f><v>x_x000D_ &amp;</v></c><c t=\"e\"><v>#N/A</v></c><c><f>A1</f></c></row>",
            books::HEADER
        ),
    );
    let cell = "<table:table-cell table:number-columns-repeated=\"2\" office:value-type=\"time\" \
        office:time-value=\"PT18H\"/>";
    let rows = [
        books::ods_row(&[
            books::ods_text("customer_id"),
            books::ods_text("a<text:s text:c=\"3\"/>b"),
        ]),
        books::ods_row(&[cell.to_owned()]).replace("row>", "row table:number-rows-repeated=\"2\">"),
    ];
    let mut ods = books::ods_parts("<number:time-style style:name=\"N1\"/>", &rows.concat());
    let utf16 = format!("\u{feff}{sheet}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let parts: [(u8, Vec<u8>); 5] = [
        (0, sheet.clone().into_bytes()),
        (1, utf16),
        (2, b"<sst><si><t>a</t></si><si><r><t xml:space=\"preserve\"> b</t></r><rPh><t>c</t></rPh></si></sst>".to_vec()),
        (3, b"<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"[h]:mm\"/></numFmts><cellXfs><xf numFmtId=\"164\"/></cellXfs></styleSheet>".to_vec()),
        (4, std::mem::take(&mut ods[1].1)),
    ];
    let seeds = parts.map(|(kind, part)| [vec![kind], part].concat());
    if std::env::var_os("LINKMINT_BLESS").is_some() {
        let corpus = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus/workbook");
        std::fs::create_dir_all(&corpus).expect("made");
        for (number, seed) in seeds.iter().enumerate() {
            std::fs::write(corpus.join(format!("seed-{number}")), seed).expect("written");
        }
    }
    run(200, &seeds, workbook::workbook);
}
