//! What the process that reads a workbook may take, set by itself before it looks at the first byte.
//!
//! A workbook says itself how much room and how many rows it needs, and what reads it believes that. So the rule goes
//! by the one size that can't lie, the file's.

/// Address space beyond what the process has when it starts: half a GiB, and 32 bytes for each of the file's, up to
/// 1 GiB. An .xls is held whole, and one far cell on its sheet takes 400 MB.
fn memory(size: u64) -> u64 {
    size.saturating_mul(32).saturating_add(HALF).min(2 * HALF)
}

const HALF: u64 = 512 << 20;

/// Seconds of computing: ten, and ten more for each MiB of the file. 100 MiB of .xlsx take about a minute.
fn seconds(size: u64) -> u64 {
    10 + 10 * (size >> 20)
}

/// Limits this process to what reading a workbook of that size may take: memory, time, no core dump, no further file,
/// no byte into any file.
#[cfg(unix)]
pub(super) fn set(size: u64) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = |resource, soft: u64, hard: u64| {
        // what is limited further already stays so
        let most = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        let limit = Rlimit {
            current: Some(soft.min(most)),
            maximum: Some(hard.min(most)),
        };
        // a system without this limit leaves the others
        let _ = setrlimit(resource, limit);
    };
    if let Some(now) = address_space() {
        let most = now.saturating_add(memory(size));
        limit(Resource::As, most, most);
    }
    limit(Resource::Cpu, seconds(size), seconds(size) + 1);
    limit(Resource::Core, 0, 0);
    limit(Resource::Fsize, 0, 0);
    limit(Resource::Nofile, 0, 0);
}

/// Nothing is limited on other systems.
#[cfg(not(unix))]
pub(super) fn set(size: u64) {
    let _ = (memory(size), seconds(size));
}

/// What the process has in bytes, where the system tells it as Linux does (proc_pid_status(5)).
#[cfg(unix)]
fn address_space() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"))?;
    let kibibytes: u64 = size.trim().strip_suffix(" kB")?.parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_grow_with_the_file() {
        assert_eq!((memory(0), seconds(0)), (512 << 20, 10));
        assert_eq!((memory(8 << 20), seconds(8 << 20)), (768 << 20, 90));
        assert_eq!((memory(16 << 20), memory(u64::MAX)), (1 << 30, 1 << 30));
    }
}
