//! What was counted as CSV (RFC 4180), for a spreadsheet.
//!
//! Values of claims were written by whoever minted, and a spreadsheet runs a cell that begins as a formula does. Such a
//! cell gets an apostrophe in front, which spreadsheets read as the mark of a text; JSON has the value as it is.

use super::group::{Group, Key};
use super::survey::Survey;
use linkmint::moment::UnixTime;

/// The rows under their header, each ended by CR LF as the standard has it.
pub(super) fn render(survey: &Survey, delimiter: char) -> String {
    let is_campaign = survey.query.by.is_campaign();
    let mut header = vec![cell(survey.query.by.name(), delimiter)];
    header.extend(["checks", "tokens", "first", "last"].map(str::to_owned));
    if is_campaign {
        header.extend(["minted", "returned", "return_rate"].map(str::to_owned));
    }
    let rows = survey.groups.iter().map(|group| row(group, is_campaign, delimiter));
    let lines = std::iter::once(header).chain(rows);
    let separator = delimiter.to_string();
    lines.map(|cells| cells.join(&separator) + "\r\n").collect()
}

fn row(group: &Group, is_campaign: bool, delimiter: char) -> Vec<String> {
    let count = &group.count;
    let name = match &group.key {
        Key::Day(day) => day.to_string(),
        Key::Hour(hour) => hour.to_string(),
        Key::Status(status) => status.as_str().to_owned(),
        Key::Value(value) => cell(value, delimiter),
        Key::None => "(none)".to_owned(),
        Key::Sealed => "(sealed)".to_owned(),
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
        cells.push(minted.map(|minted| minted.to_string()).unwrap_or_default());
        cells.push(minted.map(|_| count.returned.to_string()).unwrap_or_default());
        cells.push(
            rate.map(|minted| format!("{:.4}", count.returned as f64 / minted as f64))
                .unwrap_or_default(),
        );
    }
    cells
}

/// Whether a spreadsheet could take it for a formula: by its first character, also in the wide forms of East Asian
/// keyboards, or behind white space that it takes away.
fn is_formula(text: &str) -> bool {
    text.starts_with(char::is_control)
        || text
            .trim_start()
            .starts_with(['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'])
}

fn cell(text: &str, delimiter: char) -> String {
    let text = match is_formula(text) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    let edge = |letter: char| letter.is_whitespace();
    let is_plain = !text.contains([delimiter, '"', '\r', '\n']) && !text.starts_with(edge) && !text.ends_with(edge);
    match is_plain {
        true => text,
        false => format!("\"{}\"", text.replace('"', "\"\"")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let table = [
            ("spring26", "spring26"),
            ("=1+1", "'=1+1"),
            ("+49", "'+49"),
            ("-2", "'-2"),
            ("@sum", "'@sum"),
            ("\t=1", "'\t=1"),
            (" =1", "' =1"),
            ("＝1", "'＝1"),
            ("a=b-c", "a=b-c"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(cell(text, ','), expected, "{text}");
        }
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(cell("a,\"b\"", ','), "\"a,\"\"b\"\"\"");
        assert_eq!(cell("a,b", ';'), "a,b");
        assert_eq!(cell("a;b", ';'), "\"a;b\"");
        assert_eq!(cell("a\r\nb", ','), "\"a\r\nb\"");
        assert_eq!(cell("=\"a\"", ','), "\"'=\"\"a\"\"\"");
    }
}
