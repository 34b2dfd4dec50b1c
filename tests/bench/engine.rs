//! How fast the engine's inner loops are on this machine, one by one:
//! `make bench-native`.
//!
//! The data are made up and lie in memory; rates are of bytes of input,
//! whatever the loop.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput};
use playtally::*;

/// About what a worker reads until it has something to do with it.
const CHUNK: usize = 1 << 20;

/// Bytes of data.
const BYTES: usize = 16 << 20;

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_secs(1))
        .configure_from_args();
    for kind in [Kind::Plain, Kind::Typical, Kind::Quoted] {
        measure(&mut criterion, kind);
    }
    criterion.final_summary();
}

/// What the data are like: those of `make bench`, made more simply.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// 500 songs on 30 days, no quotes.
    Plain,
    /// 20,000 songs on 365 days, 1 title in 20 quoted.
    Typical,
    /// 1,000 songs on 90 days, every field quoted, some with a line break.
    Quoted,
}

/// Measures all loops on data of a kind.
fn measure(criterion: &mut Criterion, kind: Kind) {
    let data = made_up(kind);
    assert_eq!(csv_core(&data), read(&data), "the same records");
    let mut group = criterion.benchmark_group(format!("{kind:?}"));
    group.throughput(Throughput::Bytes(data.len() as u64));
    group.bench_function("csv-core", |b| b.iter(|| csv_core(&data)));
    group.bench_function("read", |b| b.iter(|| read(&data)));
    group.bench_function("read and add", |b| b.iter(|| add(&data)));
    group.bench_function("drain", |b| {
        let setup = || add(&data);
        b.iter_batched(setup, drain, BatchSize::LargeInput);
    });
    let halves = data.split_at(half(&data));
    let runs = [drain(add(halves.0)), drain(add(halves.1))];
    group.bench_function("merge and write", |b| b.iter(|| merge(&runs)));
    group.finish();
}

/// Reads records with csv-core alone, as one does: into a buffer for fields.
fn csv_core(mut data: &[u8]) -> u64 {
    let mut reader = csv_core::Reader::new();
    let (mut fields, mut ends) = ([0; 1 << 16], [0; 16]);
    let mut records = 0;
    loop {
        let (result, read, _, _) =
            reader.read_record(data, &mut fields, &mut ends);
        data = &data[read..];
        match result {
            csv_core::ReadRecordResult::Record => {
                // Else nobody would look at the fields, and the compiler
                // needn't write them.
                black_box((&fields, &ends));
                records += 1;
            }
            csv_core::ReadRecordResult::End => return records,
            _ => {}
        }
    }
}

/// Reads records with the engine's reader.
fn read(data: &[u8]) -> u64 {
    let mut reader = RecordReader::new(file().format, 0);
    let mut records = 0;
    for chunk in data.chunks(CHUNK) {
        reader.push(chunk);
        records += whole(&mut reader);
    }
    reader.finish();
    records + whole(&mut reader)
}

/// Takes the records that a reader has so far.
fn whole(reader: &mut RecordReader) -> u64 {
    let mut records = 0;
    while let Next::Unit(unit) = reader.next() {
        black_box(&unit);
        records += 1;
    }
    records
}

/// Reads records and adds them up.
fn add(data: &[u8]) -> Aggregate {
    let file = file();
    let end = data.len() as u64;
    let split = Split { start: 0, end, first: Some(0) };
    let mut reader = SplitReader::new(&file, split);
    let mut aggregate = Aggregate::new(2, 1);
    let mut rejects = RejectLog::default();
    for chunk in data.chunks(CHUNK) {
        reader.spare(chunk.len()).copy_from_slice(chunk);
        reader.run(&mut aggregate, &mut rejects);
    }
    reader.finish();
    reader.run(&mut aggregate, &mut rejects);
    assert_eq!(reader.counts().added, reader.counts().records);
    aggregate
}

/// Makes a run of an aggregate.
fn drain(mut aggregate: Aggregate) -> (RunIndex, Vec<u8>) {
    let mut run = Vec::new();
    let index = aggregate.drain(&mut |bytes| run.extend_from_slice(bytes));
    (index, run)
}

/// Merges runs and writes CSV; returns its length.
fn merge(runs: &[(RunIndex, Vec<u8>)]) -> usize {
    let indexes: Vec<&RunIndex> =
        runs.iter().map(|(index, _)| index).collect();
    let mut merge = Merge::new(&indexes, KeyRange::default(), 2, 1)
        .expect("runs of these columns");
    let mut part = Part::new(OutputFormat::default(), 1.into(), 0);
    let mut written = 0;
    loop {
        let step = part.write(&mut merge).expect("runs just made");
        written += part.csv().len();
        part.clear();
        match step {
            Step::Need { run, offset, length } => {
                let bytes = &runs[run].1[offset as usize..][..length];
                merge.feed(run, bytes).expect("what was asked for");
            }
            Step::Group => {}
            Step::End => return written,
        }
    }
}

/// How the data are written, and what their columns are.
fn file() -> FileFormat {
    let format =
        Format { delimiter: b',', quote: b'"', fields: 3, limit: 1 << 20 };
    FileFormat::plain(format, vec![0, 1], vec![2])
}

/// Makes records, without a header.
fn made_up(kind: Kind) -> Vec<u8> {
    let (songs, days) = match kind {
        Kind::Plain => (500, 30),
        Kind::Typical => (20_000, 365),
        Kind::Quoted => (1000, 90),
    };
    let mut random = Random(1);
    let mut csv = Vec::new();
    while csv.len() < BYTES {
        // The product makes the first songs far more popular than the last.
        let song = match kind {
            Kind::Typical => random.below(songs) * random.below(songs) / songs,
            _ => random.below(songs),
        };
        let (day, plays) = (random.below(days), random.below(5000));
        let date = format!("2020-{:02}-{:02}", day / 28 + 1, day % 28 + 1);
        let record = match kind {
            Kind::Quoted if song % 50 == 7 => {
                format!("\"Song\n{song}\",\"{date}\",\"{plays}\"\n")
            }
            Kind::Quoted => {
                format!("\"Song {song}, live\",\"{date}\",\"{plays}\"\n")
            }
            Kind::Typical if song % 20 == 7 => {
                format!("\"Love Night {song}, \"\"live\"\"\",{date},{plays}\n")
            }
            Kind::Typical => format!("Love Night {song},{date},{plays}\n"),
            Kind::Plain => format!("Song {song},{date},{plays}\n"),
        };
        csv.extend_from_slice(record.as_bytes());
    }
    csv
}

/// The end of a record near the middle. A title breaks only behind "Song";
/// every record ends behind something else.
fn half(data: &[u8]) -> usize {
    let middle = data.len() / 2;
    let ends = |pair: &[u8]| pair[0] != b'g' && pair[1] == b'\n';
    let end = data[middle..].windows(2).position(ends);
    middle + end.expect("a record") + 2
}

/// Marsaglia's xorshift64.
struct Random(u64);

impl Random {
    /// Draws a number below `end`, which is far below 2³².
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        ((self.0 >> 32) * end) >> 32
    }
}
