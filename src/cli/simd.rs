//! What tags are made with, where somebody measures: `LINKMINT_SIMD`. The tokens are the same.

use super::exit::Failure;
use linkmint::key::Lanes;

/// The variable.
const VARIABLE: &str = "LINKMINT_SIMD";

/// Settles it, where the variable says something.
pub(super) fn settle() -> Result<(), Failure> {
    let Some(wanted) = std::env::var_os(VARIABLE).filter(|value| !value.is_empty()) else {
        return Ok(());
    };
    let lanes = match wanted.to_str() {
        Some("plain") => Lanes::Plain,
        Some("avx2") => Lanes::Avx2,
        Some("avx512") => Lanes::Avx512,
        _ => {
            return Err(Failure::usage(format_args!(
                "{VARIABLE} is none of plain, avx2 and avx512"
            )));
        }
    };
    match lanes.settle() {
        true => Ok(()),
        false => Err(
            Failure::usage(format_args!("{VARIABLE}: this processor has no such vectors"))
                .hint("leave it out, and the fastest is taken"),
        ),
    }
}
