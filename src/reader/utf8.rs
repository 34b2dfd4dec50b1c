//! Whether what was scanned is UTF-8.

use std::ops::Range;

use crate::text;

/// What is known of some text.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
pub enum TextKind {
    /// All of it is ASCII.
    #[default]
    Ascii,
    /// All of it is UTF-8.
    Utf8,
    /// Some of it may be no UTF-8.
    Other,
}

/// Checks a window piece by piece. Most pieces are ASCII, which the scan finds
/// out by the way, and cost nothing here.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Checker {
    kind: TextKind,
    /// Up to where it is known; a character begins there.
    known: usize,
}

impl Checker {
    /// What is known of the text so far, an unfinished character at its end
    /// aside.
    #[inline]
    pub fn kind(&self) -> TextKind {
        self.kind
    }

    /// Checks the bytes that were `scanned` now. `is_ascii` says that they are
    /// ASCII; those before `start` don't matter any more.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes scanned, unless they are ASCII.
    #[inline]
    pub fn check(
        &mut self,
        bytes: &[u8],
        start: usize,
        scanned: Range<usize>,
        is_ascii: bool,
    ) {
        self.known = self.known.max(start);
        if is_ascii && self.known == scanned.start {
            self.known = scanned.end;
        } else if self.kind < TextKind::Other {
            self.validate(&bytes[self.known..scanned.end]);
        }
    }

    /// Checks bytes that aren't ASCII.
    #[inline(never)]
    fn validate(&mut self, bytes: &[u8]) {
        let whole = bytes.len() - unfinished(bytes);
        self.known += whole;
        self.kind = match text::is_utf8(&bytes[..whole]) {
            true => TextKind::Utf8,
            false => TextKind::Other,
        };
    }
}

/// How many of the last bytes may begin a character that isn't whole.
fn unfinished(bytes: &[u8]) -> usize {
    for (count, &byte) in (1..).zip(bytes.iter().rev().take(3)) {
        let len = match byte {
            ..0x80 => return 0,
            0x80..0xC0 => continue,
            0xC0..0xE0 => 2,
            0xE0..0xF0 => 3,
            0xF0.. => 4,
        };
        return if count < len { count } else { 0 };
    }
    0
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Checks what is known of bytes that were scanned in pieces of this size.
    fn check(bytes: &[u8], size: usize) -> TextKind {
        let mut checker = Checker::default();
        for at in (0..bytes.len()).step_by(size) {
            let scanned = at..bytes.len().min(at + size);
            let is_ascii = bytes[scanned.clone()].is_ascii();
            checker.check(bytes, 0, scanned, is_ascii);
        }
        checker.kind()
    }

    proptest! {
        /// Behind a line break nothing is left unfinished.
        #[test]
        fn agrees_with_the_standard_library(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    &b"a"[..], b"\n", b"\xC3", b"\xA9", "é".as_bytes(),
                    "€".as_bytes(), "𝄞".as_bytes(), b"\xF0\x9D", b"\xFF",
                ]),
                0..12,
            ),
            size in 1..8_usize,
        ) {
            let bytes = [&pieces.concat()[..], b"\n"].concat();
            let kind = match std::str::from_utf8(&bytes) {
                Ok(text) if text.is_ascii() => TextKind::Ascii,
                Ok(_) => TextKind::Utf8,
                Err(_) => TextKind::Other,
            };
            prop_assert_eq!(check(&bytes, size), kind);
        }
    }

    #[test]
    fn what_was_passed_does_not_matter() {
        let mut checker = Checker::default();
        checker.check(b"\xC3\nab", 0, 0..1, false);
        assert_eq!(checker.kind(), TextKind::Utf8, "it isn't whole yet");
        checker.check(b"\xC3\nab", 2, 2..4, true);
        assert_eq!(checker.kind(), TextKind::Utf8);
        checker.check(b"\xC3\nab\xFF\n", 2, 4..6, false);
        assert_eq!(checker.kind(), TextKind::Other);
    }
}
