//! One token, and the link that carries it.

use crate::fault::{Fault, Kind};
use crate::keyring::{PyKeyring, unpicklable};
use crate::meaning::{FormAsk, LinkAsk, TimesAsk, id};
use crate::verifier::{datetime, lock};
use linkmint::batch::generate::Expiry;
use linkmint::excerpt::Excerpt;
use linkmint::{ClaimSet, LinkPattern, Validity};
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

    fn _mint(&self, claims: Vec<(String, String)>, token_id: Option<&str>, ask: &Bound<'_, PyAny>) -> PyResult<Minted> {
        let times: TimesAsk = ask.extract()?;
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
        let expires_at = match times.all {
            Some(Expiry::At(time)) => Some(time.0),
            Some(Expiry::Never) => None,
            None => {
                let fault = Fault::new(Kind::Usage, "nothing says when the token expires");
                return Err(fault.hint("add expires_in=\"24h\", expires_at=\"2026-11-30\" or never_expires=True"));
            }
        };
        let not_before = times.not_before.map(|time| time.0);
        let validity = Validity::new(times.issued_at.0, expires_at, not_before);
        let validity = validity.map_err(|error| Fault::new(Kind::Usage, error))?;
        let id = id("id", token_id)?;
        let minted = lock(&self.minter).mint_claims(&validity, id, &claims);
        let mut token = minted.map_err(|error| Fault::of("claims", error))?;
        if self.capitals {
            token.make_ascii_uppercase();
        }
        Ok(Minted {
            url_link: self.link(&token, &claims)?,
            token,
            expires: expires_at,
            issued: times.issued_at.0,
            id: id.to_string(),
        })
    }

    fn link(&self, token: &str, claims: &ClaimSet) -> Result<Option<String>, Fault> {
        let Some(pattern) = &self.pattern else { return Ok(None) };
        if let Some(name) = pattern.columns().find(|name| claims.value(name).is_none()) {
            return Err(Fault::of("url", format_args!("there is no claim {}", Excerpt(name))));
        }
        let cells: Vec<&str> = pattern.columns().filter_map(|name| claims.value(name)).collect();
        let mut out = Vec::new();
        let push_token = |out: &mut Vec<u8>| out.extend_from_slice(token.as_bytes());
        let push_cell = |index: usize, out: &mut Vec<u8>| out.extend_from_slice(cells[index].as_bytes());
        let written = pattern.write(push_token, push_cell, &mut out);
        written.map_err(|error| Fault::of("url", error.error))?;
        String::from_utf8(out)
            .map(Some)
            .map_err(|error| Fault::new(Kind::Internal, error))
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
