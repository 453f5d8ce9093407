//! What a cell says: its value as text, whatever its display format would make of it.

use super::format::Format;
use calamine::{CellErrorType, Data, DataRef, ExcelDateTime};
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
    /// As OpenDocument keeps it: `PT36H30M00S`.
    Duration(&'a str),
    Error(&'static str),
}

impl<'a> From<&'a DataRef<'_>> for Value<'a> {
    fn from(data: &'a DataRef<'_>) -> Self {
        match data {
            DataRef::Int(number) => Value::Integer(*number),
            DataRef::Float(number) => Value::Number(*number),
            DataRef::String(text) | DataRef::DateTimeIso(text) => Value::Text(text),
            DataRef::SharedString(text) => Value::Text(text),
            DataRef::Bool(truth) => Value::Bool(*truth),
            DataRef::DateTime(moment) => Value::Moment(*moment),
            DataRef::DurationIso(text) => Value::Duration(text),
            DataRef::Error(error) => Value::Error(error_text(error)),
            DataRef::Empty => Value::Empty,
        }
    }
}

impl<'a> From<&'a Data> for Value<'a> {
    fn from(data: &'a Data) -> Self {
        match data {
            Data::Int(number) => Value::Integer(*number),
            Data::Float(number) => Value::Number(*number),
            Data::String(text) | Data::DateTimeIso(text) => Value::Text(text),
            Data::Bool(truth) => Value::Bool(*truth),
            Data::DateTime(moment) => Value::Moment(*moment),
            Data::DurationIso(text) => Value::Duration(text),
            Data::Error(error) => Value::Error(error_text(error)),
            Data::Empty => Value::Empty,
        }
    }
}

/// All errors that a cell can hold.
pub(super) const ERRORS: [&str; 8] = [
    "#DIV/0!",
    "#N/A",
    "#NAME?",
    "#NULL!",
    "#NUM!",
    "#REF!",
    "#VALUE!",
    "#GETTING_DATA",
];

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
            Value::Empty => {}
            Value::Text(text) | Value::Error(text) => out.push_str(text),
            Value::Number(number) => push_number(*number, out),
            Value::Integer(number) => push(out, format_args!("{number}")),
            Value::Bool(truth) => out.push_str(if *truth { "TRUE" } else { "FALSE" }),
            Value::Moment(moment) if moment.is_duration() => push_duration(moment.as_f64(), out),
            Value::Moment(moment) => push_moment(moment, format.is_some_and(|format| format.time), out),
            Value::Duration(text) => match text.strip_prefix("PT") {
                Some(parts) => out.push_str(&parts.to_ascii_lowercase()),
                None => out.push_str(text),
            },
        }
    }
}

fn push(out: &mut String, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("a String takes all");
}

/// The shortest digits that read back as the same number; whole numbers without a point, and an exponent only where
/// the digits would be more zeros than number.
fn push_number(number: f64, out: &mut String) {
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

/// `36h30m`, as `--duration-column` reads it.
fn push_duration(days: f64, out: &mut String) {
    let millis = (days * 86_400_000.0).round();
    if !(0.0..1e15).contains(&millis) {
        return push_number(days, out);
    }
    let millis = millis as u64;
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
            (0.1 + 0.2, "0.30000000000000004"),
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
        assert_eq!(text(Value::Duration("PT36H30M00S"), None), "36h30m00s");
    }
}
