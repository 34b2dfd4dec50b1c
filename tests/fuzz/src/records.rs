//! Records, against csv-core and against themselves.

use playtally::{Format, Next, RecordReader, UnitKind};

use super::input::Input;

/// What is told of a unit.
#[derive(Debug, PartialEq)]
struct Told {
    start: u64,
    end: u64,
    raw: Vec<u8>,
    breaks: u64,
    kind: String,
    fields: Vec<Vec<u8>>,
}

/// The first byte is the size of chunks, the second the delimiter, the third
/// the number of fields, the fourth the record limit.
///
/// Units lie end to end from the first byte to the last, and don't depend on
/// how they are cut. Where nothing is refused, records are those of csv-core.
pub fn records(bytes: &[u8]) {
    let mut input = Input { bytes };
    let chunk = input.number(256) + 1;
    let format = Format {
        delimiter: input.choose(b",;\t|"),
        quote: b'"',
        fields: input.number(5),
        limit: [4, 60, 1 << 20][input.number(3)],
    };
    let bytes = input.bytes;
    let whole = read(format, bytes, usize::MAX);
    assert_eq!(whole, read(format, bytes, chunk));
    let mut end = 0;
    for unit in &whole {
        assert_eq!(unit.start, end);
        assert!(unit.end > unit.start);
        end = unit.end;
    }
    assert_eq!(end, bytes.len() as u64);
    if whole.iter().all(|unit| !unit.kind.starts_with("refused")) {
        let ours = whole.into_iter().filter(|unit| unit.kind == "record");
        let ours: Vec<_> = ours.map(|unit| unit.fields).collect();
        assert_eq!(ours, by_csv_core(format, bytes));
    }
}

/// Reads units in chunks of a size.
fn read(format: Format, bytes: &[u8], chunk: usize) -> Vec<Told> {
    let mut reader = RecordReader::new(format, 0);
    let mut chunks = bytes.chunks(chunk.min(bytes.len().max(1)));
    let mut told = Vec::new();
    loop {
        match reader.next() {
            Next::Unit(unit) => told.push(Told {
                start: unit.start,
                end: unit.end,
                raw: unit.raw.to_vec(),
                breaks: unit.breaks,
                fields: match unit.kind {
                    UnitKind::Record(record) => {
                        record.iter().map(<[u8]>::to_vec).collect()
                    }
                    _ => Vec::new(),
                },
                kind: match unit.kind {
                    UnitKind::Blank => "blank".into(),
                    UnitKind::Record(_) => "record".into(),
                    UnitKind::Refused(reason) => {
                        format!("refused: {}", reason.code())
                    }
                },
            }),
            Next::More => match chunks.next() {
                Some(chunk) => reader.push(chunk),
                None => reader.finish(),
            },
            Next::End => return told,
        }
    }
}

/// Reads records with csv-core alone.
fn by_csv_core(format: Format, bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut csv = csv_core::ReaderBuilder::new()
        .delimiter(format.delimiter)
        .quote(format.quote)
        .build();
    // It would take a byte order mark off.
    csv.read_record(b"\n", &mut [0], &mut [0]);
    // So that each record ends in one call: a terminator more changes none.
    let ended = [bytes, b"\n"].concat();
    let mut fields = vec![0; ended.len()];
    let mut ends = vec![0; ended.len() + 1];
    let (mut records, mut rest) = (Vec::new(), &ended[..]);
    loop {
        let (result, read, _, count) =
            csv.read_record(rest, &mut fields, &mut ends);
        rest = &rest[read..];
        match result {
            csv_core::ReadRecordResult::Record => {
                records.push(cut(&fields, &ends[..count]));
            }
            csv_core::ReadRecordResult::InputEmpty => {}
            csv_core::ReadRecordResult::End => return records,
            _ => unreachable!("there is room"),
        }
    }
}

/// Cuts fields where they end.
fn cut(bytes: &[u8], ends: &[usize]) -> Vec<Vec<u8>> {
    let starts = [0].iter().chain(ends);
    starts.zip(ends).map(|(&start, &end)| bytes[start..end].to_vec()).collect()
}
