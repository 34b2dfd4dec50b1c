//! The bytes of a split in; additions, rejects and a report out.
//!
//! A split `[start, end)` owns the units that start in it, and reads on past
//! its end to finish the last of them. Its report says where its first unit
//! starts and where the first one behind it does; the job proves the reports
//! of a file's splits against one another, in order.

use serde::{Deserialize, Serialize};

use crate::adder::{Adder, NotText};
use crate::aggregate::{Aggregate, Batch};
use crate::boundary::{self, Guess};
use crate::line;
use crate::number::Total;
use crate::options::KeyFormat;
use crate::reader::{Format, Next, RecordReader, Unit, UnitKind};
use crate::record::Record;
use crate::reject::{Fault, Reason, Reject, RejectLog, VALUE_LIMIT};
use crate::text::{self, CodePage};
use crate::value::{self, DateFormat, Normalize, NumberFormat, Values};

/// The settings of a file that its splits are read with.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FileFormat {
    /// On what it depends where units end.
    pub format: Format,
    /// Indices of the key columns.
    pub keys: Vec<usize>,
    /// Indices of the columns to total.
    pub totals: Vec<usize>,
    /// For each key column how its fields are understood; those that are not
    /// there are taken as they stand.
    pub key_formats: Vec<KeyFormat>,
    /// How its dates are written.
    pub dates: DateFormat,
    /// For each column to total how its numbers are written.
    pub numbers: Vec<NumberFormat>,
    /// The single-byte encoding of its text; UTF-8 if there is none.
    pub code_page: Option<CodePage>,
}

impl FileFormat {
    /// Fields as they stand, and whole numbers without marks.
    pub fn plain(
        format: Format,
        keys: Vec<usize>,
        totals: Vec<usize>,
    ) -> FileFormat {
        FileFormat {
            format,
            keys,
            key_formats: Vec::new(),
            dates: DateFormat::default(),
            numbers: vec![NumberFormat::PLAIN; totals.len()],
            totals,
            code_page: None,
        }
    }

    /// Indices of the columns that matter.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &usize> {
        self.keys.iter().chain(&self.totals)
    }
}

/// A split to be read.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Split {
    /// Offset of its first byte.
    pub start: u64,
    /// Offset behind its last byte.
    pub end: u64,
    /// Where its first unit starts, if that is known; else it is guessed.
    pub first: Option<u64>,
}

impl Split {
    /// The offset from which its bytes must be read: one before its start if
    /// the first unit is to be guessed.
    pub fn read_from(&self) -> u64 {
        self.first.unwrap_or_else(|| self.start.saturating_sub(1))
    }
}

/// Where the units of a split lie.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Units {
    /// The start of its first unit.
    pub first: u64,
    /// The start of the first unit at or behind its end, or the file's size.
    pub next: u64,
}

/// What was counted in a split, a file or a job.
#[derive(
    Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize,
)]
pub struct Counts {
    /// Records read, by the reader.
    pub records: u64,
    /// Records added to a group, by the aggregate.
    pub added: u64,
    /// Records rejected.
    pub rejected: u64,
    /// Blank lines.
    pub blank: u64,
    /// Line breaks.
    pub breaks: u64,
    /// Rejects by reason, in the order of [`Reason::ALL`].
    pub reasons: [u64; Reason::ALL.len()],
}

impl Counts {
    /// Adds the counts of something else.
    pub fn add(&mut self, other: &Counts) {
        self.records += other.records;
        self.added += other.added;
        self.rejected += other.rejected;
        self.blank += other.blank;
        self.breaks += other.breaks;
        for (sum, more) in self.reasons.iter_mut().zip(other.reasons) {
            *sum += more;
        }
    }
}

/// What came of reading a split.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct SplitReport {
    /// Where its units lie, or `None` if none starts in it.
    pub units: Option<Units>,
    /// What was counted in it.
    pub counts: Counts,
    /// What its added records come to, a sum for each total column, in digits;
    /// none if it has no unit.
    pub sums: Vec<String>,
    /// For each reason that occurs its first reject, in input order.
    pub firsts: Vec<FirstReject>,
}

/// The first reject of a split for some reason.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct FirstReject {
    /// Records before it in the split.
    pub records: u64,
    /// Line breaks before it in the split.
    pub breaks: u64,
    /// Offset of its first byte in the file.
    pub byte: u64,
    /// Its reason's place in [`Reason::ALL`].
    pub reason: usize,
    /// The index of the column at fault, if it is a single one.
    pub column: Option<usize>,
    /// The beginning of what that column holds, as text.
    pub value: String,
    /// The beginning of its raw text.
    pub raw: String,
}

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
