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

use crate::line;
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
    /// Offset behind its last byte, that of its terminator included.
    pub end: u64,
    /// Its bytes as they stand in the file, without the terminator. Those of
    /// a refused line are cut at the record limit; see `cut`.
    pub raw: &'r [u8],
    /// Whether `raw` lacks some of them.
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
    skip: Option<Refused>,
    /// The one that was handed out last.
    refused: Option<Refused>,
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
    /// Its bytes without the terminator, and with it.
    content: usize,
    len: usize,
}

/// A refused unit.
#[derive(Debug)]
struct Refused {
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
            refused: None,
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
            let known = &self.window[end..];
            let len = line::terminator(known)?;
            if line::is_cut_off(&known[..len], known, self.last) {
                return None;
            }
            let ends = self.mark..at;
            let is_second = |&mark: &usize| mark == end + 1 && len == 2;
            self.mark =
                at + usize::from(self.marks.get(at).is_some_and(is_second));
            let content = end - self.start;
            return Some(Plain { ends, content, len: content + len });
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
        let kind = match plain.content == 0 {
            true => UnitKind::Blank,
            false => UnitKind::Record(Record::in_place(
                &self.window,
                from,
                &self.marks[plain.ends],
            )),
        };
        let raw = &self.window[from..from + plain.content];
        let end = self.position;
        Next::Unit(Unit { start, end, raw, cut: false, breaks: 1, kind })
    }

    /// Hands out the next unit as csv-core reads it.
    fn next_by_csv_core(&mut self) -> Next<'_> {
        let bytes = &self.window[self.start..];
        if bytes.is_empty() {
            return if self.last { Next::End } else { Next::More };
        }
        match self.cutter.cut(bytes, self.last) {
            Cut::More => Next::More,
            Cut::Blank { len } => self.taken(len, 1, true),
            Cut::Record { len, breaks } => self.taken(len, breaks, false),
            Cut::Refused { reason, through } => self.refuse(reason, through),
        }
    }

    /// Takes `len` bytes from the window and hands them out as a blank line
    /// or as the record that the cutter holds.
    fn taken(&mut self, len: usize, breaks: u64, blank: bool) -> Next<'_> {
        let (from, start) = (self.start, self.position);
        self.take(len);
        let kind = match blank {
            true => UnitKind::Blank,
            false => UnitKind::Record(self.cutter.record()),
        };
        let raw = line::trim(&self.window[from..self.start]);
        let end = self.position;
        Next::Unit(Unit { start, end, raw, cut: false, breaks, kind })
    }

    /// Takes `len` bytes from the window.
    fn take(&mut self, len: usize) {
        self.start += len;
        self.position += len as u64;
        let passed = |&mark: &usize| mark < self.start;
        while self.marks.get(self.mark).is_some_and(passed) {
            self.mark += 1;
        }
    }

    /// Refuses the bytes up to the end of the physical line in which the
    /// byte at `through` lies.
    fn refuse(&mut self, reason: Reason, through: usize) -> Next<'_> {
        let bytes = &self.window[self.start..][..through];
        let refused = Refused {
            reason,
            start: self.position,
            raw: bytes.to_vec(),
            breaks: line::count_breaks(bytes),
            cut: false,
        };
        self.skip = Some(refused);
        self.take(through);
        self.skip_on()
    }

    /// Looks for the end of the line that is being refused.
    fn skip_on(&mut self) -> Next<'_> {
        let bytes = &self.window[self.start..];
        let end = line::end(bytes, self.last);
        let (len, done) = match end {
            Some(end) => (end, true),
            // A CR at the end may be half of a CRLF.
            None => {
                let cut_off = line::is_cut_off(bytes, bytes, self.last);
                (bytes.len() - usize::from(cut_off), self.last)
            }
        };
        let limit = self.cutter.format().limit;
        let refused = self.skip.as_mut().expect("a unit is being refused");
        let content = line::trim(&bytes[..len]);
        let room = limit.saturating_sub(refused.raw.len());
        refused.raw.extend_from_slice(&content[..content.len().min(room)]);
        refused.cut |= content.len() > room;
        refused.breaks += u64::from(end.is_some());
        self.take(len);
        if done { self.refused() } else { Next::More }
    }

    /// Hands out the refused unit, which is now whole.
    fn refused(&mut self) -> Next<'_> {
        let refused = self.skip.take().expect("a unit is being refused");
        let refused = self.refused.insert(refused);
        Next::Unit(Unit {
            start: refused.start,
            end: self.position,
            raw: &refused.raw,
            cut: refused.cut,
            breaks: refused.breaks,
            kind: UnitKind::Refused(refused.reason),
        })
    }
}

#[cfg(test)]
mod tests;
