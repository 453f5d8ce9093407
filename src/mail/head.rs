//! The header of a mail or of a part: fields, and the bytes they stand in (RFC 5322, section 2.2).
//!
//! A line that is no field is kept as one without a name: some programs pass over it, and a link in it is looked at.

/// A field as it stands, folded.
pub(super) struct Field<'m> {
    name: &'m [u8],
    value: &'m [u8],
}

/// All lines before the first empty one.
pub(super) struct Head<'m> {
    pub(super) raw: &'m [u8],
    fields: Vec<Field<'m>>,
}

/// Splits a mail or a part into its header and its body.
pub(super) fn split(entity: &[u8]) -> (Head<'_>, &[u8]) {
    let (mut fields, mut at) = (Vec::new(), 0);
    while at < entity.len() {
        let end = line_end(entity, at);
        let line = without_break(&entity[at..end]);
        if line.is_empty() {
            let raw = &entity[..at];
            return (Head { raw, fields }, &entity[end..]);
        }
        let mut next = end;
        while matches!(entity.get(next), Some(b' ' | b'\t')) {
            next = line_end(entity, next);
        }
        fields.push(Field::of(&entity[at..next]));
        at = next;
    }
    let raw = entity;
    (Head { raw, fields }, &[])
}

/// Where the line that begins here ends, its line break included.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length + 1)
}

/// A line without its line break.
pub(super) fn without_break(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

impl<'m> Field<'m> {
    fn of(lines: &'m [u8]) -> Self {
        let colon = memchr::memchr(b':', lines).unwrap_or_default();
        let name = lines[..colon].trim_ascii_end();
        match !name.is_empty() && name.iter().all(u8::is_ascii_graphic) {
            true => Self {
                name,
                value: &lines[colon + 1..],
            },
            false => Self {
                name: b"",
                value: lines,
            },
        }
    }

    /// The value on one line.
    fn unfolded(&self) -> String {
        let lines: Vec<_> = self.value.split(|byte| matches!(byte, b'\r' | b'\n')).collect();
        String::from_utf8_lossy(lines.concat().trim_ascii()).into_owned()
    }
}

impl Head<'_> {
    /// The values of all fields of this name, each on one line.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = String> {
        let is_named = move |field: &&Field<'_>| field.name.eq_ignore_ascii_case(name.as_bytes());
        self.fields.iter().filter(is_named).map(Field::unfolded)
    }
}
