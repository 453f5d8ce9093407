//! The keyring: found as the command line finds it, and never shown, copied into a pickle or printed.

use crate::fault::{self, Fault, Kind, in_words, warn};
use crate::interrupt::unless_interrupted;
use etcetera::BaseStrategy;
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::key::{Key, KeyId};
use linkmint::keyring::{self, FileError, Keyring, KeyringError, Standing};
use pyo3::exceptions::PyUnicodeError;
use pyo3::prelude::*;
use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const RING_VARIABLE: &str = "LINKMINT_KEYRING";
const KEY_VARIABLE: &str = "LINKMINT_KEY";

/// Secrets that sign and keys that check.
#[pyclass(name = "Keyring", module = "linkmint", frozen)]
pub(crate) struct PyKeyring(pub(crate) Arc<Keyring>);

#[pymethods]
impl PyKeyring {
    #[staticmethod]
    #[pyo3(signature = (path = None))]
    fn load(py: Python<'_>, path: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        match path {
            Some(path) => Self::of_file(py, &of_path(path)?),
            None => match from_environment()? {
                Some(Place::Secret(ring)) => Ok(Self(Arc::new(ring))),
                Some(Place::File(path)) => Self::of_file(py, &path),
                None => Self::of_file(py, &default_place()?),
            },
        }
    }

    #[staticmethod]
    fn from_env(py: Python<'_>) -> PyResult<Self> {
        match from_environment()? {
            Some(Place::Secret(ring)) => Ok(Self(Arc::new(ring))),
            Some(Place::File(path)) => Self::of_file(py, &path),
            None => {
                let fault = Fault::new(Kind::Keyring, "neither LINKMINT_KEYRING nor LINKMINT_KEY is set");
                Err(fault
                    .hint("set one of them, or name the keyring: Keyring.load(path)")
                    .into())
            }
        }
    }

    #[staticmethod]
    fn from_secret(text: &Bound<'_, PyAny>) -> PyResult<Self> {
        // an error of Python's about its encoding would have the whole text
        Ok(of_secret(&fault::text("text", text)?, "secret").map(|ring| Self(Arc::new(ring)))?)
    }

    #[getter]
    fn key_ids(&self) -> Vec<String> {
        self.0.keys().iter().map(|key| key.id().to_string()).collect()
    }

    #[getter]
    fn active(&self) -> Option<String> {
        let mut keys = self.0.secrets();
        let active = keys.find(|(_, record)| record.standing == Standing::Active);
        active.map(|(key, _)| key.id().to_string())
    }

    fn __repr__(&self) -> String {
        let keys = linkmint::number::counted(self.0.keys().len() as u64, "key");
        match self.active() {
            Some(id) => format!("<linkmint.Keyring of {keys}, {id} signs>"),
            None => format!("<linkmint.Keyring of {keys}, none signs>"),
        }
    }

    fn __reduce__(&self) -> PyResult<()> {
        Err(unpicklable("a keyring"))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

/// What holds a secret does not go into a pickle.
pub(crate) fn unpicklable(what: &str) -> PyErr {
    let message = format!("{what} can't be pickled: its secrets would stand in whatever is sent or stored");
    let fault = Fault::new(Kind::Keyring, message);
    fault
        .hint("load the keyring where it is used, as Keyring.load(path)")
        .into()
}

impl PyKeyring {
    fn of_file(py: Python<'_>, path: &Path) -> PyResult<Self> {
        let place = Harmless(&path.to_string_lossy()).to_string();
        // who writes to a pipe may never come
        let ring = match path.exists() && !path.is_file() {
            true => {
                let path = path.to_owned();
                unless_interrupted(py, move || keyring::load(&path))?
            }
            false => py.detach(|| keyring::load(path)),
        };
        let ring = ring.map_err(|error| {
            let words = match &error {
                FileError::Io(error) => in_words(error),
                error => error.to_string(),
            };
            let fault = Fault::new(Kind::Keyring, format_args!("{place}: {words}"));
            match error {
                FileError::Missing => fault.hint("make one with `linkmint key new`, or name the one there is"),
                FileError::Io(error) if error.kind() == ErrorKind::PermissionDenied => {
                    fault.hint("whoever runs this must be able to read the file")
                }
                FileError::Io(_) => fault.hint("name the file, as Keyring.load(\"/run/secrets/keys.json\")"),
                _ => fault,
            }
        })?;
        let is_public = ring.is_only_public();
        for exposure in keyring::exposures(path).iter().filter(|_| !is_public) {
            let place = exposure.path().to_string_lossy().into_owned();
            warn(py, "KeyringWarning", format!("{}: {exposure}", Harmless(&place)), 0)?;
        }
        Ok(Self(Arc::new(ring)))
    }

    /// The key that signs.
    pub(crate) fn signing_key(&self, named: Option<&str>) -> Result<&Key, Fault> {
        let id = named.map(|text| {
            let fault =
                || Fault::of("key_id", format_args!("{} is no key id", Excerpt(text))).hint("it has four hex digits");
            KeyId::parse(text).ok_or_else(fault)
        });
        self.0.signing_key(id.transpose()?).map_err(|error| {
            let fault = Fault::new(Kind::Keyring, &error);
            match error {
                KeyringError::Unknown(_) => fault.hint("Keyring.key_ids has those there are"),
                KeyringError::Retired(_) => fault.hint("leave key_id out to sign with the active key"),
                KeyringError::NoneActive => fault.hint("name one with key_id, or make one with `linkmint key new`"),
                KeyringError::OnlyPublic | KeyringError::PublicKey(_) => fault.hint("load a keyring with secrets"),
                _ => fault,
            }
        })
    }
}

enum Place {
    Secret(Keyring),
    File(PathBuf),
}

/// The path that an argument gives.
fn of_path(path: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let fault = match path.extract() {
        Ok(path) => return Ok(path),
        Err(error) if error.is_instance_of::<PyUnicodeError>(path.py()) => Fault::of(
            "path",
            "half of a surrogate pair stands alone in it, which no file's name can have",
        ),
        Err(_) => fault::of_type("path", "a text or a path", path),
    };
    Err(fault.into())
}

/// What the environment says; an empty variable is as good as unset.
fn from_environment() -> Result<Option<Place>, Fault> {
    let variable = |name: &str| std::env::var_os(name).filter(|value: &OsString| !value.is_empty());
    match (variable(RING_VARIABLE), variable(KEY_VARIABLE)) {
        (Some(_), Some(_)) => {
            let fault = Fault::new(Kind::Keyring, "both LINKMINT_KEYRING and LINKMINT_KEY are set");
            Err(fault.hint("unset one of them, or name the keyring: Keyring.load(path)"))
        }
        (Some(path), None) => Ok(Some(Place::File(path.into()))),
        (None, Some(text)) => of_secret(&text.to_string_lossy(), KEY_VARIABLE).map(|ring| Some(Place::Secret(ring))),
        (None, None) => Ok(None),
    }
}

/// A ring of one key; no message shows any of the text.
fn of_secret(text: &str, place: &str) -> Result<Keyring, Fault> {
    let secret = keyring::secret_from_base64url(text.trim_ascii());
    let secret = secret.map_err(|_| {
        let fault = Fault::new(Kind::Keyring, format_args!("{place}: it is no secret of a key"));
        fault.hint("it takes the base64url text of 32 to 64 random bytes, as \"k\" in `linkmint key export`")
    })?;
    Ok(Keyring::of(secret))
}

fn default_place() -> Result<PathBuf, Fault> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        let fault = Fault::new(Kind::Keyring, "there is no configuration folder: HOME is not set");
        fault.hint("name the keyring: Keyring.load(path), or LINKMINT_KEYRING")
    })?;
    Ok(strategy.config_dir().join("linkmint").join("keys.json"))
}
