//! Arguments as Python gives them, read into what the library takes: forms, times, addresses.

use crate::fault::{Fault, Kind};
use linkmint::Alphabet;
use linkmint::batch::generate::Expiry;
use linkmint::excerpt::Excerpt;
use linkmint::link::LinkPattern;
use linkmint::moment::{self, DayEdge, TimeFormat, TimeReader, UnixTime, Zone};
use linkmint::token::{Form, TokenId};
use std::time::{SystemTime, UNIX_EPOCH};

/// What tokens look like.
#[derive(pyo3::FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct FormAsk {
    seal: bool,
    public: bool,
    format: Option<String>,
    text: Option<String>,
}

impl FormAsk {
    /// The form, and whether it is written in capitals.
    pub(crate) fn form(&self) -> Result<(Form, bool), Fault> {
        let capitals = self.text.as_deref() == Some("base32-upper");
        let alphabet = match self.text.as_deref() {
            None | Some("base64url") => Alphabet::Base64Url,
            Some("base32" | "base32-upper") => Alphabet::Base32,
            Some(_) => return Err(Fault::of("text", "it is base64url, base32 or base32-upper")),
        };
        if self.seal && self.public {
            return Err(Fault::of(
                "seal",
                "a public token can't be sealed: who checks it reads it",
            ));
        }
        let form = match (self.format.as_deref(), self.seal, self.text.is_some()) {
            (None | Some("linkmint"), true, _) => Form::Sealed(alphabet),
            (None | Some("linkmint"), false, _) if self.public => Form::Public(alphabet),
            (None | Some("linkmint"), false, _) => Form::Signed(alphabet),
            (Some("jwt"), false, false) if self.public => Form::PublicJwt,
            (Some("jwt"), false, false) => Form::Jwt,
            (Some("jwt"), true, _) => return Err(Fault::of("seal", "a JWT hides no claims")),
            (Some("jwt"), ..) => {
                return Err(Fault::of(
                    "text",
                    "a JWT has an alphabet of its own, in which case matters",
                ));
            }
            (Some(_), ..) => return Err(Fault::of("format", "it is linkmint or jwt")),
        };
        Ok((form, capitals))
    }
}

/// When tokens are valid, each as a text.
#[derive(pyo3::FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct TimesAsk {
    expires_in: Option<String>,
    expires_at: Option<String>,
    never_expires: bool,
    not_before: Option<String>,
    issued_at: Option<String>,
    timezone: Option<String>,
    date_format: Option<String>,
}

/// The same, read.
pub(crate) struct Times {
    pub(crate) issued_at: UnixTime,
    pub(crate) not_before: Option<UnixTime>,
    pub(crate) all: Option<Expiry>,
    pub(crate) reader: TimeReader,
}

impl TimesAsk {
    pub(crate) fn times(&self) -> Result<Times, Fault> {
        let zone = self.timezone.as_deref().map_or_else(|| Ok(Zone::utc()), Zone::parse);
        let zone = zone.map_err(|error| of_moment("timezone", &error))?;
        let mut reader = match self.timezone.is_some() {
            true => TimeReader::new(zone).of_workbook(true),
            false => TimeReader::new(zone).without_local_times(),
        };
        if let Some(format) = &self.date_format {
            let format = TimeFormat::for_dates(format).map_err(|error| Fault::of("date_format", error))?;
            reader = reader.with_format(format);
        }
        let read = |name: &str, text: &Option<String>, edge| {
            let time = text.as_deref().map(|text| reader.read(text, edge));
            time.transpose().map_err(|error| of_moment(name, &error))
        };
        let issued_at = match &self.issued_at {
            Some(text) => moment::instant(text).map_err(|error| of_moment("issued_at", &error))?,
            None => now()?,
        };
        let not_before = read("not_before", &self.not_before, DayEdge::First)?;
        let expires_at = read("expires_at", &self.expires_at, DayEdge::AfterLast)?;
        let all = match (&self.expires_in, expires_at, self.never_expires) {
            (Some(text), None, false) => {
                let seconds = moment::duration(text).map_err(|error| of_moment("expires_in", &error))?;
                let time = issued_at.after(seconds);
                Some(Expiry::At(
                    time.ok_or_else(|| Fault::of("expires_in", "the expiry is after 2106"))?,
                ))
            }
            (None, Some(time), false) => Some(Expiry::At(time)),
            (None, None, true) => Some(Expiry::Never),
            (None, None, false) => None,
            _ => {
                return Err(Fault::new(
                    Kind::Usage,
                    "give one of expires_in, expires_at and never_expires",
                ));
            }
        };
        Ok(Times {
            issued_at,
            not_before,
            all,
            reader,
        })
    }
}

pub(crate) fn of_moment(name: &str, error: &moment::MomentError) -> Fault {
    Fault::of(name, error).hint(error.hint())
}

/// The second that the clock shows.
pub(crate) fn now() -> Result<UnixTime, Fault> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok();
    let seconds = since.and_then(|since| u32::try_from(since.as_secs()).ok());
    let fault = || Fault::new(Kind::Usage, "the system's clock is not between 1970 and 2106");
    seconds.map(UnixTime).ok_or_else(fault)
}

/// Where links lead.
#[derive(pyo3::FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct LinkAsk {
    pub(crate) base_url: Option<String>,
    pub(crate) param: Option<String>,
    pub(crate) url: Option<String>,
}

impl LinkAsk {
    /// The pattern, where there is one; a parameter by itself is for rows' own addresses.
    pub(crate) fn pattern(&self) -> Result<Option<LinkPattern>, Fault> {
        let (name, text, pattern) = match (&self.base_url, &self.param, &self.url) {
            (Some(base), None, None) => ("base_url", base, LinkPattern::from_base(base)),
            (Some(base), Some(param), None) => ("base_url", base, LinkPattern::from_base_and_param(base, param)),
            (None, None, Some(template)) => ("url", template, LinkPattern::from_template(template)),
            (None, _, None) => return Ok(None),
            (_, _, Some(_)) => return Err(Fault::of("url", "it excludes base_url and param")),
        };
        pattern
            .map(Some)
            .map_err(|error| Fault::of(name, format_args!("{}: {error}", Excerpt(text))).hint(error.hint()))
    }
}

/// An id of twelve hex digits, or one that is drawn.
pub(crate) fn id(name: &str, text: Option<&str>) -> Result<TokenId, Fault> {
    match text {
        Some(text) => TokenId::parse(text).ok_or_else(|| {
            let fault = Fault::of(name, format_args!("{} is no id", Excerpt(text)));
            fault.hint("it has twelve hex digits: 0102030405aa")
        }),
        None => TokenId::draw().map_err(|_| Fault::new(Kind::Internal, "the system gives no random bytes")),
    }
}

/// The first id of a run.
#[pyo3::pyfunction]
pub(crate) fn draw_id() -> pyo3::PyResult<String> {
    Ok(id("first_id", None)?.to_string())
}
