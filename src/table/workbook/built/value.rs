//! What a cell says: its value as text, whatever its display format would make of it.

use super::format::Format;
use crate::table::CELL_ERRORS;
use calamine::{CellErrorType, DataType, ExcelDateTime};
use std::fmt::Write;

/// The first day after 9999, where Excel's dates end.
const END_OF_DATES: f64 = 2_958_466.0;

/// A cell's value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value<'a> {
    Empty,
    Text(&'a str),
    Number(f64),
    Integer(i64),
    Bool(bool),
    /// Days since 1900 or 1904, or days that something lasts.
    Moment(ExcelDateTime),
    Error(&'static str),
    /// Of a formula whose value nobody has saved.
    Uncalculated,
}

impl<'a> Value<'a> {
    /// What was read of a binary workbook.
    pub(super) fn of(data: &'a impl DataType) -> Self {
        let iso = || data.get_datetime_iso().or(data.get_duration_iso());
        let value = data.get_string().or_else(iso).map(Value::Text);
        let value = value.or_else(|| data.get_float().map(Value::Number));
        let value = value.or_else(|| data.get_int().map(Value::Integer));
        let value = value.or_else(|| data.get_bool().map(Value::Bool));
        let value = value.or_else(|| data.get_datetime().map(Value::Moment));
        let value = value.or_else(|| data.get_error().map(|error| Value::Error(error_text(error))));
        value.unwrap_or(Value::Empty)
    }
}

/// The error of that name.
pub(super) fn error_named(name: &str) -> &'static str {
    let known = CELL_ERRORS
        .iter()
        .find(|error| name.trim_ascii().eq_ignore_ascii_case(error));
    known.copied().unwrap_or("#UNKNOWN!")
}

/// A number as a file has it; not what only Rust takes for one.
pub(super) fn number(text: &str) -> Option<f64> {
    let text = text.trim_ascii();
    let begins = text.starts_with(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '+' | '.'));
    let number: f64 = text.parse().ok().filter(|_| begins)?;
    number.is_finite().then_some(number)
}

fn error_text(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

impl Value<'_> {
    /// Appends the value's text; `format` tells a date at midnight from a date.
    pub(super) fn push(&self, format: Option<&Format>, out: &mut String) {
        match self {
            Value::Empty | Value::Uncalculated => {}
            Value::Text(text) | Value::Error(text) => out.push_str(text),
            Value::Number(number) => push_number(*number, out),
            Value::Integer(number) => push(out, format_args!("{number}")),
            Value::Bool(truth) => out.push_str(if *truth { "TRUE" } else { "FALSE" }),
            Value::Moment(moment) if moment.is_duration() => push_duration(moment.as_f64(), out),
            Value::Moment(moment) => push_moment(moment, format.is_some_and(|format| format.time), out),
        }
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a String takes all");
}

/// The shortest digits of the number as a spreadsheet shows it: whole numbers without a point, and an exponent only
/// where the digits would be more zeros than number. A spreadsheet shows 15 digits and computes with 17, so that
/// 10023 may be kept as 10023.000000000002; a whole number of 16 digits is an id, and all its digits stay.
fn push_number(number: f64, out: &mut String) {
    let start = out.len();
    push_shortest(number, out);
    let digits = out[start..].bytes().filter(u8::is_ascii_digit).count();
    if digits > 15 && number.fract() != 0.0 {
        out.truncate(start);
        let shown = format!("{number:.14E}").parse();
        push_shortest(shown.unwrap_or(number), out);
    }
}

fn push_shortest(number: f64, out: &mut String) {
    let size = number.abs();
    match number {
        _ if size == 0.0 => out.push('0'),
        _ if (1e-7..1e21).contains(&size) => push(out, format_args!("{number}")),
        _ => push(out, format_args!("{number:E}")),
    }
}

/// `2026-11-30`, `2026-11-30T18:00:00`, or `18:00:00` for a time without a day.
fn push_moment(moment: &ExcelDateTime, with_time: bool, out: &mut String) {
    let serial = moment.as_f64();
    if !(0.0..END_OF_DATES).contains(&serial) {
        return push_number(serial, out);
    }
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    let has_time = (hour, minute, second, milli) != (0, 0, 0, 0);
    let has_day = serial >= 1.0 || !(has_time || with_time);
    if has_day {
        push(out, format_args!("{year:04}-{month:02}-{day:02}"));
    }
    if has_time || with_time {
        let mark = if has_day { "T" } else { "" };
        push(out, format_args!("{mark}{hour:02}:{minute:02}:{second:02}"));
        if milli > 0 {
            push(out, format_args!(".{milli:03}"));
        }
    }
}

/// A time as OpenDocument keeps it, `PT36H30M00S`: hours, minutes and seconds of a day, or of a duration where its
/// style or its length says so.
pub(super) fn push_iso_time(text: &str, elapsed: bool, out: &mut String) {
    let Some(millis) = iso_millis(text) else {
        out.push_str(text);
        return;
    };
    if elapsed || millis >= DAY_MILLIS {
        return push_millis(millis, out);
    }
    let (seconds, milli) = (millis / 1000, millis % 1000);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    push(out, format_args!("{hour:02}:{minute:02}:{second:02}"));
    if milli > 0 {
        push(out, format_args!(".{milli:03}"));
    }
}

const DAY_MILLIS: u64 = 86_400_000;

/// `P1DT2H30M1.5S` in milliseconds (XML Schema part 2, section 3.2.6); none for months, whose length nobody knows.
fn iso_millis(text: &str) -> Option<u64> {
    let (days, time) = text.strip_prefix('P')?.split_once('T')?;
    let mut millis = match days {
        "" => 0,
        days => days.strip_suffix('D')?.parse::<u64>().ok()?.checked_mul(DAY_MILLIS)?,
    };
    for part in time.split_inclusive(|letter: char| letter.is_ascii_alphabetic()) {
        let (number, unit) = part.split_at_checked(part.len() - 1)?;
        let unit = match unit {
            "H" => 3_600_000,
            "M" => 60_000,
            "S" => 1000,
            _ => return None,
        };
        let (whole, fraction) = number.split_once(['.', ',']).unwrap_or((number, ""));
        let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
        if !is_number(whole) || !is_number(fraction) || (unit != 1000 && !fraction.is_empty()) {
            return None;
        }
        let whole = whole.parse::<u64>().ok()?.checked_mul(unit)?;
        let thousandths = format!("{fraction:0<3}")[..3].parse::<u64>().ok()?;
        millis = millis.checked_add(whole)?.checked_add(thousandths)?;
    }
    Some(millis)
}

/// A date as OpenDocument keeps it: as it is, but for a midnight that is shown, and zeros after the seconds.
pub(super) fn push_iso_date(text: &str, with_time: bool, out: &mut String) {
    match text.split_once('.') {
        Some((whole, fraction)) if fraction.bytes().all(|byte| byte == b'0') => out.push_str(whole),
        _ => out.push_str(text),
    }
    if with_time && !text.contains('T') {
        out.push_str("T00:00:00");
    }
}

/// `36h30m`, as `--duration-column` reads it.
fn push_duration(days: f64, out: &mut String) {
    let millis = (days * 86_400_000.0).round();
    if !(0.0..1e15).contains(&millis) {
        return push_number(days, out);
    }
    push_millis(millis as u64, out);
}

fn push_millis(millis: u64, out: &mut String) {
    let (seconds, millis) = (millis / 1000, millis % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    for (number, unit) in [(hours, 'h'), (minutes, 'm')] {
        if number > 0 {
            push(out, format_args!("{number}{unit}"));
        }
    }
    match millis {
        0 if seconds > 0 || (hours, minutes) == (0, 0) => push(out, format_args!("{seconds}s")),
        0 => {}
        _ => push(out, format_args!("{seconds}.{millis:03}s")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::ExcelDateTimeType;

    fn text(value: Value<'_>, format: Option<&str>) -> String {
        let mut out = String::new();
        value.push(format.map(Format::parse).as_ref(), &mut out);
        out
    }

    #[test]
    fn a_number_is_its_shortest_text() {
        let table = [
            (1_234_567.0, "1234567"),
            (-7.0, "-7"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (4.68e17, "468000000000000000"),
            (4_680_123_456_789_012.0, "4680123456789012"),
            (1e20, "100000000000000000000"),
            (1e21, "1E21"),
            (1.5e-9, "1.5E-9"),
        ];
        for (number, expected) in table {
            assert_eq!(text(Value::Number(number), None), expected);
            assert_eq!(expected.parse::<f64>().expect("a number"), number);
        }
    }

    #[test]
    fn a_fraction_has_the_15_digits_that_a_spreadsheet_shows() {
        let table = [
            (0.1 + 0.2, "0.3"),
            (10_023.000_000_000_002, "10023"),
            (1_002.300_000_000_000_2, "1002.3"),
            (-7.000_000_000_000_001, "-7"),
            (19.95, "19.95"),
            (1.0 / 3.0, "0.333333333333333"),
            (123_456_789_012_345.67, "123456789012346"),
            (9_007_199_254_740_991.0, "9007199254740991"),
        ];
        for (number, expected) in table {
            assert_eq!(text(Value::Number(number), None), expected);
        }
    }

    #[test]
    fn a_number_is_what_a_file_can_hold() {
        for (text, expected) in [(" 7 ", Some(7.0)), ("-1.5E3", Some(-1500.0)), (".5", Some(0.5))] {
            assert_eq!(number(text), expected, "{text}");
        }
        for text in ["", "inf", "NaN", "-inf", "infinity", "1e999", "1,5", "0x10", "7 8"] {
            assert_eq!(number(text), None, "{text}");
        }
    }

    #[test]
    fn a_time_of_an_open_document_is_of_a_day_or_a_duration() {
        let table = [
            ("PT18H00M00S", false, "18:00:00"),
            ("PT18H00M00S", true, "18h"),
            ("PT36H30M00S", false, "36h30m"),
            ("PT24H", false, "24h"),
            ("PT00H00M00S", false, "00:00:00"),
            ("PT00H00M00S", true, "0s"),
            ("PT00H30M15.5S", false, "00:30:15.500"),
            ("PT00H30M00.000000000S", true, "30m"),
            ("P1DT2H", false, "26h"),
            ("P1M", false, "P1M"),
            ("PT1.5H", false, "PT1.5H"),
            ("PT99999999999999999999S", false, "PT99999999999999999999S"),
            ("later", false, "later"),
        ];
        for (iso, elapsed, expected) in table {
            let mut out = String::new();
            push_iso_time(iso, elapsed, &mut out);
            assert_eq!(out, expected, "{iso} {elapsed}");
        }
    }

    #[test]
    fn a_date_of_an_open_document_shows_its_midnight() {
        let table = [
            ("2026-11-30", false, "2026-11-30"),
            ("2026-11-30", true, "2026-11-30T00:00:00"),
            ("2026-11-30T18:00:00", true, "2026-11-30T18:00:00"),
            ("2026-11-30T18:00:00.000000000", true, "2026-11-30T18:00:00"),
            ("2026-11-30T18:00:00.250", false, "2026-11-30T18:00:00.250"),
        ];
        for (iso, with_time, expected) in table {
            let mut out = String::new();
            push_iso_date(iso, with_time, &mut out);
            assert_eq!(out, expected, "{iso} {with_time}");
        }
    }

    #[test]
    fn a_date_is_iso_in_both_systems() {
        let date = |serial, is_1904| {
            let moment = ExcelDateTime::new(serial, ExcelDateTimeType::DateTime, is_1904);
            move |format| text(Value::Moment(moment), Some(format))
        };
        let (day, clock) = ("dd.mm.yyyy", "yyyy-mm-dd hh:mm");
        assert_eq!(date(46_356.0, false)(day), "2026-11-30");
        assert_eq!(date(46_356.0, false)(clock), "2026-11-30T00:00:00");
        assert_eq!(date(46_356.75, false)(day), "2026-11-30T18:00:00");
        assert_eq!(date(44_894.0, true)(day), "2026-11-30");
        assert_eq!(date(46_356.000_173_611_11, false)(clock), "2026-11-30T00:00:15");
        assert_eq!(date(46_356.999_999_999, false)(clock), "2026-12-01T00:00:00");
        assert_eq!(date(0.75, false)("h:mm"), "18:00:00");
        assert_eq!(date(0.0, false)("h:mm"), "00:00:00");
        assert_eq!(date(60.5 / 86_400.0, false)("mm:ss.0"), "00:01:00.500");
        assert_eq!(date(-1.0, false)(day), "-1");
        assert_eq!(date(9e9, false)(day), "9000000000");
    }

    #[test]
    fn a_duration_is_written_as_it_is_read() {
        let duration = |days| {
            let moment = ExcelDateTime::new(days, ExcelDateTimeType::TimeDelta, false);
            text(Value::Moment(moment), Some("[h]:mm:ss"))
        };
        assert_eq!(duration(1.5), "36h");
        assert_eq!(duration(1.520_833_333_333_333_3), "36h30m");
        assert_eq!(duration(0.0), "0s");
        assert_eq!(duration(1.0 / 86_400.0), "1s");
        assert_eq!(duration(3_601.0 / 86_400.0), "1h1s");
    }
}
