//! From the flags and the header to all that renewing a list decides before its first row.

use crate::cli::args::ReissueArgs;
use crate::cli::exit::{Failure, warn};
use crate::cli::list::List;
use crate::cli::meaning::columns::Columns;
use crate::cli::meaning::{link, time, token};
use crate::cli::sign;
use crate::cli::verify::checker::expected;
use crate::cli::verify::file::plan::{is_plain, matches, token_columns};
use linkmint::batch::generate::BASE_URL_COLUMN;
use linkmint::batch::reissue::{Address, ReissuePlan, ReissuedCells};
use linkmint::batch::verify::{EXPIRES, RowOutput, STATUS, TokenColumns, VerifyPlan};
use linkmint::batch::{NewCell, NewCells};
use linkmint::check::{Count, Rules};
use linkmint::key::{CheckingKey, Key};
use linkmint::options::Times;

const TOKEN_COLUMN: &str = "token";
const LINK_COLUMN: &str = "url_link";
const EXPIRES_COLUMN: &str = "expires_at";
const CODE_COLUMN: &str = "qr_file";

pub(super) fn plan(
    args: &ReissueArgs,
    list: &List,
    times: &Times,
    keys: &[CheckingKey],
    key: Key,
) -> Result<ReissuePlan, Failure> {
    if is_plain(args.rows.column.as_deref(), &args.list, list)? {
        return Err(Failure::usage("the list is one token a line, without columns")
            .at(&list.name)
            .hint("--no-header --column 1 renews them; a list with columns begins with their names"));
    }
    let columns = Columns(list);
    let tokens = token_columns(args.rows.column.as_deref(), &columns, args.files.quiet)?;
    time::check_format_is_used(&args.time, "--expires-at or --not-before")?;
    let address = address(args, &columns)?;
    let cells = cells(args, list, times, &columns, &tokens, &address)?;
    let rules = Rules {
        // whether it is in its time is asked later: one that has expired is held against its row no less
        leeway: u64::MAX,
        expected: expected(&args.expect)?,
        ..Rules::new(keys, times.issued_at)
    };
    let check = VerifyPlan {
        matches: matches(&args.rows.matches, &columns, &tokens)?,
        // the ledger is told by the traces
        count: Count::Authentic { keep_sealed: false },
        ..VerifyPlan::new(rules, tokens, Some(columns.header()), RowOutput::Lines)
    };
    Ok(ReissuePlan {
        check,
        now: times.issued_at,
        key,
        validity: sign::validity(times)?,
        first_id: token::first_id(args.rows.first_id.as_deref())?,
        address,
        cells,
        only_new: args.rows.only_new,
    })
}

/// Where new links lead: where the flags or the rows' own `base_url` say, else where the old ones did, if their host is
/// allowed.
fn address(args: &ReissueArgs, columns: &Columns<'_>) -> Result<Address, Failure> {
    let has_links = columns.find(LINK_COLUMN)?.is_some() && args.rows.column.is_none();
    if !args.allow_host.is_empty() {
        return Ok(Address::Own(crate::cli::reissue::hosts(&args.allow_host)?));
    }
    if args.link.no_link && has_links {
        return Err(Failure::usage("the column url_link would keep the old links")
            .at("--no-link")
            .hint(
                "give the address of the new ones with --base-url, or name the column with the tokens: --column token",
            ));
    }
    let is_said = args.link.base_url.is_some() || args.link.url.is_some();
    if is_said || (has_links || args.link.param.is_some()) && columns.find(BASE_URL_COLUMN)?.is_some() {
        return Ok(match link::link_plan(&args.link, None, columns)? {
            Some(plan) => Address::Plan(plan),
            None => Address::None,
        });
    }
    link::pattern_of_flags(&args.link)?;
    match has_links {
        true => Err(Failure::usage("nothing says where the new links lead")
            .at(columns.place())
            .hint("add --base-url https://…, or --allow-host HOST to keep the address of each row's own link")),
        false => Ok(Address::None),
    }
}

fn cells(
    args: &ReissueArgs,
    list: &List,
    times: &Times,
    columns: &Columns<'_>,
    tokens: &TokenColumns,
    address: &Address,
) -> Result<ReissuedCells, Failure> {
    let own = |name: &str| {
        let found = columns.find(name)?;
        Ok::<_, Failure>(found.map_or(NewCell::None, NewCell::Column))
    };
    let places = match &args.rows.column {
        Some(_) => [NewCell::Column(tokens.first), NewCell::None],
        None => match (own(TOKEN_COLUMN)?, own(LINK_COLUMN)?, address) {
            // links where there were none, as asked for
            (token, NewCell::None, Address::Plan(_)) => [token, columns.place_for(LINK_COLUMN)?],
            (token, link, _) => [token, link],
        },
    };
    let [token, link] = places;
    // a list without header has no names
    let expires = match columns.header().is_present() {
        true => columns.place_for(EXPIRES_COLUMN)?,
        false => NewCell::None,
    };
    let expiry_format = time::cell_format(args.rows.expires_format.as_deref(), list)?;
    if columns.find(CODE_COLUMN)?.is_some() && !args.files.quiet {
        let hint = "draw new ones of the renewed rows: --only-new writes these alone";
        warn(
            "the codes that the column qr_file names do not lead to renewed links",
            Some(hint),
        );
    }
    let places = [token, link, expires, own(STATUS)?, own(EXPIRES)?];
    Ok(ReissuedCells {
        places: NewCells::new(places, list.reader.dialect().delimiter, true),
        expiry_format: expiry_format.map(|format| (format, times.reader.zone().clone())),
    })
}
