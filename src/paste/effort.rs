//! What a search may cost. Joining broken lines looks at the same bytes again for each place where a token may begin,
//! so a text can be made in which that goes on for hours. A bound that grows with the text lets every text through that
//! people send, and whoever comes to its end is told: what was not looked at must not pass for looked at.

/// So many pieces are looked at in some hundredths of a second; short texts may need them all.
const LEAST: usize = 100_000;
/// The shortest tokens, all of them broken over two lines, need less for each byte.
const FOR_EACH_BYTE: usize = 2;
/// Enough for 2 MiB of such tokens, in a second or two.
const MOST: usize = 4_000_000;

/// What is left of it for one text.
pub(super) struct Effort {
    left: usize,
    /// Whether something was left undone for want of it.
    pub(super) is_missed: bool,
}

impl Effort {
    pub(super) fn for_text(text: &[u8]) -> Self {
        Self {
            left: text.len().saturating_mul(FOR_EACH_BYTE).clamp(LEAST, MOST),
            is_missed: false,
        }
    }

    pub(super) fn spend(&mut self, pieces: usize) {
        self.left = self.left.saturating_sub(pieces);
    }

    /// Whether there is some left. Who asks needs it, so a `false` is remembered.
    pub(super) fn is_left(&mut self) -> bool {
        self.is_missed |= self.left == 0;
        self.left > 0
    }
}
