//! Opening a list, and the places where its results go.

mod reader;
mod sheets;
mod workbook;

pub(crate) use sheets::{OtherSheets, SheetFlags};

#[cfg(feature = "serve")]
pub(crate) use reader::reader;
pub(crate) use workbook::SheetWanted;

use super::args::{FileArgs, ListArgs};
use super::exit::{Exit, Failure, plain, shown};
use super::{apart, hint, output};
use linkmint::batch::BatchError;
use linkmint::batch::run::Sink;
use linkmint::compress::{Compressed, Compression};
use linkmint::excerpt::{Excerpt, Harmless};
use linkmint::number::grouped;
use linkmint::output::{Options, Output, standard_output};
use linkmint::table::workbook::{SheetWriter, WorkbookError, is_named_like_workbook, is_written_as_workbook};
use linkmint::table::{self, Encoding, Place, Preamble, ReadOptions, RecordReader, TableError};
use std::fs::File;
use std::io::{self, Cursor, IsTerminal, Read, Write};
use std::num::NonZeroU64;
use std::path::{Path, PathBuf};

/// An opened list.
pub(crate) struct List {
    /// What it is called in messages.
    pub(crate) name: String,
    /// In bytes, where it is a file.
    pub(crate) size: Option<u64>,
    /// The sheet, where it is a workbook.
    pub(crate) sheet: Option<String>,
    /// The sheets of the workbook beside it.
    pub(crate) other_sheets: OtherSheets,
    /// Whether its encoding is only the likeliest.
    pub(crate) is_guessed: bool,
    pub(crate) reader: RecordReader<Box<dyn Read + Send>>,
    pub(crate) preamble: Preamble,
}

/// How the rows that are written are to be read again.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RowForm {
    delimiter: u8,
    encoding: Encoding,
}

impl RowForm {
    /// UTF-8 with this character between cells.
    pub(crate) fn of_cells(delimiter: u8) -> Self {
        Self {
            delimiter,
            encoding: Encoding::default(),
        }
    }
}

impl List {
    /// The form of its own rows.
    pub(crate) fn form(&self) -> RowForm {
        RowForm {
            delimiter: self.reader.dialect().delimiter,
            encoding: self.reader.cell_encoding(),
        }
    }
}

/// Opens a list and reads its header.
pub(crate) fn open(path: Option<&Path>, args: &ListArgs) -> Result<List, Failure> {
    let delimiter = args.delimiter.as_deref().map(delimiter).transpose()?;
    if let Some(page) = SheetFlags::of(args)?.page {
        return Err(Failure::usage("only `generate` makes labels")
            .at(format_args!("--sheet {}", shown(page)))
            .hint("--sheet names the sheet of a workbook"));
    }
    let (name, source, size) = open_source(path)?;
    let is_auto = args
        .encoding
        .as_deref()
        .is_some_and(|name| name.trim().eq_ignore_ascii_case("auto"));
    let named = args.encoding.as_deref().filter(|_| !is_auto);
    let mut options = ReadOptions {
        delimiter,
        encoding: named.map(encoding).transpose()?,
        no_header: args.no_header,
        header: args.header,
        header_row: args.header_row.map(NonZeroU64::get),
        drop_reject_columns: !args.no_header,
        sheet_row: None,
    };
    // only a file that is read as it lies can be read from any place in it
    let file = path.filter(|_| size.is_some());
    let source = match workbook::sort(path, file, source, args, &name)? {
        workbook::Sorted::Workbook(book) => return workbook::open(book, file, name, args, options),
        workbook::Sorted::Plain(source) => source,
    };
    let source = match is_auto {
        true => {
            let (source, likely) = with_likely(source, &name)?;
            options.encoding = Some(likely);
            source
        }
        false => source,
    };
    let opened = RecordReader::open(source, options);
    let (reader, preamble) = opened.map_err(|error| table_failure(error, &name))?;
    Ok(List {
        name,
        size,
        sheet: None,
        other_sheets: OtherSheets::default(),
        is_guessed: is_auto,
        reader,
        preamble,
    })
}

/// So much of a list is looked at to find out what its encoding is.
const LOOKED_AT: u64 = 4 << 20;

/// The likeliest encoding of a list, and the list from its start.
fn with_likely(mut source: Box<dyn Read + Send>, name: &str) -> Result<(Box<dyn Read + Send>, Encoding), Failure> {
    let mut start = Vec::new();
    let read = source.by_ref().take(LOOKED_AT).read_to_end(&mut start);
    read.map_err(|error| table_failure(TableError::Io(error), name))?;
    let likely = table::likely(&start);
    Ok((Box::new(Cursor::new(start).chain(source)), likely))
}

type Source = (String, Box<dyn Read + Send>, Option<u64>);

fn open_source(path: Option<&Path>) -> Result<Source, Failure> {
    match path {
        Some(path) if path != Path::new("-") => {
            let failure = |error: io::Error| {
                let hint = match error.kind() {
                    io::ErrorKind::NotFound => Some("check the name and the folder"),
                    io::ErrorKind::PermissionDenied => Some("its owner decides who may read it, and its folder's"),
                    _ => None,
                };
                Failure::undecided(plain(error)).at_path(path).maybe_hint(hint)
            };
            let file = File::open(path).map_err(failure)?;
            let metadata = file.metadata().map_err(failure)?;
            if metadata.is_dir() {
                let error = anyhow::anyhow!("it is a folder");
                return Err(Failure::undecided(error).at_path(path).hint("name a list in it"));
            }
            let (start, found) = begin(&mut &file).map_err(failure)?;
            // a file that is none, whatever its name says, is told as damaged
            let compression = match found {
                Compression::None => Compression::of(path),
                found => found,
            };
            let size = (metadata.is_file() && compression == Compression::None).then_some(metadata.len());
            let source = compression.reader(Box::new(Cursor::new(start).chain(file)));
            Ok((shown(path), source.map_err(failure)?, size))
        }
        None if io::stdin().is_terminal() => Err(Failure::usage("no list is given")
            .hint("name a CSV file, or `-` to type one: linkmint generate customers.csv …")),
        _ => {
            let name = "standard input".to_owned();
            let failure = |error: io::Error| Failure::undecided(plain(error)).at("standard input");
            let (start, found) = begin(&mut io::stdin()).map_err(failure)?;
            let source = found.reader(Box::new(Cursor::new(start).chain(io::stdin())));
            Ok((name, source.map_err(failure)?, None))
        }
    }
}

/// The first bytes of a list, as many as tell how it is compressed.
fn begin(source: &mut impl Read) -> io::Result<(Vec<u8>, Compression)> {
    let mut start = Vec::new();
    loop {
        if let Some(compression) = Compression::of_start(&start) {
            return Ok((start, compression));
        }
        let mut byte = [0];
        match source.read(&mut byte) {
            Ok(0) => return Ok((start, Compression::None)),
            Ok(_) => start.push(byte[0]),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// What may stand between cells, in a flag.
pub(crate) fn delimiter(text: &str) -> Result<u8, Failure> {
    let byte = match text {
        "tab" | "\\t" => Some(b'\t'),
        text if text.len() == 1 => text.bytes().next(),
        _ => None,
    };
    byte.filter(|byte| table::is_delimiter(*byte)).ok_or_else(|| {
        Failure::usage(format_args!("{} can't stand between cells", Excerpt(text)))
            .at("--delimiter")
            .hint("one of , ; | or tab")
    })
}

fn encoding(name: &str) -> Result<Encoding, Failure> {
    Encoding::by_name(name).ok_or_else(|| {
        Failure::usage(format_args!(
            "there is no encoding {} that lists can be in",
            Excerpt(name)
        ))
        .at("--encoding")
        .hint(
            "windows-1252 is Excel's in Western Europe, windows-1250 in Central Europe; also \
                 utf-8, iso-8859-15, macintosh, cp850, cp437, shift_jis, gbk, …; auto takes the likeliest",
        )
    })
}

/// A failure of the list itself, with its place.
pub(crate) fn table_failure(error: TableError, name: &str) -> Failure {
    let place = match error.place() {
        Some(place) => at(name, place, None),
        None => name.to_owned(),
    };
    let hint = hint::of_table(&error);
    if matches!(error, TableError::NoHeaderRow(_)) {
        let place = format!("--header-row in {name}");
        return Failure::usage(error).at(place).maybe_hint(hint);
    }
    let error = match error {
        TableError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => anyhow::anyhow!("it ends too early"),
        TableError::Io(error) => return io_failure(error, name, hint.as_deref()),
        error => error.into(),
    };
    Failure::undecided(error).at(place).maybe_hint(hint)
}

/// An I/O failure, or a workbook's own that came as one.
fn io_failure(error: io::Error, name: &str, hint: Option<&str>) -> Failure {
    match error.downcast::<WorkbookError>() {
        Ok(error) => workbook::failure(error, name),
        Err(error) => Failure::undecided(plain(error)).at(name).maybe_hint(hint),
    }
}

/// `customers.csv: row 17, line 19, column customer_id`; a row that spans lines, with all of them.
pub(crate) fn at(name: &str, place: Place, column: Option<&str>) -> String {
    let column = column.map(|column| format!(", column {}", Harmless(column)));
    let line = place.lines().map(|lines| format!(", {lines}")).unwrap_or_default();
    format!("{name}: row {}{line}{}", place.row, column.unwrap_or_default())
}

/// Where rows go: a file that appears whole, or a stream.
pub(crate) enum Destination {
    /// Standard output.
    Stream(File),
    /// A file, with its path for messages.
    File(Box<Compressed<Output>>, PathBuf),
    /// A file that becomes a workbook.
    Workbook(Box<SheetWriter<Output>>, PathBuf),
}

impl Destination {
    /// The same for a list, whose name must not promise another kind of file. What may not be overwritten is told first.
    pub(crate) fn of_list(path: Option<&Path>, options: Options, form: RowForm, quiet: bool) -> Result<Self, Failure> {
        let destination = Self::open(path, options, form, quiet)?;
        if let Self::File(_, path) = &destination
            && let Some(what) = other_kind(path)
        {
            return Err(
                Failure::usage(format_args!("a list is written as CSV or as a workbook, not as {what}"))
                    .at_path(path)
                    .hint("name it .csv or .xlsx; .csv.gz and .csv.zst are compressed"),
            );
        }
        Ok(destination)
    }

    /// Makes the file that `path` names, or takes standard output, for rows in that form.
    pub(crate) fn open(path: Option<&Path>, options: Options, form: RowForm, quiet: bool) -> Result<Self, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::Stream(standard_output().map_err(Failure::undecided)?));
        };
        let as_workbook = is_written_as_workbook(path).map_err(|error| {
            let failure = Failure::usage(error).at_path(path);
            failure.hint("name it .xlsx, or .csv")
        })?;
        let output = output::create(path, options, quiet)?;
        if as_workbook {
            let writer = SheetWriter::new(output, form.delimiter, form.encoding);
            let writer = writer.map_err(|error| io_failure(error, &shown(path), None))?;
            return Ok(Self::Workbook(Box::new(writer), path.to_owned()));
        }
        let written = Compression::of(path).writer(output);
        let written = written.map_err(|error| output::failure(error.into(), path))?;
        Ok(Self::File(Box::new(written), path.to_owned()))
    }

    /// As a run writes to it.
    pub(crate) fn sink(&mut self) -> Sink<'_> {
        // in a workbook, a byte order mark and a `sep=` line mean nothing
        let keeps_marks = !matches!(self, Destination::Workbook(..));
        Sink {
            file: self,
            keeps_marks,
        }
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Destination::Stream(_) => "standard output".to_owned(),
            Destination::File(_, path) | Destination::Workbook(_, path) => shown(path),
        }
    }

    /// Whether rows that were written can't be taken back.
    pub(crate) fn is_stream(&self) -> bool {
        match self {
            Destination::Stream(_) => true,
            Destination::File(output, _) => output.target().is_straight(),
            Destination::Workbook(..) => false,
        }
    }

    /// Puts a file into its place.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        match self {
            Destination::Stream(_) => Ok(()),
            Destination::File(output, path) => {
                let output = output.finish().map_err(|error| output::failure(error.into(), &path))?;
                output.commit().map_err(|error| output::failure(error, &path))
            }
            Destination::Workbook(writer, path) => {
                let output = writer
                    .finish()
                    .map_err(|error| io_failure(error, &shown(&path), None))?;
                output.commit().map_err(|error| output::failure(error, &path))
            }
        }
    }
}

impl Write for Destination {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Destination::Stream(stream) => stream.write(bytes),
            Destination::File(output, _) => output.write(bytes),
            Destination::Workbook(writer, _) => writer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a file's name promises that no list is written as; a compressed one is CSV within.
fn other_kind(path: &Path) -> Option<String> {
    const OTHERS: [&str; 26] = [
        "pdf", "doc", "docx", "odt", "rtf", "ppt", "pptx", "pages", "numbers", "html", "htm", "xml", "png", "jpg",
        "jpeg", "gif", "svg", "zip", "7z", "rar", "tar", "tgz", "bz2", "xz", "sqlite", "parquet",
    ];
    let ending = |path: &Path| Some(path.extension()?.to_str()?.to_ascii_lowercase());
    let last = ending(path)?;
    if Compression::of(path) == Compression::None {
        return OTHERS.contains(&last.as_str()).then(|| format!(".{last}"));
    }
    let inner = Path::new(path.file_stem()?);
    let other = ending(inner).filter(|inner| OTHERS.contains(&inner.as_str()));
    match other {
        Some(inner) => Some(format!(".{inner}.{last}")),
        None => is_named_like_workbook(inner).then(|| format!("a compressed workbook, .{last}")),
    }
}

/// Refuses two names for one file: the input is never overwritten, and outputs don't overwrite each other.
pub(crate) fn check_distinct(input: Option<&Path>, files: &FileArgs) -> Result<(), Failure> {
    let is_stdout = |path: Option<&Path>| path.is_none_or(|path| path == Path::new("-"));
    let (output, rejects) = (files.output.as_deref(), files.rejects.as_deref());
    if rejects.is_some() && is_stdout(rejects) && is_stdout(output) {
        return Err(Failure::usage("good and bad rows can't both go to standard output")
            .at("--rejects")
            .hint("name a file for one of them"));
    }
    let rejects = rejects.and_then(|path| apart::output(Some(path)));
    let outputs = [("the output", apart::output(output)), ("the rejected rows", rejects)];
    apart::check(&outputs, &[("the input", apart::input(input))])
}

/// What to do about a place that takes no more.
const MAKE_ROOM: &str = "nothing was written there; make room or choose another place, then run it again";

/// Why a batch ended early; a closed pipe ends it without a word.
pub(crate) fn batch_failure(error: BatchError, list: &str, output: &str, rejects: Option<&Path>) -> Failure {
    match error {
        BatchError::Table(error) => table_failure(error, list),
        BatchError::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Failure::silent(Exit::Done),
        BatchError::Output(error) => match error.downcast::<WorkbookError>() {
            Ok(error) => workbook::failure(error, output),
            Err(error) => Failure::undecided(plain(error)).at(output).hint(MAKE_ROOM),
        },
        BatchError::Rejects(error) => io_failure(error, &rejects.map(shown).unwrap_or_default(), Some(MAKE_ROOM)),
        BatchError::TooManyLabels(most) => Failure::usage(format_args!(
            "{} rows are too many for one page of labels, which has {} at most",
            grouped(most + 1),
            grouped(most)
        ))
        .at("--sheet")
        .hint("split the list, or draw a file a row with --qr FOLDER"),
        error => Failure::undecided(error),
    }
}
