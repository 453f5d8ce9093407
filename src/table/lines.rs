//! Where a physical line ends.

/// How many line breaks there are: LF, CRLF, or CR alone.
pub(super) fn count_lines(bytes: &[u8]) -> u64 {
    let breaks = |(place, byte): (usize, &u8)| match byte {
        b'\n' => true,
        b'\r' => bytes.get(place + 1) != Some(&b'\n'),
        _ => false,
    };
    bytes.iter().enumerate().filter(|at| breaks(*at)).count() as u64
}
