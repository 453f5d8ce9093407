//! From the flags and the header to what a check of a list needs before its first row.

use super::super::super::args::VerifyArgs;
use super::super::super::exit::Failure;
use super::super::super::hint::pasted;
use super::super::super::list::List;
use super::super::super::meaning::columns::{Columns, column_failure};
use super::super::super::meaning::pair;
use super::super::checker::Checks;
use linkmint::batch::NewCells;
use linkmint::batch::verify::{EXPIRES, Match, RowOutput, STATUS, TokenColumns, VerifiedCells, VerifyPlan};
use linkmint::check::{CheckLedger, Count};
use linkmint::paste;
use linkmint::table::workbook::is_written_as_workbook;
use linkmint::token::Revocations;

/// The columns that `generate` writes.
const TOKEN_COLUMN: &str = "token";
const LINK_COLUMN: &str = "url_link";

/// The list, perhaps to be read in another way, and the plan for it.
pub(super) fn plan(args: &VerifyArgs, list: List, checker: &Checks) -> Result<(List, VerifyPlan), Failure> {
    match args.rows.column.is_none() && !args.list.no_header && !args.list.header && begins_with_token(&list) {
        true => of_lines(args, list, checker),
        false => of_table(args, list, checker),
    }
}

pub(in crate::cli) fn begins_with_token(list: &List) -> bool {
    let first = String::from_utf8_lossy(list.preamble.header.raw());
    paste::candidates(&first).iter().any(paste::Candidate::has_shape)
}

/// A list of one text a line.
fn of_lines(args: &VerifyArgs, mut list: List, checker: &Checks) -> Result<(List, VerifyPlan), Failure> {
    let given = [
        (!args.rows.show.is_empty(), "--show"),
        (!args.rows.matches.is_empty(), "--match"),
    ];
    if let Some((_, flag)) = given.iter().find(|(given, _)| *given) {
        return Err(Failure::usage("the list is one token a line, without columns")
            .at(flag)
            .hint("its first line holds a token; a list with columns begins with their names"));
    }
    list.reader = list.reader.into_lines(&list.preamble.header);
    let output = match args.json {
        true => RowOutput::Json,
        false => RowOutput::Lines,
    };
    let tokens = TokenColumns { first: 0, second: None };
    let plan = verify_plan(args, checker, 1, tokens, output);
    Ok((list, plan))
}

fn of_table(args: &VerifyArgs, list: List, checker: &Checks) -> Result<(List, VerifyPlan), Failure> {
    let header = &list.preamble.header;
    let ahead: Vec<_> = list.reader.rows_ahead().collect();
    let columns = Columns::new(header, &list.name)
        .with_ahead(&ahead)
        .with_sheets(&list.other_sheets);
    let tokens = token_columns(args.rows.column.as_deref(), &columns)?;
    if !args.files.quiet && args.rows.column.is_none() {
        warn_of_near(&columns)?;
    }
    let matches = matches(&args.rows.matches, args.rows.no_match, &columns, &tokens)?;
    let output = match args.json {
        true => RowOutput::Json,
        false => RowOutput::Cells(cells(args, &columns, list.reader.dialect().delimiter)?),
    };
    let mut plan = verify_plan(args, checker, header.len(), tokens, output);
    plan.matches = matches;
    plan.columns = header.names().to_vec();
    Ok((list, plan))
}

fn verify_plan(
    args: &VerifyArgs,
    checker: &Checks,
    width: usize,
    tokens: TokenColumns,
    output: RowOutput,
) -> VerifyPlan {
    let count = |ledger: &CheckLedger| ledger.list_count(args.json);
    VerifyPlan {
        width,
        rules: checker.rules().clone(),
        revocations: Revocations::default(),
        count: checker.ledger().map_or(Count::None, count),
        tokens,
        matches: Vec::new(),
        columns: Vec::new(),
        output,
        only_invalid: args.rows.only_invalid,
        divert_invalid: args.files.rejects.is_some(),
        keep_rejected: false,
        faults: None,
        hides_claims: false,
        hides_mismatched: false,
    }
}

/// The columns that hold tokens: the one that a flag names, else those that `generate` writes.
pub(in crate::cli) fn token_columns(flag: Option<&str>, columns: &Columns<'_>) -> Result<TokenColumns, Failure> {
    if let Some(name) = flag {
        let first = columns.of_flag("--column", name)?;
        return Ok(TokenColumns { first, second: None });
    }
    match (columns.find(TOKEN_COLUMN)?, columns.find(LINK_COLUMN)?) {
        (Some(first), second) => Ok(TokenColumns { first, second }),
        (None, Some(first)) => Ok(TokenColumns { first, second: None }),
        (None, None) => {
            let names = columns.header().listed();
            let below = [TOKEN_COLUMN, LINK_COLUMN]
                .into_iter()
                .find_map(|name| columns.header_elsewhere(name));
            let hint = match near(columns) {
                _ if below.is_some() => below.unwrap_or_default(),
                Some(near) => format!("--column {near} says that it is that one; the header has {names}"),
                None => format!("name the column with --column; the header has {names}"),
            };
            Err(Failure::usage("there is neither a column token nor a column url_link")
                .at(columns.place())
                .hint(hint))
        }
    }
}

/// A column whose name is only like one of those that `generate` writes, as it stands in a flag.
fn near(columns: &Columns<'_>) -> Option<String> {
    let header = columns.header();
    let mut places = [TOKEN_COLUMN, LINK_COLUMN]
        .into_iter()
        .flat_map(|name| header.alike(name));
    places.find_map(|place| pasted(&header.names()[place]))
}

/// Warns of a column that is read for neither, though its name is like one of them.
pub(in crate::cli) fn warn_of_near(columns: &Columns<'_>) -> Result<(), Failure> {
    for name in [TOKEN_COLUMN, LINK_COLUMN] {
        if columns.find(name)?.is_none() {
            columns.warn_of_near(name, "--column", "reads that one");
        }
    }
    Ok(())
}

/// The pairs that were given, and the columns that may have claims' names.
pub(in crate::cli) fn matches(
    flags: &[String],
    none: bool,
    columns: &Columns<'_>,
    tokens: &TokenColumns,
) -> Result<Vec<Match>, Failure> {
    if none {
        return Ok(Vec::new());
    }
    let mut matches = Vec::new();
    for text in flags {
        let (name, column) = pair("--match", text)?;
        matches.push(Match {
            name: name.to_owned(),
            column: columns
                .need(column)
                .map_err(|error| column_failure(&error, columns).at(columns.in_flag("--match")))?,
            needed: true,
        });
    }
    let given = matches.clone();
    for (column, name) in columns.header().names().iter().enumerate() {
        let is_own = column == tokens.first || Some(column) == tokens.second || name.is_empty();
        if !is_own && !given.iter().any(|pair| pair.name == *name) {
            matches.push(Match {
                name: name.clone(),
                column,
                needed: false,
            });
        }
    }
    Ok(matches)
}

fn cells(args: &VerifyArgs, columns: &Columns<'_>, delimiter: u8) -> Result<VerifiedCells, Failure> {
    let show: Vec<String> = args.rows.show.iter().map(|name| name.trim_ascii().to_owned()).collect();
    let shown = show.iter().map(|name| format!("verified_{name}"));
    let names = [STATUS.to_owned(), EXPIRES.to_owned()].into_iter().chain(shown);
    let mut places = Vec::new();
    for name in names {
        let place = columns.place_for(&name)?;
        if places.contains(&place) {
            return Err(Failure::usage(format_args!("the column {name} would stand twice"))
                .at("--show")
                .hint("name each claim once"));
        }
        places.push(place);
    }
    Ok(VerifiedCells {
        places: NewCells::new(places, delimiter, args.rows.replace),
        show,
        is_csv: !args
            .files
            .output
            .as_deref()
            .is_some_and(|path| is_written_as_workbook(path).unwrap_or(false)),
    })
}
