//! Chunks in, units out.
//!
//! A [`RecordReader`] is given the bytes of a file from some boundary on, in
//! chunks of any size, and hands out *units*: records, blank lines, and lines
//! that were refused. Where a unit that starts at `r` ends depends only on
//! the [`Format`] and the bytes from `r` on, never on how they were cut.
//!
//! What to know before changing it:
//!
//! - The window starts at the next unit and only whole units leave it, so a
//!   record is always in one piece and the bytes to go back to when a quote
//!   never closes are still there. It is bounded by the record limit plus a
//!   chunk.
//! - A unit that doesn't end in the window is scanned again from its start
//!   when the next chunk is there: at most a record limit's bytes a chunk.
//! - There are two ways to cut a record. One without a quote ends at the first
//!   line break and is handed out as it lies in the window: the scan has
//!   *marked* its delimiters and its end. Every other one, and whatever is
//!   too long or not whole, goes through csv-core in [`unit`]. The tests hold
//!   the two against each other.

mod quotes;
mod scan;
mod unit;

pub use quotes::{State, step};
pub use unit::Format;

use std::ops::Range;

use crate::record::Record;
use crate::reject::Reason;
use unit::{Cut, Cutter};

/// What [`RecordReader::next`] tells its caller.
#[derive(Debug)]
pub enum Next<'r> {
    /// Here is a unit; call again.
    Unit(Unit<'r>),
    /// The next unit doesn't end in the bytes pushed so far: push the next
    /// chunk or call [`RecordReader::finish`].
    More,
    /// There was no more input and every unit was handed out.
    End,
}

/// A record, a blank line or a refused line.
#[derive(Debug)]
pub struct Unit<'r> {
    /// Offset in the file of its first byte.
    pub start: u64,
    /// Its bytes as they stand in the file, with the terminator. An
    /// over-long line is cut at the record limit; see `cut`.
    pub raw: &'r [u8],
    /// Whether `raw` lacks the unit's end.
    pub cut: bool,
    /// Line breaks in it, its terminator's included; CRLF is one.
    pub breaks: u64,
    /// What it is.
    pub kind: UnitKind<'r>,
}

/// What a unit is.
#[derive(Debug)]
pub enum UnitKind<'r> {
    /// A line without a byte. It is not a record.
    Blank,
    /// A record, of any number of fields.
    Record(Record<'r>),
    /// Bytes that can't be read as a record: one rejected record.
    Refused(Reason),
}

/// An incremental reader of units. It can't fail.
#[derive(Debug)]
pub struct RecordReader {
    cutter: Cutter,
    /// The window: input not yet handed out, from `start` on.
    window: Vec<u8>,
    start: usize,
    /// Offset in the file of `window[start]`.
    position: u64,
    /// Whether no more input comes.
    last: bool,
    /// The refused unit whose line end is still to come.
    skip: Option<Skip>,
    /// Offsets in the window of the bytes that matter, found up to `scanned`.
    marks: Vec<usize>,
    /// The first of them that is not before `start`.
    mark: usize,
    scanned: usize,
}

/// Bytes that are scanned at once: few enough that they and their marks are
/// still in the cache when they are looked at again.
const SCAN: usize = 8 << 10;

/// A unit without a quote, in the window.
struct Plain {
    /// Marks of the ends of its fields.
    ends: Range<usize>,
    /// Its bytes, with the terminator.
    len: usize,
    is_blank: bool,
}

/// A refused unit whose end is not known yet.
#[derive(Debug)]
struct Skip {
    reason: Reason,
    start: u64,
    raw: Vec<u8>,
    breaks: u64,
    cut: bool,
}

impl RecordReader {
    /// Creates a reader of input that starts at this offset of a file, which
    /// must be a boundary.
    pub fn new(format: Format, position: u64) -> RecordReader {
        RecordReader {
            cutter: Cutter::new(format),
            window: Vec::new(),
            start: 0,
            position,
            last: false,
            skip: None,
            marks: Vec::new(),
            mark: 0,
            scanned: 0,
        }
    }

    /// The offset at which the next unit starts.
    pub fn position(&self) -> u64 {
        match &self.skip {
            Some(skip) => skip.start,
            None => self.position,
        }
    }

    /// Appends a chunk of input.
    pub fn push(&mut self, chunk: &[u8]) {
        self.spare(chunk.len()).copy_from_slice(chunk);
    }

    /// Appends `len` bytes of input for the caller to fill before the next
    /// call, so that a chunk needs no buffer of its own.
    pub fn spare(&mut self, len: usize) -> &mut [u8] {
        self.window.drain(..self.start);
        self.start = 0;
        self.marks.clear();
        self.mark = 0;
        self.scanned = 0;
        let filled = self.window.len();
        self.window.resize(filled + len, 0);
        &mut self.window[filled..]
    }

    /// The bytes that records lie in which are in place. They stay where they
    /// are until more input is pushed.
    #[inline]
    pub fn window(&self) -> &[u8] {
        &self.window
    }

    /// Says that no more input comes.
    pub fn finish(&mut self) {
        self.last = true;
    }

    /// Hands out the next unit.
    ///
    /// # Complexity
    ///
    /// Linear in the unit's bytes; it allocates only when a record is longer
    /// than every one before it.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Next<'_> {
        if self.skip.is_some() {
            return self.skip_on();
        }
        match self.cut_plain() {
            Some(plain) => self.plain(plain),
            None => self.next_by_csv_core(),
        }
    }

    /// Cuts a unit by its marks, if it is whole, without a quote and not too
    /// long.
    #[inline]
    fn cut_plain(&mut self) -> Option<Plain> {
        let Format { delimiter, quote, limit, .. } = *self.cutter.format();
        let mut at = self.mark;
        loop {
            if at == self.marks.len() {
                at -= self.mark;
                self.scan_on()?;
                continue;
            }
            let end = self.marks[at];
            at += 1;
            let byte = self.window[end];
            if byte == delimiter {
                continue;
            }
            if byte == quote || end - self.start > limit {
                return None;
            }
            let len = self.terminator_at(end)?;
            let ends = self.mark..at;
            let is_second = |&mark: &usize| mark == end + 1 && len == 2;
            self.mark =
                at + usize::from(self.marks.get(at).is_some_and(is_second));
            let is_blank = end == self.start;
            return Some(Plain {
                ends,
                len: end + len - self.start,
                is_blank,
            });
        }
    }

    /// The length of the terminator at `end` in the window, if it is certain.
    #[inline]
    fn terminator_at(&self, end: usize) -> Option<usize> {
        match (self.window[end], self.window.get(end + 1)) {
            (b'\r', Some(b'\n')) => Some(2),
            (b'\r', None) if !self.last => None,
            _ => Some(1),
        }
    }

    /// Drops the marks before the next unit and finds more, or says `None` if
    /// the window has been scanned to its end.
    fn scan_on(&mut self) -> Option<()> {
        self.marks.drain(..self.mark);
        self.mark = 0;
        let from = self.scanned.max(self.start);
        let to = (from + SCAN).min(self.window.len());
        if from == to {
            return None;
        }
        let bytes = &self.window[from..to];
        scan::scan(self.cutter.format(), bytes, from, &mut self.marks);
        self.scanned = to;
        Some(())
    }

    /// Hands out a unit that was cut by its marks.
    #[inline]
    fn plain(&mut self, plain: Plain) -> Next<'_> {
        let (start, from) = (self.position, self.start);
        self.position += plain.len as u64;
        self.start += plain.len;
        let kind = match plain.is_blank {
            true => UnitKind::Blank,
            false => UnitKind::Record(Record::in_place(
                &self.window,
                from,
                &self.marks[plain.ends],
            )),
        };
        let raw = &self.window[from..self.start];
        Next::Unit(Unit { start, raw, cut: false, breaks: 1, kind })
    }

    /// Hands out the next unit as csv-core reads it.
    fn next_by_csv_core(&mut self) -> Next<'_> {
        let bytes = &self.window[self.start..];
        if bytes.is_empty() {
            return if self.last { Next::End } else { Next::More };
        }
        match self.cutter.cut(bytes, self.last) {
            Cut::More => Next::More,
            Cut::Blank { len } => {
                let (raw, start) = self.take(len);
                let (kind, breaks) = (UnitKind::Blank, 1);
                let raw = &self.window[raw];
                Next::Unit(Unit { start, raw, cut: false, breaks, kind })
            }
            Cut::Record { len, breaks } => {
                let (raw, start) = self.take(len);
                let kind = UnitKind::Record(self.cutter.record());
                let raw = &self.window[raw];
                Next::Unit(Unit { start, raw, cut: false, breaks, kind })
            }
            Cut::Refused { reason, through } => self.refuse(reason, through),
        }
    }

    /// Takes `len` bytes from the window; returns where in it they lie, and
    /// where in the file.
    fn take(&mut self, len: usize) -> (Range<usize>, u64) {
        let (from, start) = (self.start, self.position);
        self.start += len;
        self.position += len as u64;
        let passed = |&mark: &usize| mark < self.start;
        while self.marks.get(self.mark).is_some_and(passed) {
            self.mark += 1;
        }
        (from..self.start, start)
    }

    /// Refuses the bytes up to the end of the physical line in which the
    /// byte at `through` lies.
    fn refuse(&mut self, reason: Reason, through: usize) -> Next<'_> {
        let bytes = &self.window[self.start..][..through];
        let skip = Skip {
            reason,
            start: self.position,
            raw: bytes.to_vec(),
            breaks: count_breaks(bytes),
            cut: false,
        };
        self.skip = Some(skip);
        self.take(through);
        self.skip_on()
    }

    /// Looks for the end of the line that is being refused.
    fn skip_on(&mut self) -> Next<'_> {
        let bytes = &self.window[self.start..];
        let (len, done) = match line_end(bytes, self.last) {
            Some(end) => (end, true),
            None => (bytes.len() - hold_back(bytes, self.last), self.last),
        };
        let limit = self.cutter.format().limit;
        let skip = self.skip.as_mut().expect("a unit is being refused");
        // The terminator may stand beyond the limit, as in any record.
        let kept = len.min((limit + 2).saturating_sub(skip.raw.len()));
        skip.raw.extend_from_slice(&bytes[..kept]);
        skip.cut |= kept < len;
        self.take(len);
        if done { self.refused() } else { Next::More }
    }

    /// Hands out the refused unit, which is now whole.
    fn refused(&mut self) -> Next<'_> {
        let skip = self.skip.take().expect("a unit is being refused");
        let ends = self.window[..self.start].last();
        let ended = matches!(ends, Some(b'\r' | b'\n'));
        self.cutter.hold(skip.raw);
        Next::Unit(Unit {
            start: skip.start,
            raw: self.cutter.held(),
            cut: skip.cut,
            breaks: skip.breaks + u64::from(ended),
            kind: UnitKind::Refused(skip.reason),
        })
    }
}

/// Returns the offset after the first line break, if the bytes hold one and
/// it is certain where it ends: a CR that is the last byte known may be half
/// of a CRLF.
pub fn line_end(bytes: &[u8], last: bool) -> Option<usize> {
    let at = bytes.iter().position(|b| matches!(b, b'\r' | b'\n'))?;
    match (bytes[at], bytes.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\r', None) if !last => None,
        _ => Some(at + 1),
    }
}

/// Returns how many bytes at the end must be looked at again: one, if they
/// end with a CR that may be half of a CRLF.
fn hold_back(bytes: &[u8], last: bool) -> usize {
    usize::from(!last && bytes.last() == Some(&b'\r'))
}

/// Counts line breaks: CRLF, LF and lone CR are one each.
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
mod tests;
