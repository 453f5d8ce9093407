//! Ctrl-C and SIGTERM: the temporary files go, the old ones stay, and the status says which it was.

use super::exit::{Exit, Failure};

/// Watches for signals on a thread of its own for the rest of the process.
#[cfg(unix)]
pub(crate) fn watch() -> Result<(), Failure> {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    // a file that may grow no further is an error of the write, which clears up, and not the end of the process
    let ignored = std::sync::Arc::default();
    signal_hook::flag::register(SIGXFSZ, ignored).map_err(Failure::undecided)?;
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]).map_err(Failure::undecided)?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            linkmint::output::abandon_unfinished();
            let exit = if signal == SIGINT {
                Exit::Interrupted
            } else {
                Exit::Terminated
            };
            std::process::exit(exit as i32);
        }
    });
    Ok(())
}

/// Elsewhere the system ends the process; a temporary file may stay.
#[cfg(not(unix))]
pub(crate) fn watch() -> Result<(), Failure> {
    let _ = (Exit::Interrupted, Exit::Terminated);
    Ok(())
}
