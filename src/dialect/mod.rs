//! What the first bytes of a file say about how to read it.

mod delimiter;

pub use delimiter::DELIMITERS;

use crate::error::{Error, ErrorKind, Result};
use crate::line;
use crate::options::{FileOptions, RECORD_LIMIT};
use crate::reader::{Format, State, step};
use crate::text::utf16;

/// How a file is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Dialect {
    /// The bytes of the byte order mark, if there is one.
    pub bom: usize,
    /// Where the first unit starts: behind the mark, and behind a line that
    /// names the delimiter.
    pub start: usize,
    /// The byte between two fields.
    pub delimiter: u8,
    /// The byte around a quoted field.
    pub quote: u8,
    /// What ends the first record: `\n`, `\r\n`, `\r` or nothing.
    pub terminator: &'static str,
}

const UTF8_BOM: &[u8] = b"\xEF\xBB\xBF";

/// Finds out how a file that begins with `head` is written; `last` says that
/// the file ends there.
///
/// # Errors
///
/// [`ErrorKind::NotText`] and [`ErrorKind::UnsupportedEncoding`].
///
/// # Complexity
///
/// Linear in the bytes given.
pub fn detect(
    head: &[u8],
    last: bool,
    options: &FileOptions,
) -> Result<Dialect> {
    check_signs(head)?;
    if options.encoding.is_none() {
        check_looks(head)?;
    }
    let bom = if head.starts_with(UTF8_BOM) { UTF8_BOM.len() } else { 0 };
    let named = named(&head[bom..], last, options.quote);
    let start = bom + named.map_or(0, |(_, len)| len);
    let text = &head[start..];
    let delimiter = options
        .delimiter
        .or(named.map(|(delimiter, _)| delimiter))
        .unwrap_or_else(|| delimiter::likeliest(text, last, options.quote));
    let quote = options.quote;
    let terminator = terminator(text, delimiter, quote);
    Ok(Dialect { bom, start, delimiter, quote, terminator })
}

/// The first bytes of files that people take for CSV files.
const SIGNATURES: [(&[u8], &str); 13] = [
    (b"PK\x03\x04", "an Excel workbook or a ZIP archive"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\xD0\xCF\x11\xE0", "an old Excel workbook"),
    (b"\x1F\x8B", "a gzip archive"),
    (b"\x28\xB5\x2F\xFD", "a Zstandard archive"),
    (b"BZh", "a bzip2 archive"),
    (b"7z\xBC\xAF", "a 7-Zip archive"),
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xFF\xD8\xFF", "a picture"),
    (b"GIF8", "a picture"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\0", "a database"),
];

/// Whether a file that begins with these bytes is known to be something else.
pub fn is_signed(head: &[u8]) -> bool {
    SIGNATURES.iter().any(|(signature, _)| head.starts_with(signature))
}

/// Whether a file that begins with `head` is taken for text, even if it may
/// be text that can't be read.
pub fn is_text(head: &[u8]) -> bool {
    match check_signs(head).and_then(|()| check_looks(head)) {
        Ok(()) => true,
        Err(error) => !matches!(error.kind(), ErrorKind::NotText { .. }),
    }
}

/// Refuses what is surely not text, or text that surely can't be read.
fn check_signs(head: &[u8]) -> Result<()> {
    for (signature, what) in SIGNATURES {
        if head.starts_with(signature) {
            return Err(Error::new(ErrorKind::NotText { what }));
        }
    }
    match head {
        _ if utf16::is_utf32(head) => Err(unsupported("UTF-32")),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => Err(unsupported("UTF-16")),
        _ => Ok(()),
    }
}

/// Refuses what looks like that. Whoever says the encoding knows better.
fn check_looks(head: &[u8]) -> Result<()> {
    if utf16::guess(head).is_some() {
        return Err(unsupported("UTF-16"));
    }
    if is_binary(head) {
        let what = "a binary file";
        return Err(Error::new(ErrorKind::NotText { what }));
    }
    Ok(())
}

/// The error of text whose characters have two or four bytes each.
fn unsupported(encoding: &'static str) -> Error {
    Error::new(ErrorKind::UnsupportedEncoding { encoding })
}

/// Of how many bytes of text that isn't UTF-8 and has zeros one may be a
/// control character: of random bytes a ninth are.
const CONTROLS: usize = 64;

/// Whether bytes with zeros among them are neither UTF-8 nor text in another
/// encoding with some damage.
pub fn is_binary(head: &[u8]) -> bool {
    if !head.contains(&0) || is_utf8(head) {
        return false;
    }
    let controls = head.iter().filter(|byte| is_control(**byte)).count();
    controls * CONTROLS > head.len()
}

/// Whether a byte stands for nothing that is written, in any encoding.
fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r')
}

/// Whether the bytes are UTF-8, but for a character cut off at their end.
fn is_utf8(head: &[u8]) -> bool {
    match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// The delimiter that a first line `sep=;` names, as spreadsheets write and
/// read it, and the length of that line.
fn named(text: &[u8], last: bool, quote: u8) -> Option<(u8, usize)> {
    let (key, rest) = text.split_at_checked(4)?;
    let (&delimiter, _) = rest.split_first()?;
    let end = line::end(text, last)?;
    let is_named = key.eq_ignore_ascii_case(b"sep=")
        && delimiter.is_ascii()
        && delimiter != quote
        && line::trim(&text[..end]).len() == 5;
    is_named.then_some((delimiter, end))
}

/// The terminator of the first record, or of the first line if no record ends
/// in the text.
fn terminator(text: &[u8], delimiter: u8, quote: u8) -> &'static str {
    let format = Format { delimiter, quote, fields: 0, limit: RECORD_LIMIT };
    let mut state = State::Start;
    let outside = |byte: &u8| match step(&format, state, *byte) {
        Some(next) => {
            state = next;
            false
        }
        None => true,
    };
    let end = text.iter().position(outside);
    let breaks = |byte: &u8| line::is_break(*byte);
    let end = end.or_else(|| text.iter().position(breaks));
    match end.map(|at| &text[at..]) {
        None => "",
        Some([b'\r', b'\n', ..]) => "\r\n",
        Some([b'\r', ..]) => "\r",
        Some(_) => "\n",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks the dialect found, written as delimiter and terminator.
    fn check(head: &[u8], want: &str) {
        let found = detect(head, true, &FileOptions::default());
        let found = match found {
            Ok(found) => {
                let delimiter = char::from(found.delimiter);
                format!("{delimiter}{}", found.terminator)
            }
            Err(error) => error.code().to_owned(),
        };
        assert_eq!(found, want, "{}", head.escape_ascii());
    }

    macro_rules! rows {
        ($($name:ident: $head:expr => $want:expr,)*) => {
            $(#[test] fn $name() { check($head, $want) })*
        };
    }

    rows! {
        comma: b"a,b\n1,2\n" => ",\n",
        semicolon_with_commas: b"a;b\n1,5;2,5\n1,5;2\n" => ";\n",
        tab_and_crlf: b"a\tb\r\n1\t2\r\n" => "\t\r\n",
        pipe_and_cr: b"a|b\r1|2\r" => "|\r",
        line_break_in_the_first_field: b"\"a\nb\",c\r\n1,2\r\n" => ",\r\n",
        first_quote_never_closed: b"\"a,b\r1,2\r" => ",\r",
        one_column: b"a\n1\n" => ",\n",
        one_line: b"a,b" => ",",
        nothing: b"" => ",",
        delimiters_in_quotes: b"\"a;b;c\",d\n\"e;f;g\",h\n" => ",\n",
        titles_with_commas_in_a_tab_file:
            b"Song\tPlays\nA, B\t1\nC\t2\nD, E, F\t3\n" => "\t\n",
        utf8_bom: b"\xEF\xBB\xBFa;b\n1;2\n" => ";\n",
        workbook: b"PK\x03\x04\x14\x00" => "not_text",
        gzip: b"\x1F\x8B\x08" => "not_text",
        picture: b"\x89PNG\r\n\x1A\n" => "not_text",
        zero_bytes_in_text: b"a,b\n1,\x00\x00\x002\n" => ",\n",
        zero_bytes_and_others: b"a,b\n\xFE\x80\x00\x002\n" => "not_text",
        a_zero_in_text_of_another_encoding:
            b"Song;Plays\nCaf\xE9 del Mar;1\nNi\xF1o;2\nLa ni\xF1a\0;3\n\
              Coraz\xF3n part\xEDo;2020;3\n" => ";\n",
        more_fields_win: b"Song|Date, Time|Plays\na|d, e|1\n" => "|\n",
        utf16_with_mark: b"\xFF\xFEa\x00" => "unsupported_encoding",
        utf16_without_mark: b"a\x00,\x00b\x00\n\x00"
            => "unsupported_encoding",
        utf16_big_endian: b"\x00a\x00,\x00b\x00\n"
            => "unsupported_encoding",
    }

    #[test]
    fn line_that_names_the_delimiter() {
        let check = |head: &[u8], want| {
            let found = detect(head, true, &FileOptions::default()).unwrap();
            let found = (char::from(found.delimiter), found.start);
            assert_eq!(found, want, "{}", head.escape_ascii());
        };
        check(b"sep=;\nSong,x\n", (';', 6));
        check(b"\xEF\xBB\xBFSEP=|\r\na,b\r\n", ('|', 10));
        check(b"sep=,,\na,b\n", (',', 0));
        check(b"sep=\na,b\n", (',', 0));
        check(b"sep=;", (';', 0));
        check(b"sep=\"\na,b\n", (',', 0));
    }

    #[test]
    fn an_encoding_that_was_said_is_believed() {
        let encoding = Some("windows-1252".to_owned());
        let options = FileOptions { encoding, ..Default::default() };
        let code = |head: &[u8]| {
            let found = detect(head, true, &options);
            found.map_or_else(|error| error.code().to_owned(), |_| "".into())
        };
        assert_eq!(code(b"K,T\ncaf\xE9,1\na\0b,2\n"), "");
        assert_eq!(code(b"\0\x01\x02\xFF\xFE\x80"), "");
        assert_eq!(code(b"\xFF\xFEa\0"), "unsupported_encoding");
        assert_eq!(code(b"a\0\0\0,\0\0\0"), "unsupported_encoding");
        assert_eq!(code(b"PK\x03\x04"), "not_text");
    }

    #[test]
    fn given_delimiter_is_kept() {
        let options =
            FileOptions { delimiter: Some(b'|'), ..Default::default() };
        let found = detect(b"a,b\n1,2\n", true, &options).unwrap();
        assert_eq!(found.delimiter, b'|');
    }
}
