//! From any list that the `csv` crate can write, through `generate` and `verify`: each original cell comes back, and
//! each token is valid in its own row.

use csv::{QuoteStyle, ReaderBuilder, Terminator, WriterBuilder};
use proptest::prelude::*;
use std::io::Write;
use std::process::{Command, Stdio};

/// A list as its cells and as the way it is written.
#[derive(Clone, Debug)]
struct List {
    rows: Vec<Vec<String>>,
    delimiter: u8,
    ends: Terminator,
    quotes: QuoteStyle,
    mark: bool,
}

impl List {
    fn bytes(&self) -> Vec<u8> {
        let mut writer = WriterBuilder::new()
            .delimiter(self.delimiter)
            .terminator(self.ends)
            .quote_style(self.quotes)
            .from_writer(Vec::new());
        for row in &self.rows {
            writer.write_record(row).expect("memory");
        }
        let list = writer.into_inner().expect("memory");
        match self.mark {
            true => ["\u{feff}".as_bytes(), &list].concat(),
            false => list,
        }
    }

    fn cells_of(&self, bytes: &[u8]) -> Vec<Vec<String>> {
        let mut reader = ReaderBuilder::new()
            .delimiter(self.delimiter)
            .has_headers(false)
            .from_reader(bytes);
        let rows = reader.records().map(|row| row.expect("as many cells in each row"));
        rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
    }
}

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ -~]{0,12}",
        2 => "\\PC{0,8}",
        2 => "[,;|\t\"\r\n a]{0,6}",
        1 => Just(String::new()),
    ]
}

fn lists() -> impl Strategy<Value = List> {
    let rows = (1..5usize).prop_flat_map(|width| {
        let row = (
            "[ \t]?[!-~é]([ -~\r\n]{0,12}[!-~])?[ ]?",
            prop::collection::vec(cell(), width - 1),
        );
        let rows = prop::collection::vec(row, 1..40);
        rows.prop_map(move |rows| {
            let names = (1..width).map(|number| format!("column {number}"));
            let header = std::iter::once("customer_id".to_owned()).chain(names).collect();
            let rows = rows
                .into_iter()
                .map(|(customer, cells)| [vec![customer], cells].concat());
            std::iter::once(header).chain(rows).collect::<Vec<Vec<String>>>()
        })
    });
    let ends = prop::sample::select(vec![Terminator::Any(b'\n'), Terminator::CRLF, Terminator::Any(b'\r')]);
    let quotes = prop::sample::select(vec![QuoteStyle::Necessary, QuoteStyle::Always, QuoteStyle::NonNumeric]);
    let delimiter = prop::sample::select(&b",;\t|"[..]);
    (rows, delimiter, ends, quotes, any::<bool>()).prop_map(|(rows, delimiter, ends, quotes, mark)| List {
        rows,
        delimiter,
        ends,
        quotes,
        mark,
    })
}

/// Standard output of the program; it must succeed.
fn run(args: &[&str], list: &List, input: Vec<u8>) -> Vec<u8> {
    let delimiter = char::from(list.delimiter).to_string().replace('\t', "tab");
    let mut child = Command::new(env!("CARGO_BIN_EXE_linkmint"))
        .args(args)
        .args(["-d", &delimiter, "-q"])
        .env_remove("LINKMINT_KEYRING")
        .env("LINKMINT_KEY", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut pipe = child.stdin.take().expect("a pipe");
    let feeder = std::thread::spawn(move || pipe.write_all(&input));
    let output = child.wait_with_output().expect("it ends");
    let _ = feeder.join().expect("fed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn every_cell_comes_back_and_every_token_is_valid(list in lists(), seal in any::<bool>()) {
        let mut args = vec!["generate", "-", "--base-url", "https://shop.example/p", "--expires-in", "24h"];
        args.extend(["--issued-at", "2026-11-21T16:00:00Z"]);
        if seal {
            args.push("--seal");
        }
        let links = run(&args, &list, list.bytes());
        let checked = run(&["verify", "--file", "-", "--now", "2026-11-21T16:00:00Z"], &list, links.clone());
        let without_mark = |bytes: &[u8]| bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes).to_vec();
        prop_assert_eq!(links.starts_with("\u{feff}".as_bytes()), list.mark);
        let (links, checked) = (list.cells_of(&without_mark(&links)), list.cells_of(&without_mark(&checked)));
        prop_assert_eq!(links.len(), list.rows.len());
        prop_assert_eq!(checked.len(), list.rows.len());
        for (row, ((before, link), check)) in list.rows.iter().zip(&links).zip(&checked).enumerate() {
            let width = before.len();
            prop_assert_eq!(&link[..width], &before[..], "row {}", row);
            prop_assert_eq!(&check[..width + 3], &link[..]);
            if row > 0 {
                prop_assert_eq!(&check[width + 3], "valid");
                prop_assert_eq!(&check[width + 4], "2026-11-22T16:00:00Z");
            }
        }
    }
}
