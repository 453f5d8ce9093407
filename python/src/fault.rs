//! What went wrong, as an exception of `linkmint`: a class, a sentence and what to do about it.

use linkmint::token::{Refusal, Status};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use std::borrow::Cow;
use std::fmt::Display;

/// The class of an exception; `linkmint/_errors.py` has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Usage,
    Keyring,
    Column,
    RowNumbers,
    Table,
    Ledger,
    Internal,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Kind::Usage => "UsageError",
            Kind::Keyring => "KeyringError",
            Kind::Column => "ColumnError",
            Kind::RowNumbers => "RowNumbersNeeded",
            Kind::Table => "TableError",
            Kind::Ledger => "LedgerError",
            Kind::Internal => "Error",
        }
    }
}

/// A mistake, before it is an exception.
#[derive(Debug)]
pub(crate) struct Fault {
    kind: Kind,
    message: String,
    hint: Option<String>,
}

impl Fault {
    pub(crate) fn new(kind: Kind, message: impl Display) -> Self {
        Self {
            kind,
            message: message.to_string(),
            hint: None,
        }
    }

    /// An argument that can't be used.
    pub(crate) fn of(argument: &str, message: impl Display) -> Self {
        Self::new(Kind::Usage, format_args!("{argument}: {message}"))
    }

    pub(crate) fn hint(self, hint: impl Display) -> Self {
        Self {
            hint: Some(hint.to_string()),
            ..self
        }
    }
}

/// A warning of a class of these, at the line that called a function of Python's part so many levels above it. Calls of Rust
/// are no levels.
pub(crate) fn warn(py: Python<'_>, class: &str, text: impl Into<String>, levels: u32) -> PyResult<()> {
    let class = classes(py)?.getattr(class)?;
    let warnings = py.import("warnings")?;
    warnings
        .call_method1("warn", (text.into(), class, 1 + levels))
        .map(drop)
}

/// The module that has the classes.
pub(crate) fn classes(py: Python<'_>) -> PyResult<Bound<'_, PyModule>> {
    py.import("linkmint._errors")
}

impl From<Fault> for PyErr {
    fn from(fault: Fault) -> Self {
        Python::attach(|py| {
            let made = classes(py).and_then(|classes| {
                let class = classes.getattr(fault.kind.class())?;
                class.call1((fault.message, fault.hint))
            });
            made.map_or_else(|error| error, PyErr::from_value)
        })
    }
}

/// An argument that is a text. Half of a surrogate pair, which no UTF-8 can have, becomes a replacement character.
pub(crate) fn text<'a>(argument: &str, value: &'a Bound<'_, PyAny>) -> Result<Cow<'a, str>, Fault> {
    match value.cast::<PyString>() {
        Ok(text) => Ok(text.to_string_lossy()),
        Err(_) => {
            let fault = of_type(argument, "a text", value);
            Err(match value.is_instance_of::<PyBytes>() {
                true => fault.hint("bytes become one by decode()"),
                false => fault,
            })
        }
    }
}

/// An argument of another type than it is to be.
pub(crate) fn of_type(argument: &str, what: &str, value: &Bound<'_, PyAny>) -> Fault {
    let kind = value.get_type().fully_qualified_name();
    let kind = kind.map_or_else(|_| "that".to_owned(), |name| name.to_string());
    Fault::of(argument, format_args!("it is {what}, and not {kind}"))
}

/// The class of a refusal, the name of which says its status.
pub(crate) fn refused_class(refusal: &Refusal) -> &'static str {
    match refusal.status() {
        Status::Malformed => "Malformed",
        Status::UnknownKey => "UnknownKey",
        Status::InvalidSignature => "InvalidSignature",
        Status::Revoked => "Revoked",
        Status::NotYetValid => "NotYetValid",
        Status::Expired => "Expired",
        Status::ClaimMismatch => "ClaimMismatch",
        Status::RowMismatch => "RowMismatch",
        _ => "Refused",
    }
}

/// An I/O error in the system's words, without Rust's number.
pub(crate) fn in_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or_default().to_lowercase()
}
