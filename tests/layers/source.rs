//! Rust source as far as the rules need it: without comments, the literals apart, and the paths that it names.

/// The literals, and the code in which they and the comments are blanks; a lifetime is left as it is.
pub(crate) fn literals_and_code(text: &str) -> (Vec<String>, String) {
    let (mut literals, mut out) = (Vec::new(), String::new());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            '"' => string_length(rest),
            'r' if rest.starts_with("r\"") || rest.starts_with("r#\"") => {
                let marks = rest[1..].find('"').unwrap_or(0);
                let end = format!("\"{}", "#".repeat(marks));
                let start = marks + 2;
                rest[start..].find(&end).map_or(rest.len(), |at| start + at + end.len())
            }
            '\'' if rest.starts_with("'\\") => rest[3..].find('\'').map_or(rest.len(), |end| end + 4),
            '\'' if rest[1..].chars().nth(1) == Some('\'') => 2 + rest[1..].chars().next().map_or(0, char::len_utf8),
            _ => {
                out.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        out.push(' ');
        if first != '/' {
            literals.push(rest[..length].to_owned());
        }
        rest = &rest[length..];
    }
    (literals, out)
}

fn string_length(text: &str) -> usize {
    let mut escaped = true;
    for (index, letter) in text.char_indices() {
        match letter {
            '"' if !escaped => return index + 1,
            '\\' => escaped = !escaped && index > 0,
            _ => escaped = false,
        }
        if index == 0 {
            escaped = false;
        }
    }
    text.len()
}

/// All paths of two words or more, and those of `use` of any length; the branches of a `use` tree one by one.
pub(crate) fn paths(text: &str) -> Vec<Vec<String>> {
    let words = words(text);
    let mut found = Vec::new();
    let mut place = 0;
    while place < words.len() {
        let is_use = words[place] == "use";
        place += usize::from(is_use);
        let before = found.len();
        if place < words.len() && is_word(&words[place]) {
            place = path(&words, place, &[], &mut found);
        } else {
            place += 1;
        }
        if !is_use {
            let long = found.split_off(before);
            found.extend(long.into_iter().filter(|path| path.len() > 1));
        }
    }
    found
}

/// Reads the path that begins at `place`, with its branches, and returns where it ends.
fn path(words: &[String], mut place: usize, front: &[String], found: &mut Vec<Vec<String>>) -> usize {
    let mut own = front.to_vec();
    while let Some(word) = words.get(place).filter(|word| is_word(word)) {
        own.push(word.clone());
        place += 1;
        if words.get(place).map(String::as_str) != Some("::") {
            break;
        }
        place += 1;
        if words.get(place).map(String::as_str) == Some("{") {
            place += 1;
            while words.get(place).is_some_and(|word| word != "}") {
                place = match is_word(&words[place]) {
                    true => path(words, place, &own, found),
                    false => place + 1,
                };
            }
            return place + 1;
        }
    }
    found.push(own);
    place
}

pub(crate) fn is_word(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_alphanumeric() || letter == '_')
}

pub(crate) fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let in_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        let length = match first {
            first if in_word(first) => rest.find(|letter| !in_word(letter)).unwrap_or(rest.len()),
            ':' if rest.starts_with("::") => 2,
            first => first.len_utf8(),
        };
        words.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    words
}
