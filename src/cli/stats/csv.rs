//! What was counted as CSV (RFC 4180), for a spreadsheet.
//!
//! Values of claims are written as no spreadsheet runs them; JSON has them as they are.

use csv::{Terminator, WriterBuilder};
use linkmint::moment::UnixTime;
use linkmint::stats::{Group, Key, Survey};
use linkmint::table::guarded;

/// The rows under their header, each ended by CR LF as the standard has it.
pub(super) fn render(survey: &Survey, delimiter: u8) -> String {
    let mut csv = WriterBuilder::new()
        .delimiter(delimiter)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let is_campaign = survey.query.by.is_campaign();
    let name = guarded(survey.query.by.name());
    let mut header = vec![&*name, "checks", "tokens", "first", "last"];
    if is_campaign {
        header.extend(["minted", "returned", "return_rate"]);
    }
    csv.write_record(header).expect(IN_MEMORY);
    for group in &survey.groups {
        csv.write_record(row(group, is_campaign)).expect(IN_MEMORY);
    }
    let bytes = csv.into_inner().expect(IN_MEMORY);
    String::from_utf8(bytes).expect("all cells are text, and so is the delimiter")
}

const IN_MEMORY: &str = "rows of one length are written to memory";

fn row(group: &Group, is_campaign: bool) -> Vec<String> {
    let count = &group.count;
    let name = match &group.key {
        Key::None => "(none)".to_owned(),
        Key::Sealed => "(sealed)".to_owned(),
        Key::Value(value) => guarded(value).into_owned(),
        key => key.value().unwrap_or_default().into_owned(),
    };
    let time = |seconds: Option<u32>| seconds.map(|seconds| UnixTime(seconds).to_string()).unwrap_or_default();
    let mut cells = vec![
        name,
        count.uses.count.to_string(),
        count.tokens.to_string(),
        time(count.uses.first),
        time(count.uses.last),
    ];
    if is_campaign {
        let minted = group.minted;
        let rate = minted.filter(|minted| *minted > 0);
        let rate = rate.map(|minted| format!("{:.4}", count.returned as f64 / minted as f64));
        cells.push(minted.map(|minted| minted.to_string()).unwrap_or_default());
        cells.push(minted.map(|_| count.returned.to_string()).unwrap_or_default());
        cells.push(rate.unwrap_or_default());
    }
    cells
}
