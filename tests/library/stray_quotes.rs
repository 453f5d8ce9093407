//! One stray or missing quote in any place of a list: no customer is lost in silence.
//!
//! Every customer is in the output with a token of their own, or the list is refused, or the customer's lines are within
//! those that a rejected row names.

use linkmint::batch::Report;
use linkmint::batch::lint::Lint;
use linkmint::token::UntrustedToken;
use linkmint::{Campaign, CampaignError, Form, Keyring, Minter, Secret, TokenId, UnixTime, Validity};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

const CUSTOMERS: [[&str; 3]; 12] = [
    ["1001", "Ann", "blue"],
    ["1002", "", ""],
    ["1003", "Bob \"the cat\"", "x"],
    ["1004", "Cid, Jr.", ""],
    ["1005", ", Esq.", "two\nlines"],
    ["1006", "", ",\nand more"],
    ["1007", "Eve", "5"],
    ["1008", "Fay", "\nand a gift"],
    ["1009", "\nGus\nJr.", "6"],
    ["1010", "", "\n"],
    ["1011", "Ida", ""],
    ["1012", "Joe", "7"],
];

/// A way to write lists.
struct Habit {
    name: &'static str,
    /// Whether a cell is put in quotes; those that must be are.
    quotes: fn(&str) -> bool,
    /// Whether cells that need quotes are left out: this writer knows none.
    plain: bool,
    before_delimiter: &'static str,
    delimiter: &'static str,
    line_break: &'static str,
}

const HABITS: [Habit; 7] = [
    Habit {
        name: "unquoted",
        quotes: |_| false,
        plain: true,
        before_delimiter: "",
        delimiter: ",",
        line_break: "\n",
    },
    Habit {
        name: "all quoted",
        quotes: |_| true,
        plain: false,
        before_delimiter: "",
        delimiter: ",",
        line_break: "\n",
    },
    Habit {
        name: "text quoted",
        quotes: is_text,
        plain: false,
        before_delimiter: "",
        delimiter: ",",
        line_break: "\n",
    },
    Habit {
        name: "spaces",
        quotes: |_| true,
        plain: false,
        before_delimiter: " ",
        delimiter: ";",
        line_break: "\n",
    },
    Habit {
        name: "CRLF",
        quotes: |_| true,
        plain: false,
        before_delimiter: "",
        delimiter: ";",
        line_break: "\r\n",
    },
    Habit {
        name: "as needed",
        quotes: |_| false,
        plain: false,
        before_delimiter: "",
        delimiter: ",",
        line_break: "\r\n",
    },
    Habit {
        name: "lone CR",
        quotes: is_text,
        plain: false,
        before_delimiter: " ",
        delimiter: ",",
        line_break: "\r",
    },
];

fn is_text(cell: &str) -> bool {
    !cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// A list, and the lines of each customer.
struct List {
    text: String,
    lines: BTreeMap<&'static str, RangeInclusive<u64>>,
}

impl Habit {
    fn row(&self, cells: [&str; 3]) -> String {
        let cell = |text: &&str| {
            let needed = text.contains(['"', ',', ';', '\n', '\r']);
            match (self.quotes)(text) || needed {
                true if self.plain => String::new(),
                true => format!("\"{}\"", text.replace('"', "\"\"")),
                false => (*text).to_owned(),
            }
        };
        let between = format!("{}{}", self.before_delimiter, self.delimiter);
        cells.iter().map(cell).collect::<Vec<_>>().join(&between) + self.before_delimiter + self.line_break
    }

    fn list(&self) -> List {
        let mut list = List {
            text: self.row(["customer_id", "name", "note"]),
            lines: BTreeMap::new(),
        };
        let mut line = 2;
        for cells in CUSTOMERS {
            let row = self.row(cells);
            let own = row.trim_end_matches(['\r', '\n']);
            let breaks = own.matches(['\n', '\r']).count() as u64;
            list.lines.insert(cells[0], line..=line + breaks);
            line += breaks + 1;
            list.text += &row;
        }
        list
    }
}

impl List {
    /// The list with one quote more in any place, and with one fewer.
    fn spoiled(&self) -> Vec<String> {
        let text = &self.text;
        let stray = (0..=text.len()).map(|at| format!("{}\"{}", &text[..at], &text[at..]));
        let missing = text
            .match_indices('"')
            .map(|(at, _)| format!("{}{}", &text[..at], &text[at + 1..]));
        stray.chain(missing).collect()
    }
}

fn ring() -> Keyring {
    Keyring::of(Secret::new(vec![7; 32].into()).expect("32 bytes"))
}

fn mint(list: &str) -> Result<(Report, Vec<u8>), CampaignError> {
    let ring = ring();
    let minter = Minter::new(ring.signing_key(None).expect("a key"), Form::default());
    let validity = Validity::lasting(UnixTime(1_790_000_000), 86_400).expect("a day");
    let campaign = Campaign::new(minter, validity, TokenId::parse("000000000001").expect("an id"))
        .threads(std::num::NonZeroUsize::MIN);
    let mut links = Vec::new();
    let report = campaign.generate_with_rejects(list.as_bytes(), &mut links, std::io::sink())?;
    Ok((report, links))
}

/// The id of each row that was written, and that of its token.
fn ids(links: &[u8], delimiter: &str) -> Vec<(String, String)> {
    let ring = ring();
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter.as_bytes()[0])
        .from_reader(links);
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| {
        header
            .iter()
            .position(|other| other.trim() == name)
            .unwrap_or_else(|| panic!("{name} in {header:?}:\n{}", String::from_utf8_lossy(links)))
    };
    let (own, token) = (place("customer_id"), place("token"));
    let ids = |row: csv::Result<csv::StringRecord>| {
        let row = row.expect("a row");
        let mut buffer = Vec::new();
        let token = UntrustedToken::read(&row[token], &mut buffer).expect("a token");
        let token = token.authenticate(ring.keys()).expect("our token");
        let claim = token.claims().value("customer_id").expect("a customer").to_string();
        (row[own].trim_ascii().to_owned(), claim)
    };
    reader.records().map(ids).collect()
}

#[test]
fn no_customer_is_lost_in_silence() {
    let (mut lists, mut minted) = (0, 0);
    for habit in HABITS {
        let list = habit.list();
        let (_, whole) = mint(&list.text).unwrap_or_else(|error| panic!("{}: {error}", habit.name));
        assert_eq!(ids(&whole, habit.delimiter).len(), CUSTOMERS.len(), "{}", habit.name);
        for spoiled in list.spoiled() {
            lists += 1;
            // what is refused as a whole loses nobody
            let Ok((report, links)) = mint(&spoiled) else { continue };
            let ids = ids(&links, habit.delimiter);
            minted += ids.len();
            assert_none_lost(habit.name, &spoiled, &list, &report, &ids);
        }
    }
    assert!(lists > 936 && minted > 5_000, "{lists} lists with {minted} customers");
}

fn assert_none_lost(habit: &str, spoiled: &str, list: &List, report: &Report, ids: &[(String, String)]) {
    assert!(report.rejected <= report.told.len() as u64, "all are told");
    let warned = report.tally.lints().any(|(lint, _)| lint == Lint::StrayQuote);
    // nobody can tell a stray quote in an unquoted id from one that belongs there
    let is_spoiled = |claim: &str| warned && claim.matches('"').count() % 2 == 1;
    for (cell, claim) in ids {
        assert_eq!(cell, claim, "{habit}: the token is the row's own: {spoiled:?}");
        let known = list.lines.contains_key(&**claim);
        assert!(known || is_spoiled(claim), "{habit}: {claim:?} is nobody: {spoiled:?}");
    }
    for (id, lines) in &list.lines {
        let count = ids.iter().filter(|(_, claim)| claim == id).count();
        let is_told = |line: u64| {
            let places = report.told.iter().map(|told| told.place);
            places
                .into_iter()
                .any(|place| (place.line..=place.last_line).contains(&line))
        };
        let of_id = |claim: &str| is_spoiled(claim) && claim.replace('"', "").contains(id);
        let told = is_told(*lines.start()) || ids.iter().any(|(_, claim)| of_id(claim));
        assert!(count <= 1, "{habit}: {id} twice: {spoiled:?}");
        assert!(
            count == 1 || told,
            "{habit}: {id} is lost: {spoiled:?}\n{:?}",
            report.told
        );
    }
}
