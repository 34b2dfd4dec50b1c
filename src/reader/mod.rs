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
//! - There are two ways to cut a record. The scan *marks* delimiters, quotes
//!   and line breaks, and a record whose quotes stand where a writer puts
//!   them is cut by its marks and handed out as it lies in the window. Every
//!   other one, and whatever is too long or not whole, goes through csv-core
//!   in [`unit`]. The tests hold the two against each other.
//! - Behind the bytes in the window there are always [`SLACK`] more, of any
//!   value, so that fields can be loaded by whole words.

mod marks;
mod quotes;
mod rows;
mod scan;
mod torn;
mod unit;

pub use quotes::{State, step};
pub use unit::Format;

use crate::bytes::SLACK;
use crate::line;
use crate::record::{Record, Span};
use crate::reject::Reason;
use marks::{Marked, Marks, Window};
pub use rows::Rows;
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

/// Takes records from [`RecordReader::each`].
pub trait Take {
    /// Takes as many of these records as it can, and returns how many: all
    /// before the first that it refuses.
    fn rows(&mut self, rows: Rows<'_>) -> usize;

    /// Takes a record, or refuses it by returning `false`.
    fn record(&mut self, offer: Offer<'_>) -> bool;
}

/// A record as it lies in the window.
#[derive(Debug)]
pub struct Offer<'r> {
    /// The window, and [`SLACK`] bytes behind it. Whoever takes the record
    /// may change the bytes of its fields.
    pub window: &'r mut [u8],
    /// Where its fields lie, without the quotes around them.
    pub fields: &'r [Span],
    /// Those of its fields, by index, in which quotes are still doubled.
    pub escaped: &'r [usize],
}

/// What [`RecordReader::each`] handed out.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Taken {
    /// The number of records.
    pub records: u64,
    /// Line breaks in them, their terminators included.
    pub breaks: u64,
}

impl Taken {
    /// Adds what else was handed out.
    fn add(&mut self, more: Taken) {
        self.records += more.records;
        self.breaks += more.breaks;
    }
}

/// An incremental reader of units. It can't fail.
#[derive(Debug)]
pub struct RecordReader {
    cutter: Cutter,
    /// The window: input not yet handed out is `start..end` of it, and then
    /// there is slack.
    window: Vec<u8>,
    start: usize,
    end: usize,
    /// Offset in the file of `window[start]`.
    position: u64,
    /// Whether no more input comes.
    last: bool,
    /// The refused unit whose line end is still to come.
    skip: Option<Refused>,
    /// The one that was handed out last.
    refused: Option<Refused>,
    marks: Marks,
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
            window: vec![0; SLACK],
            start: 0,
            end: 0,
            position,
            last: false,
            skip: None,
            refused: None,
            marks: Marks::new(format.fields),
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
    /// call, so that a chunk needs no buffer of its own. They hold anything
    /// until then.
    pub fn spare(&mut self, len: usize) -> &mut [u8] {
        self.window.copy_within(self.start..self.end, 0);
        self.end -= self.start;
        self.start = 0;
        self.marks.clear();
        let filled = self.end;
        self.end += len;
        if self.window.len() < self.end + SLACK {
            self.window.resize(self.end + SLACK, 0);
        }
        &mut self.window[filled..self.end]
    }

    /// The bytes that records lie in which were taken from [`each`], and
    /// [`SLACK`] more. They stay where they are until more input is pushed.
    ///
    /// [`each`]: RecordReader::each
    #[inline]
    pub fn window(&self) -> &[u8] {
        &self.window
    }

    /// The offset in the file of the first byte of the window.
    #[inline]
    pub fn window_position(&self) -> u64 {
        self.position - self.start as u64
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
        let window = Window {
            format: self.cutter.format(),
            bytes: &self.window[..self.end],
            last: self.last,
        };
        match self.marks.cut(window, self.start) {
            Some(marked) if self.marks.escaped().is_empty() => {
                self.marks.pass(&marked);
                self.marked(marked)
            }
            _ => self.next_by_csv_core(),
        }
    }

    /// Offers records to `taker`, until it refuses one or the next one starts
    /// at or behind `end`, an offset in the file. It may end sooner, at a unit
    /// that can't be cut by its marks. In each case that unit is the
    /// [`next`](RecordReader::next).
    ///
    /// # Complexity
    ///
    /// Linear in the records' bytes.
    pub fn each(&mut self, end: u64, taker: &mut impl Take) -> Taken {
        let mut taken = Taken::default();
        if self.skip.is_some() {
            return taken;
        }
        let from = self.start;
        let ahead = end.saturating_sub(self.position);
        let to = ahead.min((self.end - from) as u64) as usize + from;
        while self.start < to {
            taken.add(self.take_rows(to, taker));
            if self.start >= to {
                break;
            }
            let Some(one) = self.take_record(taker) else { break };
            taken.add(one);
        }
        self.position += (self.start - from) as u64;
        taken
    }

    /// Offers the records of the usual shape that are marked.
    fn take_rows(&mut self, to: usize, taker: &mut impl Take) -> Taken {
        let window = Window {
            format: self.cutter.format(),
            bytes: &self.window,
            last: self.last,
        };
        let rows = self.marks.rows(window, self.start, to);
        if rows.is_empty() {
            return Taken::default();
        }
        let count = taker.rows(rows);
        let marks = count * rows.stride();
        self.start = self.marks.pass_rows(marks);
        Taken { records: count as u64, breaks: count as u64 }
    }

    /// Offers one record.
    fn take_record(&mut self, taker: &mut impl Take) -> Option<Taken> {
        let window = Window {
            format: self.cutter.format(),
            bytes: &self.window[..self.end],
            last: self.last,
        };
        let marked = self.marks.cut(window, self.start)?;
        self.marks.learn(window, &marked);
        let taking = taker.record(Offer {
            window: &mut self.window,
            fields: self.marks.fields(),
            escaped: self.marks.escaped(),
        });
        if !taking {
            return None;
        }
        self.marks.pass(&marked);
        self.start = marked.end;
        Some(Taken { records: 1, breaks: marked.breaks })
    }

    /// Hands out a record that was cut by its marks.
    fn marked(&mut self, marked: Marked) -> Next<'_> {
        let (start, from) = (self.position, self.start);
        self.position += (marked.end - from) as u64;
        self.start = marked.end;
        Next::Unit(Unit {
            start,
            end: self.position,
            raw: &self.window[from..marked.content],
            cut: false,
            breaks: marked.breaks,
            kind: UnitKind::Record(Record::new(
                &self.window,
                self.marks.fields(),
            )),
        })
    }

    /// Hands out the next unit as csv-core reads it.
    fn next_by_csv_core(&mut self) -> Next<'_> {
        let bytes = &self.window[self.start..self.end];
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
        self.marks.skip_to(self.start);
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
        let bytes = &self.window[self.start..self.end];
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
