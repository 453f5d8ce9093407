//! `--sheet`: one page of labels to print.

use super::codes;
use crate::cli::args::GenerateArgs;
use crate::cli::exit::{Failure, given};
use crate::cli::list::{self, List};
use crate::cli::output;
use linkmint::batch::labels::Labels;
use linkmint::output::Output;
use linkmint::pages::labels;
use std::path::Path;
use std::sync::Arc;

/// So many labels stand side by side, unless a flag says otherwise.
const COLUMNS: u8 = 3;

/// The page that is being made.
pub(super) struct Sheet<'a> {
    output: Output,
    pub(super) place: &'a Path,
    columns: u8,
    pub(super) labels: Arc<Labels>,
}

impl<'a> Sheet<'a> {
    /// Makes its file where one was asked for.
    pub(super) fn of(args: &'a GenerateArgs, list: &List) -> Result<Option<Self>, Failure> {
        let Some(place) = list::SheetFlags::of(&args.list)?.page else {
            return refuse_flags(args);
        };
        if let Some(flag) = given(&[(args.columns.keep, "--keep"), (args.strict, "--strict")]) {
            return Err(Failure::usage(format_args!("it excludes {flag}"))
                .at("--sheet")
                .hint("make the labels in a run of their own"));
        }
        // a line break is hard to type within quotes
        let text = args.qr.sheet_text.as_ref().map(|text| text.replace("\\n", "\n"));
        let text = codes::parts("--sheet-text", text.as_deref(), list)?;
        Ok(Some(Self {
            output: output::create(place, args.file.options(), args.file.quiet)?,
            place,
            columns: args.qr.sheet_columns.unwrap_or(COLUMNS),
            labels: Arc::new(Labels::new(text, args.qr.draw.qr_level)),
        }))
    }

    /// Puts the page into its place.
    pub(super) fn commit(self) -> Result<(), Failure> {
        let Self {
            output,
            place,
            columns,
            labels,
        } = self;
        let made = labels.take();
        let labels = made.iter().map(|label| labels::Label {
            size: label.code.size,
            path: &label.code.path,
            lines: &label.lines,
            short: &label.short,
        });
        let page = labels::sheet(columns, &labels.collect::<Vec<_>>());
        output::fill(output, place, page.as_bytes())
    }
}

/// Flags about labels mean nothing without any.
fn refuse_flags<'a>(args: &GenerateArgs) -> Result<Option<Sheet<'a>>, Failure> {
    let flags = [
        (args.qr.sheet_text.is_some(), "--sheet-text"),
        (args.qr.sheet_columns.is_some(), "--sheet-columns"),
    ];
    match given(&flags) {
        Some(flag) => Err(Failure::usage("it is about labels, and no page of them is named")
            .at(flag)
            .hint("--sheet labels.html names it")),
        None => Ok(None),
    }
}
