//! What the pages say is what the program does. `LINKMINT_BLESS=1` writes the real outputs into the pages.
#![cfg(unix)]

mod console;
mod session;

use console::{agrees, blessed, commands};
use session::{ROOT, Session};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

fn page(name: &str) -> String {
    fs::read_to_string(format!("{ROOT}/{name}")).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The names of the pages in `docs`.
fn docs() -> Vec<String> {
    let entries = fs::read_dir(format!("{ROOT}/docs")).expect("docs");
    let names = entries.map(|entry| entry.expect("an entry").file_name().into_string().expect("UTF-8"));
    let mut pages: Vec<_> = names.map(|name| format!("docs/{name}")).collect();
    pages.sort();
    pages
}

/// All pages that a user reads.
fn documents() -> Vec<String> {
    let others = [
        "README.md",
        "SECURITY.md",
        "samples/README.md",
        "samples/verifiers/README.md",
    ];
    others.map(str::to_owned).into_iter().chain(docs()).collect()
}

/// Runs all commands of a page in their order, as a reader would who goes along. Says what is wrong, if anything is.
fn disagreement(name: &str) -> String {
    let text = page(name);
    let mut session = Session::begin();
    let outputs: Vec<_> = commands(&text)
        .into_iter()
        .map(|command| {
            let real = session.run(&command.text);
            (command, real)
        })
        .collect();
    if std::env::var_os("LINKMINT_BLESS").is_some() {
        fs::write(format!("{ROOT}/{name}"), blessed(&text, &outputs)).expect("written");
        return String::new();
    }
    let mut wrong = String::new();
    for (command, real) in outputs {
        if !agrees(&command.output, &real) {
            let (told, real) = (command.output.join("\n"), real.join("\n"));
            let (line, text) = (command.line, command.text);
            let _ = writeln!(wrong, "{name}:{line}: $ {text}\n--- told\n{told}\n--- real\n{real}\n");
        }
    }
    wrong
}

#[test]
fn every_command_of_the_readme_does_what_it_says() {
    let wrong = disagreement("README.md");
    assert!(wrong.is_empty(), "LINKMINT_BLESS=1 rewrites these:\n{wrong}");
}

/// Each page begins anew, as a reader may who comes by a link.
#[test]
fn every_command_of_the_docs_does_what_it_says() {
    let wrong: String = docs().iter().map(|name| disagreement(name)).collect();
    assert!(wrong.is_empty(), "LINKMINT_BLESS=1 rewrites these:\n{wrong}");
}

#[test]
fn the_readme_is_short() {
    let lines = page("README.md").lines().count();
    assert!(lines < 250, "{lines} lines: the details belong to docs");
}

/// What GitHub makes of a heading.
fn anchor(heading: &str) -> String {
    let kept = |letter: &char| letter.is_alphanumeric() || " -_".contains(*letter);
    heading
        .trim()
        .to_lowercase()
        .chars()
        .filter(kept)
        .collect::<String>()
        .replace(' ', "-")
}

/// The anchors of a page's headings; a comment in a block of shell is none.
fn anchors(page: &str) -> Vec<String> {
    let prose = page.split("```").step_by(2).flat_map(str::lines);
    let headings = prose.filter_map(|line| line.strip_prefix('#'));
    headings.map(|line| anchor(line.trim_start_matches('#'))).collect()
}

/// The links of a page that stay within the repository.
fn links(page: &str) -> Vec<&str> {
    let ends = page.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    ends.filter(|link| !link.contains("://")).collect()
}

#[test]
fn every_link_between_the_pages_leads_somewhere() {
    let mut lost = Vec::new();
    for name in documents() {
        let text = page(&name);
        let folder = Path::new(&name).parent().expect("a folder");
        for link in links(&text) {
            let (file, part) = link.split_once('#').unwrap_or((link, ""));
            let file = match file {
                "" => name.clone(),
                file => folder.join(file).to_string_lossy().into_owned(),
            };
            let there = Path::new(ROOT).join(&file);
            if !there.exists() || !part.is_empty() && !anchors(&page(&file)).iter().any(|anchor| anchor == part) {
                lost.push(format!("{name}: {link}"));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:?}");
}

#[test]
fn the_readme_begins_with_the_main_job_and_the_tests() {
    let commands = commands(&page("README.md"));
    let first: Vec<_> = commands.iter().take(2).map(|command| command.text.as_str()).collect();
    let main_job = "cargo run --release --quiet -- generate samples/customers.csv --base-url https://mystore.com/promotions --expires-in 24h";
    assert_eq!(first, [main_job, "cargo test"]);
    let others = commands
        .iter()
        .skip(2)
        .find(|command| command.text.starts_with("cargo"));
    assert!(others.is_none(), "{:?}", others.map(|command| &command.text));
}

/// Words that begin with `--` and a letter.
fn flags(text: &str) -> BTreeSet<&str> {
    let in_flag = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    text.split(|letter| !in_flag(letter))
        .filter(|word| word.starts_with("--") && word[2..].starts_with(|letter: char| letter.is_ascii_lowercase()))
        .collect()
}

fn linkmint(args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linkmint"));
    let secret = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    let run = command
        .env_remove("LINKMINT_KEYRING")
        .env("LINKMINT_KEY", secret)
        .args(args)
        .output();
    let run = run.expect("the program starts");
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "linkmint {args:?}: {told}");
    String::from_utf8(run.stdout).expect("UTF-8")
}

#[test]
fn every_flag_that_a_page_names_exists() {
    let commands = [
        "generate",
        "sign",
        "verify",
        "reissue",
        "inspect",
        "key new",
        "key list",
        "key retire",
        "key remove",
        "stats",
    ];
    let commands = commands.into_iter().chain([
        "key export",
        "key import",
        "revoke",
        "unrevoke",
        "revoked",
        "serve",
        "api-key new",
        "completions",
        "man",
    ]);
    let help: String = commands
        .chain([""])
        .map(|command| linkmint(&[&command.split_whitespace().collect::<Vec<_>>()[..], &["--help"]].concat()))
        .collect();
    let known = flags(&help);
    let cargo = BTreeSet::from([
        "--release",
        "--path",
        "--test",
        "--ignored",
        "--no-default-features",
        "--features",
    ]);
    for name in documents() {
        let text = page(&name);
        let unknown: Vec<_> = flags(&text)
            .into_iter()
            .filter(|flag| !known.contains(flag) && !cargo.contains(flag))
            .collect();
        assert!(unknown.is_empty(), "{name}: {unknown:?}");
    }
}

/// The cells of the rows of the table that begins with this line.
fn table(page: &str, head: &str) -> Vec<Vec<String>> {
    let rows = page.lines().skip_while(|line| *line != head).skip(2);
    let rows: Vec<_> = rows
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            line.trim_matches('|')
                .split('|')
                .map(|cell| cell.trim().to_owned())
                .collect()
        })
        .collect();
    assert!(!rows.is_empty(), "no table {head}");
    rows
}

fn length(claims: &str, form: &[&str]) -> usize {
    let claims = match claims {
        "none" => vec!["--no-claims"],
        claims => claims.trim_matches('`').split(' ').collect(),
    };
    linkmint(&[&["sign", "--expires-in", "24h"], form, &claims].concat())
        .trim_end()
        .len()
}

#[test]
fn the_lengths_of_tokens_are_real() {
    let text = page("README.md");
    for row in table(&text, "| claims | default | `--text base32` | `--format jwt` |") {
        let forms: [&[&str]; 3] = [&[], &["--text", "base32"], &["--format", "jwt"]];
        let real = forms.map(|form| length(&row[0], form).to_string());
        assert_eq!(row[1..], real, "{}", row[0]);
        assert_eq!(length(&row[0], &["--seal"]).to_string(), row[1], "{} sealed", row[0]);
    }
    let address = "https://mystore.com/promotions/".len();
    let [jwt, own] = [&["--format", "jwt"][..], &[]].map(|form| address + length("customer_id=1234567", form));
    assert!(page("docs/jwt.md").replace('\n', " ").contains(&format!(
        "a link of {jwt} characters for one customer id, where linkmint's own format takes {own}"
    )));
}

#[test]
fn the_limits_are_real() {
    use linkmint::{claims, key, token};
    let base64 = |bytes: usize| (bytes * 4).div_ceil(3);
    let base32 = |bytes: usize| (bytes * 8).div_ceil(5);
    let (least, most) = (token::MIN_LENGTH, token::MAX_LENGTH);
    let lines = [
        format!(
            "A token has {} to {} characters ({least} to {} bytes); base32 takes {} to {}.",
            base64(least),
            thousands(base64(most)),
            thousands(most),
            base32(least),
            thousands(base32(most))
        ),
        format!(
            "{} claims; {} bytes of UTF-8 for a name, {} for a value, {} for all of them together.",
            claims::MAX_CLAIMS,
            claims::MAX_NAME,
            claims::MAX_VALUE,
            thousands(claims::MAX_MAP)
        ),
        format!("A secret: {} to {} bytes.", key::MIN_SECRET, key::MAX_SECRET),
        format!("A row of a list: {} MiB.", linkmint::table::MAX_ROW >> 20),
    ];
    let text = page("README.md");
    for line in lines {
        assert!(text.contains(&line), "{line}");
    }
}

fn thousands(number: usize) -> String {
    match number {
        0..1_000 => number.to_string(),
        _ => format!("{},{:03}", number / 1_000, number % 1_000),
    }
}

/// The texts of all files of the package's own, and of the Python package's tests.
fn sources() -> String {
    let mut folders = ["src", "tests", "crates", "python/tests"]
        .map(|folder| format!("{ROOT}/{folder}"))
        .to_vec();
    let mut text = String::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path.to_string_lossy().into_owned());
            } else if path.extension().is_some_and(|ending| ending == "rs" || ending == "py") {
                text += &fs::read_to_string(&path).expect("text");
            }
        }
    }
    text
}

/// Words in backticks with two underscores or more.
fn names_of_tests(page: &str) -> BTreeSet<&str> {
    let is_name = |word: &&str| {
        let in_name = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        word.matches('_').count() > 1 && word.chars().all(in_name)
    };
    page.split('`').filter(is_name).collect()
}

#[test]
fn every_promise_names_tests_that_exist() {
    let (text, sources) = (page("SECURITY.md"), sources());
    let names = names_of_tests(&text);
    assert!(names.len() > 40, "{names:?}");
    let is_test = |name: &str| {
        if name.starts_with("test_") {
            return sources.contains(&format!("\ndef {name}(")).then_some(());
        }
        let start = sources.find(&format!("fn {name}("))?;
        // its attributes: all from the last empty line on
        let attributes = sources[..start].rsplit("\n\n").next()?;
        attributes.contains("#[test]").then_some(())
    };
    let missing: Vec<_> = names.into_iter().filter(|name| is_test(name).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_promise_in_a_table_names_a_test() {
    let text = page("SECURITY.md");
    let rows = table(&text, "| promise | held by |");
    let second = text
        .rsplit_once("| promise | held by |")
        .map(|(_, rest)| format!("| promise | held by |{rest}"));
    for row in rows
        .into_iter()
        .chain(table(&second.expect("a second table"), "| promise | held by |"))
    {
        assert!(!names_of_tests(&row[1]).is_empty(), "{}", row[0]);
    }
}

/// The bytes of all hex in backticks.
fn bytes(cell: &str) -> Vec<u8> {
    let hex: String = cell.split('`').skip(1).step_by(2).collect();
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hex");
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[test]
fn the_bytes_of_the_example_token_are_its_bytes() {
    use linkmint::token::wire::{self, Alphabet};
    let text = page("docs/token.md");
    let token: Vec<u8> = table(&text, "| hex | |")
        .iter()
        .flat_map(|row| bytes(&row[0]))
        .collect();
    let mut written = Vec::new();
    wire::encode(&token, Alphabet::Base64Url, &mut written);
    let first = commands(&text).into_iter().find(|command| !command.output.is_empty());
    assert_eq!(String::from_utf8_lossy(&written), first.expect("an example").output[0]);
    let mut parts = Vec::new();
    for start in ["header   ", "payload  "] {
        let json = text.lines().find_map(|line| line.strip_prefix(start));
        wire::encode(json.expect("a line").as_bytes(), Alphabet::Base64Url, &mut parts);
        parts.push(b'.');
    }
    assert!(
        text.contains(&*String::from_utf8_lossy(&parts)),
        "the JWT's header and payload"
    );
}

#[test]
fn the_derived_keys_of_the_example_are_real() {
    use linkmint::key::SigningKey;
    let text = page("docs/token.md");
    let secret: Vec<u8> = (0..32).collect();
    let labels = table(&text, "| value | derived as | used for |");
    let keys = table(&text, "| value | hex |");
    assert_eq!(labels.len(), keys.len());
    for (label, key) in labels.iter().zip(keys) {
        let message = label[1].split('"').nth(1).expect("a label");
        let real = SigningKey::new(&secret).full_tag(message.as_bytes());
        let told = bytes(&key[1]);
        assert!(
            label[0] == key[0] && real.starts_with(&told) && [2, 32].contains(&told.len()),
            "{}",
            key[0]
        );
    }
}
