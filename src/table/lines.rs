//! Where a physical line ends.

/// How many line breaks there are: LF, CRLF, or CR alone.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', bytes).count();
    let is_alone = |place: &usize| bytes.get(place + 1) != Some(&b'\n');
    let returns = memchr::memchr_iter(b'\r', bytes).filter(is_alone).count();
    (feeds + returns) as u64
}
