//! Runs the hot loops on made-up data.
//!
//! A browser starts wasm with quickly made code and replaces a function by a
//! faster one once it has been called often. That takes most of a second on
//! a large file, so it is better done while a person is still choosing one.

use crate::aggregate::Aggregate;
use crate::figures::Figures;
use crate::inspect::Inspection;
use crate::merge::{KeyRange, Merge, Step};
use crate::options::{FileOptions, OutputFormat, RECORD_LIMIT};
use crate::part::Part;
use crate::reader::Format;
use crate::reject::RejectLog;
use crate::split::{FileFormat, Split, SplitReader};
use crate::total::Total;

/// Records of each kind of made-up data: about half a chunk.
const RECORDS: u32 = 20_000;

/// Bytes of it that are parsed at once: so few that what is done once for each
/// chunk or batch is done often, too.
const CHUNK: usize = 4 << 10;

/// Records of it that are inspected: a third of what one of a file looks at.
const INSPECTED: u32 = 30_000;

/// Parses, drains and merges made-up records, `rounds` times, and returns
/// the sum over the result.
pub fn warm(rounds: u32) -> Total {
    let format = Format {
        delimiter: b',',
        quote: b'"',
        fields: 3,
        limit: RECORD_LIMIT,
    };
    let file = FileFormat::plain(format, vec![0, 1], vec![2]);
    // Groups of the first are written and merged in rows.
    let data = [[499; 2], [997, RECORDS]].map(|songs| made_up(RECORDS, songs));
    let mut total = Total::zero();
    for _ in 0..rounds {
        data.iter().for_each(|data| round(&file, data, &mut total));
    }
    total
}

/// Inspects made-up records and returns how many columns they have.
///
/// # Panics
///
/// Never: they can be read.
pub fn warm_inspection() -> usize {
    let options = FileOptions::default();
    let data = made_up(INSPECTED, [997, INSPECTED]);
    let found = Inspection::new(&data, true, &options);
    found.expect("a file with columns").columns.len()
}

/// Records of a few hundred dates, and in turn one of the first so many songs
/// and one of the next. Some titles have quotes, and some of those commas or
/// quotes in them; some are long, or not ASCII.
fn made_up(records: u32, songs: [u32; 2]) -> Vec<u8> {
    let mut csv = Vec::new();
    for n in 0..records {
        let song = n * 7919 % songs[n as usize % 2];
        let title = match n % 16 {
            0 => format!("\"Song, number {song}\""),
            5 => format!("\"Song \"\"number\"\" {song}\""),
            10 => format!("Canción {song} of those with a long title"),
            _ => format!("Song number {song}"),
        };
        let (month, day) = (n * 31 % 12 + 1, n * 31 % 28 + 1);
        let record = format!("{title},2020-{month:02}-{day:02},{n}\n");
        csv.extend_from_slice(record.as_bytes());
    }
    csv
}

/// One way from bytes to CSV.
fn round(file: &FileFormat, data: &[u8], total: &mut Total) {
    let end = data.len() as u64;
    let split = Split { start: 0, end, first: Some(0) };
    let mut aggregate = Aggregate::new(2, 1);
    let mut rejects = RejectLog::default();
    let mut reader = SplitReader::new(file, split);
    for chunk in data.chunks(CHUNK) {
        reader.spare(chunk.len()).copy_from_slice(chunk);
        reader.run(&mut aggregate, &mut rejects);
    }
    let mut run = Vec::new();
    let index = aggregate.drain(&mut |bytes| run.extend_from_slice(bytes));
    let indexes = [&index, &index];
    let mut merge =
        Merge::new(&indexes, KeyRange::default(), 2, Figures::from(1))
            .expect("a run of the same columns");
    let mut part = Part::new(OutputFormat::default(), 1.into(), 0);
    loop {
        let step = part.write(&mut merge).expect("a run just made");
        part.clear();
        match step {
            Step::Need { run: place, offset, length } => {
                let bytes = &run[offset as usize..][..length];
                merge.feed(place, bytes).expect("what was asked for");
            }
            Step::Group => {}
            Step::End => break,
        }
    }
    total.add(&part.into_totals()[0]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_made_up_records_are_added() {
        let once: u64 = (0..u64::from(RECORDS)).sum();
        // For each kind; and each run is merged with itself.
        assert_eq!(warm(2).to_string(), (once * 8).to_string());
    }

    #[test]
    fn the_made_up_records_are_inspected() {
        assert_eq!(warm_inspection(), 3);
    }
}
