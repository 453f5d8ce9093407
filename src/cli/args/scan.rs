//! Flags of `verify --scan`.

use clap::Args;
use std::path::PathBuf;

/// Looking through rendered mails instead of checking what was pasted.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rendered mails")]
pub(crate) struct ScanArgs {
    /// Check every link with a token in these mails (.eml, .mbox), HTML and text files
    ///
    /// Of a folder all files are read, in the order of their names, and those of its folders; hidden ones are left out
    /// unless they are named here, and what is no text is skipped and named. Each answer says where the link is: file,
    /// part of the mail, and line of the part as it is shown. A link that only this program could mend is broken for
    /// the customer, and warned of; so are files without a link and a token in two mails. At most 64 MiB of a file, or
    /// of a mail in a .mbox, are read.
    #[arg(long = "scan", value_name = "PATH", num_args = 1.., conflicts_with_all = ["texts", "texts_after", "file", "no_repair"])]
    pub(crate) paths: Vec<PathBuf>,

    /// What is warned of is not good enough: status 1
    #[arg(long, requires = "paths", conflicts_with_all = ["texts", "texts_after", "file"])]
    pub(crate) strict: bool,
}
