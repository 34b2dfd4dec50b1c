//! Lines: CRLF, LF and a lone CR each end one.

use std::ops::Range;

/// Whether a byte is one of those that end a line.
#[inline]
pub fn is_break(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

/// Returns the length of the terminator that the bytes begin with.
#[inline]
pub fn terminator(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

/// Whether a line that is the beginning of `known` may have a longer
/// terminator: it ends with a CR that is the last byte known.
#[inline]
pub fn is_cut_off(line: &[u8], known: &[u8], last: bool) -> bool {
    !last && line.len() == known.len() && line.last() == Some(&b'\r')
}

/// Returns the offset behind the first line's terminator, if the bytes hold
/// one and it is certain where it ends; `last` says that no more follow.
pub fn end(bytes: &[u8], last: bool) -> Option<usize> {
    let at = bytes.iter().position(|byte| is_break(*byte))?;
    let end = at + terminator(&bytes[at..])?;
    (!is_cut_off(&bytes[..end], bytes, last)).then_some(end)
}

/// Returns a line without its terminator.
pub fn trim(line: &[u8]) -> &[u8] {
    match line {
        [content @ .., b'\r', b'\n'] => content,
        [content @ .., b'\r' | b'\n'] => content,
        _ => line,
    }
}

/// The line that a part of it lies in, without its terminator.
pub fn around(bytes: &[u8], part: Range<usize>) -> Range<usize> {
    let breaks = |byte: &u8| is_break(*byte);
    let before = bytes[..part.start].iter().rposition(breaks);
    let behind = bytes[part.end..].iter().position(breaks);
    let start = before.map_or(0, |at| at + 1);
    let end = behind.map_or(bytes.len(), |len| part.end + len);
    start..end
}

/// Counts line breaks.
///
/// # Complexity
///
/// Linear.
pub fn count_breaks(bytes: &[u8]) -> u64 {
    let mut after_cr = false;
    let mut breaks = 0;
    for &byte in bytes {
        breaks += u64::from(byte == b'\r' || (byte == b'\n' && !after_cr));
        after_cr = byte == b'\r';
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_lines() {
        let check = |bytes: &[u8], last, want| {
            assert_eq!(end(bytes, last), want, "{}", bytes.escape_ascii());
        };
        check(b"a\nb", false, Some(2));
        check(b"a\r\nb", false, Some(3));
        check(b"a\rb", false, Some(2));
        check(b"a\r", false, None);
        check(b"a\r", true, Some(2));
        check(b"a", true, None);
    }

    #[test]
    fn breaks_are_counted_once() {
        assert_eq!(count_breaks(b"a\r\nb\n\nc\r\rd\n\r"), 7);
    }
}
