//! One token, and the link that carries it.

use crate::fault::{Fault, Kind};
use crate::keyring::{PyKeyring, unpicklable};
use crate::meaning::{FormAsk, LinkAsk, TimesAsk, id};
use crate::verifier::{datetime, lock};
use linkmint::excerpt::Excerpt;
use linkmint::{ClaimSet, LinkPattern};
use pyo3::prelude::*;
use std::sync::Mutex;

/// Mints tokens one by one, on any thread.
#[pyclass(name = "_Minter", module = "linkmint._linkmint", subclass, frozen)]
pub(crate) struct Minter {
    minter: Mutex<linkmint::Minter>,
    pattern: Option<LinkPattern>,
    capitals: bool,
    key_id: String,
    format: &'static str,
}

#[pymethods]
impl Minter {
    #[new]
    fn new(keyring: &PyKeyring, key_id: Option<&str>, ask: &Bound<'_, PyAny>) -> PyResult<Self> {
        let (form, links): (FormAsk, LinkAsk) = (ask.extract()?, ask.extract()?);
        let (form, capitals) = form.form()?;
        let pattern = links.pattern()?;
        if pattern.is_none() && links.param.is_some() {
            return Err(Fault::of("param", "it needs a base_url").into());
        }
        let key = keyring.signing_key(key_id)?;
        Ok(Self {
            minter: Mutex::new(linkmint::Minter::new(key, form)),
            pattern,
            capitals,
            key_id: key.id().to_string(),
            format: form.as_str(),
        })
    }

    /// Each argument by itself: a dict of them would take longer than the token.
    #[expect(clippy::too_many_arguments, reason = "they are those of the method that people call")]
    fn _mint(
        &self,
        claims: Vec<(String, String)>,
        token_id: Option<&str>,
        expires_in: Option<String>,
        expires_at: Option<String>,
        never_expires: bool,
        not_before: Option<String>,
        issued_at: Option<String>,
        timezone: Option<String>,
    ) -> PyResult<Minted> {
        let times = TimesAsk {
            expires_in,
            expires_at,
            never_expires,
            not_before,
            issued_at,
            timezone,
            date_format: None,
        };
        Ok(self.mint_one(&claims, token_id, &times)?)
    }

    #[getter]
    fn key_id(&self) -> &str {
        &self.key_id
    }

    fn __repr__(&self) -> String {
        format!("<linkmint.Minter of {} tokens with key {}>", self.format, self.key_id)
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("a minter"))
    }
}

impl Minter {
    fn mint_one(&self, pairs: &[(String, String)], token_id: Option<&str>, times: &TimesAsk) -> Result<Minted, Fault> {
        let mut claims = ClaimSet::new();
        for (name, value) in pairs {
            // as cells and the claims of the command line
            let added = claims.add(name.trim_ascii(), value.trim_ascii());
            added.map_err(|error| Fault::of(&format!("the claim {}", Excerpt(name)), error))?;
        }
        let times = times.times()?;
        let validity = times.validity().map_err(|error| Fault::new(Kind::Usage, error))?;
        let validity = validity.ok_or_else(|| {
            let fault = Fault::new(Kind::Usage, "nothing says when the token expires");
            fault.hint("add expires_in=\"24h\", expires_at=\"2026-11-30\" or never_expires=True")
        })?;
        let id = id("id", token_id)?;
        let minted = lock(&self.minter).mint_claims(&validity, id, &claims);
        let mut token = minted.map_err(|error| Fault::of("claims", error))?;
        if self.capitals {
            token.make_ascii_uppercase();
        }
        Ok(Minted {
            url_link: self.link(&token, &claims)?,
            token,
            expires: validity.expires_at(),
            issued: times.issued_at.0,
            id: id.to_string(),
        })
    }

    fn link(&self, token: &str, claims: &ClaimSet) -> Result<Option<String>, Fault> {
        let Some(pattern) = &self.pattern else { return Ok(None) };
        let link = pattern.filled(token, |name| claims.value(name));
        link.map(Some).map_err(|error| Fault::of("url", error))
    }
}

/// A token that was made.
#[pyclass(module = "linkmint", frozen)]
pub(crate) struct Minted {
    #[pyo3(get)]
    token: String,
    #[pyo3(get)]
    url_link: Option<String>,
    #[pyo3(get)]
    id: String,
    expires: Option<u32>,
    issued: u32,
}

#[pymethods]
impl Minted {
    #[getter]
    fn expires_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.expires)
    }

    #[getter]
    fn issued_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, Some(self.issued))
    }

    fn __str__(&self) -> &str {
        self.url_link.as_deref().unwrap_or(&self.token)
    }

    /// Without the token: who has it has what it is worth.
    fn __repr__(&self) -> String {
        format!("<linkmint.Minted {}>", self.id)
    }
}
