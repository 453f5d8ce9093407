//! The arrows of the house: which room may import which, and the one home of each external crate.
//!
//! Whoever adds a room or a dependency gives it a line here.

mod circles;
mod source;

use source::{literals_and_code, paths};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A room, and what of the library it may import besides itself. The longest matching name rules.
const ARROWS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    (
        "cli",
        &[
            "batch", "check", "claims", "compress", "excerpt", "key", "keyring", "ledger", "link", "mail", "moment",
            "number", "options", "output", "pages", "paste", "qr", "repair", "service", "stats", "table", "token",
        ],
    ),
    (
        "batch",
        &[
            "check", "table", "link", "token", "ledger", "claims", "key", "moment", "excerpt", "paste", "qr",
        ],
    ),
    // the one verdict: lists, mails and pasted texts all ask here
    (
        "check",
        &[
            "ledger", "repair", "mail", "paste", "token", "claims", "key", "moment", "excerpt", "number",
        ],
    ),
    // numbers and their JSON; text and CSV are made in the program, pages in their room
    (
        "stats",
        &[
            "ledger", "check", "claims", "key", "moment", "token", "excerpt", "number",
        ],
    ),
    ("pages", &["stats", "check", "moment", "token", "excerpt", "number"]),
    ("campaign", &["batch", "table", "link", "token", "claims", "moment"]),
    // the package `linkmint-token`, whose rooms are known here by the same names
    ("verifier", &["token", "claims", "key", "keys", "unix_time"]),
    ("token", &["claims", "key"]),
    ("claims", &[]),
    ("key", &[]),
    ("keys", &["key", "unix_time"]),
    ("jwk", &["keys", "key", "token::wire"]),
    ("unix_time", &[]),
    (
        "linkmint_token",
        &["verifier", "token", "claims", "key", "keys", "jwk", "unix_time"],
    ),
    // the package `linkmint-sha256`
    ("linkmint_sha256", &["constants", "x86"]),
    ("x86", &["constants"]),
    ("constants", &[]),
    // ordered work on anything: it is tested on integers
    ("batch::pool", &[]),
    ("table", &["excerpt"]),
    ("link", &["excerpt"]),
    ("qr", &[]),
    ("keyring", &["jwk", "keys", "output"]),
    ("paste", &["token"]),
    ("mail", &["paste", "excerpt"]),
    ("repair", &["token", "key"]),
    ("ledger", &["token", "claims", "key", "moment", "output"]),
    ("moment", &["excerpt"]),
    ("compress", &[]),
    (
        "service",
        &[
            "check", "batch", "ledger", "link", "keyring", "token", "claims", "key", "moment", "excerpt", "options",
            "pages", "paste", "stats", "table",
        ],
    ),
    // what is asked for in texts, whoever asks
    ("options", &["batch", "link", "moment", "token", "excerpt"]),
    ("excerpt", &[]),
    ("number", &[]),
    ("output", &[]),
    // the front door leads into these rooms
    (
        "lib",
        &[
            "batch", "campaign", "claims", "key", "keyring", "link", "moment", "token",
        ],
    ),
];

/// An external crate, and the only rooms that may name it. What has no line may stand anywhere: see [`AT_LARGE`].
const HOMES: &[(&str, &[&str])] = &[
    ("ctutils", &["key", "service::api_key"]),
    ("fearless_simd", &["key", "token::text"]),
    ("linkmint_sha256", &["key"]),
    ("hmac", &["key"]),
    (
        "sha2",
        &["key", "token::trace", "service::api_key", "service::revocations"],
    ),
    ("base64", &["token::text"]),
    (
        "data_encoding",
        &[
            "token::text",
            "service::api_key",
            "service::log",
            "service::revocations",
        ],
    ),
    ("ed25519_dalek", &["key::public"]),
    ("getrandom", &["key", "token::id", "service"]),
    ("aes_siv", &["token::sealed"]),
    ("time", &["unix_time", "moment"]),
    ("tz", &["moment"]),
    ("tzdb", &["moment"]),
    ("iana_time_zone", &["moment"]),
    ("tempfile", &["output", "service::batch"]),
    (
        "rustix",
        &["ledger::sqlite", "output", "table::workbook", "cli::terminal"],
    ),
    // lists and mails have charsets of their own kinds
    ("encoding_rs", &["table", "mail::charset"]),
    ("chardetng", &["table"]),
    ("simdutf8", &["table"]),
    ("wide", &["table"]),
    ("calamine", &["table::workbook"]),
    ("zip", &["table::workbook"]),
    ("quick_xml", &["table::workbook"]),
    ("flate2", &["compress"]),
    ("zstd", &["compress"]),
    ("twox_hash", &["batch"]),
    ("itoa", &["qr", "service::json"]),
    ("qrcodegen", &["qr"]),
    ("png", &["qr"]),
    ("rusqlite", &["ledger::sqlite"]),
    ("tokio_postgres", &["ledger::postgres"]),
    ("percent_encoding", &["link", "ledger::postgres", "service"]),
    ("rustls", &["ledger::postgres"]),
    ("rustls_native_certs", &["ledger::postgres"]),
    ("tokio_postgres_rustls", &["ledger::postgres"]),
    ("axum", &["service"]),
    ("hyper", &["service"]),
    ("futures_util", &["service", "ledger::postgres"]),
    ("hyper_util", &["service"]),
    ("utoipa", &["service"]),
    ("utoipa_axum", &["service"]),
    ("prometheus_client", &["service"]),
    ("tower", &["service"]),
    ("tokio", &["service", "cli::serve", "ledger::postgres"]),
    ("listenfd", &["cli::serve"]),
    ("crossterm", &["cli::terminal"]),
    ("anyhow", &["cli"]),
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("etcetera", &["cli"]),
    ("indicatif", &["cli"]),
    ("mimalloc", &["main"]),
    ("signal_hook", &["cli"]),
    ("terminal_size", &["cli"]),
    ("strsim", &["cli"]),
    ("csv", &["cli::stats"]),
    ("unicode_width", &["cli::text"]),
    ("unicode_segmentation", &["cli::text"]),
    ("maud", &["pages"]),
];
/// Named by one room today, and by any tomorrow.
const AT_LARGE: &[&str] = &[
    "linkmint_token",
    "memchr",
    "serde",
    "serde_json",
    "thiserror",
    "zeroize",
];
/// The clock is read in the program and passed down.
const CLOCKS: [&str; 2] = ["SystemTime", "Instant"];

/// A source file as its module's path.
struct Module {
    path: Vec<String>,
    /// Its code without comments, literals and unit tests.
    text: String,
    literals: Vec<String>,
}

impl Module {
    fn new(path: &str, text: &str) -> Self {
        let path = path.split("::").map(str::to_owned).collect();
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        let (literals, text) = literals_and_code(text);
        Self { path, text, literals }
    }

    fn name(&self) -> String {
        self.path.join("::")
    }

    fn is_in(&self, room: &str) -> bool {
        is_within(&self.name(), room)
    }

    /// What is wrong with its imports.
    fn faults(&self) -> Vec<String> {
        let name = self.name();
        let rules = ARROWS.iter().filter(|(room, _)| self.is_in(room));
        let Some((room, allowed)) = rules.max_by_key(|(room, _)| room.len()) else {
            return vec![format!("{name} is in no room: give it a line in ARROWS")];
        };
        let mut faults = Vec::new();
        let paths = paths(&self.text);
        // a module of ours that has a crate's name, as `cli::meaning::time`
        let is_ours = |name: &str| paths.iter().any(|path| path.len() > 1 && path[path.len() - 1] == name);
        for path in &paths {
            if let Some(target) = self.target(path) {
                let own = is_within(&target, room) || (self.path[0] == "cli" && target == "cli");
                let same_house = *room != "batch::pool" && is_within(&target, &self.path[0]);
                if !own && !same_house && !allowed.iter().any(|other| is_within(&target, other)) {
                    faults.push(format!("{name} imports {target}: no arrow leads from {room} there"));
                }
            }
            // a name at the root would hide from which room it comes
            if self.path[0] != "cli" && path[0] == "crate" && path.get(1).is_some_and(|word| !is_module_name(word)) {
                faults.push(format!("{name} imports {} by the front door", path.join("::")));
            }
            let home = HOMES.iter().find(|(name, _)| *name == path[0] && !is_ours(name));
            if let Some((name, homes)) = home.filter(|(_, homes)| !homes.iter().any(|home| self.is_in(home))) {
                faults.push(format!(
                    "{} names the crate {name}, whose home is {homes:?}",
                    self.name()
                ));
            }
            let is_clock = |word: &String| CLOCKS.contains(&word.as_str());
            let from_std = path.starts_with(&["std".to_owned(), "time".to_owned()]) && path.iter().any(is_clock);
            if self.path[0] != "cli" && (from_std || is_clock(&path[0])) {
                faults.push(format!("{name} reads the clock: {}", path.join("::")));
            }
        }
        faults
    }

    /// The module of this package that a path leads to.
    fn target(&self, path: &[String]) -> Option<String> {
        let supers = path.iter().take_while(|word| *word == "super").count();
        let words: Vec<_> = match path[0].as_str() {
            "crate" | "linkmint" | "linkmint_token" => path[1..].to_vec(),
            "super" => {
                let parent = self.path.len().checked_sub(supers)?;
                self.path[..parent].iter().chain(&path[supers..]).cloned().collect()
            }
            _ => return None,
        };
        let modules: Vec<_> = words.into_iter().take_while(|word| is_module_name(word)).collect();
        (!modules.is_empty()).then(|| modules.join("::"))
    }
}

fn is_module_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// Whether a module is `room` or stands in it.
fn is_within(module: &str, room: &str) -> bool {
    module
        .strip_prefix(room)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// The folders of all packages' sources, and what the root module of each is called here.
const PACKAGES: [(&str, &str); 3] = [
    ("", "lib"),
    ("crates/linkmint-token", "linkmint_token"),
    ("crates/linkmint-sha256", "linkmint_sha256"),
];

pub(crate) fn sources() -> Vec<Module> {
    PACKAGES
        .into_iter()
        .flat_map(|(package, lib)| modules(package, lib))
        .collect()
}

fn modules(package: &str, lib: &str) -> Vec<Module> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(package).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let module = |path: &PathBuf| {
        let name = path.strip_prefix(&root).expect("below src").with_extension("");
        let words: Vec<_> = name.iter().map(|word| word.to_string_lossy()).collect();
        let name = if words == ["lib"] {
            lib.to_owned()
        } else {
            words.join("::")
        };
        Module::new(&name, &fs::read_to_string(path).expect("read"))
    };
    files.iter().map(module).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        match path.is_dir() {
            true => collect(&path, files),
            false if path.extension().is_some_and(|ending| ending == "rs") => files.push(path),
            false => {}
        }
    }
}

#[test]
fn imports_run_along_the_arrows() {
    let faults: Vec<_> = sources().iter().flat_map(Module::faults).collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

fn dependencies(package: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(package).join("Cargo.toml");
    let manifest = fs::read_to_string(path).expect("read");
    let (_, rest) = manifest.split_once("\n[dependencies]\n").unwrap_or_default();
    let section = rest.split("\n[").next().unwrap_or_default();
    let names = section.lines().filter_map(|line| line.split_once(" = "));
    names
        .map(|(name, _)| name.trim_end_matches(".workspace").replace('-', "_"))
        .collect()
}

#[test]
fn every_dependency_has_a_home() {
    let names = PACKAGES.into_iter().flat_map(|(package, _)| dependencies(package));
    let mut count = 0;
    for name in names {
        let known = AT_LARGE.contains(&name.as_str()) || HOMES.iter().any(|(other, _)| *other == name);
        assert!(known, "{name} has no home: give it a line in HOMES or AT_LARGE");
        count += 1;
    }
    assert!(count > 20, "only {count} dependencies were found");
}

#[test]
fn many_imports_are_seen() {
    let modules = sources();
    assert!(modules.len() > 50);
    let targets: usize = modules
        .iter()
        .map(|module| {
            paths(&module.text)
                .iter()
                .filter_map(|path| module.target(path))
                .count()
        })
        .sum();
    assert!(targets > 200, "only {targets} imports were found");
    let firsts = modules
        .iter()
        .flat_map(|module| paths(&module.text))
        .map(|mut path| path.swap_remove(0));
    let named: BTreeSet<String> = firsts.collect();
    for (name, homes) in HOMES {
        assert!(named.contains(*name), "{name}, at home in {homes:?}, is never named");
    }
}

#[test]
fn planted_violations_are_found() {
    let table = [
        ("token::verify", "use crate::table::Row;", "token imports table"),
        (
            "token::verify",
            "use super::super::link::LinkPattern;",
            "token imports link",
        ),
        ("token", "use crate::{claims::Claim, batch};", "token imports batch"),
        (
            "token",
            "use crate::{\n    key::{Key, KeyId},\n    output::Output,\n};",
            "token imports output",
        ),
        (
            "claims::name",
            "fn f() { crate::key::Key::new() }",
            "claims imports key",
        ),
        ("table::scan", "use crate::token::Token;", "table imports token"),
        (
            "batch::pool",
            "use super::Report as _; use super::problem::Reject;",
            "pool imports its sibling",
        ),
        ("batch::pool", "use crate::table::Row;", "pool imports table"),
        ("batch", "use crate::keyring::Keyring;", "batch imports keyring"),
        ("jwk", "use crate::token::Token;", "jwk imports all of token"),
        (
            "jwk",
            "use crate::token::{wire, mint};",
            "jwk imports another part of token",
        ),
        (
            "table",
            "use linkmint_token::token::Form;",
            "table imports a room of the other package",
        ),
        ("output", "use crate::excerpt::Excerpt;", "a leaf imports"),
        (
            "token::mint",
            "use crate::{Keyring, claims::ClaimSet};",
            "an import by the front door",
        ),
        ("campaign", "use crate::output::Output;", "campaign imports output"),
        ("link", "use crate::cli::exit::Exit;", "the library imports the program"),
        ("paste::link", "use crate::link::LinkPattern;", "paste imports link"),
        ("token::mint", "use sha2::Sha256;", "sha2 away from home"),
        ("token::mint", "type Mac = hmac::Hmac<u8>;", "hmac away from home"),
        ("batch", "let text = base64::STANDARD;", "base64 away from home"),
        ("table", "use clap as arguments;", "clap away from home"),
        ("moment", "let now = std::time::SystemTime::now();", "the clock"),
        (
            "batch::pool",
            "use std::time::{Duration, Instant};",
            "the clock in a tree",
        ),
        ("stats::json", "use crate::pages::STYLE;", "numbers know no page"),
        (
            "stats",
            "use crate::cli::exit::Failure;",
            "the library imports the program",
        ),
        ("pages", "use crate::ledger::Ledger;", "a page opens no ledger"),
        (
            "ledger",
            "use crate::stats::Survey;",
            "ledger imports what is counted in it",
        ),
        ("cli::stats", "use maud::html;", "maud away from home"),
        ("newcomer", "", "a room without a line"),
    ];
    for (module, text, why) in table {
        assert!(
            !Module::new(module, text).faults().is_empty(),
            "not found in {module}: {text} ({why})"
        );
    }
}

#[test]
fn what_is_allowed_is_not_found() {
    let table = [
        (
            "token::verify",
            "use super::refusal::Refusal; use crate::key::Key; use crate::claims::{Claims, MapError};",
        ),
        (
            "jwk",
            "use crate::token::wire; use crate::token::wire::Alphabet; use crate::keys::Keyring;",
        ),
        (
            "batch::generate::expiry",
            "use super::super::problem::RowProblem; use crate::moment::Zone;",
        ),
        (
            "token",
            "// use crate::table::Row;\n/* crate::link */ const A: &str = \"crate::batch \\\" {\"; let b = 'x'; let c = '\\'';",
        ),
        (
            "token",
            "const A: &str = r#\"use \"crate::batch\" \"#; fn f<'a>(a: &'a str) {}",
        ),
        (
            "token",
            "fn f() {}\n#[cfg(test)]\nmod tests {\n    use crate::table::Row;\n}",
        ),
        (
            "cli::sign",
            "use linkmint::batch::Report; use crate::cli::exit::Exit; use std::time::Instant; use clap::Args;",
        ),
        ("key", "use hmac::Hmac; use sha2::Sha256;"),
        ("table::scan", "use wide::u8x32; let wide = 1; let base64 = wide;"),
    ];
    for (module, text) in table {
        let faults = Module::new(module, text).faults();
        assert!(faults.is_empty(), "{module}: {text}\n{faults:?}");
    }
}

/// Flags of other programs, and of the process that reads workbooks.
const OTHERS_FLAGS: [&str; 3] = ["createdb --encoding", "--template template0", "\"--sheet=\""];

/// Who calls the library from a program or over HTTP has no flags: `cli::hint` says which one mends what.
#[test]
fn the_library_names_no_flag() {
    let of_library = sources()
        .into_iter()
        .filter(|module| !module.is_in("cli") && !module.is_in("main"));
    for module in of_library {
        for literal in &module.literals {
            let own = OTHERS_FLAGS
                .iter()
                .fold(literal.clone(), |text, other| text.replace(other, ""));
            let flag = own
                .split("--")
                .skip(1)
                .any(|rest| rest.starts_with(|letter: char| letter.is_ascii_lowercase()));
            assert!(!flag, "{} names a flag: {literal}", module.name());
        }
    }
}

#[test]
fn the_page_on_the_architecture_names_what_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(root.join("docs/architecture.md")).expect("the page");
    let mut named = 0;
    for line in page.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let steps = words.windows(2).filter(|pair| pair[0].ends_with(".rs"));
        for (file, name) in steps.filter_map(|pair| Some((pair[0], pair[1].strip_suffix("()")?))) {
            let text = fs::read_to_string(root.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            let there = ["(", "<"].iter().any(|end| text.contains(&format!("fn {name}{end}")));
            assert!(there, "{file} has no function {name}");
            named += 1;
        }
        let paths = line
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|word| word.starts_with("src/") || word.starts_with("crates/"));
        for path in paths {
            let there = root.join(path).exists() || root.join(format!("{path}.rs")).exists();
            assert!(there, "{path} is not there");
        }
    }
    assert!(named > 15, "the picture is read");
}
