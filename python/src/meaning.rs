//! Arguments as Python gives them, read into what the library takes: forms, times, addresses.

use crate::fault::{Fault, Kind};
use linkmint::excerpt::Excerpt;
use linkmint::link::LinkPattern;
use linkmint::moment::{self, TimeReader, UnixTime, Zone};
use linkmint::options::{Cause, FormOptions, LinkOptions, OptionError, TimeOptions, Times};
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
        let options = FormOptions {
            seal: self.seal,
            public: self.public,
            format: self.format.as_deref(),
            text: self.text.as_deref(),
        };
        options.form().map_err(of_option)
    }
}

/// When tokens are valid, each as a text.
#[derive(pyo3::FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct TimesAsk {
    pub(crate) expires_in: Option<String>,
    pub(crate) expires_at: Option<String>,
    pub(crate) never_expires: bool,
    pub(crate) not_before: Option<String>,
    pub(crate) issued_at: Option<String>,
    pub(crate) timezone: Option<String>,
    pub(crate) date_format: Option<String>,
}

impl TimesAsk {
    pub(crate) fn times(&self) -> Result<Times, Fault> {
        let zone = self.timezone.as_deref().map_or_else(|| Ok(Zone::utc()), Zone::parse);
        let zone = zone.map_err(|error| of_moment("timezone", &error))?;
        let reader = match self.timezone.is_some() {
            true => TimeReader::new(zone).of_workbook(true),
            false => TimeReader::new(zone).without_local_times(),
        };
        let options = TimeOptions {
            expires_in: self.expires_in.as_deref(),
            expires_at: self.expires_at.as_deref(),
            never_expires: self.never_expires,
            not_before: self.not_before.as_deref(),
            issued_at: self.issued_at.as_deref(),
            date_format: self.date_format.as_deref(),
        };
        options.read(now()?, reader).map_err(of_option)
    }
}

fn of_option(OptionError { option, cause }: OptionError) -> Fault {
    let hint = cause.hint();
    let fault = match cause {
        Cause::SeveralExpiries => Fault::new(Kind::Usage, cause),
        cause => Fault::of(option, cause),
    };
    match hint {
        Some(hint) => fault.hint(hint),
        None => fault,
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
        let options = LinkOptions {
            base_url: self.base_url.as_deref(),
            param: self.param.as_deref(),
            url: self.url.as_deref(),
        };
        options.pattern().map_err(of_option)
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
