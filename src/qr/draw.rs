//! A code as a picture: SVG, PNG, or letters for a terminal.

use super::{Code, TooSmall};
use std::fmt::Write;

/// The white margin, in modules (ISO/IEC 18004, section 6.3.8).
const MARGIN: u32 = 4;
/// Pixels a module has where nothing else is asked for.
const PIXELS: u32 = 8;

impl Code {
    /// As an SVG picture of so many pixels; it can be drawn at any size.
    #[must_use]
    pub fn svg(&self, pixels: Option<u32>) -> String {
        let whole = self.modules() + 2 * MARGIN;
        let pixels = pixels.unwrap_or(whole * PIXELS);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{pixels}\" viewBox=\"0 0 {whole} {whole}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{whole}v{whole}H0z\"/><path d=\""
        );
        for y in 0..self.modules() {
            let mut x = 0;
            while x < self.modules() {
                let run = (x..self.modules())
                    .take_while(|&x| self.is_dark(x as i32, y as i32))
                    .count() as u32;
                if run > 0 {
                    let _ = write!(svg, "M{} {}h{run}v1h-{run}z", x + MARGIN, y + MARGIN);
                }
                x += run.max(1);
            }
        }
        svg + "\"/></svg>\n"
    }

    /// As a PNG picture of so many pixels, in black and white: each module is a square of whole pixels, and the margin
    /// takes what is left.
    ///
    /// # Errors
    /// When a module would have less than one.
    pub fn png(&self, pixels: Option<u32>) -> Result<Vec<u8>, TooSmall> {
        let whole = self.modules() + 2 * MARGIN;
        let pixels = pixels.unwrap_or(whole * PIXELS);
        let scale = pixels / whole;
        if scale == 0 {
            return Err(TooSmall(whole));
        }
        let margin = (pixels - self.modules() * scale) / 2;
        let module = |pixel: u32| (pixel as i32 - margin as i32).div_euclid(scale as i32);
        let mut bits = Vec::new();
        for y in 0..pixels {
            for byte in 0..pixels.div_ceil(8) {
                let white = (0..8).fold(0, |byte_so_far, bit| {
                    let x = byte * 8 + bit;
                    byte_so_far << 1 | u8::from(!self.is_dark(module(x), module(y)))
                });
                bits.push(white);
            }
        }
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, pixels, pixels);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.set_depth(png::BitDepth::One);
        let mut writer = encoder.write_header().expect("written to memory");
        writer
            .write_image_data(&bits)
            .expect("as many bytes as there are pixels for");
        writer.finish().expect("written to memory");
        Ok(file)
    }

    /// In letters, two modules each: light ones are drawn, as on a terminal with a dark ground.
    #[must_use]
    pub fn letters(&self) -> String {
        let (margin, modules) = (MARGIN as i32 / 2, self.modules() as i32);
        let mut text = String::new();
        for y in (-margin..modules + margin).step_by(2) {
            for x in -margin..modules + margin {
                let below = y + 1 >= modules + margin || self.is_dark(x, y + 1);
                text.push(match (self.is_dark(x, y), below) {
                    (false, false) => '█',
                    (false, true) => '▀',
                    (true, false) => '▄',
                    (true, true) => ' ',
                });
            }
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::super::Level;
    use super::*;

    fn code() -> Code {
        Code::of("https://shop.example/p/LOKO", Level::M).expect("a code")
    }

    /// The dark modules of a picture, by a look at the middle of each.
    fn modules_of(png: &[u8], whole: u32) -> Vec<(u32, u32)> {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().expect("a PNG");
        let mut bits = vec![0; reader.output_buffer_size().expect("small")];
        let info = reader.next_frame(&mut bits).expect("a picture");
        let scale = info.width / whole;
        let start = (info.width - whole * scale) / 2;
        let dark = |x: u32, y: u32| {
            let (x, y) = (start + x * scale + scale / 2, start + y * scale + scale / 2);
            bits[y as usize * info.line_size + x as usize / 8] >> (7 - x % 8) & 1 == 0
        };
        let all = (0..whole).flat_map(|y| (0..whole).map(move |x| (x, y)));
        all.filter(|&(x, y)| dark(x, y)).collect()
    }

    #[test]
    fn each_picture_has_the_modules_of_the_code() {
        let code = code();
        let whole = code.modules() + 2 * MARGIN;
        let all = (0..whole).flat_map(|y| (0..whole).map(move |x| (x, y)));
        let margin = MARGIN as i32;
        let dark = |&(x, y): &(u32, u32)| code.is_dark(x as i32 - margin, y as i32 - margin);
        let expected: Vec<_> = all.filter(dark).collect();
        for pixels in [None, Some(whole), Some(whole * 3), Some(whole * 5 + 7)] {
            assert_eq!(
                modules_of(&code.png(pixels).expect("large enough"), whole),
                expected,
                "{pixels:?}"
            );
        }
        assert_eq!(code.png(Some(whole - 1)), Err(TooSmall(whole)));
        let svg = code.svg(Some(100));
        let path = svg
            .split("d=\"")
            .nth(2)
            .and_then(|path| path.split('"').next())
            .expect("a path");
        let mut drawn = Vec::new();
        for run in path.split_inclusive('z') {
            let numbers: Vec<u32> = run
                .split(|letter: char| !letter.is_ascii_digit())
                .filter_map(|number| number.parse().ok())
                .collect();
            let [x, y, length, 1, again] = numbers[..] else {
                panic!("{run}")
            };
            assert_eq!(length, again);
            drawn.extend((x..x + length).map(|x| (x, y)));
        }
        assert_eq!(drawn, expected);
        assert!(svg.contains("width=\"100\"") && svg.contains(&format!("viewBox=\"0 0 {whole} {whole}\"")));
    }

    #[test]
    fn letters_have_two_modules_each() {
        let code = code();
        let text = code.letters();
        let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        for y in 0..code.modules() as usize {
            for x in 0..code.modules() as usize {
                let letter = lines[(y + 2) / 2][x + 2];
                let light = match (y + 2) % 2 {
                    0 => "█▀",
                    _ => "█▄",
                };
                assert_eq!(light.contains(letter), !code.is_dark(x as i32, y as i32), "{x} {y}");
            }
        }
    }
}
