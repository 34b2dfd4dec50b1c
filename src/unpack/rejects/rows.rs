//! The records of a rejects CSV, checked.

use super::damaged;
use super::layout::Layout;
use crate::error::Result;
use crate::line;
use crate::reader::{Next, RecordReader, UnitKind};
use crate::record::Record;
use crate::reject::{BASE64, CUT, HEADER, NO_HEADER, Reason};

/// What [`Rows::next`] tells its caller.
#[derive(Debug)]
pub enum NextRow<'r> {
    /// Here is a record; call again.
    Row(Row<'r>),
    /// Something that is no record was passed over; call again.
    Nothing,
    /// Push the next chunk, or finish.
    More,
    /// There is no more.
    End,
}

/// A record of a rejects CSV.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Row<'r> {
    /// The name of the file that the raw record is of.
    pub file: &'r [u8],
    /// What it is.
    pub kind: RowKind,
    /// The raw record.
    pub raw: &'r [u8],
    /// The value at fault or, with a header, how the file is written.
    pub value: &'r [u8],
    /// Whether that is base64.
    pub is_base64: bool,
    /// Whether it is only the beginning.
    pub is_cut: bool,
}

/// What a record of a rejects CSV is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum RowKind {
    /// It has the header of a file.
    Header,
    /// It says that a file has no header.
    NoHeader,
    /// It has a rejected record.
    Reject,
}

/// Reads the records behind the header of a rejects CSV.
#[derive(Debug)]
pub struct Rows {
    layout: Layout,
    reader: RecordReader,
    /// The bytes of the byte order mark that are still to be skipped.
    mark: usize,
    /// Whether the header was read.
    begun: bool,
    /// The line on which the unit starts that was read last, and line breaks
    /// so far.
    line: u64,
    breaks: u64,
}

impl Rows {
    /// Creates a reader of a file, to be given all its bytes.
    pub fn new(layout: Layout) -> Rows {
        let reader = RecordReader::new(layout.format(), 0);
        let (mark, begun) = (layout.start, false);
        Rows { layout, reader, mark, begun, line: 0, breaks: 0 }
    }

    /// Appends a chunk.
    pub fn push(&mut self, chunk: &[u8]) {
        let skipped = self.mark.min(chunk.len());
        self.mark -= skipped;
        self.reader.push(&chunk[skipped..]);
    }

    /// Says that no more input comes.
    pub fn finish(&mut self) {
        self.reader.finish();
    }

    /// The line on which the record starts that was handed out last, from 1.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Hands out the next record.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DamagedRejects`](crate::ErrorKind::DamagedRejects) if it
    /// can't be understood.
    ///
    /// # Complexity
    ///
    /// Linear in its bytes.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Result<NextRow<'_>> {
        let unit = match self.reader.next() {
            Next::Unit(unit) => unit,
            Next::More => return Ok(NextRow::More),
            Next::End => return Ok(NextRow::End),
        };
        self.line = self.breaks + 1;
        self.breaks += unit.breaks;
        match unit.kind {
            UnitKind::Blank => Ok(NextRow::Nothing),
            UnitKind::Record(_) if !self.begun => {
                self.begun = true;
                Ok(NextRow::Nothing)
            }
            UnitKind::Record(record) => {
                let row = self.layout.row(record);
                row.map_err(|what| damaged(what, self.line))
            }
            UnitKind::Refused(reason) => {
                Err(damaged(complaint(reason), self.line))
            }
        }
    }
}

impl Layout {
    /// Understands a record, or says what is wrong with it. Fields at its end
    /// may be missing, since some spreadsheets leave out empty ones.
    fn row<'r>(
        &self,
        record: Record<'r>,
    ) -> std::result::Result<NextRow<'r>, &'static str> {
        if record.iter().all(<[u8]>::is_empty) {
            return Ok(NextRow::Nothing);
        }
        let field = |at| record.get(at).unwrap_or_default();
        let extra = |at| !field(at).is_empty();
        let (encoding, cut) = (field(self.encoding), field(self.cut));
        if (self.columns..record.len()).any(extra)
            || !(encoding.is_empty() || encoding == BASE64.as_bytes())
            || !(cut.is_empty() || cut == CUT.as_bytes())
        {
            return Err(SHIFTED);
        }
        let (reason, raw) = (field(self.reason), field(self.raw));
        let kind = match reason {
            _ if reason == HEADER.as_bytes() => RowKind::Header,
            _ if reason == NO_HEADER.as_bytes() => RowKind::NoHeader,
            _ => RowKind::Reject,
        };
        // A reject would be taken for the header.
        if kind == RowKind::Header
            && raw.iter().all(|byte| line::is_break(*byte))
        {
            return Err(NO_NAMES);
        }
        Ok(NextRow::Row(Row {
            file: field(self.file),
            kind,
            raw,
            value: self.value.map(field).unwrap_or_default(),
            is_base64: !encoding.is_empty(),
            is_cut: !cut.is_empty(),
        }))
    }
}

/// What is wrong with a record whose fields aren't in their places.
const SHIFTED: &str = "there are too many fields, or something else than was \
                       written stands in “Encoding” or “Cut”; a raw record \
                       needs quotes around it, and each quote in it must be \
                       doubled";

const NO_NAMES: &str = "the raw record with the names of the columns is empty; \
                        put back what stood there";

/// What is wrong with a line that can't be read.
fn complaint(reason: Reason) -> &'static str {
    match reason {
        Reason::UnclosedQuote => "a quote is opened that is never closed",
        Reason::RecordTooLong => "there is a record of more than 64 MiB",
        _ => "a quote is opened or closed in the middle of a field",
    }
}
