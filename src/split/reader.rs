//! Reads the units of one split.

use super::{Counts, FileFormat, FirstReject, Split, SplitReport, Units};
use crate::adder::{Adder, NotText};
use crate::aggregate::{Aggregate, Batch};
use crate::boundary::{self, Guess};
use crate::line;
use crate::reader::{Next, RecordReader, Unit, UnitKind};
use crate::record::Record;
use crate::reject::{Fault, Reason, Reject, RejectLog, VALUE_LIMIT};
use crate::text;
use crate::total::Total;
use crate::value::{self, Normalize, Values};

/// What [`SplitReader::run`] tells its caller.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Progress {
    /// Push the next chunk, or finish at the end of the file.
    More,
    /// Every unit of the split was read.
    Done,
}

/// Reads the units of one split.
#[derive(Debug)]
pub struct SplitReader<'f> {
    file: &'f FileFormat,
    split: Split,
    /// The bytes of all files before this one.
    before: u64,
    /// The first bytes, until they are enough for a guess.
    sample: Vec<u8>,
    /// The bytes wanted in the sample.
    wanted: usize,
    last: bool,
    reader: Option<RecordReader>,
    units: Option<Units>,
    counts: Counts,
    /// What its records come to so far, for each total column.
    sums: Vec<Total>,
    firsts: Vec<FirstReject>,
    values: Values<'f>,
    batch: Batch,
}

impl<'f> SplitReader<'f> {
    /// Creates a reader of the split, to be given the file's bytes from
    /// [`Split::read_from`] on.
    pub fn new(file: &'f FileFormat, split: Split) -> SplitReader<'f> {
        let reader =
            split.first.map(|first| RecordReader::new(file.format, first));
        SplitReader {
            file,
            split,
            before: 0,
            sample: Vec::new(),
            wanted: boundary::SAMPLE,
            last: false,
            reader,
            units: None,
            counts: Counts::default(),
            sums: vec![Total::zero(); file.totals.len()],
            firsts: Vec::new(),
            values: Values::new(file, value::nfc),
            batch: Batch::new(file.keys.len(), file.totals.len()),
        }
    }

    /// Says how many bytes all files have that come before this one, so that
    /// places can be told; otherwise it is taken to be the first.
    #[must_use]
    pub fn after(self, before: u64) -> SplitReader<'f> {
        SplitReader { before, ..self }
    }

    /// Says how text is written in normalization form C, before anything is
    /// read; otherwise it is done here, but not in wasm, for whose size the
    /// tables are too large.
    #[must_use]
    pub fn normalizing(self, normalize: Normalize) -> SplitReader<'f> {
        let values = Values::new(self.file, normalize);
        SplitReader { values, ..self }
    }

    /// Appends `len` bytes of the file for the caller to fill.
    pub fn spare(&mut self, len: usize) -> &mut [u8] {
        match &mut self.reader {
            Some(reader) => reader.spare(len),
            None => {
                let filled = self.sample.len();
                self.sample.resize(filled + len, 0);
                &mut self.sample[filled..]
            }
        }
    }

    /// Says that the bytes given reach to the end of the file.
    pub fn finish(&mut self) {
        self.last = true;
        if let Some(reader) = &mut self.reader {
            reader.finish();
        }
    }

    /// What was counted so far.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Reads what can be read, adds records to `aggregate` and writes
    /// rejects to `rejects`.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes given since the last call.
    pub fn run(
        &mut self,
        aggregate: &mut Aggregate,
        rejects: &mut RejectLog,
    ) -> Progress {
        let Some(mut reader) = self.reader.take().or_else(|| self.guess())
        else {
            return Progress::More;
        };
        let (added, sums) = (aggregate.added(), aggregate.sums().to_vec());
        let progress = self.read(&mut reader, aggregate, rejects);
        self.counts.added += aggregate.added() - added;
        let sums = sums.iter().zip(aggregate.sums());
        for (sum, (before, after)) in self.sums.iter_mut().zip(sums) {
            sum.add(after);
            sum.subtract(before);
        }
        self.reader = Some(reader);
        progress
    }

    /// What came of the split, once [`SplitReader::run`] said it was done.
    pub fn report(self) -> SplitReport {
        SplitReport {
            units: self.units,
            counts: self.counts,
            sums: self.sums.iter().map(Total::to_string).collect(),
            firsts: self.firsts,
        }
    }

    /// Guesses where the first unit starts, if there are bytes enough.
    fn guess(&mut self) -> Option<RecordReader> {
        let whole = (self.split.end - self.split.start) as usize + 1;
        if self.sample.len() < self.wanted.min(whole) && !self.last {
            return None;
        }
        let at = match self.sample.split_first() {
            None => 0,
            Some((&before, bytes)) => {
                let format = &self.file.format;
                match boundary::guess(format, before, bytes, self.last) {
                    Guess::At(at) => at,
                    Guess::More if bytes.len() >= whole => bytes.len(),
                    Guess::More => {
                        self.wanted = self.sample.len() * 2;
                        return None;
                    }
                }
            }
        };
        let first = self.split.start + at as u64;
        let mut reader = RecordReader::new(self.file.format, first);
        reader.push(self.sample.get(at + 1..).unwrap_or_default());
        if self.last {
            reader.finish();
        }
        self.sample = Vec::new();
        Some(reader)
    }

    /// Reads units until the split's end or the input's.
    fn read(
        &mut self,
        reader: &mut RecordReader,
        aggregate: &mut Aggregate,
        rejects: &mut RejectLog,
    ) -> Progress {
        loop {
            self.add_many(reader, aggregate, rejects);
            if reader.position() >= self.split.end {
                break;
            }
            match reader.next() {
                Next::Unit(unit) => self.unit(&unit, aggregate, rejects),
                Next::More => return Progress::More,
                Next::End => {
                    self.begin();
                    break;
                }
            }
        }
        if let Some(units) = &mut self.units {
            units.next = reader.position();
        }
        Progress::Done
    }

    /// Notes that the split begins where it was known to, although no unit
    /// starts there: that can't be seen before in a streamed file.
    fn begin(&mut self) {
        if let Some(first) = self.split.first {
            self.units.get_or_insert(Units { first, next: first });
        }
    }

    /// Adds records until there is one that isn't cut by its marks, or that
    /// can't be added in a batch.
    fn add_many(
        &mut self,
        reader: &mut RecordReader,
        aggregate: &mut Aggregate,
        rejects: &mut RejectLog,
    ) {
        let start = reader.position();
        let (file, batch) = (self.file, &mut self.batch);
        batch.set_place(self.before + reader.window_position());
        let (values, not_text) = (&mut self.values, Vec::new());
        let taken = 0;
        let mut adder =
            Adder { file, batch, values, aggregate, taken, not_text };
        let taken = reader.each(self.split.end, &mut adder);
        adder.flush(reader.window());
        let not_text = adder.not_text;
        if taken.records > 0 {
            self.units.get_or_insert(Units { first: start, next: start });
        }
        let before = self.counts;
        self.reject_all(reader, start, &not_text, rejects);
        self.counts.records = before.records + taken.records;
        self.counts.breaks = before.breaks + taken.breaks;
    }

    /// Rejects records, of those that were taken from `start` on.
    fn reject_all(
        &mut self,
        reader: &RecordReader,
        start: u64,
        not_text: &[NotText],
        rejects: &mut RejectLog,
    ) {
        if not_text.is_empty() {
            return;
        }
        let (window, first) = (reader.window(), reader.window_position());
        let before = self.counts;
        let mut at = (start - first) as usize;
        for &NotText { before: records, field, column } in not_text {
            let line = line::around(window, field.range());
            self.counts.records = before.records + records;
            self.counts.breaks += line::count_breaks(&window[at..line.start]);
            at = line.start;
            let reason = Reason::BadEncoding;
            let unit = Unit {
                start: first + line.start as u64,
                end: first + line.end as u64,
                raw: &window[line],
                cut: false,
                breaks: 1,
                kind: UnitKind::Refused(reason),
            };
            let fault = Fault::in_column(reason, column);
            self.reject(&unit, fault, &window[field.range()], rejects);
        }
    }

    /// Adds or rejects one unit.
    fn unit(
        &mut self,
        unit: &Unit<'_>,
        aggregate: &mut Aggregate,
        rejects: &mut RejectLog,
    ) {
        let start = unit.start;
        self.units.get_or_insert(Units { first: start, next: start });
        let refused = match unit.kind {
            UnitKind::Blank => {
                self.counts.blank += 1;
                self.counts.breaks += 1;
                return;
            }
            UnitKind::Record(record) => {
                let place = self.before + start;
                self.values.add(place, record, aggregate).err()
            }
            UnitKind::Refused(reason) => Some(Fault::of_record(reason)),
        };
        if let Some(fault) = refused {
            let value = match (&unit.kind, fault.column) {
                (UnitKind::Record(record), Some(at)) => field(*record, at),
                _ => b"",
            };
            self.reject(unit, fault, value, rejects);
        }
        self.counts.records += 1;
        self.counts.breaks += unit.breaks;
    }

    /// Writes a reject, the column at fault holding this value, and counts
    /// it.
    fn reject(
        &mut self,
        unit: &Unit<'_>,
        Fault { reason, column }: Fault,
        value: &[u8],
        rejects: &mut RejectLog,
    ) {
        let reject = Reject {
            records: self.counts.records,
            breaks: self.counts.breaks,
            byte: unit.start,
            reason,
            column,
            value: &value[..value.len().min(VALUE_LIMIT)],
            raw: unit.raw,
            cut: unit.cut,
        };
        rejects.push(&reject);
        self.counts.rejected += 1;
        let count = &mut self.counts.reasons[reason as usize];
        *count += 1;
        if *count == 1 {
            self.firsts.push(FirstReject {
                records: reject.records,
                breaks: reject.breaks,
                byte: reject.byte,
                reason: reason as usize,
                column,
                value: excerpt_lossy(self.file, reject.value),
                raw: excerpt_lossy(self.file, reject.raw),
            });
        }
    }
}

/// A field, empty if the record doesn't reach that far.
fn field<'r>(record: Record<'r>, column: usize) -> &'r [u8] {
    record.get(column).unwrap_or_default()
}

/// The beginning of a record or a field as text, for a message.
fn excerpt_lossy(file: &FileFormat, raw: &[u8]) -> String {
    let some = &raw[..raw.len().min(200)];
    crate::error::excerpt(&text::decode_lossy(file.code_page.as_ref(), some))
}
