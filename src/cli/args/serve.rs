//! Flags of `serve` and `api-key`.

use super::KeyringArg;
use clap::builder::BoolishValueParser;
use clap::{Args, Subcommand};
use std::path::PathBuf;

/// Flags of `serve`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example: linkmint serve --listen 127.0.0.1:8787 --api-keys api-keys.json --ledger checks.db \
    --base-url https://mystore.com/p"
)]
pub(crate) struct ServeArgs {
    /// Where to listen: ADDRESS:PORT, unix:/run/linkmint.sock, or systemd for the socket that it hands over
    #[arg(
        long,
        value_name = "PLACE",
        default_value = "127.0.0.1:8787",
        env = "LINKMINT_LISTEN"
    )]
    pub(crate) listen: String,

    /// Who may ask for what [default: linkmint/api-keys.json in the configuration folder, where there is one; else a key
    /// that is made for this start]
    #[arg(long, value_name = "FILE", env = "LINKMINT_API_KEYS")]
    pub(crate) api_keys: Option<PathBuf>,

    /// The address that the service has from outside, behind a proxy
    #[arg(long, value_name = "URL", env = "LINKMINT_PUBLIC_URL")]
    pub(crate) public_url: Option<String>,

    /// The address of the links, where a request names none; the token becomes its last path segment
    #[arg(long, value_name = "URL", env = "LINKMINT_BASE_URL")]
    pub(crate) base_url: Option<String>,

    /// Make a link anew in the address that it came in, where it leads to this host: shop.example; else --base-url gives
    /// the address
    #[arg(long, value_name = "HOST", value_delimiter = ',', env = "LINKMINT_ALLOW_HOST")]
    pub(crate) allow_host: Vec<String>,

    /// The longest list that is taken, and the most of an answer that waits for its client
    #[arg(long, value_name = "SIZE", default_value = "2G", env = "LINKMINT_MAX_LIST")]
    pub(crate) max_list: String,

    /// Where Prometheus reads numbers: an address of its own
    #[arg(long, value_name = "ADDRESS:PORT", env = "LINKMINT_METRICS_LISTEN")]
    pub(crate) metrics_listen: Option<String>,

    /// Let clocks differ by so much: 60s
    #[arg(long, value_name = "DURATION", default_value = "0s", env = "LINKMINT_LEEWAY")]
    pub(crate) leeway: String,

    #[command(flatten)]
    pub(crate) proxy: ProxyArgs,

    #[command(flatten)]
    pub(crate) redirect: RedirectArgs,

    #[command(flatten)]
    pub(crate) tracker: TrackerArgs,

    #[command(flatten)]
    pub(crate) ledger: super::VerifyLedgerArgs,

    #[command(flatten)]
    pub(crate) keyring: KeyringArg,

    /// Say nothing on standard error but errors, the requests and where a new key was put
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

/// What `serve` has to do with the proxy before it.
#[derive(Debug, Args)]
#[command(next_help_heading = "Behind a proxy")]
pub(crate) struct ProxyArgs {
    /// Believe what this proxy says of its visitors, and let it ask /v1/auth without an API key: its address, or unix
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',', env = "LINKMINT_TRUSTED_PROXY")]
    pub(crate) trusted_proxy: Vec<String>,

    /// The one header in which the proxy tells /v1/auth the address that its visitor asked for: X-Original-URI,
    /// X-Forwarded-Uri. The proxy has to set it for every request
    #[arg(long, value_name = "NAME", env = "LINKMINT_AUTH_URI_HEADER")]
    pub(crate) auth_uri_header: Option<String>,

    /// Claims that /v1/auth tells the proxy: customer_id as the header X-Linkmint-Customer-Id, percent-encoded
    #[arg(long, value_name = "NAMES", value_delimiter = ',', env = "LINKMINT_AUTH_CLAIMS")]
    pub(crate) auth_claims: Vec<String>,

    /// The query parameter of the visitor's address that has the token [default: the last segment of its path]
    #[arg(long, value_name = "NAME", env = "LINKMINT_PARAM")]
    pub(crate) param: Option<String>,
}

/// Where `serve` leads links on to.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Links that lead on")]
pub(crate) struct RedirectArgs {
    /// Lead valid links, /r/TOKEN, on to this page, and count them
    #[arg(long, value_name = "URL", env = "LINKMINT_REDIRECT_TO")]
    pub(crate) redirect_to: Option<String>,

    /// Lead them on to the page of their campaign_id: a JSON object, {"spring26": "https://mystore.com/spring"}
    #[arg(long, value_name = "FILE", env = "LINKMINT_REDIRECT_FILE")]
    pub(crate) redirect_file: Option<PathBuf>,

    /// Show a button first, so that scanners of mails count nothing
    #[arg(long, env = "LINKMINT_CONFIRM", value_parser = BoolishValueParser::new())]
    pub(crate) confirm: bool,
}

/// How `serve` answers /key/validatetoken.
#[derive(Debug, Args)]
#[command(next_help_heading = "As scan services")]
pub(crate) struct TrackerArgs {
    /// The claim that /key/validatetoken tells as trackerName
    #[arg(
        long,
        value_name = "CLAIM",
        default_value = "customer_id",
        env = "LINKMINT_TRACKER_NAME"
    )]
    pub(crate) tracker_name: String,

    /// The claim that it tells as trackerLabel
    #[arg(
        long,
        value_name = "CLAIM",
        default_value = "campaign_id",
        env = "LINKMINT_TRACKER_LABEL"
    )]
    pub(crate) tracker_label: String,

    /// Answer 200 to a token that is not valid, with a message, as ubiqod does: who looks at the status alone takes it
    /// for a good one
    #[arg(long, value_name = "SERVICE", value_parser = ["ubiqod"], env = "LINKMINT_COMPAT")]
    pub(crate) compat: Option<String>,
}

/// Where API keys are kept.
#[derive(Debug, Args)]
pub(crate) struct ApiKeyFile {
    /// The file of the API keys [default: linkmint/api-keys.json in the configuration folder]
    #[arg(long, value_name = "FILE", env = "LINKMINT_API_KEYS")]
    pub(crate) file: Option<PathBuf>,
}

/// What can be done with API keys.
#[derive(Debug, Subcommand)]
pub(crate) enum ApiKeyCommand {
    /// Make an API key and print it: it is shown this once
    #[command(after_help = "Example: linkmint api-key new shop --scope check")]
    New {
        /// What to call it; the name stands in the log
        name: String,
        /// What it may be used for: check, mint, revoke, stats
        #[arg(long, value_name = "SCOPE", value_delimiter = ',', required = true)]
        scope: Vec<String>,
        /// Valid for so long: 90d
        #[arg(long, value_name = "DURATION")]
        expires_in: Option<String>,
        /// Bind it to a claim: it mints and sees no others
        #[arg(long, value_name = "NAME=VALUE")]
        expect: Vec<String>,
        /// Let this web page use it in a browser; for the scope check alone
        #[arg(long, value_name = "URL")]
        origin: Option<String>,
        #[command(flatten)]
        file: ApiKeyFile,
    },
    /// List the API keys, never their secrets
    #[command(after_help = "Example: linkmint api-key list --json")]
    List {
        /// One JSON object a line
        #[arg(long)]
        json: bool,
        #[command(flatten)]
        file: ApiKeyFile,
    },
    /// Remove an API key: who has it is let in no more
    #[command(after_help = "Example: linkmint api-key remove 5a1d0000")]
    Remove {
        /// The key's id
        id: String,
        #[command(flatten)]
        file: ApiKeyFile,
    },
}
