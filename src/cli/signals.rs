//! Ctrl-C, SIGTERM and a terminal that is closed: the temporary files go, the old ones stay, and the status says which it
//! was.

use super::exit::{Exit, Failure};

/// Watches for signals on a thread of its own for the rest of the process.
#[cfg(unix)]
pub(crate) fn watch() -> Result<(), Failure> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
    // a file that may grow no further is an error of the write, which clears up, and not the end of the process
    let ignored = std::sync::Arc::default();
    signal_hook::flag::register(SIGXFSZ, ignored).map_err(Failure::undecided)?;
    let mut watched = vec![SIGINT, SIGTERM];
    if !is_to_outlive_its_terminal() {
        watched.push(SIGHUP);
    }
    let mut signals = signal_hook::iterator::Signals::new(watched).map_err(Failure::undecided)?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            linkmint::output::abandon_unfinished();
            std::process::exit(Exit::of_signal(signal) as i32);
        }
    });
    Ok(())
}

/// Whether this process was started with hang-ups ignored, as nohup does it and Linux tells (proc_pid_status(5)). Where
/// nothing tells, a hang-up is left as it is: to be ignored, or to end the process with a temporary file behind it.
#[cfg(unix)]
fn is_to_outlive_its_terminal() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    // the first bit is the signal 1, SIGHUP
    mask.is_none_or(|mask| mask & 1 == 1)
}

/// Elsewhere the system ends the process; a temporary file may stay.
#[cfg(not(unix))]
pub(crate) fn watch() -> Result<(), Failure> {
    let _ = (Exit::HungUp, Exit::Interrupted, Exit::Terminated);
    Ok(())
}
