//! From the flags and the header to what a check of a list needs before its first row.

use crate::cli::args::{ListArgs, MatchArgs, VerifyArgs};
use crate::cli::exit::{Failure, given};
use crate::cli::hint::pasted;
use crate::cli::list::List;
use crate::cli::meaning::columns::{Columns, column_failure};
use crate::cli::meaning::pair;
use crate::cli::verify::checker::Checks;
use linkmint::batch::NewCells;
use linkmint::batch::verify::{EXPIRES, Match, RowOutput, STATUS, TokenColumns, VerifiedCells, VerifyPlan};
use linkmint::check::{CheckLedger, Checker, Count, Rules};
use linkmint::paste;
use linkmint::table::workbook::is_written_as_workbook;

/// The list, perhaps to be read in another way, and the plan for it.
pub(super) fn plan(args: &VerifyArgs, list: List, checks: &Checks) -> Result<(List, VerifyPlan), Failure> {
    let Checker { rules, ledger, .. } = &checks.checker;
    let (list, mut plan) = match is_plain(args.rows.column.as_deref(), &args.list, &list)? {
        true => of_lines(args, list, rules)?,
        false => of_table(args, list, rules)?,
    };
    let count = |ledger: &CheckLedger| ledger.list_count(args.json);
    plan.count = ledger.as_ref().map_or(Count::None, count);
    plan.only_invalid = args.rows.only_invalid;
    plan.divert_invalid = args.files.rejects.is_some();
    Ok((list, plan))
}

/// Whether a list has one text a line and no header: its first line holds a token, and no flag says otherwise. Who names
/// the row of the header says that there is one: a row with a token is a customer, who would be lost with it.
pub(in crate::cli) fn is_plain(column: Option<&str>, args: &ListArgs, list: &List) -> Result<bool, Failure> {
    if args.no_header || args.header {
        return Ok(false);
    }
    let first = String::from_utf8_lossy(list.preamble.header.raw());
    let holds_token = holds_token(&first);
    match args.header_row {
        Some(row) if holds_token => Err(Failure::usage(format_args!(
            "row {row} holds a token, it can't be the header"
        ))
        .at(&list.name)
        .hint("--header-row is the row that names the columns; most likely it stands further up")),
        Some(_) => Ok(false),
        None => Ok(holds_token && column.is_none()),
    }
}

fn holds_token(text: &str) -> bool {
    paste::candidates(text).iter().any(paste::Candidate::has_shape)
}

/// The number of the cell with a token where the first line has several: that of a plain list is a table without a
/// header, whose other cells nobody looks at.
pub(super) fn token_among_cells(list: &List) -> Option<usize> {
    let cells = list.preamble.header.names();
    let is_token = |cell: &String| !cell.contains(char::is_whitespace) && holds_token(cell);
    let found = cells.iter().position(is_token).filter(|_| cells.len() > 1);
    found.map(|place| place + 1)
}

/// A list of one text a line.
fn of_lines(args: &VerifyArgs, mut list: List, rules: &Rules) -> Result<(List, VerifyPlan), Failure> {
    let flags = [
        (!args.rows.show.is_empty(), "--show"),
        (!args.rows.matches.matches.is_empty(), "--match"),
    ];
    if let Some(flag) = given(&flags) {
        return Err(Failure::usage("the list is one token a line, without columns")
            .at(flag)
            .hint("its first line holds a token; a list with columns begins with their names"));
    }
    list.reader = list.reader.into_lines(&list.preamble.header);
    let output = match args.json {
        true => RowOutput::Json,
        false => RowOutput::Lines,
    };
    let plan = VerifyPlan::new(rules.clone(), TokenColumns::only(0), None, output);
    Ok((list, plan))
}

fn of_table(args: &VerifyArgs, list: List, rules: &Rules) -> Result<(List, VerifyPlan), Failure> {
    let columns = Columns(&list);
    let tokens = token_columns(args.rows.column.as_deref(), &columns, args.files.quiet)?;
    let matches = matches(&args.rows.matches, &columns, &tokens)?;
    let output = match args.json {
        true => RowOutput::Json,
        false => RowOutput::Cells(cells(args, &columns, list.reader.dialect().delimiter)?),
    };
    let plan = VerifyPlan::new(rules.clone(), tokens, Some(columns.header()), output);
    Ok((list, VerifyPlan { matches, ..plan }))
}

/// The columns that hold tokens: the one that a flag names, else those that `generate` writes. Unless it is to be quiet,
/// a column that is read for neither, though its name is like one of them, is warned of.
pub(in crate::cli) fn token_columns(
    flag: Option<&str>,
    columns: &Columns<'_>,
    quiet: bool,
) -> Result<TokenColumns, Failure> {
    if let Some(name) = flag {
        return Ok(TokenColumns::only(columns.of_flag("--column", name)?));
    }
    let header = columns.header();
    let found = TokenColumns::of(header);
    let found = found.map_err(|error| column_failure(&error, columns).at(columns.place()))?;
    let Some(found) = found else {
        let below = TokenColumns::NAMES
            .into_iter()
            .find_map(|name| columns.header_elsewhere(name));
        let mut near = TokenColumns::NAMES.into_iter().flat_map(|name| header.alike(name));
        let near = near.find_map(|place| pasted(&header.names()[place]));
        let names = header.listed();
        let hint = below.unwrap_or_else(|| match near {
            Some(near) => format!("--column {near} says that it is that one; the header has {names}"),
            None => format!("name the column with --column; the header has {names}"),
        });
        return Err(Failure::usage("there is neither a column token nor a column url_link")
            .at(columns.place())
            .hint(hint));
    };
    for name in TokenColumns::NAMES.into_iter().filter(|_| !quiet) {
        if let Some(column) = header.near(name).map_err(|error| columns.twice(&error))? {
            columns.warn_of_near(name, column, "--column", "reads that one");
        }
    }
    Ok(found)
}

/// The pairs that were given, and the columns that may have claims' names.
pub(in crate::cli) fn matches(
    args: &MatchArgs,
    columns: &Columns<'_>,
    tokens: &TokenColumns,
) -> Result<Vec<Match>, Failure> {
    if args.no_match {
        return Ok(Vec::new());
    }
    let given = args.matches.iter().map(|text| {
        let (name, column) = pair("--match", text)?;
        let column = columns.need(column);
        Ok(Match {
            name: name.to_owned(),
            column: column.map_err(|error| column_failure(&error, columns).at(columns.in_flag("--match")))?,
            needed: true,
        })
    });
    let given = given.collect::<Result<_, Failure>>()?;
    Ok(tokens.matches(given, columns.header().names(), |_| true))
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
