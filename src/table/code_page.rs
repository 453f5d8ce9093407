//! The code pages of DOS, which command lines and old programs of Windows still write: the Encoding Standard leaves them
//! out. Two tables are less than a crate that has all of them.

/// The upper half of a code page; the lower one is ASCII.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CodePage {
    pub(super) name: &'static str,
    labels: &'static [&'static str],
    /// The characters from 0x80 on.
    upper: &'static str,
}

/// All that are known.
static PAGES: [CodePage; 2] = [
    CodePage {
        name: "cp850",
        labels: &["cp850", "ibm850", "850", "dos", "oem"],
        upper: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐\
     └┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u{ad}±‗¾¶§÷¸°¨·¹³²■\u{a0}",
    },
    CodePage {
        name: "cp437",
        labels: &["cp437", "ibm437", "437"],
        upper: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐\
     └┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}",
    },
];

impl CodePage {
    pub(super) fn by_name(name: &str) -> Option<&'static Self> {
        let plain: String = name
            .chars()
            .filter(|letter| !matches!(letter, '-' | '_' | ' '))
            .collect();
        PAGES
            .iter()
            .find(|page| page.labels.iter().any(|label| plain.eq_ignore_ascii_case(label)))
    }

    pub(super) fn decode(&self, bytes: &[u8]) -> String {
        let upper: Vec<char> = self.upper.chars().collect();
        let character = |byte: &u8| match byte.checked_sub(0x80) {
            None => char::from(*byte),
            // each page has 128 characters
            Some(at) => upper
                .get(usize::from(at))
                .copied()
                .unwrap_or(char::REPLACEMENT_CHARACTER),
        };
        bytes.iter().map(character).collect()
    }

    /// The byte of a character, if it has one.
    pub(super) fn byte(&self, character: char) -> Option<u8> {
        if character.is_ascii() {
            return u8::try_from(character).ok();
        }
        let at = self.upper.chars().position(|other| other == character)?;
        u8::try_from(at + 0x80).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_a_character_and_comes_back() {
        for page in &PAGES {
            assert_eq!(page.upper.chars().count(), 128, "{}", page.name);
            for byte in 0..=0xff {
                let text = page.decode(&[byte]);
                assert_eq!(text.chars().next().and_then(|one| page.byte(one)), Some(byte), "{byte}");
            }
        }
        let page = CodePage::by_name("CP-850").expect("a name");
        assert_eq!(page.decode(b"Kr\x81ger, Stra\xe1e"), "Krüger, Straße");
    }
}
