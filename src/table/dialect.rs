//! What can be told of a list before its first record: byte order mark, `sep=` line, delimiter.

/// How a list is written, and how that was found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The byte between two cells.
    pub delimiter: u8,
    /// Whether the list begins with a UTF-8 byte order mark.
    pub bom: bool,
    /// Whether a line `sep=;` stands before the header.
    pub sep_line: bool,
}

impl Dialect {
    /// The delimiter in words.
    #[must_use]
    pub fn delimiter_name(&self) -> String {
        match self.delimiter {
            b'\t' => "tab".into(),
            byte => format!("\"{}\"", char::from(byte)),
        }
    }
}

pub(super) const BOM: &[u8] = b"\xef\xbb\xbf";

/// The delimiters that are looked for, the likeliest first.
const CANDIDATES: [u8; 4] = [b',', b';', b'\t', b'|'];

/// Follows the quotes of a list whose delimiter is one of several: one opens at the start of a cell only, so that an inch
/// mark hides nothing.
struct Quotes<'d> {
    delimiters: &'d [u8],
    begins_cell: bool,
    /// Where the last one opened.
    opened: usize,
    is_open: bool,
    /// The byte before closed it: one more is a quote within the cell.
    just_closed: bool,
}

impl<'d> Quotes<'d> {
    fn new(delimiters: &'d [u8]) -> Self {
        Self {
            delimiters,
            begins_cell: true,
            opened: 0,
            is_open: false,
            just_closed: false,
        }
    }

    /// Takes the next byte, and says whether it stands outside quotes.
    fn take(&mut self, at: usize, byte: u8) -> bool {
        let is_quote = byte == b'"';
        if self.is_open {
            self.is_open = !is_quote;
            self.just_closed = is_quote;
            return false;
        }
        self.is_open = is_quote && (self.begins_cell || self.just_closed);
        if self.is_open && self.begins_cell {
            self.opened = at;
        }
        self.just_closed = false;
        self.begins_cell = self.delimiters.contains(&byte);
        !self.is_open
    }
}

/// Where the first row ends, its line break included, if one of these bytes stands between its cells (of [`CANDIDATES`]
/// where it is not known). Else where a quote opens that does not close, if one does.
pub(super) fn first_row(bytes: &[u8], delimiter: Option<u8>, last: bool) -> Result<usize, Option<usize>> {
    let told = delimiter.map(|delimiter| [delimiter]);
    let mut quotes = Quotes::new(told.as_ref().map_or(&CANDIDATES, |told| told.as_slice()));
    for (at, &byte) in bytes.iter().enumerate() {
        if quotes.take(at, byte) && matches!(byte, b'\n' | b'\r') {
            return match (byte, bytes.get(at + 1)) {
                (b'\r', Some(b'\n')) => Ok(at + 2),
                (b'\r', None) if !last => Err(None),
                _ => Ok(at + 1),
            };
        }
    }
    match quotes.is_open {
        true => Err(Some(quotes.opened)),
        false if last && !bytes.is_empty() => Ok(bytes.len()),
        false => Err(None),
    }
}

/// Whether a line break stands outside quotes.
pub(super) fn ends_a_row(bytes: &[u8]) -> bool {
    let mut quotes = Quotes::new(&CANDIDATES);
    let mut bytes = bytes.iter().enumerate();
    bytes.any(|(at, &byte)| quotes.take(at, byte) && matches!(byte, b'\n' | b'\r'))
}

/// How often each of [`CANDIDATES`] stands in the first row, of whose bytes `is_outside` says whether they stand outside quotes.
fn counts(bytes: &[u8], mut is_outside: impl FnMut(usize, u8) -> bool) -> [usize; CANDIDATES.len()] {
    let mut counts = [0; CANDIDATES.len()];
    for (at, &byte) in bytes.iter().enumerate() {
        match (is_outside(at, byte), byte) {
            (false, _) => {}
            (true, b'\n' | b'\r') => break,
            (true, _) => {
                if let Some(place) = CANDIDATES.iter().position(|&candidate| candidate == byte) {
                    counts[place] += 1;
                }
            }
        }
    }
    counts
}

/// The one of `,` `;` tab `|` that stands most often in the first line outside quotes; `,` where there is none. Quotes that
/// are paired hide what is between them wherever they open; where one is alone, it counts at the start of a cell only.
#[must_use]
pub fn detect_delimiter(bytes: &[u8]) -> u8 {
    let mut is_paired = true;
    let mut counts = counts(bytes, |_, byte| {
        is_paired ^= byte == b'"';
        is_paired
    });
    if !is_paired || counts == [0; CANDIDATES.len()] {
        let mut quotes = Quotes::new(&CANDIDATES);
        counts = self::counts(bytes, |at, byte| quotes.take(at, byte));
    }
    let most = counts.iter().max().copied().unwrap_or(0);
    let first = counts.iter().position(|&count| count == most).unwrap_or(0);
    CANDIDATES[first]
}

/// A first line `sep=;`, which Excel writes and reads: its delimiter and how many bytes it takes. `None` within the
/// outer option means that more bytes are needed to tell.
pub(super) fn sep_line(bytes: &[u8], last: bool) -> Option<Option<(u8, usize)>> {
    let known = bytes.len().min(4);
    if !bytes[..known].eq_ignore_ascii_case(&b"sep="[..known]) {
        return Some(None);
    }
    let whole = match bytes.get(4..) {
        Some([delimiter, b'\r', b'\n', ..]) => Some((*delimiter, 7)),
        Some([_, b'\r']) if !last => return None,
        Some([delimiter, b'\n' | b'\r', ..]) => Some((*delimiter, 6)),
        Some([_, _, ..]) => None,
        _ if last => None,
        _ => return None,
    };
    Some(whole.filter(|(delimiter, _)| is_delimiter(*delimiter)))
}

/// Whether a byte can stand between cells: ASCII, no letter or digit, none of those that mean something else.
#[must_use]
pub fn is_delimiter(byte: u8) -> bool {
    byte == b'\t' || (byte.is_ascii_graphic() && !byte.is_ascii_alphanumeric() && byte != b'"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commonest_delimiter_outside_quotes_is_taken() {
        let table: [(&[u8], u8); 12] = [
            (b"5\" x;customer_id\n2;1\n", b';'),
            (b"customer_id; \"name, first\"\n", b';'),
            (b"5; \"Doe, John\"\n6; \"Roe, Jane\"\n", b';'),
            (b"customer_id\tRemark (\"a, b, c\")\tx\n", b'\t'),
            (b"\"a\"\",b,c\";d\n", b';'),
            (b"a,b,c\n", b','),
            (b"a;b;c\r\n1,2;3", b';'),
            (b"\"a,b,c,d\";e;f\n", b';'),
            (b"a\tb\n", b'\t'),
            (b"a|b|c", b'|'),
            (b"customer_id\n1;2;3", b','),
            (b"", b','),
        ];
        for (header, delimiter) in table {
            assert_eq!(detect_delimiter(header), delimiter);
        }
    }

    #[test]
    fn a_sep_line_is_told_from_a_header() {
        assert_eq!(sep_line(b"sep=;\r\na;b", false), Some(Some((b';', 7))));
        assert_eq!(sep_line(b"SEP=\t\nab", false), Some(Some((b'\t', 6))));
        assert_eq!(sep_line(b"sep", false), None);
        assert_eq!(sep_line(b"sep=;\r", false), None);
        assert_eq!(sep_line(b"sep", true), Some(None));
        assert_eq!(sep_line(b"sep=ab\n", false), Some(None));
        assert_eq!(sep_line(b"separator,b\n", false), Some(None));
        assert_eq!(sep_line(b"sep=a\n", false), Some(None));
    }
}
