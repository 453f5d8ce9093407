//! A password that the address does not have: from `PGPASSWORD`, or from the file that PostgreSQL's own programs read.

use std::fs;
use std::path::{Path, PathBuf};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// The password of a connection, if there is one.
pub(super) fn find(config: &Config) -> Option<Vec<u8>> {
    let variable = std::env::var_os("PGPASSWORD").filter(|value| !value.is_empty());
    if let Some(password) = variable {
        return Some(password.into_encoded_bytes());
    }
    let path = match std::env::var_os("PGPASSFILE").filter(|value| !value.is_empty()) {
        Some(path) => PathBuf::from(path),
        None => default_file()?,
    };
    if !is_private(&path) {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    let user = config
        .get_user()
        .map(str::to_owned)
        .or_else(|| std::env::var(USER).ok())?;
    let database = config.get_dbname().unwrap_or(&user);
    let port = config.get_ports().first().copied().unwrap_or(5432).to_string();
    let wanted = [&*host(config), &*port, database, &*user];
    text.lines()
        .find_map(|line| matching(line, wanted))
        .map(String::into_bytes)
}

#[cfg(unix)]
const USER: &str = "USER";
#[cfg(not(unix))]
const USER: &str = "USERNAME";

#[cfg(unix)]
fn default_file() -> Option<PathBuf> {
    std::env::home_dir().map(|home| home.join(".pgpass"))
}

#[cfg(not(unix))]
fn default_file() -> Option<PathBuf> {
    std::env::var_os("APPDATA").map(|folder| Path::new(&folder).join("postgresql/pgpass.conf"))
}

/// As PostgreSQL's programs, which leave a file alone that others can read.
fn is_private(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::metadata(path).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o077 == 0)
    }
    #[cfg(not(unix))]
    path.is_file()
}

/// The name that the file knows the server by.
fn host(config: &Config) -> String {
    match config.get_hosts().first() {
        Some(Host::Tcp(name)) => name.clone(),
        // a socket in the usual place is called so
        #[cfg(unix)]
        Some(Host::Unix(folder)) if folder != Path::new(super::address::SOCKETS) => {
            folder.to_string_lossy().into_owned()
        }
        #[cfg(unix)]
        Some(Host::Unix(_)) => "localhost".to_owned(),
        None => config
            .get_hostaddrs()
            .first()
            .map(ToString::to_string)
            .unwrap_or_default(),
    }
}

/// The password of a line `host:port:database:user:password`, if the others are those: `*` is any, `\` goes before a
/// colon or a backslash.
fn matching(line: &str, wanted: [&str; 4]) -> Option<String> {
    if line.starts_with('#') {
        return None;
    }
    let mut rest = line;
    for wanted in wanted {
        let (raw, after) = rest.split_at(field_end(rest));
        rest = after.strip_prefix(':')?;
        if raw != "*" && unescaped(raw) != wanted {
            return None;
        }
    }
    // what comes behind another colon is none of it
    Some(unescaped(&rest[..field_end(rest)]))
}

fn field_end(text: &str) -> usize {
    let mut escaped = false;
    let ends = |(_, letter): &(usize, char)| {
        let ends = *letter == ':' && !escaped;
        escaped = *letter == '\\' && !escaped;
        ends
    };
    text.char_indices().find(ends).map_or(text.len(), |(end, _)| end)
}

fn unescaped(field: &str) -> String {
    let mut letters = field.chars();
    let mut text = String::with_capacity(field.len());
    while let Some(letter) = letters.next() {
        let letter = if letter == '\\' { letters.next() } else { Some(letter) };
        text.extend(letter);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_gives_its_password_to_what_it_names() {
        let wanted = ["db.example", "5432", "links", "shop"];
        for (line, password) in [
            ("db.example:5432:links:shop:secret", Some("secret")),
            ("*:*:*:*:secret", Some("secret")),
            ("*:*:links:shop:se\\:cr\\\\et", Some("se:cr\\et")),
            ("*:*:*:shop:", Some("")),
            ("db.example:5433:links:shop:secret", None),
            ("db.example:5432:links:\\*:secret", None),
            ("db.example:5432:links:shop", None),
            ("#*:*:*:*:secret", None),
            ("", None),
        ] {
            assert_eq!(matching(line, wanted).as_deref(), password, "{line}");
        }
    }

    #[test]
    fn a_server_is_known_by_its_name() {
        let named = |text: &str| host(&text.parse().expect("an address"));
        assert_eq!(named("postgres://db.example/links"), "db.example");
        assert_eq!(named("postgres://a/links?hostaddr=10.0.0.1"), "a");
        #[cfg(unix)]
        assert_eq!(named("postgres:///links?host=/var/run/postgresql"), "localhost");
        #[cfg(unix)]
        assert_eq!(named("postgres:///links?host=/tmp"), "/tmp");
    }
}
