//! A link as a QR code (ISO/IEC 18004): for paper, where nobody can click.
//!
//! A code is the smaller the better it is printed and read, so its text is cut into segments that take the fewest bits
//! (`segments`): a token in capitals takes 5.5 bits a letter and not 8, also behind an address in small ones.

mod draw;
mod mask;
mod segments;

pub use draw::Outline;
use qrcodegen::{Mask, QrCode, QrCodeEcc, Version};

/// How much of a code may be lost before it can't be read: about 7, 15, 25 and 30 percent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Level {
    /// 7 percent.
    L,
    /// 15 percent: the usual one.
    #[default]
    M,
    /// 25 percent.
    Q,
    /// 30 percent.
    H,
}

impl Level {
    fn of_code(self) -> QrCodeEcc {
        match self {
            Level::L => QrCodeEcc::Low,
            Level::M => QrCodeEcc::Medium,
            Level::Q => QrCodeEcc::Quartile,
            Level::H => QrCodeEcc::High,
        }
    }
}

/// A text that no code of its level holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0} characters are too many for a QR code of this level")]
pub struct TooLong(pub usize);

/// A picture with less than a pixel for each module.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the QR code needs {0} pixels at least")]
pub struct TooSmall(pub u32);

/// A QR code.
pub struct Code {
    /// How many modules stand side by side.
    size: i32,
    /// Whether each is dark, row by row.
    dark: Vec<bool>,
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Code(version {})", self.version())
    }
}

impl Code {
    /// The smallest code of this text that has this level or, where it takes no more room, a better one.
    ///
    /// # Errors
    /// When no code holds it.
    pub fn of(text: &str, level: Level) -> Result<Self, TooLong> {
        for lengths in segments::LENGTHS {
            let segments = segments::fewest_bits(text.as_bytes(), &lengths);
            let (least, most) = lengths.versions;
            let (least, most) = (Version::new(least), Version::new(most));
            let first = (most.value() <= mask::LARGEST).then(|| Mask::new(0));
            let made = QrCode::encode_segments_advanced(&segments, level.of_code(), least, most, first, true);
            if let Ok(code) = made {
                return Ok(Self::drawn(&code, first.map(|_| mask::best(&code))));
            }
        }
        Err(TooLong(text.chars().count()))
    }

    /// The modules of a code, or those of these rows in their place.
    fn drawn(code: &QrCode, rows: Option<Vec<u128>>) -> Self {
        let size = code.size();
        let is_dark = |x: i32, y: i32| match &rows {
            Some(rows) => rows[y as usize] >> x & 1 == 1,
            None => code.get_module(x, y),
        };
        let places = (0..size).flat_map(|y| (0..size).map(move |x| (x, y)));
        Self {
            size,
            dark: places.map(|(x, y)| is_dark(x, y)).collect(),
        }
    }

    /// From 1, the smallest, to 40.
    #[must_use]
    pub fn version(&self) -> u8 {
        // each is four modules wider than the one before
        ((self.size - 17) / 4) as u8
    }

    /// How many modules stand side by side, without the white margin.
    #[must_use]
    pub fn modules(&self) -> u32 {
        self.size.unsigned_abs()
    }

    /// Whether a module is dark; those outside are not.
    fn is_dark(&self, x: i32, y: i32) -> bool {
        let inside = 0..self.size;
        inside.contains(&x) && inside.contains(&y) && self.dark[(y * self.size + x) as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "ftri42vrhoagvmunaaaqeayeaudkgai2aajnnbycnbzxa4tjnzttenqddbmin2vkymxdtjo7qjoyrgwtqk3es";

    #[test]
    fn capitals_make_a_smaller_code_behind_any_address() {
        let version = |link: String| Code::of(&link, Level::M).expect("a code").version();
        let small = version(format!("https://mystore.com/promotions/{TOKEN}"));
        let capitals = version(format!("https://mystore.com/promotions/{}", TOKEN.to_uppercase()));
        let all = version(format!("https://mystore.com/promotions/{TOKEN}").to_uppercase());
        assert_eq!((small, capitals, all), (7, 6, 5));
    }

    #[test]
    fn a_text_that_no_code_holds_is_told() {
        let most = |level| {
            let holds = |length: usize| Code::of(&"x".repeat(length), level).is_ok();
            (1..3000).rev().find(|&length| holds(length))
        };
        assert_eq!(most(Level::L), Some(2953));
        assert_eq!(Code::of(&"x".repeat(2332), Level::M).err(), Some(TooLong(2332)));
    }
}
