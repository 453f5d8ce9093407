//! QR codes, as the flags ask for them.

use super::args::SignQrArgs;
use super::exit::Failure;
use super::output;
use linkmint::batch::codes::Picture;
use linkmint::output::Options;
use linkmint::qr::{Code, Level};
use std::path::Path;

/// What becomes of the code of one link.
pub(crate) enum Single<'a> {
    /// None was asked for.
    None,
    /// It is printed below the link.
    Letters(Level),
    /// It is written to a file.
    File(&'a SignQrArgs, &'a Path, Picture),
}

impl<'a> Single<'a> {
    /// What the flags ask for.
    pub(crate) fn of(args: &'a SignQrArgs, json: bool) -> Result<Self, Failure> {
        let Some(path) = &args.qr else { return Ok(Self::None) };
        if path == Path::new("-") {
            return match json {
                true => Err(Failure::usage("a code in letters is no JSON")
                    .at("--qr")
                    .hint("name a file: --qr code.svg")),
                false => Ok(Self::Letters(args.draw.qr_level)),
            };
        }
        let extension = path.extension().and_then(|extension| extension.to_str());
        let extension = extension.map(str::to_ascii_lowercase);
        let picture = match extension.as_deref() {
            Some("svg") => Picture::Svg,
            Some("png") => Picture::Png,
            _ => {
                return Err(Failure::usage("its name says neither SVG nor PNG")
                    .at("--qr")
                    .hint("name it code.svg or code.png; `-` draws it in letters"));
            }
        };
        Ok(Self::File(args, path, picture))
    }

    /// Writes the file, if there is one to write, and gives what is to be printed below the link.
    pub(crate) fn draw(&self, link: &str, quiet: bool) -> Result<String, Failure> {
        let (args, path, picture) = match self {
            Self::None => return Ok(String::new()),
            Self::Letters(level) => return Ok(code(link, *level)?.letters()),
            Self::File(args, path, picture) => (args, path, picture),
        };
        let code = code(link, args.draw.qr_level)?;
        let bytes = match picture {
            Picture::Svg => code.svg(args.draw.qr_size).into_bytes(),
            Picture::Png => code.png(args.draw.qr_size).map_err(|error| {
                Failure::usage(error)
                    .at("--qr-size")
                    .hint("leave it out for 8 pixels a module, or take an SVG")
            })?,
        };
        output::write(path, Options::replacing(args.force), quiet, &bytes)?;
        Ok(String::new())
    }
}

fn code(link: &str, level: Level) -> Result<Code, Failure> {
    Code::of(link, level).map_err(|error| {
        Failure::usage(error)
            .at("--qr")
            .hint("shorten the address or the claims, or take --qr-level L")
    })
}
