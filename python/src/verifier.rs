//! One token: is it good, and what does it say?

use crate::fault::{self, Fault, classes, refused_class};
use crate::keyring::{PyKeyring, unpicklable};
use crate::meaning::{now, of_moment};
use linkmint::check::{Facts, Rules};
use linkmint::claims::ClaimName;
use linkmint::excerpt::Excerpt;
use linkmint::moment;
use linkmint::token::{Form, Malformed, Refusal, UntrustedToken};
use linkmint::{ClaimSet, UnixTime};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyType};
use std::sync::{Mutex, PoisonError};

/// What tokens are held against.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct RulesAsk {
    expect: Vec<(String, String)>,
    leeway: Option<String>,
    now: Option<String>,
}

/// Rules at the second that is asked for, else at this one.
pub(crate) fn rules(keyring: &PyKeyring, ask: &RulesAsk) -> Result<Rules, Fault> {
    let now = match &ask.now {
        Some(text) => moment::instant(text).map_err(|error| of_moment("now", &error))?,
        None => now()?,
    };
    let mut rules = Rules::new(keyring.0.keys(), now);
    if let Some(text) = &ask.leeway {
        rules.leeway = moment::duration(text).map_err(|error| of_moment("leeway", &error))?;
    }
    let pairs = ask.expect.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    ClaimSet::of(pairs).map_err(|error| Fault::of("expect", error))?;
    rules.expected = ask.expect.clone();
    Ok(rules)
}

/// Checks tokens one by one.
#[pyclass(name = "_Verifier", module = "linkmint._linkmint", subclass, frozen)]
pub(crate) struct Verifier {
    rules: Rules,
    /// The time of all checks, where it was said.
    is_at: bool,
    /// Bytes of a token, used again; a thread that finds them taken uses its own.
    buffer: Mutex<Vec<u8>>,
}

#[pymethods]
impl Verifier {
    #[new]
    fn new(keyring: &PyKeyring, ask: &Bound<'_, PyAny>) -> PyResult<Self> {
        let ask: RulesAsk = ask.extract()?;
        Ok(Self {
            is_at: ask.now.is_some(),
            rules: rules(keyring, &ask)?,
            buffer: Mutex::default(),
        })
    }

    fn verify(&self, py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Token> {
        let verdict = self.judge(&fault::text("text", text)?)?;
        match (verdict.refusal, verdict.token) {
            (None, Some(token)) => Ok(token),
            (refusal, token) => Err(refused(py, &refusal.unwrap_or(Malformed::Empty.into()), token)),
        }
    }

    fn check(&self, text: &Bound<'_, PyAny>) -> PyResult<Verdict> {
        Ok(self.judge(&fault::text("text", text)?)?)
    }

    fn __repr__(&self) -> String {
        let expected: Vec<_> = self.rules.expected.iter().map(|(name, _)| name.as_str()).collect();
        let keys = linkmint::number::counted(self.rules.keys.len() as u64, "key");
        match expected.is_empty() {
            true => format!("<linkmint.Verifier with {keys}>"),
            false => format!("<linkmint.Verifier with {keys}, expecting {}>", expected.join(", ")),
        }
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("a verifier"))
    }
}

impl Verifier {
    /// What is no Unicode is in no token: a replacement character stands for it, and is as bad.
    fn judge(&self, text: &str) -> Result<Verdict, Fault> {
        let now = if self.is_at { self.rules.now } else { now()? };
        let mut own = Vec::new();
        let mut shared = self.buffer.try_lock();
        let buffer = shared.as_deref_mut().unwrap_or(&mut own);
        if text.is_empty() {
            return Ok(Verdict::refused(Malformed::Empty.into()));
        }
        let token = match UntrustedToken::read(text, buffer) {
            Ok(token) => token,
            Err(refusal) => return Ok(Verdict::refused(refusal)),
        };
        let verdict = self.rules.verdict_at(now, token, None);
        Ok(Verdict {
            key_id: verdict.key_id.map(|id| id.to_string()),
            token: verdict.token.as_ref().map(|token| Token {
                facts: Facts::of(token),
                key_id: token.key_id().to_string(),
                form: token.form(),
            }),
            refusal: verdict.refusal,
        })
    }
}

/// The exception of a refusal, with the token where it is authentic.
fn refused(py: Python<'_>, refusal: &Refusal, token: Option<Token>) -> PyErr {
    let made = classes(py).and_then(|classes| {
        let class = classes.getattr(refused_class(refusal))?;
        class.call1((refusal.to_string(), refusal.status().as_str(), token))
    });
    made.map_or_else(|error| error, PyErr::from_value)
}

/// What came of a check.
#[pyclass(module = "linkmint", frozen)]
pub(crate) struct Verdict {
    refusal: Option<Refusal>,
    key_id: Option<String>,
    token: Option<Token>,
}

impl Verdict {
    fn refused(refusal: Refusal) -> Self {
        Self {
            refusal: Some(refusal),
            key_id: None,
            token: None,
        }
    }
}

#[pymethods]
impl Verdict {
    #[getter]
    fn valid(&self) -> bool {
        self.refusal.is_none()
    }

    #[getter]
    fn status(&self) -> &'static str {
        self.refusal
            .as_ref()
            .map_or("valid", |refusal| refusal.status().as_str())
    }

    #[getter]
    fn message(&self) -> String {
        self.refusal
            .as_ref()
            .map_or_else(|| "valid".to_owned(), Refusal::to_string)
    }

    #[getter]
    fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    #[getter]
    fn token(&self) -> Option<Token> {
        self.token.clone()
    }

    fn __bool__(&self) -> bool {
        self.valid()
    }

    fn __repr__(&self) -> String {
        format!("<linkmint.Verdict {}>", self.status())
    }
}

/// What an authentic token says.
#[pyclass(module = "linkmint", frozen, skip_from_py_object)]
#[derive(Clone)]
pub(crate) struct Token {
    facts: Facts,
    key_id: String,
    form: Form,
}

#[pymethods]
impl Token {
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        claims(py, &self.facts)
    }

    #[getter]
    fn id(&self) -> Option<String> {
        self.facts.id.map(|id| id.to_string())
    }

    #[getter]
    fn key_id(&self) -> &str {
        &self.key_id
    }

    #[getter]
    fn format(&self) -> &'static str {
        self.form.as_str()
    }

    #[getter]
    fn issued_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.facts.times.issued_at)
    }

    #[getter]
    fn expires_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.facts.times.expires_at)
    }

    #[getter]
    fn not_before<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.facts.times.not_before)
    }

    fn __repr__(&self) -> String {
        let claims = self
            .facts
            .claims
            .iter()
            .map(|(name, value)| match ClaimName::parse(name) {
                Ok(name) => format!("{name}={}", Excerpt(value)),
                // JWTs of others have any names
                Err(_) => format!("{}={}", Excerpt(name), Excerpt(value)),
            });
        let claims: Vec<_> = claims.collect();
        let id = self.facts.id.map(|id| format!(" {id}")).unwrap_or_default();
        format!("<linkmint.Token{id} {}>", claims.join(" "))
    }
}

pub(crate) fn claims<'py>(py: Python<'py>, facts: &Facts) -> PyResult<Bound<'py, PyDict>> {
    let claims = PyDict::new(py);
    for (name, value) in &facts.claims {
        claims.set_item(name, value)?;
    }
    Ok(claims)
}

/// An instant in UTC as Python has it.
pub(crate) fn datetime(py: Python<'_>, seconds: Option<u32>) -> PyResult<Option<Bound<'_, PyAny>>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    static UTC: PyOnceLock<Py<PyAny>> = PyOnceLock::new();
    let Some(seconds) = seconds else { return Ok(None) };
    let class = CLASS.import(py, "datetime", "datetime")?;
    let utc = UTC.get_or_try_init(py, || {
        Ok::<_, PyErr>(py.import("datetime")?.getattr("timezone")?.getattr("utc")?.unbind())
    })?;
    class.call_method1("fromtimestamp", (seconds, utc)).map(Some)
}

/// What a text says that nobody has checked.
#[pyclass(module = "linkmint", frozen)]
pub(crate) struct Unverified {
    facts: Option<Facts>,
    key_id: Option<String>,
    form: Form,
}

#[pymethods]
impl Unverified {
    #[getter]
    fn unverified_claims<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDict>>> {
        self.facts.as_ref().map(|facts| claims(py, facts)).transpose()
    }

    #[getter]
    fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    #[getter]
    fn format(&self) -> &'static str {
        self.form.as_str()
    }

    #[getter]
    fn expires_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.facts.as_ref().and_then(|facts| facts.times.expires_at))
    }

    #[getter]
    fn issued_at<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        datetime(py, self.facts.as_ref().and_then(|facts| facts.times.issued_at))
    }

    fn __repr__(&self) -> &'static str {
        "<linkmint.Unverified: anyone could have written this>"
    }
}

#[pyfunction]
pub(crate) fn inspect(py: Python<'_>, text: &Bound<'_, PyAny>) -> PyResult<Unverified> {
    let (mut buffer, text) = (Vec::new(), fault::text("text", text)?);
    let look = |buffer| {
        if text.is_empty() {
            return Err(Malformed::Empty.into());
        }
        let token = UntrustedToken::read(&text, buffer)?;
        Ok(Unverified {
            key_id: token.key_id().map(|id| id.to_string()),
            form: token.form(),
            facts: token.peek()?.map(|token| Facts::unverified(&token)),
        })
    };
    look(&mut buffer).map_err(|refusal: Refusal| refused(py, &refusal, None))
}

/// The second that a text or the clock says, for those who settle it once.
#[pyfunction]
pub(crate) fn second(text: Option<&str>) -> PyResult<u32> {
    let UnixTime(seconds) = match text {
        Some(text) => moment::instant(text).map_err(|error| of_moment("issued_at", &error))?,
        None => now()?,
    };
    Ok(seconds)
}

/// A lock that a panic of another thread has left is as good as any.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
