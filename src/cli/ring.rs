//! Where the secrets are: a flag, a variable, or the default place; and the key that is made on the first day.

use super::args::KeyringArg;
use super::exit::{Exit, Failure, plain, say, shown, tell, warn};
use super::{clock, output};
use etcetera::BaseStrategy;
use linkmint::key::{CheckingKey, Key, KeyId};
use linkmint::keyring::{self, Exposure, FileError, Keyring, KeyringError};
use linkmint::output::OutputError;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

const RING_VARIABLE: &str = "LINKMINT_KEYRING";
const KEY_VARIABLE: &str = "LINKMINT_KEY";

/// Where a keyring is looked for.
#[derive(Debug)]
pub(crate) enum Source {
    /// In a file that a flag or a variable names.
    Named(PathBuf),
    /// In the default place.
    Default(PathBuf),
    /// A secret in the environment.
    Variable(Keyring),
}

/// Finds out where the keyring is.
pub(crate) fn locate(arg: &KeyringArg) -> Result<Source, Failure> {
    if let Some(path) = &arg.keyring {
        return Ok(Source::Named(path.clone()));
    }
    match (variable(RING_VARIABLE), variable(KEY_VARIABLE)) {
        (Some(_), Some(_)) => Err(Failure::usage("both LINKMINT_KEYRING and LINKMINT_KEY are set")
            .hint("unset one of them, or name the keyring with --keyring")),
        (Some(path), None) => Ok(Source::Named(path.into())),
        (None, Some(text)) => from_variable(&text).map(Source::Variable),
        (None, None) => in_configuration("keys.json").map(Source::Default),
    }
}

/// A variable's value; an empty one is as good as unset.
fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

fn from_variable(text: &OsString) -> Result<Keyring, Failure> {
    let text = text.to_str().unwrap_or("?").trim_ascii();
    // the error speaks of "key 1": of the variable there is but one
    let secret = keyring::secret_from_base64url(text).map_err(|error| {
        let message = error
            .to_string()
            .replace("key 1", "the key")
            .replace("the secret of the key", "it");
        Failure::undecided(anyhow::anyhow!(message))
            .at(KEY_VARIABLE)
            .hint("it takes the base64url text of 32 to 64 random bytes, as \"k\" in `linkmint key export`")
    })?;
    Ok(Keyring::of(secret))
}

/// A file of ours in the user's configuration folder.
pub(crate) fn in_configuration(name: &str) -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::undecided(anyhow::anyhow!("there is no configuration folder: HOME is not set"))
            .hint("name the keyring with --keyring FILE or LINKMINT_KEYRING")
    })?;
    Ok(strategy.config_dir().join("linkmint").join(name))
}

impl Source {
    /// The file that a command is to change; a secret of the environment can't be.
    pub(crate) fn file(&self) -> Result<&Path, Failure> {
        match self {
            Source::Named(path) | Source::Default(path) => Ok(path),
            Source::Variable(_) => Err(Failure::usage(
                "the key comes from the variable LINKMINT_KEY, which can't be changed",
            )
            .hint("unset it, or name a keyring with --keyring FILE")),
        }
    }

    /// Where it is, for messages.
    pub(crate) fn place(&self) -> String {
        match self {
            Source::Named(path) | Source::Default(path) => shown(path),
            Source::Variable(_) => KEY_VARIABLE.to_owned(),
        }
    }

    /// Reads the keyring; there must be one.
    pub(crate) fn load(&self, quiet: bool) -> Result<Keyring, Failure> {
        match self {
            Source::Variable(ring) => Ok(ring.clone()),
            Source::Named(path) | Source::Default(path) => {
                let ring = keyring::load(path).map_err(|error| failure(error, path))?;
                tell_state_of(path, &ring, quiet);
                Ok(ring)
            }
        }
    }

    /// The key of its keyring to sign with.
    pub(crate) fn key_of<'r>(&self, ring: &'r Keyring, named: Option<KeyId>) -> Result<&'r Key, Failure> {
        let key = ring.signing_key(named);
        key.map_err(|error| refusal(&error).at(self.place()))
    }

    /// Reads the keyring for minting, or makes one in the default place.
    pub(crate) fn load_or_make(&self, quiet: bool) -> Result<Keyring, Failure> {
        let Source::Default(path) = self else {
            return self.load(quiet);
        };
        if path.exists() {
            return self.load(quiet);
        }
        let mut ring = Keyring::default();
        let id = ring.add_new(clock::now()?).map_err(|error| refusal(&error))?;
        match keyring::create(&ring, path) {
            Ok(()) => {
                tell_new_key(id, path);
                Ok(ring)
            }
            // another run was faster
            Err(FileError::Output(OutputError::Exists)) => self.load(quiet),
            Err(error) => Err(failure(error, path)),
        }
    }
}

/// Changes the keyring of a file, and waits for others who do so.
pub(crate) fn change<T>(
    path: &Path,
    or_new: bool,
    quiet: bool,
    change: impl FnOnce(&mut Keyring) -> Result<T, KeyringError>,
) -> Result<T, Failure> {
    let waiting = || {
        let place = shown(path);
        say(
            quiet,
            &format!("{place}: waiting for another process that changes this keyring"),
        );
    };
    let is_open = || {
        let exposures = keyring::exposures(path);
        exposures.iter().any(|exposure| matches!(exposure, Exposure::File(..)))
    };
    let was_open = is_open();
    let changed = keyring::change(path, or_new, waiting, change).map_err(|error| failure(error, path))?;
    if was_open && !is_open() {
        let place = shown(path);
        say(
            quiet,
            &format!("{place}: it holds a secret now, so that only its owner can read it from now on"),
        );
    }
    Ok(changed)
}

/// Warns of what lets others at a keyring that was read, and of what a killed change left. One of public keys may be read
/// by anyone, and yet not be changed.
pub(crate) fn tell_state_of(path: &Path, ring: &Keyring, quiet: bool) {
    if quiet {
        return;
    }
    let is_public = ring.is_only_public();
    for exposure in keyring::exposures(path) {
        let place = shown(exposure.path());
        let hint = match &exposure {
            Exposure::File(_, mode) if is_public && mode & 0o022 == 0 => continue,
            Exposure::File(..) if is_public => {
                let hint = format!("chmod go-w {place}");
                warn(&format!("{place}: others can change these public keys"), Some(&hint));
                continue;
            }
            Exposure::File(..) => format!("chmod 600 {place}"),
            Exposure::Folder(..) => format!("chmod go-w {place}"),
            _ => "its owner can put another in its place: keep it in a file and a folder of your own".to_owned(),
        };
        warn(&format!("{place}: {exposure}"), Some(&hint));
    }
    output::tell_leftovers(path, quiet);
}

/// The same of a keyring that was changed.
pub(crate) fn tell_state(path: &Path, quiet: bool) {
    tell_state_of(path, &keyring::load(path).unwrap_or_default(), quiet);
}

/// The key to sign with; made in the default place when there is no keyring yet.
pub(crate) fn signing_key(source: &Source, named: Option<KeyId>, quiet: bool) -> Result<Key, Failure> {
    let ring = match named {
        Some(_) => source.load(quiet)?,
        None => source.load_or_make(quiet)?,
    };
    source.key_of(&ring, named).cloned()
}

/// All keys that tokens of before may have been made with; none where the first key is still to be made.
pub(crate) fn known_keys(source: &Source, quiet: bool) -> Result<Vec<CheckingKey>, Failure> {
    match source {
        Source::Default(path) if !path.exists() => Ok(Vec::new()),
        source => Ok(source.load(quiet)?.keys().to_vec()),
    }
}

/// Says where a new key is. Told even with `--quiet`: a key that nobody knows of is not backed up.
pub(crate) fn tell_new_key(id: KeyId, path: &Path) {
    let hint = "back this file up, and keep it secret: without it no link can be checked, with it anyone can make them";
    tell(&format!("made the key {id} in {}", shown(path)), Some(hint));
}

/// What a keyring can't do, as a failure of the keyring.
pub(crate) fn refusal(error: &KeyringError) -> Failure {
    let exit = match error {
        KeyringError::NoRandom | KeyringError::NoneActive => Exit::Undecided,
        _ => Exit::Usage,
    };
    let hint = match error {
        KeyringError::Unknown(_) => Some("`linkmint key list` shows the keys there are"),
        KeyringError::Retired(_) => Some("leave --key-id out to sign with the active key"),
        KeyringError::NeedsSuccessor(_) => Some("make one first: `linkmint key new`"),
        KeyringError::NoneActive => Some("name one with --key-id, or make one with `linkmint key new`"),
        KeyringError::Ambiguous(_) => Some("make a new key with an id of its own: `linkmint key new`"),
        KeyringError::PublicKey(_) => {
            Some("name a key whose secret is there: `linkmint key list` shows which are public")
        }
        KeyringError::OnlyPublic => Some("name a keyring with secrets: --keyring FILE"),
        KeyringError::NoRandom => Some("check the system's random source (/dev/urandom)"),
        _ => None,
    };
    Failure::new(exit, anyhow::anyhow!(error.to_string())).maybe_hint(hint)
}

/// Why a keyring's file can't be used.
pub(crate) fn failure(error: FileError, path: &Path) -> Failure {
    let hint = match &error {
        FileError::Missing => Some(
            "name the one that made the links with --keyring, copy a backup to this place, or make a first one with \
             `linkmint key new`",
        ),
        FileError::Jwk(_) => Some("a keyring is what `linkmint key export` prints; restore it from a backup"),
        FileError::Change(error) => return refusal(error).at_path(path),
        FileError::Locked => Some("run it again when that one is done"),
        FileError::Io(_) => {
            Some("check the name, who may read the file, and to change it, who may write in its folder")
        }
        _ => None,
    };
    let error = match error {
        FileError::Io(error) => plain(error),
        FileError::Output(error) => return output::failure(error, path),
        error => error.into(),
    };
    Failure::undecided(error).at_path(path).maybe_hint(hint)
}

/// Warns of a keyring without keys, of which nothing can be taken.
pub(crate) fn warn_of_none(path: &Path, quiet: bool) {
    if !quiet {
        warn(
            &format!("{}: there are no keys in it", shown(path)),
            Some("`linkmint key list` shows those of a keyring"),
        );
    }
}
