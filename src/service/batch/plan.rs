//! From the query and the header to all that a minting run decides before its first row.

use super::list::{Kind, List};
use super::query::Query;
use super::upload::Upload;
use super::{ERROR, json_lines};
use crate::batch::generate::{
    Checks, ClaimPlan, ClaimSource, ExpiryPlan, LinkPlan, Objects, OwnMembers, Plan, RowForm, campaign_source,
    customary_claims, make_optional, settle_claims,
};
use crate::batch::{NewCell, NewCells};
use crate::claims::{ClaimName, MAX_VALUE};
use crate::key::KeyId;
use crate::moment::{TimeFormat, UnixTime, duration, instant};
use crate::options::{FormOptions, LinkOptions, OptionError, TimeOptions};
use crate::service::caller::Caller;
use crate::service::member::bad;
use crate::service::mint;
use crate::service::problem::Problem;
use crate::service::state::Service;
use crate::table::{ColumnError, Header};
use crate::token::{Form, TokenId};
use std::collections::HashSet;

/// What a duration is called in queries.
const EXPIRES_IN: &str = "expires_in";
/// The column with rows' own durations, unless another is named.
const DURATION: &str = "duration";
/// The column with rows' own addresses, where none is given for all.
const BASE_URL: &str = "base_url";
/// The members that name the columns of token, link and expiry, and their usual names.
const NAMES: [(&str, &str); 3] = [
    ("token_column", "token"),
    ("url_column", "url_link"),
    ("expires_column", "expires_at"),
];

/// What is asked for, as far as the query alone says it.
pub(super) struct Wanted {
    query: Query,
    pub(super) form: Form,
    /// Whether tokens are written in capitals.
    capitals: bool,
    pub(super) key_id: Option<KeyId>,
    pub(super) first_id: TokenId,
    pub(super) issued_at: UnixTime,
    /// An object a row.
    pub(super) objects: bool,
    /// Bad rows stand in their places; else the answer ends before the first.
    pub(super) inline: bool,
}

impl Wanted {
    pub(super) fn parse(query: Query, now: UnixTime, objects: bool) -> Result<Self, Problem> {
        let issued_at = query.text("issued_at").map(instant).transpose();
        let first_id = match query.text("first_id") {
            Some(text) => TokenId::parse(text).ok_or_else(|| bad("first_id", "an id has twelve hex digits"))?,
            None => TokenId::draw().map_err(|_| Problem::internal())?,
        };
        let key_id = query
            .text("key_id")
            .map(|text| KeyId::parse(text).ok_or_else(|| bad("key_id", "a key's id has four hex digits")));
        let inline = match query.text("rejects") {
            None | Some("inline") => true,
            Some("stop") => false,
            Some(_) => return Err(bad("rejects", "inline or stop")),
        };
        let options = FormOptions {
            seal: query.flag("seal")?,
            public: query.flag("public")?,
            format: query.text("format"),
            text: query.text("text"),
        };
        let (form, capitals) = options.form().map_err(bad_option)?;
        Ok(Self {
            form,
            capitals,
            key_id: key_id.transpose()?,
            first_id,
            issued_at: issued_at.map_err(|error| bad("issued_at", error))?.unwrap_or(now),
            objects,
            inline,
            query,
        })
    }

    fn names(&self) -> [&str; 3] {
        NAMES.map(|(member, usual)| self.query.text(member).unwrap_or(usual))
    }

    /// Opens the list.
    pub(super) fn open(&self, upload: Upload, kind: Kind, service: &Service) -> Result<List, Problem> {
        let no_link = self.query.flag("no_link")?;
        let [token, link, expiry] = self.names();
        let link = Some(link).filter(|_| !no_link);
        let own = [token, expiry, ERROR].into_iter().chain(link).map(str::to_owned);
        List::open(upload, kind, own.collect(), &self.query, service)
    }

    /// The plan for a list.
    pub(super) fn plan(&self, list: &List, caller: &Caller, service: &Service) -> Result<Plan, Problem> {
        let header = &list.preamble.header;
        let claims = self.claims(header, caller)?;
        let of_columns = claims.iter().any(|claim| claim.column().is_some());
        let dedupe = self.query.flag("dedupe")?;
        if dedupe && !of_columns {
            return Err(bad(
                "dedupe",
                "no column gives a claim, so that all rows would get one token",
            ));
        }
        let link = self.link(header, service)?;
        let expiry = self.expiry(header, list.sheet.is_some())?;
        let mut plan = Plan {
            expiry_format: self.expiry_format(list)?,
            places: self.places(list, link.is_some())?,
            form: self.row_form(list, link.is_some()),
            capitals: self.capitals,
            ..Plan::new(header, claims, expiry, link, (self.form, self.first_id))
        };
        plan.checks = Checks {
            strict: self.query.flag("strict")?,
            duplicates: of_columns && !dedupe,
            dedupe,
            campaigns: campaign_source(&plan.claims, plan.checks.sealed).and_then(ClaimSource::column),
            ..plan.checks
        };
        match plan.may_lose_first_row(header) && !self.query.flag("header")? && list.members.is_none() {
            true => Err(Problem::bad_request(
                "the first line looks like a customer, and no column of it is used: add no_header=true, or header=true",
            )),
            false => Ok(plan),
        }
    }

    fn claims(&self, header: &Header, caller: &Caller) -> Result<Vec<ClaimPlan>, Problem> {
        let (query, chosen) = (&self.query, self.query.list("claims"));
        let none = query.flag("no_claims")?;
        if none && (!chosen.is_empty() || query.has("set") || query.has("optional")) {
            return Err(bad("no_claims", "it excludes claims, set and optional"));
        }
        let column = |error: ColumnError| bad("claims", error);
        let mut plans = match (none, chosen.is_empty()) {
            (true, _) => Vec::new(),
            (false, true) => customary_claims(header).map_err(column)?,
            (false, false) => {
                let plan = |text: &&str| {
                    let (name, wanted) = text.split_once('=').unwrap_or((text, text));
                    let place = header.column_alike(wanted.trim_ascii()).map_err(column)?;
                    Ok(ClaimPlan::of_column(claim_name("claims", name.trim_ascii())?, place))
                };
                chosen.iter().map(plan).collect::<Result<_, Problem>>()?
            }
        };
        for text in query.all("set") {
            let (name, value) = Query::pair("set", text)?;
            if value.is_empty() || value.len() > MAX_VALUE {
                return Err(Problem::bad_request(format!(
                    "set: a claim's value has 1 to {MAX_VALUE} bytes"
                )));
            }
            plans.push(ClaimPlan::constant(claim_name("set", name)?, value.to_owned()));
        }
        for name in query.list("optional") {
            if !make_optional(&mut plans, header, name) {
                return Err(bad("optional", "no column gives one of these claims"));
            }
        }
        for (name, value) in caller.expected() {
            bind(&mut plans, &name, value)?;
        }
        settle_claims(plans, self.form).map_err(|error| bad("claims", error.error))
    }

    fn link(&self, header: &Header, service: &Service) -> Result<Option<LinkPlan>, Problem> {
        let query = &self.query;
        if query.flag("no_link")? {
            let excluded = ["base_url", "base_url_column", "param", "url"]
                .iter()
                .any(|member| query.has(member));
            return match excluded {
                true => Err(bad("no_link", "it excludes all that makes a link")),
                false => Ok(None),
            };
        }
        let own_column = query.text("base_url_column").map(|name| header.column(name));
        let own_column = own_column.transpose().map_err(|error| bad("base_url_column", error))?;
        let column = match (query.has("base_url") || query.has("url"), own_column) {
            (false, None) => header.find(BASE_URL).map_err(|error| bad("base_url_column", error))?,
            (_, own) => own,
        };
        let own = service
            .settings
            .base_url
            .as_deref()
            .filter(|_| column.is_none() && !query.has("url"));
        let options = LinkOptions {
            base_url: query.text("base_url").or(own),
            param: query.text("param"),
            url: query.text("url"),
        };
        let pattern = options.pattern().map_err(bad_option)?;
        if pattern.is_none() && column.is_none() {
            return Err(bad(
                "base_url",
                "give an address for the links, or no_link=true for tokens only",
            ));
        }
        let plan = LinkPlan::of(pattern, header, column, query.text("param").map(str::to_owned));
        plan.map(Some).map_err(|error| bad("url", error))
    }

    fn expiry(&self, header: &Header, is_sheet: bool) -> Result<ExpiryPlan, Problem> {
        let query = &self.query;
        let times = TimeOptions {
            expires_in: query.text("expires_in"),
            expires_at: query.text("expires_at"),
            never_expires: query.flag("never_expires")?,
            not_before: query.text("not_before"),
            issued_at: None,
            date_format: query.text("date_format"),
        };
        let mut plan = mint::expiry_plan(&times, query.text("timezone"), self.issued_at, EXPIRES_IN)?;
        plan.times = plan.times.of_workbook(is_sheet);
        plan.duration_column = match query.text("duration_column") {
            Some("none") => None,
            Some(name) => Some(header.column(name).map_err(|error| bad("duration_column", error))?),
            None => header.find(DURATION).map_err(|error| bad("duration_column", error))?,
        };
        plan.duration_unit = match query.text("duration_unit") {
            Some(_) if plan.duration_column.is_none() => {
                return Err(bad("duration_unit", "the list has no column with durations"));
            }
            Some(unit @ ("s" | "m" | "h" | "d" | "w")) => {
                Some(duration(&format!("1{unit}")).map_err(|error| bad("duration_unit", error))?)
            }
            Some(_) => return Err(bad("duration_unit", "one of s, m, h, d and w")),
            None => None,
        };
        let expiry_column = query.text("expiry_column").map(|name| header.column(name));
        plan.expiry_column = expiry_column.transpose().map_err(|error| bad("expiry_column", error))?;
        let is_read = ["expires_at", "not_before", "expiry_column"]
            .iter()
            .any(|member| query.has(member));
        if query.has("date_format") && !is_read {
            return Err(bad(
                "date_format",
                "no date is read: it goes with expires_at, not_before and expiry_column",
            ));
        }
        match plan.of_all().is_none() && plan.duration_column.is_none() && plan.expiry_column.is_none() {
            true => Err(bad(
                "expires_in",
                "nothing says when the links expire: give one of expires_in, expires_at and never_expires",
            )),
            false => Ok(plan),
        }
    }

    fn expiry_format(&self, list: &List) -> Result<Option<TimeFormat>, Problem> {
        let Some(text) = self.query.text("expires_format") else {
            return Ok(None);
        };
        check_writable("expires_format", text, list)?;
        TimeFormat::new(text)
            .map(Some)
            .map_err(|error| bad("expires_format", error))
    }

    fn places(&self, list: &List, with_link: bool) -> Result<NewCells, Problem> {
        let header = &list.preamble.header;
        let mut places = Vec::new();
        for ((member, _), name) in NAMES.into_iter().zip(self.names()) {
            if name.trim_ascii().is_empty() {
                return Err(bad(member, "a column needs a name"));
            }
            check_writable(member, name, list)?;
            let place = match member == "url_column" && !with_link {
                true => NewCell::None,
                false => NewCell::of(name, header).map_err(|error| bad(member, error))?,
            };
            if place != NewCell::None && places.contains(&place) {
                return Err(bad(member, "two of the new columns have the same name"));
            }
            places.push(place);
        }
        let tells = self.inline && !self.objects;
        if tells {
            let place = NewCell::of(ERROR, header).map_err(|error| bad(ERROR, error))?;
            if places.contains(&place) {
                return Err(bad(ERROR, "another new column has this name"));
            }
            places.push(place);
        }
        let places = NewCells::new(places, list.reader.dialect().delimiter, self.query.flag("replace")?);
        Ok(if tells { places.with_errors() } else { places })
    }

    fn row_form(&self, list: &List, with_link: bool) -> RowForm {
        let columns = list.preamble.header.names().to_vec();
        let told = columns.iter().position(|name| name == ERROR);
        match (self.objects, self.inline) {
            (false, false) => RowForm::Cells,
            (false, true) => RowForm::CellsAndErrors { columns },
            (true, keeps_rejected) => {
                let [token, link, expiry] = self.names().map(|name| Some(name.to_owned()));
                let names = [token, link.filter(|_| with_link), expiry];
                let own = match list.members {
                    Some(members) => OwnMembers::Ready {
                        column: members + json_lines::OBJECT,
                        replaced: members + json_lines::REPLACED,
                        faults: members + json_lines::FAULT,
                    },
                    None => own_members(&columns, &names),
                };
                RowForm::Objects(Objects {
                    columns,
                    own,
                    names,
                    keeps_rejected,
                    told,
                })
            }
        }
    }
}

/// The columns that become members, each under a name of its own: one without, or with another's, under its number.
fn own_members(columns: &[String], new: &[Option<String>; 3]) -> OwnMembers {
    let (mut kept, mut replaced) = (Vec::new(), Vec::new());
    let names = columns.iter().chain(new.iter().flatten()).map(String::as_str);
    let (mut taken, mut seen): (HashSet<String>, _) = (names.map(str::to_owned).collect(), HashSet::new());
    for (index, name) in columns.iter().enumerate().filter(|(_, name)| *name != ERROR) {
        let name = match !name.is_empty() && seen.insert(name) {
            true => name.clone(),
            false => {
                let number = (index + 1).to_string();
                let others = (2..).map(|more| format!("{number}_{more}"));
                let mut free = std::iter::once(number.clone()).chain(others);
                free.find(|name| taken.insert(name.clone()))
                    .expect("there is no end of them")
            }
        };
        let is_new = new.iter().flatten().any(|new| *new == name);
        let members = if is_new { &mut replaced } else { &mut kept };
        members.push((index, name));
    }
    OwnMembers::Cells { kept, replaced }
}

/// Holds a list to a claim that its caller is bound to: other rows are bad, and a list without it is refused.
fn bind(plans: &mut [ClaimPlan], name: &str, value: String) -> Result<(), Problem> {
    let plan = plans.iter_mut().find(|plan| plan.name.as_str() == name);
    match plan {
        Some(plan) if !matches!(&plan.source, ClaimSource::Constant(other) if *other != value) => {
            plan.only = Some(value);
            Ok(())
        }
        _ => Err(mint::bound_to_another(name)),
    }
}

fn bad_option(error: OptionError) -> Problem {
    mint::bad_option(error, EXPIRES_IN)
}

fn claim_name(member: &str, text: &str) -> Result<ClaimName, Problem> {
    ClaimName::parse(text).map_err(|error| bad(member, error))
}

/// That a text can stand in the list.
fn check_writable(member: &str, text: &str, list: &List) -> Result<(), Problem> {
    match list.reader.cell_encoding().can_write(text) {
        true => Ok(()),
        false => Err(bad(member, "it can't be written in the list's encoding")),
    }
}
