//! A page of labels to print: QR codes with some text beside them.
//!
//! It is black on white in the dark as well, breaks between rows of labels, and takes the paper that the printer has: on A4
//! and Letter the same labels stand side by side.

use super::{POLICY, Shown};
use maud::{DOCTYPE, PreEscaped, html};

const STYLE: &str = include_str!("labels.css");

/// What stands on a label.
#[derive(Clone, Copy, Debug)]
pub struct Label<'a> {
    /// How many modules its code is wide and high, with the white margin.
    pub size: u32,
    /// The outline of the dark ones, as an SVG path has it; letters of ours alone.
    pub path: &'a str,
    /// The text beside it.
    pub lines: &'a [String],
    /// The short form of its token.
    pub short: &'a str,
}

/// The page, with so many labels side by side.
#[must_use]
pub fn sheet(columns: u8, labels: &[Label<'_>]) -> String {
    let columns = usize::from(columns.max(1));
    // beside the text where there is room, else above it
    let class = if columns > 3 { "above" } else { "beside" };
    let page = html! {
        (DOCTYPE) "\n"
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(PreEscaped(POLICY));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                title { (labels.len()) " labels" }
                style { "\n" (PreEscaped(STYLE)) ".label{width:calc(100%/" (columns) ")}\n" }
            }
            body class=(class) {
                @for row in labels.chunks(columns) {
                    div.row { @for label in row { (one(label)) } }
                    "\n"
                }
            }
        }
        "\n"
    };
    page.into_string()
}

fn one(label: &Label<'_>) -> maud::Markup {
    let Label {
        size,
        path,
        lines,
        short,
    } = label;
    html! {
        div.label {
            svg width={ (inches(*size)) "in" } viewBox={ "0 0 " (size) " " (size) } { path d=(path); }
            div.text {
                @for line in *lines { p { (Shown(line)) } }
                p.token { (Shown(short)) }
            }
        }
    }
}

/// The dots of an inch that all usual printers have, or a multiple of them.
const DPI: u32 = 300;
/// Six labels stand side by side on A4 with codes of so many dots.
const WIDEST: u32 = 350;

/// How wide a code is printed: each module is a whole number of dots, so that none is wider than its neighbour.
fn inches(size: u32) -> f64 {
    let dots = (WIDEST / size.max(1)).max(1);
    f64::from(size * dots) / f64::from(DPI)
}
