//! `linkmint api-key`: who may ask the service for what.

mod origin;

use super::args::{ApiKeyCommand, ApiKeyFile};
use super::exit::{Exit, Failure, plain, print, shown, tell, warn};
use super::meaning::{claims, pair, time, token};
use super::output::{failure, fill};
use super::{clock, ring};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::keyring::{Exposure, exposures};
use linkmint::moment::UnixTime;
use linkmint::output::{Kept, Lock, LockError, Options, Output, folder_of, make_private_folder};
use linkmint::service::api_key::{ApiKey, ApiKeys, Scope};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file of API keys has some hundred bytes a key.
const MOST: u64 = 16 << 20;

pub(crate) fn run(command: ApiKeyCommand) -> Result<Exit, Failure> {
    match command {
        ApiKeyCommand::New {
            name,
            scope,
            expires_in,
            expect,
            origin,
            file,
        } => {
            let now = clock::now()?;
            let (scopes, name) = (scopes(&scope)?, checked_name(name)?);
            let key = ApiKey {
                expires_at: expires_in.map(|text| expiry(&text, now)).transpose()?,
                expect: expected(&expect)?,
                origin: origin.map(|text| checked_origin(&text, &scope)).transpose()?,
                ..ApiKey::new(name, scopes, now)
            };
            new(key, &place(&file)?)
        }
        ApiKeyCommand::List { json, file } => list(&place(&file)?, json),
        ApiKeyCommand::Remove { id, file } => remove(&id, &place(&file)?),
    }
}

/// The API keys of a service: those of the file that is named, else of the default one where it exists.
pub(super) fn for_service(named: Option<&Path>, quiet: bool) -> Result<Option<(PathBuf, ApiKeys)>, Failure> {
    let path = match named {
        Some(path) => path.to_owned(),
        None => match default_place() {
            Ok(path) if path.exists() => path,
            _ => return Ok(None),
        },
    };
    let keys = load_for_service(&path, quiet)?;
    Ok(Some((path, keys)))
}

/// Reads the file of a service, and warns of who else says who is let in. Anybody may read it: no secret is in it.
pub(super) fn load_for_service(path: &Path, quiet: bool) -> Result<ApiKeys, Failure> {
    let keys = load(path)?;
    let ways = if quiet { Vec::new() } else { exposures(path) };
    for way in ways {
        let place = shown(way.path());
        match way {
            Exposure::File(_, mode) if mode & 0o022 == 0 => {}
            Exposure::File(_, mode) | Exposure::Folder(_, mode) => warn(
                &format!("{place}: others can change who is let in (mode {mode:04o})"),
                Some(&format!("chmod go-w {place}")),
            ),
            _ => warn(
                &format!("{place}: it belongs to another user, who can change who is let in"),
                Some("keep the API keys in a file and a folder of your own"),
            ),
        }
    }
    Ok(keys)
}

/// Reads a file of API keys.
fn load(path: &Path) -> Result<ApiKeys, Failure> {
    let read = File::open(path).and_then(|file| io::read_to_string(file.take(MOST)));
    let text = read.map_err(|error| {
        let missing = error.kind() == io::ErrorKind::NotFound;
        let hint = missing.then_some("make one: linkmint api-key new NAME --scope check");
        Failure::undecided(plain(error)).at_path(path).maybe_hint(hint)
    })?;
    ApiKeys::from_json(&text).map_err(|error| {
        let failure = Failure::undecided(error).at_path(path);
        failure.hint("`linkmint api-key new` makes such a file")
    })
}

fn default_place() -> Result<PathBuf, Failure> {
    ring::in_configuration("api-keys.json")
}

fn place(file: &ApiKeyFile) -> Result<PathBuf, Failure> {
    file.file.clone().map_or_else(default_place, Ok)
}

fn scopes(words: &[String]) -> Result<Vec<Scope>, Failure> {
    let mut scopes = Vec::new();
    for word in words {
        let scope = Scope::parse(word.trim()).ok_or_else(|| {
            Failure::usage(format_args!("there is no scope {}", Excerpt(word)))
                .at("--scope")
                .hint("check, mint, revoke or stats; several with commas between them")
        })?;
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    Ok(scopes)
}

fn checked_name(name: String) -> Result<String, Failure> {
    match name.len() {
        1..=64 if !name.contains(char::is_control) => Ok(name),
        _ => Err(Failure::usage("a name has 1 to 64 bytes and no control characters").at("NAME")),
    }
}

fn expiry(text: &str, now: UnixTime) -> Result<UnixTime, Failure> {
    let seconds = time::duration("--expires-in", text)?;
    let late = || {
        Failure::usage("it would end after 2106")
            .at("--expires-in")
            .hint("write a shorter one, as 90d")
    };
    now.after(seconds).ok_or_else(late)
}

fn expected(texts: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let mut claims = BTreeMap::new();
    for text in texts {
        let (name, value) = pair("--expect", text)?;
        let name = claims::claim_name("--expect", name.trim_ascii())?;
        // as claims are when tokens are made
        let value = value.trim_ascii();
        claims::check_value("--expect", &name, value)?;
        if claims.insert(name.as_str().to_owned(), value.to_owned()).is_some() {
            return Err(Failure::usage(format_args!("the claim {name} is given twice"))
                .at("--expect")
                .hint("a key is bound to one value of a claim: make another key for the other"));
        }
    }
    Ok(claims)
}

/// A key that stands in a web page is everybody's: it may check and nothing else.
fn checked_origin(text: &str, scope: &[String]) -> Result<String, Failure> {
    let refuse = |message: &'static str, hint: &'static str| Err(Failure::usage(message).at("--origin").hint(hint));
    if scope != ["check"] {
        return refuse(
            "everybody who opens the page has the key",
            "give it the scope check alone",
        );
    }
    match origin::parse(text) {
        Some(origin) => Ok(origin),
        None => refuse("it is no origin", "an address without path: https://shop.example"),
    }
}

fn new(key: ApiKey, path: &Path) -> Result<Exit, Failure> {
    let _turn = turn(path)?;
    let mut keys = match path.exists() {
        true => load(path)?,
        false => ApiKeys::default(),
    };
    let name = Harmless(&key.name).to_string();
    let (id, secret) = keys.add(key).map_err(|_| token::no_random())?;
    write(&keys, path)?;
    tell(
        &format!("made the API key {id} for {name} in {}", shown(path)),
        Some("it is shown this once; a new one is made as easily"),
    );
    print(format!("{}\n", secret.expose()))
}

/// Waits for the turn to change the file: of two who do so at once, the later one would else undo what the first did.
fn turn(path: &Path) -> Result<Option<Lock>, Failure> {
    let folder = folder_of(path);
    // the folder of the default file is made with the first key, as that of the keyring is
    if default_place().is_ok_and(|default| default == path) {
        make_private_folder(folder).map_err(|error| failure(error.into(), path))?;
    }
    if !folder.exists() {
        return Err(failure(io::Error::from(io::ErrorKind::NotFound).into(), folder));
    }
    // whatever name it is changed by, it is one file
    let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let waiting = || tell("another process changes the API keys; waiting", None);
    Lock::take(&place, waiting).map_err(|error| {
        let hint = matches!(error, LockError::Locked).then_some("run it again when that one is done");
        Failure::undecided(error).at_path(path).maybe_hint(hint)
    })
}

fn remove(id: &str, path: &Path) -> Result<Exit, Failure> {
    let _turn = turn(path)?;
    let mut keys = load(path)?;
    if !keys.remove(id) {
        let failure = Failure::usage(format_args!("there is no API key {}", Excerpt(id))).at_path(path);
        return Err(failure.hint("`linkmint api-key list` shows those there are"));
    }
    write(&keys, path)?;
    tell(&format!("removed the API key {}", Harmless(id)), None);
    Ok(Exit::Done)
}

/// A key as it is told: without its hash, which is nobody's business.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    name: &'a str,
    scopes: &'a [Scope],
    created: UnixTime,
    expires_at: Option<UnixTime>,
    expect: &'a std::collections::BTreeMap<String, String>,
    origin: Option<&'a str>,
}

fn list(path: &Path, json: bool) -> Result<Exit, Failure> {
    let keys = load(path)?;
    let line = |key: &ApiKey| match json {
        true => {
            let listed = Listed {
                id: &key.id,
                name: &key.name,
                scopes: &key.scopes,
                created: key.created,
                expires_at: key.expires_at,
                expect: &key.expect,
                origin: key.origin.as_deref(),
            };
            serde_json::to_string(&listed).expect("it has text keys") + "\n"
        }
        false => words(key) + "\n",
    };
    print(keys.keys().iter().map(|key| line(key)).collect::<String>())
}

fn words(key: &ApiKey) -> String {
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let until = key.expires_at.map(|time| format!("  until {time}")).unwrap_or_default();
    let bound = key
        .expect
        .iter()
        .map(|(name, value)| format!("  {}={}", Harmless(name), Harmless(value)));
    let origin = key
        .origin
        .as_deref()
        .map(|origin| format!("  from {}", Harmless(origin)));
    format!(
        "{}  {}  {}{until}{}{}",
        Harmless(&key.id),
        Harmless(&key.name),
        scopes.join(","),
        bound.collect::<String>(),
        origin.unwrap_or_default()
    )
}

fn write(keys: &ApiKeys, path: &Path) -> Result<(), Failure> {
    let options = Options {
        force: true,
        sync: true,
        // a new one is for its owner alone; an older one keeps its mode, as it holds no secret
        private: false,
    };
    let output = Output::change(path, Kept::ApiKeys, options).map_err(|error| failure(error, path))?;
    fill(output, path, keys.to_json().as_bytes())
}
