//! The names of what is undone round a pasted token. They stand in a module of their own because they are part of the
//! contract: scripts read the words in JSON's `cleaned`, and people read the sentences.

use std::fmt;

/// One kind of thing that was undone to get a token out of pasted text.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cleaning {
    /// `> `, `>> ` or `| ` at the start of a line.
    ReplyMarks,
    /// Characters that nobody sees: zero width, soft hyphen, BOM, direction marks.
    Invisible,
    /// Full-width letters and digits, as input methods for Chinese and Japanese make them.
    WideLetters,
    /// RFC 2045 quoted-printable: `=` at a line's end, `=3D`.
    QuotedPrintable,
    /// `&amp;`, `&#x2F;` and their like.
    HtmlEntities,
    /// A Safe Links wrapper of Outlook or Teams.
    SafeLinks,
    /// A wrapper of Proofpoint URL Defense, version 1, 2 or 3.
    Proofpoint,
    /// Another wrapper, which has the address in base64: Sophos, Mandrill and others.
    Base64Link,
    /// `%2F`, up to three times over.
    PercentEncoding,
    /// JSON's `\/` and `\u002d`, or JavaScript's `\x2d`.
    JsonEscapes,
    /// A token that was broken over lines.
    LineBreaks,
    /// Spaces or tabs round a token or within it.
    Spaces,
    /// An HTML attribute or element round it, or a `<wbr>` in it.
    Html,
    /// Slack's `<url|text>`.
    Slack,
    /// Markdown's `[text](url)`, back ticks, emphasis or `\_`.
    Markdown,
    /// `<…>`, `(…)`, `[…]` or `{…}`.
    Brackets,
    /// Quotes of any kind, typographic ones too.
    Quotes,
    /// Punctuation that a sentence left at the token.
    Punctuation,
    /// The URL round it.
    Url,
    /// Typographic dashes in the place of hyphens.
    Dashes,
    /// A hyphen that was put where a line was broken.
    Hyphenation,
    /// Hyphens between the groups of a base32 text.
    Groups,
    /// Digits that base32 does not have in the place of the letters they look like.
    LookAlikes,
    /// The source of a mail, which was opened as mail programs do.
    MailSource,
    /// Other text, where nothing else of this list was round the token.
    Text,
}

impl Cleaning {
    /// Every kind there is.
    pub const ALL: [Self; 25] = [
        Self::ReplyMarks,
        Self::Invisible,
        Self::WideLetters,
        Self::QuotedPrintable,
        Self::HtmlEntities,
        Self::SafeLinks,
        Self::Proofpoint,
        Self::Base64Link,
        Self::PercentEncoding,
        Self::JsonEscapes,
        Self::LineBreaks,
        Self::Spaces,
        Self::Html,
        Self::Slack,
        Self::Markdown,
        Self::Brackets,
        Self::Quotes,
        Self::Punctuation,
        Self::Url,
        Self::Dashes,
        Self::Hyphenation,
        Self::Groups,
        Self::LookAlikes,
        Self::MailSource,
        Self::Text,
    ];

    /// The stable word for machines.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReplyMarks => "reply_marks",
            Self::Invisible => "invisible",
            Self::WideLetters => "wide_letters",
            Self::QuotedPrintable => "quoted_printable",
            Self::HtmlEntities => "html_entities",
            Self::SafeLinks => "safe_links",
            Self::Proofpoint => "proofpoint",
            Self::Base64Link => "base64_link",
            Self::PercentEncoding => "percent_encoding",
            Self::JsonEscapes => "json_escapes",
            Self::LineBreaks => "line_breaks",
            Self::Spaces => "spaces",
            Self::Html => "html",
            Self::Slack => "slack",
            Self::Markdown => "markdown",
            Self::Brackets => "brackets",
            Self::Quotes => "quotes",
            Self::Punctuation => "punctuation",
            Self::Url => "url",
            Self::Dashes => "dashes",
            Self::Hyphenation => "hyphenation",
            Self::Groups => "groups",
            Self::LookAlikes => "look_alikes",
            Self::MailSource => "mail_source",
            Self::Text => "text",
        }
    }

    /// What was undone, in words that fit after `undone:` and between commas.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::ReplyMarks => "reply marks",
            Self::Invisible => "invisible characters",
            Self::WideLetters => "full-width letters",
            Self::QuotedPrintable => "quoted-printable",
            Self::HtmlEntities => "HTML entities",
            Self::SafeLinks => "an Outlook Safe Links wrapper",
            Self::Proofpoint => "a Proofpoint wrapper",
            Self::Base64Link => "a wrapper with the address in base64",
            Self::PercentEncoding => "percent-encoding",
            Self::JsonEscapes => "JSON's escapes",
            Self::LineBreaks => "line breaks within it",
            Self::Spaces => "spaces",
            Self::Html => "the HTML round it",
            Self::Slack => "Slack's link marks",
            Self::Markdown => "Markdown",
            Self::Brackets => "brackets",
            Self::Quotes => "quotes",
            Self::Punctuation => "punctuation",
            Self::Url => "the URL round it",
            Self::Dashes => "typographic dashes",
            Self::Hyphenation => "a hyphen at a line's end",
            Self::Groups => "hyphens between groups",
            Self::LookAlikes => "digits in the place of letters",
            Self::MailSource => "the encoding of the mail",
            Self::Text => "the text round it",
        }
    }
}

impl fmt::Display for Cleaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}
