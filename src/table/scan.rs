//! Where records and cells end: csv-core's rule on 64 bytes at a time.
//!
//! A quote opens only at the start of a cell; within quotes, two are one; after the closing quote the cell goes on
//! unquoted. A record ends at LF, CR or CRLF. The `csv` crate's parser takes 135 ns for a row of 115 bytes, which is
//! more than its signature; comparing 64 bytes at once and visiting only the special ones takes a fifth. A
//! differential test holds both to the same cells on every input.

use super::lines::count_lines;
use super::unquote;
use wide::u8x32;

/// Of so many lines the rest of a cell is looked at.
const MOST_LINES: usize = 16;

/// Where the records and cells of a chunk lie.
#[derive(Debug, Default)]
pub struct RecordIndex {
    pub(super) records: Vec<Record>,
    /// Where each cell ends, of all records in one.
    pub(super) ends: Vec<u32>,
    /// How many records have a filled cell.
    pub(super) filled: usize,
    /// How many lines the records take.
    pub(super) lines: u64,
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) start: u32,
    /// Where the last cell ends and the line break begins.
    pub(super) end: u32,
    /// Where the next record begins.
    pub(super) next: u32,
    /// Where the ends of its cells begin in the index.
    pub(super) first_end: u32,
    /// And where they end.
    pub(super) last_end: u32,
    pub(super) blank: bool,
    /// Whether its quotes have to be looked at: text follows a closing one, or it spans lines and one has no partner.
    pub(super) suspect: bool,
    /// Whether its last quote seems to open a cell of a row after it.
    pub(super) swallows: bool,
}

/// What is left after the last whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rest {
    /// Where it begins.
    pub start: usize,
    /// Where a quote opens in it that does not close.
    pub(crate) open_quote: Option<usize>,
}

impl Record {
    pub(super) fn length(&self) -> usize {
        (self.end - self.start) as usize
    }
}

impl RecordIndex {
    pub(super) fn clear(&mut self) {
        self.records.clear();
        self.ends.clear();
        self.filled = 0;
        self.lines = 0;
    }
}

/// Indexes the whole records at the start of `bytes`. At the end of the input (`last`) what is left is a record too,
/// unless a quote is open in it.
pub fn scan(bytes: &[u8], delimiter: u8, last: bool, index: &mut RecordIndex) -> Rest {
    index.clear();
    let mut state = State {
        bytes,
        delimiter,
        last,
        record: 0,
        first_end: 0,
        open_quote: None,
        resume: 0,
        inner_lines: 0,
        suspect: false,
        odd_literal: false,
        ends_oddly: false,
        doubtful: None,
        index,
    };
    let specials = Specials::new(delimiter);
    let (blocks, tail) = bytes.as_chunks::<64>();
    for (number, block) in blocks.iter().enumerate() {
        state.visit(specials.mask(block), number * 64);
    }
    let mut block = [0; 64];
    block[..tail.len()].copy_from_slice(tail);
    state.visit(
        specials.mask(&block) & ((1 << tail.len()) - 1),
        bytes.len() - tail.len(),
    );
    state.finish()
}

/// The bytes that mean something, ready for comparing: all up to CR are taken with LF and CR, as the others are rare.
struct Specials([u8x32; 3]);

impl Specials {
    fn new(delimiter: u8) -> Self {
        Self([delimiter, b'"', b'\r'].map(u8x32::splat))
    }

    /// One bit for each byte that may be special.
    #[inline(always)]
    fn mask(&self, block: &[u8; 64]) -> u64 {
        let half = |bytes: &[u8]| {
            let bytes: [u8; 32] = bytes.try_into().expect("half of 64 bytes");
            let bytes = u8x32::new(bytes);
            let [delimiter, quote, cr] = &self.0;
            let found = bytes.simd_eq(*delimiter) | bytes.simd_eq(*quote) | bytes.min(*cr).simd_eq(bytes);
            u64::from(found.to_bitmask())
        };
        half(&block[..32]) | half(&block[32..]) << 32
    }
}

struct State<'a> {
    bytes: &'a [u8],
    delimiter: u8,
    last: bool,
    /// Where the record begins.
    record: usize,
    first_end: usize,
    open_quote: Option<usize>,
    /// Special bytes before this place were dealt with already.
    resume: usize,
    /// Line breaks within the record's quotes.
    inner_lines: u64,
    /// Whether text follows a closing quote of the record.
    suspect: bool,
    /// Whether the record has an odd number of quotes that neither open nor close.
    odd_literal: bool,
    /// Whether the record's last cell spans lines and ends with a delimiter before its closing quote.
    ends_oddly: bool,
    /// The last record that did, as long as what follows it may be the rest of a cell.
    doubtful: Option<usize>,
    index: &'a mut RecordIndex,
}

impl State<'_> {
    #[inline(always)]
    fn visit(&mut self, mut mask: u64, base: usize) {
        while mask != 0 {
            let place = base + mask.trailing_zeros() as usize;
            mask &= mask - 1;
            let byte = self.bytes[place];
            if byte == self.delimiter && self.open_quote.is_none() {
                self.index.ends.push(place as u32);
            } else {
                self.rare(byte, place);
            }
        }
    }

    /// Quotes, line breaks, and whatever stands within quotes: apart, so that the way of a delimiter keeps its registers.
    #[inline(never)]
    fn rare(&mut self, byte: u8, place: usize) {
        if place < self.resume {
            return;
        }
        if self.open_quote.is_some() {
            self.quoted(byte, place);
        } else if byte == b'"' {
            match place == self.cell() {
                true => self.open_quote = Some(place),
                false => self.odd_literal ^= true,
            }
        } else if matches!(byte, b'\n' | b'\r') {
            self.end_record(byte, place);
        }
    }

    /// Where the cell begins.
    fn cell(&self) -> usize {
        match self.index.ends[self.first_end..].last() {
            Some(&end) => end as usize + 1,
            None => self.record,
        }
    }

    fn quoted(&mut self, byte: u8, place: usize) {
        let next = self.bytes.get(place + 1).copied();
        match (byte, next) {
            (b'"', Some(b'"')) => self.resume = place + 2,
            (b'"', _) => {
                self.open_quote = None;
                self.suspect |= self.goes_on(place + 1);
                self.ends_oddly = self.inner_lines > 0
                    && self.bytes[place - 1] == self.delimiter
                    && matches!(next, Some(b'\n' | b'\r'));
            }
            (b'\r', Some(b'\n')) => {}
            (b'\r' | b'\n', _) => self.inner_lines += 1,
            _ => {}
        }
    }

    /// Whether more than spaces and tabs stands between a closing quote and the end of its cell.
    #[inline]
    fn goes_on(&self, mut place: usize) -> bool {
        loop {
            match self.bytes.get(place) {
                None | Some(b'\n' | b'\r') => return false,
                Some(&byte) if byte == self.delimiter => return false,
                Some(b' ' | b'\t') => place += 1,
                Some(_) => return true,
            }
        }
    }

    #[inline]
    fn end_record(&mut self, byte: u8, place: usize) {
        let next = match (byte, self.bytes.get(place + 1)) {
            (b'\r', Some(b'\n')) => place + 2,
            // an LF may follow in what is not read yet
            (b'\r', None) if !self.last => {
                self.resume = usize::MAX;
                return;
            }
            _ => place + 1,
        };
        self.resume = next;
        self.push_record(place, next);
    }

    #[inline]
    fn push_record(&mut self, end: usize, next: usize) {
        self.index.ends.push(end as u32);
        let blank = self.is_blank(end);
        self.index.filled += usize::from(!blank);
        let inner_lines = std::mem::take(&mut self.inner_lines);
        let odd = std::mem::take(&mut self.odd_literal);
        let suspect = std::mem::take(&mut self.suspect) || (odd && inner_lines > 0);
        if self.doubtful.is_some() {
            self.settle_doubt(odd, suspect);
        }
        if std::mem::take(&mut self.ends_oddly) {
            // what follows the first may be all of one piece
            self.doubtful.get_or_insert(self.index.records.len());
        }
        self.index.lines += 1 + inner_lines;
        self.index.records.push(Record {
            start: self.record as u32,
            end: end as u32,
            next: next as u32,
            first_end: self.first_end as u32,
            last_end: self.index.ends.len() as u32,
            blank,
            suspect,
            swallows: false,
        });
        self.first_end = self.index.ends.len();
        self.record = next;
    }

    /// Looks at a record, whose ends are there, after one that ended oddly: a stray quote before that one's last cell
    /// closes at the quote that opens a cell of a later row, and what is left of that cell and its row comes next. It has
    /// other cells than a row, and the quote that was to close; or that quote comes first, and what it opens goes wrong.
    #[cold]
    fn settle_doubt(&mut self, odd: bool, suspect: bool) {
        let Some(doubtful) = self.doubtful else { return };
        let record = &mut self.index.records[doubtful];
        let cells = self.index.ends.len() - self.first_end;
        let is_row = cells == (record.last_end - record.first_end) as usize;
        let opens_wrongly = self.bytes[self.record] == b'"' && (suspect || (self.ends_oddly && !is_row));
        if opens_wrongly || (odd && !is_row) {
            (record.suspect, record.swallows) = (true, true);
        }
        if opens_wrongly || odd || is_row || self.index.records.len() - doubtful > MOST_LINES {
            self.doubtful = None;
        }
    }

    /// Leaves a record that is still in doubt, and what follows it, to be looked at with more.
    #[cold]
    fn put_back(&mut self, doubtful: usize) {
        let record = self.index.records[doubtful];
        let filled = self.index.records.drain(doubtful..).filter(|record| !record.blank);
        self.index.filled -= filled.count();
        self.index.lines -= count_lines(&self.bytes[record.start as usize..self.record]);
        (self.record, self.first_end) = (record.start as usize, record.first_end as usize);
    }

    /// Whether no cell of the record is filled; the first byte almost always tells.
    #[inline]
    fn is_blank(&self, end: usize) -> bool {
        match self.bytes[self.record..end].first() {
            None => true,
            Some(&byte) if byte == self.delimiter || byte == b'"' || byte.is_ascii_whitespace() => {
                self.has_only_empty_cells()
            }
            Some(_) => false,
        }
    }

    #[cold]
    fn has_only_empty_cells(&self) -> bool {
        let mut start = self.record;
        self.index.ends[self.first_end..].iter().all(|&end| {
            let cell = &self.bytes[start..end as usize];
            start = end as usize + 1;
            unquote(cell).trim_ascii().is_empty()
        })
    }

    fn finish(mut self) -> Rest {
        let end = self.bytes.len();
        if self.last && self.open_quote.is_none() && self.record < end {
            self.push_record(end, end);
        }
        if let Some(doubtful) = self.doubtful.filter(|_| !self.last) {
            self.put_back(doubtful);
        }
        // cells of a record that is not whole
        self.index.ends.truncate(self.first_end);
        Rest {
            start: self.record,
            open_quote: self.open_quote,
        }
    }
}
