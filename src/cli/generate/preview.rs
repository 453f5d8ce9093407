//! `--preview`: the first rows as a table and one link in full, before anything is written.
//!
//! The tokens are signed with a key that is thrown away: nothing of a preview can be sent by mistake, and no
//! keyring is needed.

use super::{Prepared, columns};
use crate::cli::exit::{Exit, Failure, print};
use crate::cli::list::{self, List};
use crate::cli::meaning::token::no_random;
use crate::cli::report::look::Look;
use crate::cli::text::{Columns, cut};
use linkmint::batch::generate::{ClaimPlan, Generate};
use linkmint::batch::{RowNumber, RowRule, Tally};
use linkmint::check::Facts;
use linkmint::excerpt::Harmless;
use linkmint::key::{Key, Secret};
use linkmint::number::room_in_sms;
use linkmint::qr::{Code, Level};
use linkmint::table::{Chunk, Row};
use linkmint::token::wire::{Alphabet, encode};
use linkmint::token::{Minter, UntrustedToken};
use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::Arc;

/// A table's widest column.
const WIDEST: usize = 28;

/// One row of the preview.
struct Sample {
    row: u64,
    cells: Vec<String>,
    outcome: Result<(String, String, String), String>,
}

pub(super) fn run(list: List, prepared: &Prepared, rows: NonZeroUsize, level: Level) -> Result<Exit, Failure> {
    let secret = Secret::draw().map_err(|_| no_random())?;
    let key = Key::new(secret);
    let minter = Minter::new(&key, prepared.token.form);
    // the columns that become claims, in the order of the list
    let used: BTreeSet<usize> = prepared.plan.claims.iter().filter_map(ClaimPlan::column).collect();
    let used = Vec::from_iter(used);
    let names: Vec<String> = used
        .iter()
        .map(|&column| list.preamble.header.names()[column].clone())
        .collect();
    let claims = columns::claims_lines(&prepared.plan, &list.preamble.header);
    let header = list.preamble.header.names().to_vec();
    let rule = Generate::new(Arc::new(prepared.plan.clone()), minter, &Arc::default());
    let samples = samples(list, rule, prepared, &used, &header, rows.get())?;
    if samples.is_empty() {
        return Err(Failure::undecided(anyhow::anyhow!("the list has no rows")).hint("there is nothing to preview"));
    }
    let mut text = format!("{}\n{claims}", table(&names, &samples));
    if let Some((token, link, _)) = samples.iter().find_map(|sample| sample.outcome.as_ref().ok()) {
        text += &spelled_out(token, link);
        text += &codes_of(token, link, level);
    }
    let refused = samples.iter().any(|sample| sample.outcome.is_err());
    let printed = print(text)?;
    Ok(if refused { Exit::Refused } else { printed })
}

fn samples(
    mut list: List,
    mut rule: Generate,
    prepared: &Prepared,
    columns: &[usize],
    header: &[String],
    most: usize,
) -> Result<Vec<Sample>, Failure> {
    let mut samples = Vec::new();
    let mut chunk = Chunk::default();
    let failure = |error| list::table_failure(error, &list.name);
    while samples.len() < most && list.reader.fill(&mut chunk).map_err(failure)? {
        prepared.plan.link.iter().for_each(|link| link.look_ahead(&chunk));
        let page = chunk.page();
        let mut places = chunk.places();
        let filled = page.rows().enumerate().filter(|(_, row)| !row.is_blank());
        let room = most - samples.len();
        for ((index, row), number) in filled.zip(chunk.filled_before()..).take(room) {
            let at = RowNumber {
                filled: number,
                row: chunk.first_row() + index as u64,
                line: 0,
            };
            let mut sample = sample(&mut rule, &row, at, columns, header);
            let place = places.place(index);
            if let (Err(error), Some(lines), true) = (&mut sample.outcome, place.lines(), place.spans_lines()) {
                *error = format!("{lines}, {error}");
            }
            samples.push(sample);
        }
    }
    Ok(samples)
}

fn sample(rule: &mut Generate, row: &Row<'_>, at: RowNumber, columns: &[usize], header: &[String]) -> Sample {
    let written = rule.write(row, at, &mut Tally::default(), &mut Vec::new());
    let given = written.and_then(|_| rule.given(row));
    let cell = |&column: &usize| row.text(column).unwrap_or_default().into_owned();
    Sample {
        row: at.row,
        cells: columns.iter().map(cell).collect(),
        outcome: match given {
            Ok([token, link, expiry]) if expiry.is_empty() => Ok((token, link, "never".to_owned())),
            Ok([token, link, expiry]) => Ok((token, link, expiry)),
            Err(reject) => Err(reject.told(header)),
        },
    }
}

fn table(names: &[String], samples: &[Sample]) -> String {
    let mut lines = vec![
        [
            vec!["row".to_owned()],
            names.to_vec(),
            vec!["expires_at".into(), "link".into()],
        ]
        .concat(),
    ];
    for sample in samples {
        let rest = match &sample.outcome {
            Ok((token, link, expires)) => vec![
                expires.clone(),
                if link.is_empty() { token.clone() } else { link.clone() },
            ],
            Err(problem) => vec!["-".to_owned(), format!("REJECTED: {problem}")],
        };
        lines.push([vec![sample.row.to_string()], sample.cells.clone(), rest].concat());
    }
    for cells in &mut lines {
        // a link is shown whole
        let last = cells.len() - 1;
        for (column, cell) in cells.iter_mut().enumerate() {
            let most = if column == last { usize::MAX } else { WIDEST };
            *cell = cut(&Harmless(cell).to_string(), most);
        }
    }
    let columns = Columns::of(&lines, 0..0);
    lines
        .iter()
        .map(|cells| columns.line(cells).trim_end().to_owned() + "\n")
        .collect()
}

/// How large its QR code is, and how large it would be at best.
fn codes_of(token: &str, link: &str, level: Level) -> String {
    let whole = if link.is_empty() { token } else { link };
    let Ok(code) = Code::of(whole, level) else {
        return "as a QR code: it is too long for one\n".to_owned();
    };
    let told = |code: &Code| format!("version {}, {1} × {1} modules", code.version(), code.modules());
    let mut text = format!("as a QR code: {}", told(&code));
    let mut bytes = Vec::new();
    if UntrustedToken::read(token, &mut bytes).is_ok_and(|token| !token.form().is_jwt()) {
        let mut capitals = Vec::new();
        encode(&bytes, Alphabet::Base32, &mut capitals);
        capitals.make_ascii_uppercase();
        let best = whole.replacen(token, &String::from_utf8_lossy(&capitals), 1);
        if let Ok(best) = Code::of(&best, level)
            && best.version() < code.version()
        {
            text += &format!("; with --text base32-upper: {}", told(&best));
        }
    }
    text + "\n"
}

/// One link with its length, its room in an SMS, and what every reader of it can see.
fn spelled_out(token: &str, link: &str) -> String {
    let whole = if link.is_empty() { token } else { link };
    let length = whole.chars().count();
    let room = room_in_sms(whole);
    let mut text = format!(
        "\n{whole}\n  {length} characters, which {room}\n  (the key of a preview is thrown away: this link is not valid)\n"
    );
    let mut buffer = Vec::new();
    match UntrustedToken::read(token, &mut buffer).and_then(UntrustedToken::peek) {
        Ok(Some(seen)) => {
            text += "what everybody who sees the link can read:\n";
            let lines = Facts::unverified(&seen).claim_lines();
            text += &if lines.is_empty() {
                "  no claims\n".to_owned()
            } else {
                Look::of_stdout().aligned(&lines)
            };
        }
        _ => text += "the claims are sealed: only holders of the key can read them\n",
    }
    text
}
