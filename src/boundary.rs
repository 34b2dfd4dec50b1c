//! Where the first unit of a split starts: a guess, to be proved.
//!
//! Whether a byte in the middle of a file lies inside quotes can only be
//! known from the file's start. So both is tried: the first unit is looked
//! for as if the split began outside quotes and as if it began inside. The
//! first quote after it often tells which is right, since quotes open after
//! a delimiter and close before one; if not, the place is taken after which
//! fewer records have the wrong number of fields. The job proves every guess
//! against the end of the split before; here only speed is at stake.

use crate::line;
use crate::reader::{Format, Next, RecordReader, State, UnitKind, step};

/// The bytes that a guess is made from, if the split has as many: enough
/// for hundreds of records, read in about a millisecond.
pub const SAMPLE: usize = 128 << 10;

/// A guess at where the first unit of a split starts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Guess {
    /// At this offset from the split's start.
    At(usize),
    /// Not in the bytes given; there may be one in more.
    More,
}

/// Guesses where the first unit starts in `bytes`, the bytes of a split with
/// the one `before`; `last` says that they reach to the end of the file, in
/// which case the guess may be the file's end.
///
/// # Complexity
///
/// Linear in the bytes given.
pub fn guess(format: &Format, before: u8, bytes: &[u8], last: bool) -> Guess {
    let outside = first_outside(before, bytes, last);
    let inside = first_inside(format, bytes, last);
    let found = match (outside, inside) {
        (Some(outside), Some(inside)) if outside != inside => {
            match begins_inside(format, before, bytes) {
                Some(true) => inside,
                Some(false) => outside,
                None => {
                    let inner = misfits(format, &bytes[inside..]);
                    let outer = misfits(format, &bytes[outside..]);
                    // Shares, compared without dividing.
                    let fewer = inner.0 * outer.1 < outer.0 * inner.1;
                    if fewer { inside } else { outside }
                }
            }
        }
        (outside, inside) => match outside.or(inside) {
            Some(found) => found,
            None if last => bytes.len(),
            None => return Guess::More,
        },
    };
    Guess::At(found)
}

/// The first line start at or after the split's start.
fn first_outside(before: u8, bytes: &[u8], last: bool) -> Option<usize> {
    match (before, bytes.first()) {
        // The line feed belongs to the line that the CR ends.
        (b'\r', Some(b'\n')) => Some(1),
        (b'\r', None) if !last => None,
        (b'\r' | b'\n', _) => Some(0),
        _ => line::end(bytes, last),
    }
}

/// The first record's start, if the split starts inside quotes.
fn first_inside(format: &Format, bytes: &[u8], last: bool) -> Option<usize> {
    let mut state = State::Quoted;
    for (at, &byte) in bytes.iter().enumerate() {
        match step(format, state, byte) {
            Some(next) => state = next,
            None => return line::end(&bytes[at..], last).map(|end| at + end),
        }
    }
    None
}

/// Whether the first quote closes a field that began before the bytes, going
/// by what stands on its two sides, pairs of quotes passed over; `None` if
/// that doesn't tell.
fn begins_inside(format: &Format, before: u8, bytes: &[u8]) -> Option<bool> {
    let quote = |&byte: &u8| byte == format.quote;
    let mut at = bytes.iter().position(quote)?;
    while bytes.get(at + 1).is_some_and(quote) {
        at += 2 + bytes[at + 2..].iter().position(quote)?;
    }
    let ahead = if at == 0 { before } else { bytes[at - 1] };
    let behind = *bytes.get(at + 1)?;
    let edge = |byte| byte == format.delimiter || line::is_break(byte);
    match (edge(ahead), edge(behind)) {
        (opens, closes) if opens != closes => Some(closes),
        _ => None,
    }
}

/// How many records have the wrong number of fields, can't be read or don't
/// end, and how many there are.
fn misfits(format: &Format, bytes: &[u8]) -> (usize, usize) {
    let mut reader = RecordReader::new(*format, 0);
    reader.push(bytes);
    // The last one doesn't end.
    let (mut misfits, mut records) = (1, 1);
    while let Next::Unit(unit) = reader.next() {
        let fits = match unit.kind {
            UnitKind::Blank => continue,
            UnitKind::Record(record) => format.fits(record),
            UnitKind::Refused(_) => false,
        };
        misfits += usize::from(!fits);
        records += 1;
    }
    (misfits, records)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cuts `text` at `|` and checks the guess for the part behind it, which
    /// `^` marks.
    fn check(text: &str) {
        let cut = text.find('|').expect("a cut");
        let text = text.replacen('|', "", 1);
        let want = text.find('^').map(|at| at - cut);
        let text = text.replacen('^', "", 1);
        let (head, tail) = text.as_bytes().split_at(cut);
        let format =
            Format { delimiter: b',', quote: b'"', fields: 2, limit: 100 };
        let guess = guess(&format, head[cut - 1], tail, true);
        assert_eq!(guess, Guess::At(want.unwrap_or(tail.len())), "{text}");
    }

    macro_rules! rows {
        ($($name:ident: $text:expr,)*) => {
            $(#[test] fn $name() { check($text) })*
        };
    }

    rows! {
        in_a_record: "a,1\nb|,2\n^c,3\n",
        at_a_record: "a,1\n|^b,2\nc,3\n",
        at_a_record_after_cr: "a,1\r|^b,2\rc,3\r",
        between_cr_and_lf: "a,1\r|\n^b,2\r\nc,3\r\n",
        before_crlf: "a,1|\r\n^b,2\r\nc,3\r\n",
        at_a_blank_line: "a,1\n|^\nb,2\n",
        in_the_last_record: "a,1\nb|,2\n",
        no_terminator_at_the_end: "a,1\nb|,2",
        inside_quotes: "\"a|b\nc\",1\n^d,2\ne,3\n",
        inside_quotes_full_of_lines:
            "\"a|\nb\nc\nd\",1\n^\"e\nf\",2\n\"g\nh\",2\n",
        after_a_quote_that_opens: "a,1\n\"|b\nc\",1\n^d,2\ne,3\nf,4\n",
        before_an_inch_mark: "a|b,1\n^12\" c,2\nd,3\n",
        inside_quotes_with_a_pair: "\"a|b \"\"c\"\"\nd\",1\n^e,2\n",
        before_a_quoted_field: "a,1\nb|,1\n^\"c\nd\",2\n\"e\nf\",2\n",
    }

    #[test]
    fn asks_for_more() {
        let format =
            Format { delimiter: b',', quote: b'"', fields: 2, limit: 100 };
        assert_eq!(guess(&format, b'a', b"bcd", false), Guess::More);
        assert_eq!(guess(&format, b'a', b"bcd\r", false), Guess::More);
        assert_eq!(guess(&format, b'\r', b"", false), Guess::More);
    }
}
