//! A chart of columns: the columns are drawn, all text is HTML, so that it keeps its size on a phone.

use super::tables::share;
use crate::number::{counted, grouped};
use crate::pages::shown::Shown;
use maud::{Markup, html};

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
pub(super) fn chart(id: &str, title: &str, heading: &str, columns: &[Column]) -> Markup {
    let most = columns.iter().map(|column| column.checks).max().unwrap_or(0);
    let top = round_above(most);
    let box_of_view = format!("0 0 {} 100", columns.len().max(1));
    html! {
        figure.chart {
            div.plot {
                (lines(top))
                svg role="img" aria-labelledby=(id) viewBox=(box_of_view) preserveAspectRatio="none" {
                    title id=(id) { (Shown(&told(title, columns))) }
                    @for (index, column) in columns.iter().enumerate() {
                        (drawn(index, column, top))
                    }
                }
            }
            (ticks(columns))
        }
        (table(heading, columns))
    }
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

fn lines(top: u64) -> Markup {
    html! {
        div.lines aria-hidden="true" {
            @for (place, value) in [(100, top), (50, top / 2), (0, 0)] {
                span.line style={ "bottom:" (place) "%" } { b { (grouped(value)) } }
            }
        }
    }
}

/// A column, and over it to the top what shows its number when it is pointed at.
fn drawn(index: usize, column: &Column, top: u64) -> Markup {
    // what is more than nothing can be seen
    let height = (column.checks as f64 / top as f64 * 100.0).max(if column.checks > 0 { 0.8 } else { 0.0 });
    let (above, height) = (format!("{:.2}", 100.0 - height), format!("{height:.2}"));
    html! {
        g {
            title { (Shown(&column.name)) ": " (counted(column.checks, "check")) }
            rect.back x=(index) y="0" width="1" height="100" {}
            rect.column x={ (index) ".12" } y=(above) width="0.76" height=(height) {}
        }
    }
}

fn ticks(columns: &[Column]) -> Markup {
    let step = columns.len().div_ceil(TICKS).max(1);
    let whole = 2 * columns.len() as u64;
    let tick = |(place, index): (usize, usize)| {
        let middle = 2 * index as u64 + 1;
        let edge = middle * 100 / whole;
        html! {
            span.tick.first[edge < 8].last[edge >= 93].less[place % 2 == 1]
                style={ "left:" (share(middle, whole)) "%" } { (Shown(&columns[index].short)) }
        }
    };
    html! {
        div.ticks aria-hidden="true" {
            @for place in (0..columns.len()).step_by(step).enumerate() {
                (tick(place))
            }
        }
    }
}

fn table(heading: &str, columns: &[Column]) -> Markup {
    html! {
        details {
            summary { "The same as a table" }
            table.plain {
                thead { tr { th scope="col" { (heading) } th.number scope="col" { "Checks" } } }
                tbody {
                    @for column in columns.iter().filter(|column| column.checks > 0) {
                        tr { th scope="row" { (Shown(&column.name)) } td.number { (grouped(column.checks)) } }
                    }
                }
            }
        }
    }
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
        let text = |checks, top| drawn(3, &column(checks), top).into_string();
        assert_eq!(
            text(5, 20),
            "<g><title>a&lt;b: 5 checks</title><rect class=\"back\" x=\"3\" y=\"0\" width=\"1\" height=\"100\"></rect>\
             <rect class=\"column\" x=\"3.12\" y=\"75.00\" width=\"0.76\" height=\"25.00\"></rect></g>"
        );
        assert!(text(0, 20).contains("height=\"0.00\""));
        assert!(text(1, 20_000).contains("height=\"0.80\""));
    }
}
