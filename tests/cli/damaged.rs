//! Workbooks that were damaged at random, of every kind, through the program: each ends with an answer, in bounded
//! memory and time.
//!
//! The numbers are the same in every run: what fails once fails again.

use crate::books;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Numbers that are the same in every run (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end.max(1)
    }

    /// Some bytes changed, lost, doubled or cut off; large numbers where small ones were.
    fn damage(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..1 + self.below(6) {
            if bytes.is_empty() {
                return;
            }
            let at = self.below(bytes.len());
            let end = (at + 1 + self.below(16)).min(bytes.len());
            match self.below(8) {
                0 => bytes[at] = self.below(256) as u8,
                1 => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..end)),
                3 => {
                    let piece = bytes[at..end].to_vec();
                    bytes.splice(at..at, piece);
                }
                4 => bytes[at..end].fill(0xff),
                5 => bytes[at..end].fill(0),
                6 => drop(bytes.splice(at..at, b"9".repeat(1 + self.below(12)))),
                _ if self.below(8) == 0 => bytes.truncate(at),
                _ => bytes[at] = bytes[at].wrapping_add(1),
            }
        }
    }
}

enum Seed {
    /// An archive: its parts can be damaged before they are packed.
    Parts(&'static str, Vec<(&'static str, Vec<u8>)>),
    Bytes(&'static str, Vec<u8>),
}

fn seeds() -> Vec<Seed> {
    let rows: String = (2..12)
        .map(|row| {
            format!(
                "<row r=\"{row}\"><c r=\"A{row}\" s=\"{}\"><v>{row}.5</v></c><c r=\"B{row}\" t=\"s\"><v>1</v></c></row>",
                row % 4
            )
        })
        .collect();
    let texts = "<sst count=\"2\" uniqueCount=\"2\"><si><t>a</t></si><si><r><t>b</t></r></si></sst>";
    let sheet = books::sheet("<dimension ref=\"A1:B11\"/>", &(books::HEADER.to_owned() + &rows));
    let styles = "<number:time-style style:name=\"N1\" number:truncate-on-overflow=\"false\"><number:hours/></number:time-style>";
    let ods_rows: String = (1..12)
        .map(|row| books::ods_row(&[books::ods_text(&format!("id{row}")), books::ods_text("x")]))
        .collect();
    let repeated = "<table:table-row table:number-rows-repeated=\"3\"><table:table-cell table:number-columns-repeated=\"2\" \
        office:value-type=\"float\" office:value=\"7\"/></table:table-row>";
    vec![
        Seed::Parts("list.xlsx", books::xlsx_parts(sheet.as_bytes(), texts)),
        Seed::Parts("list.xlsm", books::xlsx_parts(sheet.as_bytes(), texts)),
        Seed::Parts("list.xlsb", books::xlsb_parts(11)),
        Seed::Parts("list.ods", books::ods_parts(styles, &(ods_rows + repeated))),
        Seed::Bytes("list.xls", books::xls(11)),
    ]
}

fn run(path: &Path) -> (Option<i32>, String) {
    // more than the reader's own limit, so that what gets beyond it fails
    let limited = "ulimit -v 2500000; exec \"$0\" \"$@\"";
    let mut command = match cfg!(target_os = "linux") {
        true => {
            let mut shell = Command::new("sh");
            shell.args(["-c", limited, env!("CARGO_BIN_EXE_linkmint")]);
            shell
        }
        false => Command::new(env!("CARGO_BIN_EXE_linkmint")),
    };
    let folder = path.parent().expect("a folder");
    // a damaged header is no reason for another status
    command.args([
        "generate",
        "--never-expires",
        "--no-link",
        "--quiet",
        "--no-claims",
        "--no-header",
    ]);
    command.arg(path).env("HOME", folder).env("XDG_CONFIG_HOME", folder);
    for variable in ["LINKMINT_KEYRING", "LINKMINT_KEY", "LINKMINT_LEDGER"] {
        command.env_remove(variable);
    }
    let output = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .expect("started");
    (
        output.status.code(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

#[test]
fn every_kind_is_read_when_it_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    for seed in seeds() {
        let (name, bytes) = match seed {
            Seed::Parts(name, parts) => (name, books::archive(&parts)),
            Seed::Bytes(name, bytes) => (name, bytes),
        };
        let path = folder.path().join(name);
        fs::write(&path, bytes).expect("written");
        let (status, said) = run(&path);
        assert_eq!(status, Some(0), "{name}: {said}");
    }
}

fn damage(rounds: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let seeds = seeds();
    let mut chance = Chance(0x6c69_6e6b_6d69_6e74);
    let mut statuses: BTreeMap<(&str, i32), u32> = BTreeMap::new();
    for round in 0..rounds {
        let (name, bytes) = match &seeds[round % seeds.len()] {
            Seed::Parts(name, parts) => {
                let mut parts = parts.clone();
                let within = chance.below(4) > 0;
                if within {
                    let part = chance.below(parts.len());
                    chance.damage(&mut parts[part].1);
                }
                let mut bytes = books::archive(&parts);
                if !within {
                    chance.damage(&mut bytes);
                }
                (*name, bytes)
            }
            Seed::Bytes(name, bytes) => {
                let mut bytes = bytes.clone();
                chance.damage(&mut bytes);
                (*name, bytes)
            }
        };
        let path = folder.path().join(name);
        fs::write(&path, &bytes).expect("written");
        let (status, said) = run(&path);
        assert!(
            matches!(status, Some(0 | 1 | 3)),
            "round {round}, {name}: {status:?}: {said}"
        );
        assert!(!said.contains("panicked"), "round {round}, {name}: {said}");
        assert!(
            status != Some(3) || said.contains("\nhint: "),
            "round {round}, {name}: {said}"
        );
        *statuses.entry((name, status.unwrap_or(-1))).or_default() += 1;
    }
    println!("{statuses:?}");
}

#[test]
fn damaged_workbooks_end_with_an_answer() {
    damage(100);
}

#[test]
#[ignore = "20,000 runs take minutes: cargo test --release --test cli twenty -- --ignored --nocapture"]
fn twenty_thousand_damaged_workbooks_end_with_an_answer() {
    damage(20_000);
}
