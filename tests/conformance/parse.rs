//! Requests to be answered without a job.

use playtally::{
    FileOptions, Format, HEAD, Inspection, Next, Output, RECORD_LIMIT, Reason,
    Record, RecordReader, Terminator, Unit, UnitKind,
};

use crate::Result;
use crate::answer::{Answer, Reject, Text};
use crate::request::{Plan, Request};
use crate::support::Input;

/// Answers with the records of a file, the first of them being as good as any
/// other.
pub fn records(request: &Request) -> Result<Answer> {
    let options = match request.options() {
        Ok(options) => FileOptions { header: Some(false), ..options },
        Err(why) => return Ok(Answer::skip(why)),
    };
    let inputs = request.inputs(&options)?;
    let answer = inputs.and_then(|inputs| {
        let found = inspect(&inputs[0])?;
        Ok(read(&inputs[0], &found, &request.plan))
    });
    Ok(answer.unwrap_or_else(|error| Answer::refused(&error)))
}

/// Answers with the delimiter of a file.
pub fn delimiter(request: &Request) -> Result<Answer> {
    let inputs = request.inputs(&FileOptions::default())?;
    match inputs.and_then(|inputs| inspect(&inputs[0])) {
        Ok(found) => Ok(Answer {
            delimiter: Some(char::from(found.dialect.delimiter)),
            ..Answer::default()
        }),
        Err(error) => Ok(Answer::refused(&error)),
    }
}

/// Answers with a file of the records given.
pub fn written(request: &Request) -> Answer {
    let delimiter = match request.options() {
        Ok(options) => options.delimiter.unwrap_or(b','),
        Err(why) => return Answer::skip(why),
    };
    let mut output = Output::new(delimiter, Terminator::Lf);
    let rows = request.rows.as_deref().unwrap_or_default();
    for (place, row) in rows.iter().enumerate() {
        let fields: Vec<&[u8]> = row.iter().map(String::as_bytes).collect();
        match place {
            0 => output.header(&fields),
            _ => output.record(fields, &[]),
        }
    }
    Answer { text: Some(Text(output.take())), ..Answer::default() }
}

/// What the first bytes of a file say.
fn inspect(file: &Input) -> playtally::Result<Inspection> {
    let head = file.source.head(HEAD);
    let last = head.len() as u64 == file.source.len();
    Inspection::encoded(&head, last, file.encoding.clone(), &file.options)
}

/// The usual size of a chunk.
fn chunk_bytes(plan: &Plan) -> usize {
    plan.chunk.or(plan.slice).or(plan.cut_at).unwrap_or(usize::MAX)
}

/// Reads records, in chunks as they are planned.
fn read(file: &Input, found: &Inspection, plan: &Plan) -> Answer {
    let dialect = &found.dialect;
    let (delimiter, quote) = (dialect.delimiter, dialect.quote);
    let format = Format { delimiter, quote, fields: 0, limit: RECORD_LIMIT };
    let mut reader = RecordReader::new(format, dialect.start as u64);
    let bytes = file.source.head(usize::MAX);
    let mut rest = &bytes[dialect.start..];
    let mut sizes = plan.slice_plan.iter().flatten().copied();
    let mut records = Records::new(file);
    loop {
        match reader.next() {
            Next::End => break,
            Next::More if rest.is_empty() => reader.finish(),
            Next::More => {
                let size = sizes.next().unwrap_or(chunk_bytes(plan));
                let chunk;
                (chunk, rest) = rest.split_at(size.min(rest.len()));
                reader.push(chunk);
            }
            Next::Unit(unit) => records.take(&unit),
        }
    }
    let guessed = file.encoding.guessed;
    let guess = || format!("taken for {}", file.encoding.name);
    Answer {
        status: Some("ok"),
        records: Some(records.records),
        rejects: records.rejects,
        warnings: guessed.then(guess).into_iter().collect(),
        ..Answer::default()
    }
}

/// The records of a file, and those that a job with every column as a key
/// would reject.
struct Records<'f> {
    file: &'f Input<'f>,
    records: Vec<Vec<Text>>,
    rejects: Vec<Reject>,
    /// How many there are, with those that were refused, and the line that
    /// the next one starts on.
    count: u64,
    line: u64,
}

impl<'f> Records<'f> {
    fn new(file: &'f Input<'f>) -> Records<'f> {
        let (records, rejects) = (Vec::new(), Vec::new());
        Records { file, records, rejects, count: 0, line: 1 }
    }

    /// Takes a unit.
    fn take(&mut self, unit: &Unit<'_>) {
        let kind = &unit.kind;
        match *kind {
            UnitKind::Blank => {}
            UnitKind::Record(record) => self.record(record),
            UnitKind::Refused(reason) => self.reject(reason),
        }
        self.count += u64::from(!matches!(kind, UnitKind::Blank));
        self.line += unit.breaks;
    }

    /// Takes a record. One with bytes that are no text is rejected, and
    /// still shown.
    fn record(&mut self, record: Record<'_>) {
        let fields: Option<Vec<Text>> =
            record.iter().map(|field| self.decode(field).map(Text)).collect();
        let fields = match fields {
            Some(fields) => fields,
            None => {
                self.reject(Reason::BadEncoding);
                record.iter().map(|field| Text(field.to_vec())).collect()
            }
        };
        self.records.push(fields);
    }

    /// The text of a field, if it is one.
    fn decode(&self, field: &[u8]) -> Option<Vec<u8>> {
        match &self.file.encoding.code_page {
            Some(page) => page.decode(field).map(|text| text.into_owned()),
            None => str::from_utf8(field).is_ok().then(|| field.to_vec()),
        }
    }

    fn reject(&mut self, reason: Reason) {
        self.rejects.push(Reject {
            file: self.file.name.clone(),
            line: self.line,
            record: self.count + 1,
            reason: reason.code().to_owned(),
        });
    }
}
