//! A chart of columns: the columns are drawn, all text is HTML, so that it keeps its size on a phone.

use super::markup::{Escaped, share};
use linkmint::number::{counted, grouped};
use std::fmt::Write;

/// So many places on the axis have a name.
const TICKS: usize = 6;

/// One of a chart's columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// Its name on the axis.
    pub(super) short: String,
    pub(super) checks: u64,
}

/// A chart, and the same as a table for whoever can't see it. `id` is its own on the page.
pub(super) fn columns(id: &str, title: &str, heading: &str, columns: &[Column]) -> String {
    let most = columns.iter().map(|column| column.checks).max().unwrap_or(0);
    let top = round_above(most);
    let mut text = format!("<figure class=\"chart\">\n<div class=\"plot\">\n{}", lines(top));
    let count = columns.len().max(1);
    let _ = writeln!(
        text,
        "<svg role=\"img\" aria-labelledby=\"{id}\" viewBox=\"0 0 {count} 100\" preserveAspectRatio=\"none\">\
         <title id=\"{id}\">{}</title>",
        Escaped(&told(title, columns))
    );
    for (index, column) in columns.iter().enumerate() {
        text += &drawn(index, column, top);
    }
    text += "</svg>\n</div>\n";
    text += &ticks(columns);
    text += "</figure>\n";
    text + &table(heading, columns)
}

/// What there is to be seen, in a sentence.
fn told(title: &str, columns: &[Column]) -> String {
    let most = columns.iter().max_by_key(|column| column.checks);
    match most.filter(|most| most.checks > 0) {
        Some(most) => format!("{title}; the most, {}, {}", counted(most.checks, "check"), most.name),
        None => title.to_owned(),
    }
}

/// The least round even number that is not below: half of it is a number too.
fn round_above(most: u64) -> u64 {
    let mut unit = 1u64;
    loop {
        let round = [2, 4, 6, 8, 10].map(|times| unit.saturating_mul(times));
        if let Some(found) = round.into_iter().find(|round| *round >= most) {
            return found;
        }
        unit = unit.saturating_mul(10);
    }
}

fn lines(top: u64) -> String {
    let line = |(place, value): (u8, u64)| {
        format!(
            "<span class=\"line\" style=\"bottom:{place}%\"><b>{}</b></span>",
            grouped(value)
        )
    };
    let all: String = [(100, top), (50, top / 2), (0, 0)].into_iter().map(line).collect();
    format!("<div class=\"lines\" aria-hidden=\"true\">{all}</div>\n")
}

/// A column, and over it to the top what shows its number when it is pointed at.
fn drawn(index: usize, column: &Column, top: u64) -> String {
    // what is more than nothing can be seen
    let height = (column.checks as f64 / top as f64 * 100.0).max(if column.checks > 0 { 0.8 } else { 0.0 });
    format!(
        "<g><title>{}: {}</title><rect class=\"back\" x=\"{index}\" y=\"0\" width=\"1\" height=\"100\"/>\
         <rect class=\"column\" x=\"{index}.12\" y=\"{:.2}\" width=\"0.76\" height=\"{height:.2}\"/></g>\n",
        Escaped(&column.name),
        counted(column.checks, "check"),
        100.0 - height
    )
}

fn ticks(columns: &[Column]) -> String {
    let step = columns.len().div_ceil(TICKS).max(1);
    let mut text = "<div class=\"ticks\" aria-hidden=\"true\">".to_owned();
    for (place, index) in (0..columns.len()).step_by(step).enumerate() {
        let middle = 2 * index as u64 + 1;
        let whole = 2 * columns.len() as u64;
        let edge = match middle * 100 / whole {
            0..8 => " first",
            93.. => " last",
            _ => "",
        };
        let less = if place % 2 == 1 { " less" } else { "" };
        let left = share(middle, whole);
        let short = Escaped(&columns[index].short);
        let _ = write!(
            text,
            "<span class=\"tick{edge}{less}\" style=\"left:{left}%\">{short}</span>"
        );
    }
    text + "</div>\n"
}

fn table(heading: &str, columns: &[Column]) -> String {
    let mut text = format!(
        "<details>\n<summary>The same as a table</summary>\n<table class=\"plain\">\n\
         <thead><tr><th scope=\"col\">{heading}</th><th scope=\"col\" class=\"number\">Checks</th></tr></thead>\n<tbody>\n"
    );
    for column in columns.iter().filter(|column| column.checks > 0) {
        let (name, checks) = (Escaped(&column.name), grouped(column.checks));
        let _ = writeln!(
            text,
            "<tr><th scope=\"row\">{name}</th><td class=\"number\">{checks}</td></tr>"
        );
    }
    text + "</tbody>\n</table>\n</details>\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers_that_have_a_half() {
        let table = [
            (0, 2),
            (1, 2),
            (2, 2),
            (3, 4),
            (5, 6),
            (9, 10),
            (11, 20),
            (21, 40),
            (61, 80),
            (81, 100),
            (1_234, 2_000),
        ];
        for (most, top) in table {
            assert_eq!(round_above(most), top, "{most}");
        }
        assert_eq!(round_above(u64::MAX), u64::MAX);
    }

    #[test]
    fn a_column_is_as_high_as_its_number() {
        let column = |checks| Column {
            name: "a<b".to_owned(),
            short: "a".to_owned(),
            checks,
        };
        assert_eq!(
            drawn(3, &column(5), 20),
            "<g><title>a&lt;b: 5 checks</title><rect class=\"back\" x=\"3\" y=\"0\" width=\"1\" height=\"100\"/>\
             <rect class=\"column\" x=\"3.12\" y=\"75.00\" width=\"0.76\" height=\"25.00\"/></g>\n"
        );
        assert!(drawn(0, &column(0), 20).contains("height=\"0.00\""));
        assert!(drawn(0, &column(1), 20_000).contains("height=\"0.80\""));
    }
}
