//! Encodings of one byte for each character.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// The characters above ASCII.
pub const UPPER: usize = 128;

/// A single-byte encoding that has ASCII below 0x80, as all of the [Encoding
/// Standard] do: the characters that its other bytes stand for, and 0 for one
/// that stands for none.
///
/// [Encoding Standard]: https://encoding.spec.whatwg.org/#legacy-single-byte-encodings
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct CodePage(Vec<u16>);

impl CodePage {
    /// The encoding with these characters for the bytes from 0x80 on. Bytes
    /// for which there is none stand for nothing.
    pub fn new(characters: Vec<u16>) -> CodePage {
        CodePage(characters)
    }

    /// The character that a byte stands for, if there is one.
    pub fn character(&self, byte: u8) -> Option<char> {
        let Some(index) = usize::from(byte).checked_sub(UPPER) else {
            return Some(byte.into());
        };
        let unit = self.0.get(index).filter(|&&unit| unit != 0)?;
        char::from_u32(u32::from(*unit))
    }

    /// The text that bytes stand for, or `None` if one of them stands for
    /// none.
    ///
    /// # Complexity
    ///
    /// Linear; it allocates if a byte isn't ASCII.
    pub fn decode<'b>(&self, bytes: &'b [u8]) -> Option<Cow<'b, [u8]>> {
        if bytes.is_ascii() {
            return Some(Cow::Borrowed(bytes));
        }
        let text: Option<String> =
            bytes.iter().map(|&byte| self.character(byte)).collect();
        text.map(|text| Cow::Owned(text.into_bytes()))
    }
}

/// The UTF-8 text that bytes stand for in a code page, or in UTF-8 if there is
/// none; `None` if they don't stand for text.
pub fn decode<'b>(
    page: Option<&CodePage>,
    bytes: &'b [u8],
) -> Option<Cow<'b, [u8]>> {
    match page {
        Some(page) => page.decode(bytes),
        None => is_utf8(bytes).then_some(Cow::Borrowed(bytes)),
    }
}

/// The same for showing, with U+FFFD for what stands for no character.
pub fn decode_lossy<'b>(
    page: Option<&CodePage>,
    bytes: &'b [u8],
) -> Cow<'b, str> {
    let Some(page) = page else { return String::from_utf8_lossy(bytes) };
    let character = |&byte: &u8| {
        page.character(byte).unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    Cow::Owned(bytes.iter().map(character).collect())
}

/// Whether bytes are UTF-8.
#[inline]
pub fn is_utf8(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An encoding in which 0x80 is the euro sign and 0x82 is the last
    /// character of two bytes.
    fn page() -> CodePage {
        CodePage::new(vec![0x20AC, 0, 0x7FF])
    }

    /// Checks what bytes stand for, and what is shown of them.
    fn check(bytes: &[u8], text: Option<&str>, shown: &str) {
        let page = page();
        let decoded = decode(Some(&page), bytes);
        assert_eq!(decoded.as_deref(), text.map(str::as_bytes));
        assert_eq!(decode_lossy(Some(&page), bytes), shown);
    }

    #[test]
    fn bytes_stand_for_characters() {
        check(b"", Some(""), "");
        check(b"plain\x00\x7F", Some("plain\0\u{7F}"), "plain\0\u{7F}");
        check(b"5 \x80", Some("5 €"), "5 €");
        check(b"\x82\x82", Some("\u{7FF}\u{7FF}"), "\u{7FF}\u{7FF}");
        check(b"a\x81b", None, "a\u{FFFD}b");
        check(b"a\xFFb", None, "a\u{FFFD}b");
    }

    #[test]
    fn utf8_without_a_code_page() {
        let text = "Déjà".as_bytes();
        assert_eq!(decode(None, text).as_deref(), Some(text));
        assert_eq!(decode(None, &text[..2]), None);
        assert_eq!(decode_lossy(None, &text[..2]), "D\u{FFFD}");
    }
}
