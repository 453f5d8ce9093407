//! A process that reads one workbook: what starts it, and what it does.
//!
//! It gets the workbook as its standard input, the sheet as arguments and nothing else, neither the environment nor an
//! open file; it writes frames. Whatever becomes of it, the caller gets a sentence.

use super::rows::{Message, give_sheet};
use super::{Book, SheetOptions, WorkbookError, frames, limits};
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek, SeekFrom, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};

/// The process, which ends with this value.
pub(super) struct ReaderProcess {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl ReaderProcess {
    pub(super) fn start(
        program: &Path,
        arguments: &[OsString],
        book: Book,
        options: SheetOptions<'_>,
    ) -> Result<Self, WorkbookError> {
        let mut command = Command::new(program);
        command.args(arguments).arg(options.delimiter.to_string());
        if let Some(sheet) = options.sheet {
            let mut argument = OsString::from("--sheet=");
            argument.push(sheet);
            command.arg(argument);
        }
        command.env_clear().stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C is for who waits for the rows; the other end of the pipe tells this one
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let bytes = match book {
            Book::File(file) => {
                command.stdin(file);
                None
            }
            Book::Memory(bytes) => {
                command.stdin(Stdio::piped());
                Some(bytes)
            }
        };
        let failed = |error: io::Error| WorkbookError::NoReader(error.to_string());
        let mut child = command.spawn().map_err(failed)?;
        let output = child.stdout.take().expect("it was asked for");
        let mut process = Self {
            child,
            output: BufReader::new(output),
        };
        // handed over while rows are taken already; it ends when the process does
        if let (Some(bytes), Some(mut input)) = (bytes, process.child.stdin.take()) {
            let thread = std::thread::Builder::new().name("workbook".into());
            thread.spawn(move || input.write_all(&bytes)).map_err(failed)?;
        }
        Ok(process)
    }

    pub(super) fn next(&mut self) -> Message {
        frames::read(&mut self.output).unwrap_or_else(|| Message::End(Err(self.end())))
    }

    /// Why there is no next message.
    fn end(&mut self) -> WorkbookError {
        // one that sends nonsense need not have ended
        let _ = self.child.kill();
        match self.child.wait() {
            Ok(status) if is_slow(status) => WorkbookError::ReaderSlow,
            _ => WorkbookError::ReaderEnded,
        }
    }
}

impl Drop for ReaderProcess {
    fn drop(&mut self) {
        // the rows may be wanted no more; without waiting, it would stay in the system's table
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Whether the limit of computing time ended it.
#[cfg(unix)]
fn is_slow(status: ExitStatus) -> bool {
    const SIGXCPU: i32 = 24;
    std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGXCPU)
}

#[cfg(not(unix))]
fn is_slow(_status: ExitStatus) -> bool {
    false
}

/// The most that is taken from a pipe, in bytes.
const MOST_PIPED: u64 = 1 << 30;

/// Reads the workbook on standard input and writes its rows to standard output, for a [`super::WorkbookReader`] of
/// another process. Sets its own limits first: nothing else is to be done in this process.
///
/// # Errors
/// When standard input and output are not there. What is wrong with the workbook is told to who asked.
pub fn serve(options: SheetOptions<'_>) -> io::Result<()> {
    let (mut input, mut output) = (own(io::stdin())?, own(io::stdout())?);
    let mut give = |message| frames::write(message, &mut output).is_ok();
    match input.seek(SeekFrom::End(0)) {
        Ok(size) => {
            input.seek(SeekFrom::Start(0))?;
            limits::set(size);
            give_sheet(Box::new(BufReader::new(input)), options, &mut give);
        }
        Err(_) => {
            let mut bytes = Vec::new();
            input.take(MOST_PIPED).read_to_end(&mut bytes)?;
            limits::set(bytes.len() as u64);
            give_sheet(Box::new(Cursor::new(bytes)), options, &mut give);
        }
    }
    Ok(())
}

#[cfg(unix)]
fn own(stream: impl std::os::fd::AsFd) -> io::Result<File> {
    Ok(stream.as_fd().try_clone_to_owned()?.into())
}

#[cfg(windows)]
fn own(stream: impl std::os::windows::io::AsHandle) -> io::Result<File> {
    Ok(stream.as_handle().try_clone_to_owned()?.into())
}
