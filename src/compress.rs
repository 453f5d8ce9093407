//! Compressed files, read and written by their names: `.gz` (RFC 1952) and `.zst` (RFC 8878).

use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;

/// How a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Compression {
    /// What a file's name says.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "gz" => Compression::Gzip,
            "zst" => Compression::Zstd,
            _ => Compression::None,
        }
    }

    /// What the first bytes say; `None` while more are needed.
    #[must_use]
    pub fn of_start(bytes: &[u8]) -> Option<Self> {
        const MARKS: [(&[u8], Compression); 2] = [
            (b"\x1f\x8b\x08", Compression::Gzip),
            (b"\x28\xb5\x2f\xfd", Compression::Zstd),
        ];
        // a frame to skip, which pzstd begins with (RFC 8878, section 3.1.2)
        if let [0x50..=0x5f, rest @ ..] = bytes {
            const SKIPPED: &[u8] = b"\x2a\x4d\x18";
            match rest.len() < SKIPPED.len() && SKIPPED.starts_with(rest) {
                true => return None,
                false if rest.starts_with(SKIPPED) => return Some(Compression::Zstd),
                false => {}
            }
        }
        let begins = |mark: &[u8]| bytes.len() < mark.len() && mark.starts_with(bytes);
        match MARKS.into_iter().find(|(mark, _)| bytes.starts_with(mark)) {
            Some((_, compression)) => Some(compression),
            None if MARKS.iter().any(|(mark, _)| begins(mark)) => None,
            None => Some(Compression::None),
        }
    }

    /// Reads what was compressed so.
    ///
    /// # Errors
    /// When the decoder can't be set up.
    pub fn reader(self, source: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
        Ok(match self {
            Compression::None => source,
            Compression::Gzip => Box::new(GzipMembers(Some(GzDecoder::new(BufReader::new(source))))),
            Compression::Zstd => Box::new(ZstdFrames(zstd::Decoder::new(source)?)),
        })
    }

    /// Compresses so what is written.
    ///
    /// # Errors
    /// When the encoder can't be set up.
    pub fn writer<W: Write>(self, target: W) -> io::Result<Compressed<W>> {
        Ok(match self {
            Compression::None => Compressed::None(target),
            Compression::Gzip => Compressed::Gzip(GzEncoder::new(target, flate2::Compression::default())),
            Compression::Zstd => Compressed::Zstd(zstd::Encoder::new(target, zstd::DEFAULT_COMPRESSION_LEVEL)?),
        })
    }
}

/// The parts of a gzip file, one after another, and perhaps the zeros that tapes and some programs fill it up with. What
/// else follows may be a part that is damaged: it is an error.
struct GzipMembers<R: BufRead>(Option<GzDecoder<R>>);

impl<R: BufRead> Read for GzipMembers<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while let Some(decoder) = &mut self.0 {
            let read = decoder.read(out)?;
            if read > 0 || out.is_empty() {
                return Ok(read);
            }
            let Some(mut rest) = self.0.take().map(GzDecoder::into_inner) else {
                break;
            };
            match rest.fill_buf()?.first() {
                Some(0) => pass_over_zeros(&mut rest)?,
                Some(0x1f) => self.0 = Some(GzDecoder::new(rest)),
                Some(_) => return Err(foreign()),
                None => {}
            }
        }
        Ok(0)
    }
}

fn pass_over_zeros(rest: &mut impl BufRead) -> io::Result<()> {
    loop {
        let bytes = rest.fill_buf()?;
        match (bytes.len(), bytes.iter().all(|byte| *byte == 0)) {
            (0, _) => return Ok(()),
            (length, true) => rest.consume(length),
            (_, false) => return Err(foreign()),
        }
    }
}

fn foreign() -> io::Error {
    let message = "after the end of what is compressed, something follows that is not";
    io::Error::new(io::ErrorKind::InvalidData, message)
}

/// The frames of a Zstandard file. One that needs more memory to be unpacked than a stranger's file may ask for is not
/// damaged, and told so.
struct ZstdFrames<R: Read>(zstd::Decoder<'static, BufReader<R>>);

impl<R: Read> Read for ZstdFrames<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(|error| {
            // the library has no other sign of it
            match error.to_string().contains("too much memory") {
                true => io::Error::new(
                    io::ErrorKind::Unsupported,
                    "unpacking it takes over 128 megabytes of memory",
                ),
                false => error,
            }
        })
    }
}

/// A target that is written through a compressor.
pub enum Compressed<W: Write> {
    /// As it is.
    None(W),
    /// gzip.
    Gzip(GzEncoder<W>),
    /// Zstandard.
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Compressed<W> {
    /// Where it is written to.
    #[must_use]
    pub fn target(&self) -> &W {
        match self {
            Compressed::None(target) => target,
            Compressed::Gzip(encoder) => encoder.get_ref(),
            Compressed::Zstd(encoder) => encoder.get_ref(),
        }
    }

    /// Writes the end of the compressed stream and gives the target back.
    ///
    /// # Errors
    /// When the target can't be written.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Compressed::None(target) => Ok(target),
            Compressed::Gzip(encoder) => encoder.finish(),
            Compressed::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Compressed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Compressed::None(target) => target.write(bytes),
            Compressed::Gzip(encoder) => encoder.write(bytes),
            Compressed::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Compressed::None(target) => target.flush(),
            Compressed::Gzip(encoder) => encoder.flush(),
            Compressed::Zstd(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_compressed_is_read_back_and_a_cut_is_noticed() {
        let text = b"customer_id\n1\n".repeat(1_000);
        for (name, compression) in [
            ("a.csv", Compression::None),
            ("a.CSV.GZ", Compression::Gzip),
            ("a.zst", Compression::Zstd),
        ] {
            assert_eq!(Compression::of(Path::new(name)), compression);
            let mut writer = compression.writer(Vec::new()).expect("set up");
            writer.write_all(&text).expect("memory");
            let packed = writer.finish().expect("memory");
            let read = |bytes: &[u8]| {
                let mut out = Vec::new();
                let source = Box::new(io::Cursor::new(bytes.to_vec()));
                compression
                    .reader(source)
                    .and_then(|mut reader| reader.read_to_end(&mut out))
                    .map(|_| out)
            };
            assert_eq!(read(&packed).expect("whole"), text);
            if compression != Compression::None {
                assert!(read(&packed[..packed.len() - 3]).is_err(), "{name}");
            }
        }
    }
}
