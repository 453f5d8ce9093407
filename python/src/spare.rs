//! Buffers of tables that are gone, for the next ones.
//!
//! Memory that is new the system has to clear first, page by page: a tenth of the time of tables that are made one after the
//! other, as the parts of a large one are.

use arrow_buffer::Buffer;
use bytes::Bytes;
use linkmint::batch::columns::Spare;
use std::sync::Mutex;

/// What is kept for each kind, in bytes.
const MOST: usize = 128 << 20;
/// What is smaller is had again at once: and as few are kept that whoever adds one can count them.
const LEAST: usize = 64 << 10;

type Buffers = Mutex<Vec<Vec<u8>>>;

static TOKENS: Buffers = Buffers::new(Vec::new());
static LINKS: Buffers = Buffers::new(Vec::new());

/// What a buffer is for: those of a kind are of nearly one size.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Tokens,
    Links,
}

impl Kind {
    fn buffers(self) -> &'static Buffers {
        match self {
            Kind::Tokens => &TOKENS,
            Kind::Links => &LINKS,
        }
    }
}

/// All that there are. Those that a run does not need are freed with it.
pub(crate) fn take() -> Spare {
    // who can't have them at once does without: in a forked process, whoever holds them may not be there
    let all = |kind: Kind| kind.buffers().try_lock().map(|mut all| std::mem::take(&mut *all));
    Spare {
        tokens: all(Kind::Tokens).unwrap_or_default(),
        links: all(Kind::Links).unwrap_or_default(),
    }
}

/// Texts that Arrow has as long as anybody needs them.
pub(crate) fn lend(bytes: Vec<u8>, kind: Kind) -> Buffer {
    Buffer::from(Bytes::from_owner(Lent { bytes, kind }))
}

struct Lent {
    bytes: Vec<u8>,
    kind: Kind,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Ok(mut all) = self.kind.buffers().try_lock() {
            let kept: usize = all.iter().map(Vec::capacity).sum();
            if (LEAST..=MOST - kept).contains(&self.bytes.capacity()) {
                all.push(std::mem::take(&mut self.bytes));
            }
        }
    }
}
