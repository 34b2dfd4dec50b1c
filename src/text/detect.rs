//! What the first bytes of a file say about its encoding.
//!
//! This and [`transcode`](super::transcode) are all that knows encodings by
//! name. The WebAssembly files that the page and the workers begin with
//! don't call it, so that the tables of encoding_rs and chardetng aren't in
//! them.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding as Known, UTF_8, UTF_16BE, UTF_16LE};

use super::code_page::UPPER;
use super::utf16;
use super::{CodePage, Encoding};
use crate::dialect;
use crate::error::Result;
use crate::options::bad;

/// Finds out how the text of a file is encoded that begins with `head`; `last`
/// says that it ends there. With a `label` that is how, whatever the bytes
/// say, but for the order of bytes in UTF-16.
///
/// What isn't text at all, or is UTF-32, is taken for UTF-8, and refused as
/// what it is by whoever reads it as that.
///
/// # Errors
///
/// [`ErrorKind::BadOption`](crate::ErrorKind::BadOption) if no encoding has
/// that label.
///
/// # Complexity
///
/// Linear in the bytes given.
pub fn detect(
    head: &[u8],
    last: bool,
    label: Option<&str>,
) -> Result<Encoding> {
    let (known, guessed) = match label {
        Some(label) => (labelled(label, head)?, false),
        None => unlabelled(head, last),
    };
    let mark = Known::for_bom(head).map(|(marked, _)| marked);
    Ok(Encoding {
        name: known.name().to_owned(),
        guessed,
        bom: mark == Some(known),
        code_page: known.is_single_byte().then(|| code_page(known)),
        transcoded: known != UTF_8 && !known.is_single_byte(),
    })
}

/// The encoding with this label, in the order of bytes that the file has.
fn labelled(label: &str, head: &[u8]) -> Result<&'static Known> {
    let known = known(label)?;
    let is_utf16 = |known| known == UTF_16LE || known == UTF_16BE;
    Ok(match Known::for_bom(head) {
        Some((marked, _)) if is_utf16(known) && is_utf16(marked) => marked,
        _ => known,
    })
}

/// The encoding with this label.
///
/// # Errors
///
/// [`ErrorKind::BadOption`](crate::ErrorKind::BadOption) if there is none.
pub(super) fn known(label: &str) -> Result<&'static Known> {
    let known = Known::for_label_no_replacement(label.as_bytes());
    known.ok_or_else(|| {
        let wanted = "“auto” or a label such as “utf-8” or “windows-1252”";
        bad("encoding", label.to_owned(), wanted)
    })
}

/// The encoding that the bytes speak for, and whether that is a guess.
fn unlabelled(head: &[u8], last: bool) -> (&'static Known, bool) {
    if dialect::is_signed(head) || utf16::is_utf32(head) {
        return (UTF_8, false);
    }
    if let Some((marked, _)) = Known::for_bom(head) {
        return (marked, false);
    }
    if let Some(order) = utf16::guess(head) {
        let known = match order {
            utf16::Order::Little => UTF_16LE,
            utf16::Order::Big => UTF_16BE,
        };
        return (known, true);
    }
    if dialect::is_binary(head) {
        return (UTF_8, false);
    }
    let found = Sequences::of(head, last);
    if found.bad == 0 {
        return (UTF_8, false);
    }
    match found.good >= MOSTLY * found.bad {
        true => (UTF_8, true),
        false => (guess(head, last), true),
    }
}

/// Text with so many times as many good sequences of UTF-8 as bad ones is
/// UTF-8 with some damage: in no other encoding more than a few look good.
const MOSTLY: usize = 10;

/// Sequences of bytes that aren't ASCII.
#[derive(Default)]
struct Sequences {
    /// Those that are characters in UTF-8.
    good: usize,
    /// Those that aren't.
    bad: usize,
}

impl Sequences {
    /// Counts those in a file that begins with `head`. A character cut off by
    /// its end is none, unless the file ends there.
    fn of(head: &[u8], last: bool) -> Sequences {
        let mut found = Sequences::default();
        let mut chunks = head.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            let characters = chunk.valid().chars();
            found.good += characters.filter(|c| !c.is_ascii()).count();
            let is_cut = chunks.peek().is_none() && !last && {
                let rest = std::str::from_utf8(chunk.invalid());
                rest.is_err_and(|error| error.error_len().is_none())
            };
            let is_bad = !chunk.invalid().is_empty() && !is_cut;
            found.bad += usize::from(is_bad);
        }
        found
    }
}

/// The encoding that is likeliest, going by how often which characters follow
/// one another.
fn guess(head: &[u8], last: bool) -> &'static Known {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, last);
    detector.guess(None, Utf8Detection::Deny)
}

/// What the bytes of a single-byte encoding stand for.
fn code_page(known: &'static Known) -> CodePage {
    let unit = |byte: u8| {
        let bytes = [byte];
        let text =
            known.decode_without_bom_handling_and_without_replacement(&bytes);
        let character = text.and_then(|text| text.chars().next());
        // All of them are in the first 2^16.
        character.map_or(0, |character| u32::from(character) as u16)
    };
    CodePage::new((UPPER as u8..=0xFF).map(unit).collect())
}
