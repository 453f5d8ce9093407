//! What holds for several commands: exit statuses, variables and files. Help and manual pages tell it in the same words.

use clap::Command;

/// A line of a topic.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
    /// The flags of the commands that it is about; none where it is about all.
    of_flags: &'static [&'static str],
}

impl Entry {
    /// Whether it is about a command: the program itself is told all.
    pub(super) fn is_about(&self, command: &Command) -> bool {
        let has = |id: &&str| command.get_arguments().any(|arg| arg.get_long() == Some(id));
        self.of_flags.is_empty() || command.has_subcommands() || self.of_flags.iter().any(has)
    }
}

/// A subject of `linkmint help`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Topic {
    /// As `linkmint help` takes it.
    pub(super) name: &'static str,
    /// As a manual page calls it.
    pub(super) heading: &'static str,
    pub(super) about: &'static str,
    pub(super) entries: &'static [Entry],
}

const fn entry(name: &'static str, text: &'static str) -> Entry {
    of(name, text, &[])
}

const fn of(name: &'static str, text: &'static str, of_flags: &'static [&'static str]) -> Entry {
    Entry { name, text, of_flags }
}

/// All topics, in the order in which a manual page has them.
pub(super) const TOPICS: [Topic; 3] = [
    Topic {
        name: "exit-status",
        heading: "EXIT STATUS",
        about: "What the exit status says",
        entries: &[
            entry("0", "All done, every token valid."),
            entry("1", "A row was rejected, or a token is not valid."),
            entry(
                "2",
                "Wrong whatever the rows say: flags, an unknown column, an output that exists.",
            ),
            entry(
                "3",
                "Nothing was decided: input or output failed, the keyring or the list can't be read, there are no rows or no tokens.",
            ),
            entry(
                "a closed pipe",
                "Ends quietly (`… | head`). Commands that make or print: 0. `verify` in all its forms: 1 if a verdict so far was not valid, 3 if something was left unchecked, else 0. A summary says where it counts a part of the list only.",
            ),
            entry("129, 130, 143", "Ended by SIGHUP, SIGINT (Ctrl-C) or SIGTERM."),
        ],
    },
    Topic {
        name: "environment",
        heading: "ENVIRONMENT",
        about: "The variables that are read",
        entries: &[
            of(
                "LINKMINT_KEYRING",
                "The keyring's file, where --keyring names none. Empty is unset, as for all of these.",
                &["keyring"],
            ),
            of(
                "LINKMINT_KEY",
                "A secret as base64url in place of a keyring, for containers. Not together with LINKMINT_KEYRING; the commands that change a keyring are refused.",
                &["keyring"],
            ),
            of(
                "LINKMINT_LEDGER",
                "The ledger, where --ledger names none: a file, or postgres://USER@HOST/DATABASE.",
                &["ledger"],
            ),
            of(
                "LINKMINT_SIMD",
                "What hashes are made with, to measure it: plain, avx2 or avx512. The tokens are the same.",
                &["threads"],
            ),
            of("LINKMINT_LISTEN", "Where `serve` listens, as --listen.", &["listen"]),
            of(
                "LINKMINT_API_KEYS",
                "The file of the API keys, as --api-keys of `serve` and --file of `api-key`.",
                &["api-keys"],
            ),
            of(
                "LINKMINT_PUBLIC_URL",
                "The address of `serve` from outside, as --public-url.",
                &["public-url"],
            ),
            of(
                "LINKMINT_ALLOW_HOST",
                "The hosts whose links `serve` makes anew where they lead, as --allow-host.",
                &["allow-host"],
            ),
            of(
                "LINKMINT_BASE_URL",
                "The address of links that `serve` makes, as --base-url.",
                &["base-url"],
            ),
            of(
                "LINKMINT_MAX_LIST",
                "The longest list that `serve` takes, as --max-list.",
                &["max-list"],
            ),
            of(
                "LINKMINT_METRICS_LISTEN",
                "Where Prometheus reads numbers, as --metrics-listen.",
                &["metrics-listen"],
            ),
            of(
                "LINKMINT_LEEWAY",
                "How far clocks of `serve` may differ, as --leeway.",
                &["listen"],
            ),
            of(
                "LINKMINT_TRUSTED_PROXY",
                "Proxies that `serve` believes, as --trusted-proxy.",
                &["trusted-proxy"],
            ),
            of(
                "LINKMINT_AUTH_URI_HEADER",
                "The header with the visitor's address, as --auth-uri-header.",
                &["auth-uri-header"],
            ),
            of(
                "LINKMINT_AUTH_CLAIMS",
                "Claims that the proxy is told, as --auth-claims.",
                &["auth-claims"],
            ),
            of(
                "LINKMINT_REDIRECT_TO",
                "The page that `serve` leads links on to, as --redirect-to.",
                &["redirect-to"],
            ),
            of(
                "LINKMINT_REDIRECT_FILE",
                "The pages of campaigns, as --redirect-file.",
                &["redirect-to"],
            ),
            of(
                "LINKMINT_CONFIRM",
                "`true` where a link shows a button first, as --confirm.",
                &["redirect-to"],
            ),
            of(
                "LINKMINT_TRACKER_NAME",
                "The claim that is trackerName, as --tracker-name.",
                &["tracker-name"],
            ),
            of(
                "LINKMINT_TRACKER_LABEL",
                "The claim that is trackerLabel, as --tracker-label.",
                &["tracker-name"],
            ),
            of(
                "LINKMINT_COMPAT",
                "How a token that is not valid is told to scan services, as --compat.",
                &["tracker-name"],
            ),
            of(
                "LINKMINT_PARAM",
                "The query parameter with the token, as --param of `serve`.",
                &["auth-claims"],
            ),
            of(
                "PGPASSWORD, PGPASSFILE",
                "The password of a ledger on a PostgreSQL server, or the file that has it.",
                &["ledger"],
            ),
            of(
                "TZ",
                "The zone of --timezone local, and of the local times in answers: a name, a file or a POSIX rule. Unset: the system's zone.",
                &["timezone", "leeway"],
            ),
            of(
                "TZDIR",
                "The folder of the system's time zones [default: /usr/share/zoneinfo]. A zone that is not in it is taken from the program's own.",
                &["timezone"],
            ),
            entry(
                "NO_COLOR",
                "No colours, whatever it is set to. Into a pipe there are none anyhow.",
            ),
            entry("TERM", "dumb: no colours."),
            of(
                "XDG_CONFIG_HOME, HOME, APPDATA",
                "Where the configuration folder is.",
                &["keyring"],
            ),
        ],
    },
    Topic {
        name: "files",
        heading: "FILES",
        about: "The files that are read and written unnamed",
        entries: &[
            of(
                "~/.config/linkmint/keys.json",
                "The keyring, where neither flag nor variable names one. On macOS and Windows it is in the configuration folder there.",
                &["keyring"],
            ),
            of("/etc/localtime", "The system's zone.", &["timezone", "leeway"]),
            of("/usr/share/zoneinfo", "The system's time zones.", &["timezone"]),
        ],
    },
];

impl Topic {
    /// As `linkmint help` prints it, in lines of at most 100 characters.
    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.about);
        for entry in self.entries {
            text += &format!("\n  {}\n", entry.name);
            let mut line = String::new();
            for word in entry.text.split(' ') {
                if line.len() + word.len() > 90 {
                    text += &format!("         {line}\n");
                    line.clear();
                }
                line += &format!(" {word}");
            }
            text += &format!("         {line}\n");
        }
        text
    }
}
