//! What tokens and links are to be, as callers say it in texts: flags, members of a request, arguments of Python. All are read
//! here; who asks, words what is wrong.

use crate::batch::generate::{Expiry, ExpiryPlan};
use crate::excerpt::Excerpt;
use crate::link::{LinkError, LinkPattern};
use crate::moment::{self, DayEdge, FormatError, MomentError, TimeFormat, TimeReader, UnixTime};
use crate::token::wire::Alphabet;
use crate::token::{Form, Validity, ValidityError};

/// An option that can't be used, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct OptionError {
    /// Its name, as `expires_in`.
    pub option: &'static str,
    /// What is wrong with it.
    pub cause: Cause,
}

/// Why an option can't be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
    /// It is no such time.
    #[error(transparent)]
    Moment(#[from] MomentError),
    /// It is no format of dates.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// No link can be made of it: the text, cut short, and why.
    #[error("{0}: {1}")]
    Link(String, LinkError),
    /// A JWT has nothing of the kind.
    #[error("{0}")]
    OfJwt(&'static str),
    /// It is no value of the option, or does not go with another; in words that quote nothing.
    #[error("{0}")]
    Unfit(&'static str),
    /// Several say when tokens expire.
    #[error("give one of expires_in, expires_at and never_expires")]
    SeveralExpiries,
}

impl Cause {
    fn of(self, option: &'static str) -> OptionError {
        OptionError { option, cause: self }
    }

    /// What to do about it, where that is not said already.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Cause::Moment(error) => Some(error.hint()),
            Cause::Link(_, error) => Some(error.hint()),
            _ => None,
        }
    }
}

/// What tokens look like.
#[derive(Clone, Copy, Debug, Default)]
pub struct FormOptions<'a> {
    /// Nobody without the key reads the claims.
    pub seal: bool,
    /// Who has the public key checks it.
    pub public: bool,
    /// `linkmint` or `jwt`.
    pub format: Option<&'a str>,
    /// `base64url`, `base32` or `base32-upper`.
    pub text: Option<&'a str>,
}

impl FormOptions<'_> {
    /// The form, and whether its text is written in capitals.
    ///
    /// # Errors
    /// For a value that there is not, and for two that exclude each other.
    pub fn form(&self) -> Result<(Form, bool), OptionError> {
        let alphabet = match self.text {
            None | Some("base64url") => Alphabet::Base64Url,
            Some("base32" | "base32-upper") => Alphabet::Base32,
            Some(_) => return Err(Cause::Unfit("it is base64url, base32 or base32-upper").of("text")),
        };
        let is_jwt = match self.format {
            None | Some("linkmint") => false,
            Some("jwt") => true,
            Some(_) => return Err(Cause::Unfit("it is linkmint or jwt").of("format")),
        };
        let form = match (is_jwt, self.seal, self.public) {
            (false, true, true) => {
                return Err(Cause::Unfit("a public token can't be sealed: who checks it reads it").of("seal"));
            }
            (false, true, false) => Form::Sealed(alphabet),
            (false, false, true) => Form::Public(alphabet),
            (false, false, false) => Form::Signed(alphabet),
            (true, true, _) => return Err(Cause::OfJwt("a JWT hides no claims").of("seal")),
            (true, ..) if self.text.is_some() => {
                return Err(Cause::OfJwt("a JWT has an alphabet of its own, in which case matters").of("text"));
            }
            (true, false, true) => Form::PublicJwt,
            (true, false, false) => Form::Jwt,
        };
        Ok((form, self.text == Some("base32-upper")))
    }
}

/// Where links lead.
#[derive(Clone, Copy, Debug, Default)]
pub struct LinkOptions<'a> {
    /// The address; the token becomes its last path segment.
    pub base_url: Option<&'a str>,
    /// The query parameter that the token becomes instead.
    pub param: Option<&'a str>,
    /// The whole link, with placeholders.
    pub url: Option<&'a str>,
}

impl LinkOptions<'_> {
    /// The pattern, where there is one; a parameter by itself is for rows' own addresses.
    ///
    /// # Errors
    /// For an address or a template that no link can be made of.
    pub fn pattern(&self) -> Result<Option<LinkPattern>, OptionError> {
        let (option, text, pattern) = match (self.base_url, self.param, self.url) {
            (Some(base), None, None) => ("base_url", base, LinkPattern::from_base(base)),
            (Some(base), Some(name), None) => ("base_url", base, LinkPattern::from_base_and_param(base, name)),
            (None, None, Some(template)) => ("url", template, LinkPattern::from_template(template)),
            (None, _, None) => return Ok(None),
            (_, _, Some(_)) => return Err(Cause::Unfit("it excludes base_url and param").of("url")),
        };
        pattern.map(Some).map_err(|error| {
            let option = if error == LinkError::ParamName { "param" } else { option };
            Cause::Link(Excerpt(text).to_string(), error).of(option)
        })
    }
}

/// When tokens are issued and valid.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeOptions<'a> {
    /// A duration from the time of issue, as `24h`.
    pub expires_in: Option<&'a str>,
    /// An instant, or a date that is included as a whole.
    pub expires_at: Option<&'a str>,
    /// Valid without end.
    pub never_expires: bool,
    /// An instant, or a date.
    pub not_before: Option<&'a str>,
    /// An instant; else now.
    pub issued_at: Option<&'a str>,
    /// How dates are written, as `%d.%m.%Y`.
    pub date_format: Option<&'a str>,
}

/// The same, read.
#[derive(Clone, Debug)]
pub struct Times {
    /// When tokens are issued.
    pub issued_at: UnixTime,
    /// From when on they are valid, if not at once.
    pub not_before: Option<UnixTime>,
    /// When those expire that have no time of their own, as far as it is said.
    pub expiry: Option<Expiry>,
    /// How dates and local times are meant.
    pub reader: TimeReader,
}

impl TimeOptions<'_> {
    /// Reads them; `reader` has the zone in which dates are meant.
    ///
    /// # Errors
    /// For what is no time, and where several say when tokens expire.
    pub fn read(&self, now: UnixTime, mut reader: TimeReader) -> Result<Times, OptionError> {
        if let Some(format) = self.date_format {
            let format = TimeFormat::for_dates(format).map_err(|error| Cause::from(error).of("date_format"))?;
            reader = reader.with_format(format);
        }
        let issued_at = match self.issued_at {
            Some(text) => moment::instant(text).map_err(|error| Cause::from(error).of("issued_at"))?,
            None => now,
        };
        let read = |option, text: Option<&str>, edge| {
            let time = text.map(|text| reader.read(text, edge));
            time.transpose().map_err(|error| Cause::from(error).of(option))
        };
        let not_before = read("not_before", self.not_before, DayEdge::First)?;
        let expires_at = read("expires_at", self.expires_at, DayEdge::AfterLast)?;
        let expiry = match (self.expires_in, expires_at, self.never_expires) {
            (Some(text), None, false) => {
                let time = moment::duration(text).and_then(|seconds| {
                    let time = issued_at.after(seconds);
                    time.ok_or_else(|| MomentError::LongDuration(Excerpt(text).to_string()))
                });
                Some(Expiry::At(time.map_err(|error| Cause::from(error).of("expires_in"))?))
            }
            (None, Some(time), false) => Some(Expiry::At(time)),
            (None, None, true) => Some(Expiry::Never),
            (None, None, false) => None,
            _ => return Err(Cause::SeveralExpiries.of("expires_in")),
        };
        Ok(Times {
            issued_at,
            not_before,
            expiry,
            reader,
        })
    }
}

impl Times {
    /// Those of a list, without its columns.
    ///
    /// # Errors
    /// When they contradict each other.
    pub fn plan(&self) -> Result<ExpiryPlan, ValidityError> {
        ExpiryPlan::new(self.issued_at, self.not_before, self.expiry, self.reader.clone())
    }

    /// Those of one token; none where nothing says when it expires.
    ///
    /// # Errors
    /// When they contradict each other.
    pub fn validity(&self) -> Result<Option<Validity>, ValidityError> {
        self.plan().map(|plan| plan.of_all())
    }
}
