//! Cuts one unit from the start of the bytes given.

use csv_core::ReadRecordResult;
use serde::{Deserialize, Serialize};

use super::quotes::Quotes;
use super::torn::Given;
use crate::line;
use crate::record::{Record, Span};
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
    /// Stands between two records. It is made when it is needed first, for
    /// that takes longer than reading a short file, and few files need it.
    csv: Option<csv_core::Reader>,
    /// The bytes of the record that was cut last, and where its fields end
    /// in them; both are longer than it needs.
    bytes: Vec<u8>,
    ends: Vec<usize>,
    fields: Vec<Span>,
}

impl Cutter {
    pub fn new(format: Format) -> Cutter {
        let (bytes, ends) = (vec![0; 1024], vec![0; 32]);
        Cutter { format, csv: None, bytes, ends, fields: Vec::new() }
    }

    #[inline]
    pub fn format(&self) -> &Format {
        &self.format
    }

    /// The record that was cut last.
    pub fn record(&self) -> Record<'_> {
        Record::new(&self.bytes, &self.fields)
    }

    /// Cuts one unit from the start of `bytes`, which are not empty; `last`
    /// says that they reach to the end of the file.
    ///
    /// # Complexity
    ///
    /// Linear in the unit's bytes and at most in the record limit.
    pub fn cut(&mut self, bytes: &[u8], last: bool) -> Cut {
        if let Some(len) = line::terminator(bytes) {
            return match line::is_cut_off(&bytes[..len], bytes, last) {
                true => Cut::More,
                false => Cut::Blank { len },
            };
        }
        // A terminator may stand right at the limit.
        let most = self.format.limit.saturating_add(1);
        let within = &bytes[..bytes.len().min(most)];
        let quotes = Quotes::of(&self.format, within);
        let full = within.len() == most;
        let ends = last && !full;
        if let Some(torn) = quotes.torn {
            return self.torn(torn, Given { within, ends, full });
        }
        match quotes.end {
            _ if quotes.misfit => refuse(&quotes, 0),
            Some(end) => self.record_to(end, &quotes, bytes, last),
            None if full => refuse(&quotes, most - 1),
            None if !ends => Cut::More,
            None => match quotes.open {
                Some(through) => {
                    Cut::Refused { reason: Reason::UnclosedQuote, through }
                }
                None => self.record_to(bytes.len(), &quotes, bytes, last),
            },
        }
    }

    /// Cuts the record that reaches up to a terminator at `end`, or to the
    /// end of the file.
    fn record_to(
        &mut self,
        end: usize,
        quotes: &Quotes,
        bytes: &[u8],
        last: bool,
    ) -> Cut {
        let len = end + line::terminator(&bytes[end..]).unwrap_or(0);
        if line::is_cut_off(&bytes[..len], bytes, last) {
            return Cut::More;
        }
        self.read(&bytes[..end]);
        if quotes.crossed.is_some() && !self.format.fits(self.record()) {
            return refuse(quotes, 0);
        }
        Cut::Record { len, breaks: line::count_breaks(&bytes[..len]) }
    }

    /// Reads one record, given without its terminator, with csv-core.
    pub(super) fn read(&mut self, mut bytes: &[u8]) {
        let format = self.format;
        let csv = self.csv.get_or_insert_with(|| csv_reader(format));
        let (mut wrote, mut ended) = (0, 0);
        let mut terminated = false;
        loop {
            let (result, nin, nout, nend) = csv.read_record(
                bytes,
                &mut self.bytes[wrote..],
                &mut self.ends[ended..],
            );
            bytes = &bytes[nin..];
            wrote += nout;
            ended += nend;
            match result {
                ReadRecordResult::OutputFull => double(&mut self.bytes),
                ReadRecordResult::OutputEndsFull => double(&mut self.ends),
                ReadRecordResult::InputEmpty if !terminated => {
                    bytes = b"\n";
                    terminated = true;
                }
                _ => break,
            }
        }
        let mut start = 0;
        self.fields.clear();
        self.fields.extend(self.ends[..ended].iter().map(|&end| {
            let field = Span::new(start, end);
            start = end;
            field
        }));
    }
}

/// Creates a reader that stands between two records.
fn csv_reader(format: Format) -> csv_core::Reader {
    let mut csv = csv_core::ReaderBuilder::new()
        .delimiter(format.delimiter)
        .quote(format.quote)
        .build();
    // It would take a BOM off its first record. A line break before it is
    // skipped.
    csv.read_record(b"\n", &mut [0], &mut [0]);
    csv
}

/// Refuses a record for what its quotes did, or else for its length, the
/// last line to refuse being that of the quote, or that of the byte at
/// `limit`.
fn refuse(quotes: &Quotes, limit: usize) -> Cut {
    let (reason, through) = match *quotes {
        Quotes { open: Some(open), .. } => (Reason::QuoteLimit, open),
        Quotes { crossed: Some(crossed), .. } => {
            (Reason::QuotedLineBreak, crossed)
        }
        _ => (Reason::RecordTooLong, limit),
    };
    Cut::Refused { reason, through }
}

/// Doubles a buffer.
fn double<T: Clone + Default>(buffer: &mut Vec<T>) {
    buffer.resize(buffer.len() * 2, T::default());
}
