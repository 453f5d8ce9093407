//! Whether a cell is most likely its claim after a spreadsheet wrote it anew: `42` of `0042`, `4.68E+17` of a long id.

/// Digits that a spreadsheet keeps.
const KEPT: usize = 15;
/// Fewer digits before an exponent say too little.
const FEWEST: usize = 3;
/// No number is longer in a list.
const LONGEST: usize = 64;

/// A number by its digits, without zeros at their ends, and how many of them stand before the point. Its sign is left out.
struct Number {
    digits: String,
    before_point: i64,
    has_exponent: bool,
}

/// Whether cell and claim differ, as numbers, in zeros, sign or exponent only, or in digits that the cell had to give up.
pub(super) fn is_rewritten(cell: &str, claim: &str) -> bool {
    let (Some(cell), Some(claim)) = (Number::parse(cell), Number::parse(claim)) else {
        return false;
    };
    let is_same = cell.digits == claim.digits && cell.before_point == claim.before_point;
    is_same || cell.is_rounded(&claim)
}

impl Number {
    fn parse(text: &str) -> Option<Self> {
        // what keeps a spreadsheet from reading a number
        let text = text.strip_prefix('\'').unwrap_or(text);
        let quoted = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
        let text = quoted.unwrap_or(text).trim_start_matches(['+', '-']);
        if text.len() > LONGEST {
            return None;
        }
        let (mantissa, exponent) = match text.split_once(['E', 'e']) {
            Some((mantissa, exponent)) => (mantissa, Some(exponent)),
            None => (text, None),
        };
        let (whole, decimals) = mantissa.split_once(['.', ',']).unwrap_or((mantissa, ""));
        let all = [whole, decimals].concat();
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let shift: i64 = exponent.map_or(Some(0), |exponent| exponent.parse::<i16>().ok().map(i64::from))?;
        let leading = all.len() - all.trim_start_matches('0').len();
        let digits = all.trim_matches('0').to_owned();
        let before_point = match digits.is_empty() {
            true => 0,
            false => whole.len() as i64 - leading as i64 + shift,
        };
        Some(Self {
            digits,
            before_point,
            has_exponent: exponent.is_some(),
        })
    }

    /// Whether it is `other` with fewer digits, as a spreadsheet shows or keeps it.
    fn is_rounded(&self, other: &Self) -> bool {
        let (own, others) = (self.digits.len(), other.digits.len());
        let gave_up = match self.has_exponent {
            true => own >= FEWEST,
            false => others > KEPT,
        };
        if !gave_up || own >= others || own > KEPT || self.before_point != other.before_point {
            return false;
        }
        // zeros at the end of what was kept are no digits of ours
        let kept = if self.has_exponent { own } else { KEPT };
        let (Ok(number), Ok(cut)) = (self.digits.parse::<u64>(), other.digits[..kept].parse::<u64>()) else {
            return false;
        };
        let Some(number) = 10u64
            .checked_pow((kept - own) as u32)
            .and_then(|zeros| number.checked_mul(zeros))
        else {
            return false;
        };
        let rounds_up = other.digits.as_bytes()[kept] >= b'5';
        number == cut + u64::from(rounds_up) || (!self.has_exponent && number == cut)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_do_to_numbers_is_told_from_other_values() {
        for (cell, claim) in [
            ("42", "0042"),
            ("0042", "42"),
            ("'0042", "0042"),
            ("=\"0042\"", "0042"),
            ("1001.0", "1001"),
            ("1001,00", "1001"),
            ("49171", "+49171"),
            ("-5", "5"),
            ("1E+05", "100000"),
            ("100000", "1E5"),
            ("0", "000"),
            ("4.68E+17", "468201934710284517"),
            ("4,68E+17", "468201934710284517"),
            ("4.68202E+17", "468201934710284517"),
            ("468201934710284000", "468201934710284517"),
            ("468201934710280000", "468201934710280017"),
        ] {
            assert!(is_rewritten(cell, claim), "{cell} of {claim}");
        }
        for (cell, claim) in [
            ("42", "43"),
            ("42", "420"),
            ("", "0"),
            ("Ann", "Bob"),
            ("A42", "A042"),
            ("4.69E+17", "468201934710284517"),
            ("5E+17", "468201934710284517"),
            ("468201934710284518", "468201934710284517"),
            ("468201934710283000", "468201934710284517"),
            ("468000000000000000", "468201934710284517"),
            ("4.68E+99999", "468"),
        ] {
            assert!(!is_rewritten(cell, claim), "{cell} of {claim}");
        }
    }
}
