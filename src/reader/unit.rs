//! Cuts one unit from the start of the bytes given.

use csv_core::ReadRecordResult;
use serde::{Deserialize, Serialize};

use super::count_breaks;
use super::quotes::Quotes;
use crate::record::Record;
use crate::reject::Reason;

/// The settings of a file on which it depends where its units end.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Format {
    /// The byte between two fields.
    pub delimiter: u8,
    /// The byte around a quoted field.
    pub quote: u8,
    /// The number of fields a record should have; 0 if any will do.
    pub fields: usize,
    /// The longest record, in bytes without its terminator.
    pub limit: usize,
}

impl Format {
    /// Whether a record has the right number of fields, extra empty ones at
    /// its end aside.
    pub fn fits(&self, record: Record<'_>) -> bool {
        let extra = |index| record.get(index).is_some_and(|f| !f.is_empty());
        self.fields == 0
            || (record.len() >= self.fields
                && !(self.fields..record.len()).any(extra))
    }
}

/// What the bytes start with.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Cut {
    /// That can't be said without more bytes.
    More,
    /// A line break of this many bytes.
    Blank { len: usize },
    /// A record, with its terminator; its fields are in the cutter.
    Record { len: usize, breaks: u64 },
    /// Bytes to be refused, up to the end of the physical line in which the
    /// byte at `through` lies.
    Refused { reason: Reason, through: usize },
}

/// Cuts units, one at a time, with csv-core.
#[derive(Debug)]
pub(super) struct Cutter {
    format: Format,
    csv: csv_core::Reader,
    /// Whether `csv` stands between two records.
    ready: bool,
    fields: Vec<u8>,
    /// Ends of the fields in `fields`, of which the first `len` are in use.
    ends: Vec<usize>,
    len: usize,
}

impl Cutter {
    pub fn new(format: Format) -> Cutter {
        let csv = csv_core::ReaderBuilder::new()
            .delimiter(format.delimiter)
            .quote(format.quote)
            .build();
        Cutter {
            format,
            csv,
            ready: false,
            fields: vec![0; 1024],
            ends: vec![0; 32],
            len: 0,
        }
    }

    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The record that was cut last.
    pub fn record(&self) -> Record<'_> {
        Record::new(&self.fields, &self.ends[..self.len])
    }

    /// Keeps bytes until the next cut, so that a unit can borrow them.
    pub fn hold(&mut self, bytes: Vec<u8>) {
        self.len = bytes.len();
        self.fields = bytes;
    }

    /// The bytes kept.
    pub fn held(&self) -> &[u8] {
        &self.fields[..self.len]
    }

    /// Cuts one unit from the start of `bytes`, which are not empty; `last`
    /// says that they reach to the end of the file.
    ///
    /// # Complexity
    ///
    /// Linear in the unit's bytes and at most in the record limit.
    pub fn cut(&mut self, bytes: &[u8], last: bool) -> Cut {
        if let Some(len) = terminator(bytes) {
            return match is_cut_off(bytes, len, last) {
                true => Cut::More,
                false => Cut::Blank { len },
            };
        }
        // A terminator may stand right at the limit.
        let most = self.format.limit.saturating_add(1);
        let within = &bytes[..bytes.len().min(most)];
        match self.read(within, last && within.len() < most) {
            Some(read) => self.ended(bytes, read, last),
            None if within.len() == most => self.over_limit(within),
            None => Cut::More,
        }
    }

    /// Reads one record with csv-core; returns the bytes read, with the
    /// first byte of the terminator, or `None` if it doesn't end in them.
    fn read(&mut self, bytes: &[u8], last: bool) -> Option<usize> {
        self.prepare();
        let (mut read, mut wrote) = (0, 0);
        loop {
            let ended = read == bytes.len() && last;
            if read == bytes.len() && !ended {
                return None;
            }
            let (result, nin, nout, nend) = self.csv.read_record(
                &bytes[read..],
                &mut self.fields[wrote..],
                &mut self.ends[self.len..],
            );
            read += nin;
            wrote += nout;
            self.len += nend;
            match result {
                ReadRecordResult::InputEmpty => {}
                ReadRecordResult::OutputFull => double(&mut self.fields),
                ReadRecordResult::OutputEndsFull => double(&mut self.ends),
                ReadRecordResult::Record => {
                    self.ready = !ended;
                    return Some(read);
                }
                ReadRecordResult::End => unreachable!("a byte was there"),
            }
        }
    }

    /// Puts csv-core between two records.
    ///
    /// A reset reader would take a BOM from the start of any record, so it
    /// is given a line break first, which it skips.
    fn prepare(&mut self) {
        self.len = 0;
        self.fields.resize(self.fields.capacity().max(1024), 0);
        if !self.ready {
            self.csv.reset();
            self.csv.read_record(b"\n", &mut [0], &mut [0]);
        }
        self.ready = false;
    }

    /// Decides on a record that csv-core found to end after `read` bytes.
    fn ended(&mut self, bytes: &[u8], read: usize, last: bool) -> Cut {
        let content = match bytes[read - 1] {
            // At the end of the file the last byte may be a quoted one.
            b'\r' | b'\n' if self.ready => read - 1,
            _ => read,
        };
        let record = &bytes[..content];
        if record.contains(&self.format.quote)
            && let Some((reason, through)) = self.contain(record)
        {
            self.ready = false;
            return Cut::Refused { reason, through };
        }
        let len = content + terminator(&bytes[content..]).unwrap_or(0);
        if is_cut_off(bytes, len, last) {
            self.ready = false;
            return Cut::More;
        }
        Cut::Record { len, breaks: count_breaks(&bytes[..len]) }
    }

    /// Says why a record with a quote in it can't be taken as csv-core read
    /// it, and which of its bytes stands on the last line to refuse.
    fn contain(&self, record: &[u8]) -> Option<(Reason, usize)> {
        let quotes = Quotes::of(&self.format, record);
        if let Some(open) = quotes.open {
            return Some((Reason::UnclosedQuote, open));
        }
        if let Some(torn) = quotes.torn {
            return Some((Reason::StrayQuote, torn));
        }
        let crossed = quotes.crossed?;
        match self.format.fits(self.record()) {
            true => None,
            false => Some((Reason::QuotedLineBreak, crossed)),
        }
    }

    /// Decides on a record that doesn't end within the limit; `within` holds
    /// one byte more than the limit.
    fn over_limit(&self, within: &[u8]) -> Cut {
        let limit = within.len() - 1;
        match Quotes::of(&self.format, &within[..limit]).open {
            Some(open) => {
                Cut::Refused { reason: Reason::QuoteLimit, through: open }
            }
            None => {
                Cut::Refused { reason: Reason::RecordTooLong, through: limit }
            }
        }
    }
}

/// Returns the length of the terminator that the bytes start with.
fn terminator(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [b'\r', b'\n', ..] => Some(2),
        [b'\r' | b'\n', ..] => Some(1),
        _ => None,
    }
}

/// Whether a unit of `len` bytes may be longer: it ends with a CR that is
/// the last byte known.
fn is_cut_off(bytes: &[u8], len: usize, last: bool) -> bool {
    !last && len == bytes.len() && bytes[len - 1] == b'\r'
}

/// Doubles a buffer.
fn double<T: Clone + Default>(buffer: &mut Vec<T>) {
    buffer.resize(buffer.len() * 2, T::default());
}
