//! The flags of QR codes, against the columns there are.

use crate::cli::args::GenerateArgs;
use crate::cli::exit::{Failure, plain, shown, warn};
use crate::cli::list::List;
use crate::cli::meaning::columns::{Columns, column_failure};
use crate::cli::{apart, output};
use linkmint::batch::LintCount;
use linkmint::batch::codes::{Codes, NamePart};
use linkmint::excerpt::Excerpt;
use linkmint::number::counted;
use linkmint::output::{OutputError, OutputFolder};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The column with the names of the files.
pub(super) const COLUMN: &str = "qr_file";
/// What files are called by, unless a flag says otherwise.
const CUSTOMER: &str = "customer_id";

/// The folder that is being filled, with what fills it.
pub(super) struct Folder<'a> {
    folder: OutputFolder,
    pub(super) place: &'a Path,
    pub(super) codes: Arc<Codes>,
}

impl<'a> Folder<'a> {
    /// Makes it where one was asked for.
    pub(super) fn of(args: &'a GenerateArgs, list: &List) -> Result<Option<Self>, Failure> {
        let Some(place) = &args.qr.qr else { return Ok(None) };
        // without a name, a file is called by its row
        let name = parts("--qr-name", args.qr.qr_name.as_deref(), list)?;
        let failure = |error| output::failure(error, place);
        let folder = OutputFolder::create(place, args.file.force).map_err(failure)?;
        let (picture, pixels, level) = (args.qr.qr_format, args.qr.draw.qr_size, args.qr.draw.qr_level);
        let codes = Arc::new(Codes::new(folder.path().to_owned(), name, picture, pixels, level));
        Ok(Some(Self { folder, place, codes }))
    }

    /// Puts the folder into its place, and tells which names are others than the template says.
    pub(super) fn commit(self, args: &GenerateArgs) -> Result<(), Failure> {
        let Self { folder, place, codes } = self;
        if let Some((name, error)) = codes.failure() {
            return Err(Failure::undecided(plain(error)).at(shown(&place.join(name))));
        }
        let files = [
            (apart::input(args.input.as_deref()), "the input"),
            (args.summary_file.as_deref(), "the summary"),
        ];
        for (file, what) in files {
            if let Some(file) = file.filter(|file| folder.would_replace(file)) {
                let failure = Failure::usage(format_args!("a code would overwrite {what}"));
                return Err(failure.at_path(file).hint("name another folder with --qr"));
            }
        }
        let failed = |(place, error): (PathBuf, OutputError)| output::failure(error, &place);
        folder.commit().map_err(failed)?;
        let LintCount { count, first_row } = codes.changed();
        if count > 0 && !args.file.quiet {
            let files = counted(count, "file");
            let message = format!(
                "{files} in {} could not be called as --qr-name says (the first is of row {first_row})",
                shown(place)
            );
            warn(&message, Some("the column qr_file has the names as they are"));
        }
        Ok(())
    }
}

/// The texts and cells of a flag's template; without one, the column that rows are called by, where there is such a column.
pub(super) fn parts(flag: &str, template: Option<&str>, list: &List) -> Result<Vec<NamePart>, Failure> {
    let columns = Columns(list);
    let Some(template) = template else {
        let customer = columns.find(CUSTOMER)?.map(NamePart::Column);
        return Ok(customer.into_iter().collect());
    };
    let refuse = |why: &str| {
        Failure::usage(format_args!("{}: {why}", Excerpt(template)))
            .at(flag)
            .hint("a placeholder is the name of a column: '{customer_id}-{city}'")
    };
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((text, behind)) = rest.split_once('{') {
        let (column, behind) = behind.split_once('}').ok_or_else(|| refuse("a brace has no partner"))?;
        let column = columns.need(column);
        let column = column.map_err(|error| column_failure(&error, &columns).at(columns.in_flag(flag)))?;
        parts.extend([NamePart::Text(text.to_owned()), NamePart::Column(column)]);
        rest = behind;
    }
    parts.push(NamePart::Text(rest.to_owned()));
    let is_open = |part: &NamePart| matches!(part, NamePart::Text(text) if text.contains('}'));
    match parts.iter().any(is_open) {
        true => Err(refuse("a brace has no partner")),
        false => Ok(parts),
    }
}
