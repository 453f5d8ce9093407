//! `linkmint key`: the keyring's keys, never their secrets unless that is what was asked for.

use super::args::{KeyCommand, KeyringArg, RingArgs};
use super::exit::{Exit, Failure, print, say, shown, warn};
use super::meaning::token::key_id;
use super::{apart, clock, output, ring, terminal};
use linkmint::key::KeyId;
use linkmint::keyring::{self, KeyringError, Standing};
use linkmint::moment::UnixTime;
use linkmint::output::Options;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

pub(crate) fn run(command: KeyCommand) -> Result<Exit, Failure> {
    match command {
        KeyCommand::New { keyring, quiet } => new(&keyring, quiet),
        KeyCommand::List { keyring, json, quiet } => list(&keyring, json, quiet),
        KeyCommand::Retire { id, ring } => retire(&id, ring),
        KeyCommand::Remove { id, yes, ring } => remove(&id, yes, ring),
        KeyCommand::Export {
            id,
            jwt,
            public,
            output,
            force,
            ring,
        } => {
            let output = output.filter(|path| path != Path::new("-"));
            // an export of some keys or of JWT keys must not take the place of all of them
            let source = ring::locate(&ring.keyring)?;
            apart::check(
                &[("the export", output.as_deref())],
                &[("the keyring", source.file().ok())],
            )?;
            let what = match (jwt, public) {
                (true, _) => Exported::JwtKeys,
                (_, true) => Exported::PublicKeys,
                _ => Exported::Secrets,
            };
            let text = export(id.as_deref(), what, &source, ring.quiet)?;
            write_export(&text, what, output, force, ring.quiet)
        }
        KeyCommand::Import { file, ring } => import(&file, ring),
    }
}

fn new(keyring: &KeyringArg, quiet: bool) -> Result<Exit, Failure> {
    let source = ring::locate(keyring)?;
    let path = source.file()?;
    let now = clock::now()?;
    let id = ring::change(path, true, quiet, |ring| ring.add_new(now))?;
    ring::tell_state(path, quiet);
    ring::tell_new_key(id, path);
    print(format!("{id}\n"))
}

fn list(keyring: &KeyringArg, json: bool, quiet: bool) -> Result<Exit, Failure> {
    let ring = ring::locate(keyring)?.load(quiet)?;
    let mut text = String::new();
    for (key, record) in ring.iter() {
        let (id, created, status) = (key.id().to_string(), record.created, record.standing.as_str());
        text += &match json {
            true => serde_json::to_string(&KeyRow { id, created, status }).expect("it has text keys alone"),
            false => {
                let created = created.map_or_else(|| "-".to_owned(), |time| time.to_string());
                // these widths hold every key
                format!("{id}  {created:20}  {status}")
            }
        };
        text.push('\n');
    }
    print(text)
}

/// What is told of a key: never its secret.
#[derive(serde::Serialize)]
struct KeyRow {
    id: String,
    created: Option<UnixTime>,
    status: &'static str,
}

fn retire(id: &str, RingArgs { keyring, quiet }: RingArgs) -> Result<Exit, Failure> {
    let id = key_id(id, "key retire")?;
    let source = ring::locate(&keyring)?;
    ring::change(source.file()?, false, quiet, |ring| ring.retire(id))?;
    ring::tell_state(source.file()?, quiet);
    let message = format!("key {id} is retired: its links stay valid, and it signs no more");
    say(quiet, &message);
    Ok(Exit::Done)
}

fn remove(id: &str, yes: bool, RingArgs { keyring, quiet }: RingArgs) -> Result<Exit, Failure> {
    let id = key_id(id, "key remove")?;
    let source = ring::locate(&keyring)?;
    let path = source.file()?;
    let ring = source.load(quiet)?;
    let found = ring.iter().find(|(key, _)| key.id() == id);
    let Some((_, record)) = found else {
        return Err(ring::refusal(&KeyringError::Unknown(id)).at(source.place()));
    };
    if !yes && !confirmed(id, record.standing)? {
        say(quiet, "nothing was removed");
        return Ok(Exit::Refused);
    }
    let count = ring::change(path, false, quiet, |ring| ring.remove(id))?;
    let keys = if count == 1 {
        format!("key {id} is")
    } else {
        format!("{count} keys {id} are")
    };
    let message = format!("{keys} removed: links made with it can't be checked any more");
    say(quiet, &message);
    Ok(Exit::Done)
}

fn confirmed(id: KeyId, standing: Standing) -> Result<bool, Failure> {
    let unasked = Failure::usage(format_args!(
        "removing key {id} ends all its links, and nobody is there to ask"
    ));
    let and = match standing {
        Standing::Active => ", and it is the active key",
        _ => "",
    };
    let question = format!("All links made with key {id} end{and}. Remove it? Type its id to go on: ");
    Ok(terminal::ask(&question, unasked)?.eq_ignore_ascii_case(&id.to_string()))
}

/// What `key export` writes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Exported {
    Secrets,
    JwtKeys,
    PublicKeys,
}

fn export(
    id: Option<&str>,
    what: Exported,
    source: &ring::Source,
    quiet: bool,
) -> Result<zeroize::Zeroizing<String>, Failure> {
    let mut ring = source.load(quiet)?;
    if let Some(path) = source.file().ok().filter(|_| ring.iter().next().is_none()) {
        ring::warn_of_none(path, quiet);
    }
    if let Some(id) = id {
        ring = ring
            .only(key_id(id, "key export")?)
            .map_err(|error| ring::refusal(&error))?;
    }
    // a backend looks its key up by the id
    if let Some(id) = ring.shared_id().filter(|_| what != Exported::Secrets) {
        return Err(ring::refusal(&KeyringError::Ambiguous(id)));
    }
    match what {
        Exported::JwtKeys if ring.is_only_public() => Err(ring::refusal(&KeyringError::OnlyPublic)),
        Exported::JwtKeys => Ok(ring.to_jwt_json()),
        Exported::PublicKeys => Ok(ring.to_public().to_json()),
        Exported::Secrets => Ok(ring.to_json()),
    }
}

fn write_export(
    text: &str,
    what: Exported,
    output: Option<PathBuf>,
    force: bool,
    quiet: bool,
) -> Result<Exit, Failure> {
    let is_secret = what != Exported::PublicKeys;
    let Some(path) = output else {
        if is_secret && io::stdout().is_terminal() && !quiet {
            warn(
                "these are secrets, and they stay in the terminal's history",
                Some("-o FILE writes them to a file"),
            );
        }
        return print(text);
    };
    let options = Options {
        force,
        sync: true,
        private: is_secret,
    };
    output::write(&path, options, quiet, text.as_bytes())?;
    Ok(Exit::Done)
}

fn import(file: &Path, RingArgs { keyring, quiet }: RingArgs) -> Result<Exit, Failure> {
    let source = ring::locate(&keyring)?;
    let other = match file == Path::new("-") {
        true => keyring::read(io::stdin().lock()),
        false => keyring::load(file),
    };
    let other = other.map_err(|error| ring::failure(error, file))?;
    if file != Path::new("-") {
        ring::tell_state_of(file, &other, quiet);
    }
    let path = source.file()?;
    let (is_public, is_empty) = (other.is_only_public(), other.iter().next().is_none());
    let as_what = if is_public { "a public key in" } else { "on standby in" };
    let added = ring::change(path, true, quiet, |ring| Ok(ring.import(other)))?;
    ring::tell_state(path, quiet);
    match added.is_empty() {
        true if is_empty => ring::warn_of_none(file, quiet),
        true => say(quiet, "all of these keys were there already"),
        false => say(quiet, &format!("{} {as_what} {}", plural(added.len()), shown(path))),
    }
    let ids: String = added.iter().map(|id| format!("{id}\n")).collect();
    print(ids)
}

fn plural(count: usize) -> String {
    match count {
        1 => "1 key is".to_owned(),
        _ => format!("{count} keys are"),
    }
}
