//! Flags of QR codes.

use super::shared::one_of;
use clap::Args;
use clap::builder::TypedValueParser;
use linkmint::batch::codes::Picture;
use linkmint::qr::Level;
use std::path::PathBuf;

/// How a code is drawn.
#[derive(Debug, Args)]
#[command(next_help_heading = "QR code")]
pub(crate) struct QrDrawArgs {
    /// How many pixels wide and high a picture is [default: 8 for each module]
    #[arg(long, value_name = "PIXELS", requires = "qr", value_parser = clap::value_parser!(u32).range(1..=20_000))]
    pub(crate) qr_size: Option<u32>,

    /// How much of a code may be lost before it can't be read: 7 %, 15 %, 25 % or 30 %
    #[arg(long, value_name = "LEVEL", ignore_case = true, default_value = "M", value_parser = one_of([
        ("L", "7 %: the smallest codes"),
        ("M", "15 %"),
        ("Q", "25 %"),
        ("H", "30 %: for codes that get dirty"),
    ]).map(|level| match level.to_ascii_uppercase().as_str() {
        "L" => Level::L,
        "Q" => Level::Q,
        "H" => Level::H,
        _ => Level::M,
    }))]
    pub(crate) qr_level: Level,
}

/// The codes of `generate`.
#[derive(Debug, Args)]
#[command(next_help_heading = "QR code")]
pub(crate) struct GenerateQrArgs {
    /// Draw each row's link as a QR code into this folder, which must be new or empty, and name the file in the column
    /// qr_file
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["keep", "strict"])]
    pub(crate) qr: Option<PathBuf>,

    /// The format of the codes
    #[arg(long, value_name = "FORMAT", default_value = "svg", value_parser = one_of([
        ("svg", "For print: it is drawn at any size"),
        ("png", "For screens and old programs: pixels"),
    ]).map(|format| if format == "png" { Picture::Png } else { Picture::Svg }))]
    pub(crate) qr_format: Picture,

    /// How the files are called, with {column} for cells; what a name can't hold becomes _, and the second of a name gets
    /// a number [default: {customer_id}, where there is such a column, else the number of the row]
    #[arg(long, value_name = "TEMPLATE", requires = "qr")]
    pub(crate) qr_name: Option<String>,

    /// What stands on a label of --sheet labels.html, the page of labels to print: {column} for cells, \n between lines
    /// [default: {customer_id}, where there is such a column]
    #[arg(long, value_name = "TEMPLATE", requires = "sheet")]
    pub(crate) sheet_text: Option<String>,

    /// How many labels stand side by side [default: 3]
    #[arg(long, value_name = "N", requires = "sheet", value_parser = clap::value_parser!(u8).range(1..=6))]
    pub(crate) sheet_columns: Option<u8>,

    #[command(flatten)]
    pub(crate) draw: QrDrawArgs,
}

/// The code of `sign`.
#[derive(Debug, Args)]
#[command(next_help_heading = "QR code")]
pub(crate) struct SignQrArgs {
    /// Draw the link as a QR code into this file (.svg or .png), or with `-` in letters below the link
    #[arg(long, value_name = "FILE")]
    pub(crate) qr: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) draw: QrDrawArgs,

    /// Replace the file if it exists
    #[arg(long, short, requires = "qr")]
    pub(crate) force: bool,
}
