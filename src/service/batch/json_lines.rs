//! Objects of JSON, one a line, as the records that a list is made of.
//!
//! The members of the first object name the columns. Three columns more go beside them: the members as they came, so that
//! they can be given back unchanged; those of them that a good row gets anew; and what was wrong with the object. A line that
//! is no such object is a bad row, and never the end of the list.

use super::ERROR;
use super::text_lines::{self, LineError, LineRecords, read_line};
use crate::excerpt::Excerpt;
use crate::service::unique_map::each_member;
use crate::service::value;
use crate::table::push_cell;
use serde::de::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::io::{self, Read};

/// What stands between the cells.
pub(super) const DELIMITER: u8 = b',';
/// How many columns after the members the object itself stands.
pub(super) const OBJECT: usize = 0;
/// What it had of members that a good row gets anew.
pub(super) const REPLACED: usize = 1;
/// And what is wrong with it.
pub(super) const FAULT: usize = 2;
/// The names of these columns; no claim is made of them.
const OWN_NAMES: [&str; 3] = ["(object)", "(replaced)", "(fault)"];

/// What the first object says of the others.
struct Objects {
    /// Its members.
    names: Vec<String>,
    /// Where each of them stands.
    places: HashMap<String, usize>,
    /// Members that a good row gets anew, and [`ERROR`], which no row keeps.
    without: Vec<String>,
}

/// Reads the first object; the records, and how many members it has. `without` names members that a good row gets anew,
/// and [`ERROR`].
pub(super) fn open<R: Read>(source: R, without: Vec<String>) -> io::Result<(impl Read, usize)> {
    let (mut lines, mut line) = (text_lines::lines(source)?, Vec::new());
    while read_line(&mut lines, &mut line)? && line.is_empty() {}
    let members: Members = serde_json::from_slice(&line).unwrap_or_default();
    let names: Vec<String> = members.0.iter().map(|(name, _)| name.clone()).collect();
    let objects = Objects {
        places: names.iter().cloned().zip(0..).collect(),
        names,
        without,
    };
    if objects.rejected_text(&members).is_some() {
        return Err(io::Error::other(LineError::Rejected));
    }
    let count = objects.names.len();
    if count == 0 || objects.places.len() < count {
        return Err(io::Error::other(LineError::NoMembers));
    }
    let mut out = Vec::new();
    let all = objects.names.iter().map(String::as_str).chain(OWN_NAMES);
    for (index, name) in all.enumerate() {
        if index > 0 {
            out.push(DELIMITER);
        }
        push_cell(name.as_bytes(), DELIMITER, &mut out);
    }
    out.push(b'\n');
    objects.push_record(&line, &mut out);
    let push = move |line: &[u8], out: &mut Vec<u8>| objects.push_record(line, out);
    Ok((LineRecords::new(lines, out, push), count))
}

impl Objects {
    /// Appends the record of a line.
    fn push_record(&self, line: &[u8], out: &mut Vec<u8>) {
        if line.is_empty() {
            out.push(b'\n');
            return;
        }
        let before = out.len();
        let fault = match serde_json::from_slice(line) {
            Ok(members) => match self.rejected_text(&members) {
                Some((text, error)) => Some((error, Some(text))),
                None => self.push_members(&members, out).map(|fault| (fault, None)),
            },
            Err(_) => Some(("the line is no JSON object".to_owned(), None)),
        };
        if let Some((fault, text)) = fault {
            let text = text.unwrap_or_else(|| String::from_utf8_lossy(line).into_owned());
            out.truncate(before);
            out.extend(self.names.iter().map(|_| DELIMITER));
            let text = serde_json::to_string(&text).expect("a text");
            push_cell(format!("\"text\":{text}").as_bytes(), DELIMITER, out);
            out.extend([DELIMITER; FAULT - OBJECT]);
            push_cell(fault.as_bytes(), DELIMITER, out);
        }
        out.push(b'\n');
    }

    /// The text and the error of a line that was given back because it was no row. It is none yet.
    fn rejected_text(&self, Members(members): &Members) -> Option<(String, String)> {
        let [(text_name, text), (error_name, error)] = members.as_slice() else {
            return None;
        };
        if text_name != "text" || error_name != ERROR || !self.without.contains(error_name) {
            return None;
        }
        let text_of = |value: &RawValue| serde_json::from_str(value.get()).ok();
        let error: String = text_of(error).filter(|error: &String| !error.is_empty() && !error.starts_with('@'))?;
        Some((text_of(text)?, error))
    }

    /// Appends the cells of an object, or says what is wrong with it.
    fn push_members(&self, Members(members): &Members, out: &mut Vec<u8>) -> Option<String> {
        let mut cells = vec![None; self.names.len()];
        let (mut own, mut replaced) = (String::new(), String::new());
        for (index, (name, value)) in members.iter().enumerate() {
            // almost always they come in the same order
            let in_order = self.names.get(index).filter(|other| *other == name).map(|_| index);
            let Some(place) = in_order.or_else(|| self.places.get(name).copied()) else {
                return Some(format!(
                    "the first row has no {}: give each row the same members",
                    Excerpt(name)
                ));
            };
            if cells[place].replace(value).is_some() {
                return Some(format!("{} is given twice", Excerpt(name)));
            }
            let kept = match self.without.contains(name) {
                true if name == ERROR => continue,
                true => &mut replaced,
                false => &mut own,
            };
            let comma = if kept.is_empty() { "" } else { "," };
            let name = serde_json::to_string(name).expect("a text");
            *kept += &format!("{comma}{name}:{}", value.get());
        }
        if own.is_empty() {
            return Some("the object has no members of its own".to_owned());
        }
        let mut odd = Vec::new();
        for (index, value) in cells.into_iter().enumerate() {
            let raw = value.map_or("null", |value| value.get());
            let cell = value::of_raw(raw).unwrap_or_else(|| match raw {
                "null" => String::new(),
                // neither a text nor a whole number
                _ => {
                    odd.push(index.to_string());
                    raw.to_owned()
                }
            });
            push_cell(cell.as_bytes(), DELIMITER, out);
            out.push(DELIMITER);
        }
        for members in [own, replaced] {
            push_cell(members.as_bytes(), DELIMITER, out);
            out.push(DELIMITER);
        }
        if !odd.is_empty() {
            push_cell(format!("@{}", odd.join(",")).as_bytes(), DELIMITER, out);
        }
        None
    }
}

/// The members of an object, in their order.
#[derive(Default)]
struct Members(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Vec::new();
        each_member(deserializer, "an object", |name, value| {
            members.push((name, value));
            Ok(())
        })?;
        Ok(Self(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn records(list: &str, without: &[&str]) -> String {
        let without = without.iter().map(|name| (*name).to_owned()).collect();
        let mut text = String::new();
        let (mut lines, _) = open(list.as_bytes(), without).expect("an object");
        lines.read_to_string(&mut text).expect("lines");
        text
    }

    #[test]
    fn an_object_becomes_a_record_with_its_members_beside_it() {
        let list = "{\"id\": 7, \"name\": \"A, \\\"B\\\"\"}\n\n{\"name\":null,\"id\":\"x\"}";
        let expected = "id,name,(object),(replaced),(fault)\n7,\"A, \"\"B\"\"\",\"\"\"id\"\":7,\"\"name\"\":\"\"A, \\\"\"B\\\"\"\"\"\",,\n\nx,,\"\"\"name\"\":null,\"\"id\"\":\"\"x\"\"\",,\n";
        assert_eq!(records(list, &[]), expected);
        assert_eq!(
            records("{\"id\":1,\"error\":\"x\"}", &["error"]),
            "id,error,(object),(replaced),(fault)\n1,x,\"\"\"id\"\":1\",,\n"
        );
    }

    #[test]
    fn what_is_no_row_is_told_beside_it() {
        let list = "{\"id\":1}\nnonsense\n[1]\n{\"id\":1.5}\n{\"id\":1,\"id\":2}\n{\"other\":1}\n";
        let text = records(list, &[]);
        let faults: Vec<_> = text
            .lines()
            .skip(2)
            .map(|line| line.rsplit(',').next().unwrap_or_default())
            .collect();
        assert_eq!(
            faults,
            [
                "the line is no JSON object",
                "the line is no JSON object",
                "@0",
                "\"\"\"id\"\" is given twice\"",
                "\"the first row has no \"\"other\"\": give each row the same members\""
            ]
        );
        for bad in ["", "[]", "{}", "{\"a\":1,\"a\":2}", "1"] {
            assert!(open(bad.as_bytes(), Vec::new()).is_err(), "{bad}");
        }
    }

    #[test]
    fn what_was_given_back_as_no_row_is_none_until_it_is_mended() {
        let given_back = [
            (
                "{\"id\":1}\n{\"text\":\"x\",\"error\":\"no row\"}",
                ",\"\"\"text\"\":\"\"x\"\"\",,no row",
            ),
            (
                "\u{feff}{\"id\":1}\n{}",
                ",\"\"\"text\"\":\"\"{}\"\"\",,the object has no members of its own",
            ),
        ];
        for (list, last) in given_back {
            let text = records(list, &["error"]);
            assert_eq!(text.lines().last(), Some(last), "{text}");
        }
        let first = open("{\"text\":\"x\",\"error\":\"y\"}".as_bytes(), vec!["error".to_owned()]);
        assert!(first.is_err());
    }
}
