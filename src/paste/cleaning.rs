//! The names of what is undone round a pasted token. They stand in a module of their own because they are part of the
//! contract: scripts read the words in JSON's `cleaned`, and people read the sentences.

use std::fmt;

/// Takes each kind with its stable word for machines, and with what was undone in words for people.
macro_rules! kinds {
    ($($(#[$what:meta])* $kind:ident $word:literal $sentence:literal,)+) => {
        /// One kind of thing that was undone to get a token out of pasted text.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Cleaning {
            $($(#[$what])* $kind,)+
        }

        impl Cleaning {
            /// Every kind there is.
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The stable word for machines.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$kind => $word,)+ }
            }

            /// What was undone, in words that fit after `undone:` and between commas.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$kind => $sentence,)+ }
            }
        }
    };
}

kinds! {
    /// `> `, `>> ` or `| ` at the start of a line.
    ReplyMarks "reply_marks" "reply marks",
    /// Characters that nobody sees: zero width, soft hyphen, BOM, direction marks.
    Invisible "invisible" "invisible characters",
    /// Full-width letters and digits, as input methods for Chinese and Japanese make them.
    WideLetters "wide_letters" "full-width letters",
    /// RFC 2045 quoted-printable: `=` at a line's end, `=3D`.
    QuotedPrintable "quoted_printable" "quoted-printable",
    /// `&amp;`, `&#x2F;` and their like.
    HtmlEntities "html_entities" "HTML entities",
    /// A Safe Links wrapper of Outlook or Teams.
    SafeLinks "safe_links" "an Outlook Safe Links wrapper",
    /// A wrapper of Proofpoint URL Defense, version 1, 2 or 3.
    Proofpoint "proofpoint" "a Proofpoint wrapper",
    /// Another wrapper, which has the address in base64: Sophos, Mandrill and others.
    Base64Link "base64_link" "a wrapper with the address in base64",
    /// `%2F`, up to three times over.
    PercentEncoding "percent_encoding" "percent-encoding",
    /// JSON's `\/` and `\u002d`, or JavaScript's `\x2d`.
    JsonEscapes "json_escapes" "JSON's escapes",
    /// A token that was broken over lines.
    LineBreaks "line_breaks" "line breaks within it",
    /// Spaces or tabs round a token or within it.
    Spaces "spaces" "spaces",
    /// An HTML attribute or element round it, or a `<wbr>` in it.
    Html "html" "the HTML round it",
    /// Slack's `<url|text>`.
    Slack "slack" "Slack's link marks",
    /// Markdown's `[text](url)`, back ticks, emphasis or `\_`.
    Markdown "markdown" "Markdown",
    /// `<…>`, `(…)`, `[…]` or `{…}`.
    Brackets "brackets" "brackets",
    /// Quotes of any kind, typographic ones too.
    Quotes "quotes" "quotes",
    /// Punctuation that a sentence left at the token.
    Punctuation "punctuation" "punctuation",
    /// The URL round it.
    Url "url" "the URL round it",
    /// Typographic dashes in the place of hyphens.
    Dashes "dashes" "typographic dashes",
    /// A hyphen that was put where a line was broken.
    Hyphenation "hyphenation" "a hyphen at a line's end",
    /// Hyphens between the groups of a base32 text.
    Groups "groups" "hyphens between groups",
    /// Digits that base32 does not have in the place of the letters they look like.
    LookAlikes "look_alikes" "digits in the place of letters",
    /// The source of a mail, which was opened as mail programs do.
    MailSource "mail_source" "the encoding of the mail",
    /// Other text, where nothing else of this list was round the token.
    Text "text" "the text round it",
}

impl fmt::Display for Cleaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}
