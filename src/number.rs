//! Counts as people read them.

/// So many of a thing: `1 row`, `2,000 rows`.
#[must_use]
pub fn counted(number: u64, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{} {thing}s", grouped(number)),
    }
}

/// A number with its thousands apart.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A part in a hundred, to one place.
#[must_use]
pub fn percent(part: u64, whole: u64) -> String {
    match whole {
        0 => "-".to_owned(),
        whole => format!("{:.1} %", part as f64 * 100.0 / whole as f64),
    }
}

/// What a link leaves of one SMS in the GSM 7-bit alphabet, whose room is 160 septets (3GPP TS 23.038), in words.
#[must_use]
pub fn room_in_sms(link: &str) -> String {
    const ROOM: usize = 160;
    let septets = link
        .chars()
        .map(|letter| if "^{}\\[~]|€".contains(letter) { 2 } else { 1 });
    let septets: usize = septets.sum();
    match ROOM.checked_sub(septets) {
        Some(room) => format!("leaves {room} of the {ROOM} in one SMS"),
        None => format!("is {} more than one SMS holds", septets - ROOM),
    }
}

#[test]
fn one_is_no_plural_and_thousands_are_apart() {
    let told = [0, 1, 2, 999, 1_000, 1_234_567].map(|number| counted(number, "row"));
    assert_eq!(
        told,
        ["0 rows", "1 row", "2 rows", "999 rows", "1,000 rows", "1,234,567 rows"]
    );
}
