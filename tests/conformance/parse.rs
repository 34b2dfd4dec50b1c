//! Requests to be answered without a job.

use std::borrow::Cow;
use std::fs;

use playtally::{
    CodePage, FileOptions, Format, HEAD, Inspection, Next, Output,
    RECORD_LIMIT, RecordReader, Terminator, UnitKind, transcode,
};

use crate::Result;
use crate::answer::{Answer, Reject, Text};
use crate::request::{Plan, Request};

/// Answers with the records of a file, the first of them being as good as any
/// other.
pub fn records(request: &Request) -> Result<Answer> {
    let options = match request.options() {
        Ok(options) => FileOptions { header: Some(false), ..options },
        Err(why) => return Ok(Answer::skip(why)),
    };
    let file = &request.files[0];
    let bytes = fs::read(&file.path)?;
    match inspect(&bytes, &options) {
        Ok((text, found)) => {
            Ok(read(&text, &found, &request.plan, &file.name))
        }
        Err(error) => Ok(Answer::refused(&error)),
    }
}

/// Answers with the delimiter of a file.
pub fn delimiter(request: &Request) -> Result<Answer> {
    let bytes = fs::read(&request.files[0].path)?;
    match inspect(&bytes, &FileOptions::default()) {
        Ok((_, found)) => Ok(Answer {
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

/// A file as it is read, and what its first bytes say.
fn inspect<'b>(bytes: &'b [u8], options: &FileOptions) -> Inspected<'b> {
    let head = &bytes[..bytes.len().min(HEAD)];
    let last = head.len() == bytes.len();
    let label = options.encoding.as_deref();
    let encoding = playtally::detect_encoding(head, last, label)?;
    let text = match encoding.transcoded {
        true => transcode(bytes, true, &encoding.name)?.into(),
        false => Cow::Borrowed(bytes),
    };
    let head = &text[..text.len().min(HEAD)];
    let last = head.len() == text.len();
    let found = Inspection::encoded(head, last, encoding, options)?;
    Ok((text, found))
}

type Inspected<'b> = playtally::Result<(Cow<'b, [u8]>, Inspection)>;

/// Reads records, in chunks as they are planned.
fn read(bytes: &[u8], found: &Inspection, plan: &Plan, name: &str) -> Answer {
    let dialect = &found.dialect;
    let (delimiter, quote) = (dialect.delimiter, dialect.quote);
    let format = Format { delimiter, quote, fields: 0, limit: RECORD_LIMIT };
    let mut reader = RecordReader::new(format, dialect.start as u64);
    let mut rest = &bytes[dialect.start..];
    let mut sizes = plan.slice_plan.iter().flatten().copied();
    let (mut records, mut rejects) = (Vec::new(), Vec::new());
    let (mut line, mut number) = (1, 0);
    loop {
        let unit = match reader.next() {
            Next::End => break,
            Next::More if rest.is_empty() => {
                reader.finish();
                continue;
            }
            Next::More => {
                let usual = || plan.chunk.or(plan.slice).or(plan.cut_at);
                let size = sizes.next().or_else(usual).unwrap_or(usize::MAX);
                let chunk;
                (chunk, rest) = rest.split_at(size.min(rest.len()));
                reader.push(chunk);
                continue;
            }
            Next::Unit(unit) => unit,
        };
        number += u64::from(!matches!(unit.kind, UnitKind::Blank));
        match unit.kind {
            UnitKind::Blank => {}
            UnitKind::Record(record) => {
                let page = found.encoding.code_page.as_ref();
                let text = |field: &[u8]| Text(decoded(page, field));
                records.push(record.iter().map(text).collect());
            }
            UnitKind::Refused(reason) => {
                let (file, reason) = (name.to_owned(), reason.code().into());
                rejects.push(Reject { file, line, record: number, reason });
            }
        }
        line += unit.breaks;
    }
    let (status, records) = (Some("ok"), Some(records));
    Answer { status, records, rejects, ..Answer::default() }
}

/// The text of a field, or the field as it stands if that isn't text.
fn decoded(page: Option<&CodePage>, field: &[u8]) -> Vec<u8> {
    match page.and_then(|page| page.decode(field)) {
        Some(text) => text.into_owned(),
        None => field.to_vec(),
    }
}
