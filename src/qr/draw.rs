//! A code as a picture: SVG, PNG, or letters for a terminal.

use super::{Code, TooSmall};

/// The white margin, in modules (ISO/IEC 18004, section 6.3.8).
const MARGIN: u32 = 4;
/// Pixels a module has where nothing else is asked for.
const PIXELS: u32 = 8;

/// A code as the outline of its dark modules, whose unit is a module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// How many modules it is wide and high, with its white margin.
    pub size: u32,
    /// The `d` of an SVG path that is filled.
    pub path: String,
}

/// Ways along the edge of dark modules, which lie on the right.
const WAYS: [(i32, i32); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// A number of a path, whose many go by without the formatter.
fn push(path: &mut String, before: &str, number: i32) {
    path.push_str(before);
    path.push_str(itoa::Buffer::new().format(number));
}

impl Code {
    /// The outline of the dark modules that touch: where lines of modules are drawn one by one, printers leave hairlines
    /// between them.
    #[must_use]
    pub fn outline(&self) -> Outline {
        let modules = self.modules() as i32;
        let mut drawn = vec![false; (modules * modules) as usize];
        let mut path = String::new();
        for y in 0..modules {
            for x in 0..modules {
                // each outline, a hole's too, goes right along the upper edge of a module
                if self.is_dark(x, y) && !self.is_dark(x, y - 1) && !drawn[(y * modules + x) as usize] {
                    self.go_round((x, y), &mut drawn, &mut path);
                }
            }
        }
        Outline {
            size: self.modules() + 2 * MARGIN,
            path,
        }
    }

    fn go_round(&self, start: (i32, i32), drawn: &mut [bool], path: &mut String) {
        let margin = MARGIN as i32;
        push(path, "M", start.0 + margin);
        push(path, " ", start.1 + margin);
        let ((mut x, mut y), mut way, mut steps) = (start, 0, 0);
        loop {
            if way == 0 {
                drawn[(y * self.modules() as i32 + x) as usize] = true;
            }
            (x, y) = (x + WAYS[way].0, y + WAYS[way].1);
            steps += 1;
            // the modules before it, on the left and on the right
            let (left, right) = match way {
                0 => ((x, y - 1), (x, y)),
                1 => ((x, y), (x - 1, y)),
                2 => ((x - 1, y), (x - 1, y - 1)),
                _ => ((x - 1, y - 1), (x, y - 1)),
            };
            let turn = match (self.is_dark(left.0, left.1), self.is_dark(right.0, right.1)) {
                (_, false) => 1,
                (false, true) => 0,
                (true, true) => 3,
            };
            if turn == 0 {
                continue;
            }
            if (x, y) == start && (way + turn) % 4 == 0 {
                path.push('z');
                return;
            }
            push(path, ["h", "v", "h-", "v-"][way], steps);
            (way, steps) = ((way + turn) % 4, 0);
        }
    }

    /// As an SVG picture of so many pixels; it can be drawn at any size.
    #[must_use]
    pub fn svg(&self, pixels: Option<u32>) -> String {
        let Outline { size, path } = self.outline();
        let pixels = pixels.unwrap_or(size * PIXELS);
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{pixels}\" height=\"{pixels}\" viewBox=\"0 0 {size} {size}\" \
             shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path d=\"{path}\"/></svg>\n"
        )
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
    use super::*;
    use crate::qr::Level;

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

    /// The modules that are filled: those with an odd number of upright edges on their left.
    fn filled(path: &str, whole: u32) -> Vec<(u32, u32)> {
        let mut edges = Vec::new();
        for outline in path.split_terminator('z') {
            let (start, steps) = outline[1..].split_once('h').expect("it goes right first");
            let (left, top) = start.split_once(' ').expect("two numbers");
            let (left, top): (i32, i32) = (left.parse().expect("x"), top.parse().expect("y"));
            let steps = format!("h{steps}").replace('h', " h").replace('v', " v");
            let (mut x, mut y) = (left, top);
            for step in steps.split_whitespace() {
                let length: i32 = step[1..].parse().expect("a length");
                match step.starts_with('h') {
                    true => x += length,
                    false => {
                        edges.extend((y.min(y + length)..y.max(y + length)).map(|y| (x, y)));
                        y += length;
                    }
                }
            }
            // back to the start
            assert_eq!(x, left, "{outline}");
            edges.extend((y.min(top)..y.max(top)).map(|y| (x, y)));
        }
        let is_filled = |&(x, y): &(u32, u32)| {
            let before = edges.iter().filter(|edge| edge.1 == y as i32 && edge.0 <= x as i32);
            before.count() % 2 == 1
        };
        let all = (0..whole).flat_map(|y| (0..whole).map(move |x| (x, y)));
        all.filter(is_filled).collect()
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
        assert_eq!(filled(path, whole), expected);
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
