//! Tests of the merge, and the laws of the whole way from additions over runs
//! to CSV.

use super::*;
use crate::aggregate::Aggregate;
use crate::number::Number;
use crate::options::Terminator;
use crate::output::Output;
use crate::run::Key;
use num_bigint::BigInt;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// A run in memory.
type Run = (Vec<u8>, RunIndex);

/// A record to be added: key fields and numbers.
type Row = (Vec<Vec<u8>>, Vec<Number>);

/// Adds `rows` to an aggregate, and writes a run each time `every` of them
/// were added and at the end.
fn runs(keys: usize, totals: usize, rows: &[Row], every: usize) -> Vec<Run> {
    let mut aggregate = Aggregate::new(keys, totals);
    let mut runs = Vec::new();
    for rows in rows.chunks(every) {
        for (keys, totals) in rows {
            let keys: Vec<&[u8]> = keys.iter().map(|key| &key[..]).collect();
            aggregate.add(&keys, totals);
        }
        let mut run = Vec::new();
        let index = aggregate.drain(&mut |bytes| run.extend_from_slice(bytes));
        runs.push((run, index));
    }
    runs
}

/// Merges a range of runs and hands each group to `sink`.
fn merge(
    runs: &[Run],
    range: KeyRange,
    (keys, totals): (usize, usize),
    mut sink: impl FnMut(&Merge),
) -> Result<(), RunError> {
    let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
    let mut merge = Merge::new(&indexes, range, keys, totals)?;
    loop {
        match merge.step()? {
            Step::Need { run, offset, length } => {
                let start = offset as usize;
                merge.feed(run, &runs[run].0[start..start + length])?;
            }
            Step::Group => sink(&merge),
            Step::End => return Ok(()),
        }
    }
}

/// Merges runs as CSV, in `count` ranges laid end to end.
fn to_csv(
    runs: &[Run],
    count: usize,
    columns: (usize, usize),
) -> Result<Vec<u8>, RunError> {
    let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
    let mut output = Output::new(b',', Terminator::Lf);
    for range in ranges(&indexes, count) {
        merge(runs, range, columns, |group| {
            output.record(group.key(), group.totals());
        })?;
    }
    Ok(output.take())
}

/// Merges runs into one.
fn to_run(runs: &[Run], (keys, totals): (usize, usize)) -> Run {
    let mut bytes = Vec::new();
    let mut sink = |more: &[u8]| bytes.extend_from_slice(more);
    let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
    let all = KeyRange::default();
    let mut merge = Merge::new(&indexes, all, keys, totals).unwrap();
    let mut writer = merge.writer();
    while let Step::Need { run, offset, length } =
        merge.write(&mut writer, &mut sink).unwrap()
    {
        let bytes = &runs[run].0[offset as usize..][..length];
        merge.feed(run, bytes).unwrap();
    }
    let index = writer.finish(&mut sink);
    (bytes, index)
}

/// What must come out: groups in a map, written by the csv crate.
fn oracle(rows: &[Row]) -> Vec<u8> {
    let mut groups = BTreeMap::<Vec<Vec<u8>>, Vec<BigInt>>::new();
    for (keys, numbers) in rows {
        let zeros = vec![BigInt::from(0); numbers.len()];
        let totals = groups.entry(keys.clone()).or_insert(zeros);
        for (total, number) in totals.iter_mut().zip(numbers) {
            match number {
                Number::Small(value) => *total += *value,
                Number::Large(value) => *total += value,
            }
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    for (mut record, totals) in groups {
        record.extend(totals.iter().map(|t| t.to_string().into_bytes()));
        writer.write_record(record).unwrap();
    }
    writer.into_inner().unwrap()
}

/// Checks that rows, cut into runs of `every` and merged in `count` ranges,
/// give what the oracle says; that a pass over some of the runs first changes
/// nothing; and that neither does the order of runs.
fn check(columns: (usize, usize), rows: &[Row], every: usize, count: usize) {
    let expected = oracle(rows);
    let mut runs = runs(columns.0, columns.1, rows, every);
    let csv = to_csv(&runs, count, columns).unwrap();
    assert_eq!(
        String::from_utf8_lossy(&csv),
        String::from_utf8_lossy(&expected)
    );
    let (some, rest) = runs.split_at(runs.len() / 2);
    let passes = [to_run(some, columns), to_run(rest, columns)];
    assert_eq!(to_csv(&passes, count, columns), Ok(expected.clone()));
    let whole = to_run(&passes, columns);
    runs.reverse();
    assert_eq!(to_run(&runs, columns).0, whole.0);
    assert_eq!(to_csv(&[whole], count, columns), Ok(expected));
}

/// Rows with `songs` × `dates` keys in no particular order.
fn rows(count: u64, songs: u64, dates: u64) -> Vec<Row> {
    let row = |n: u64| {
        let mixed = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
        let song = format!("Song {}", mixed % songs).into_bytes();
        let date = format!("2020-{:03}", mixed / songs % dates).into_bytes();
        (vec![song, date], vec![Number::Small(n as i64 - 50)])
    };
    (0..count).map(row).collect()
}

#[test]
fn nothing() {
    check((2, 1), &[], 1, 3);
    let mut merge = Merge::new(&[], KeyRange::default(), 2, 1).unwrap();
    assert_eq!(merge.step(), Ok(Step::End));
    assert_eq!(merge.step(), Ok(Step::End));
}

#[test]
fn one_run() {
    check((2, 1), &rows(100, 5, 5), 100, 1);
}

#[test]
fn many_blocks_in_many_ranges() {
    let rows = rows(60_000, 200, 150);
    for (every, count) in [(60_000, 7), (9_000, 1), (9_000, 5), (25_000, 64)] {
        check((2, 1), &rows, every, count);
    }
}

/// Whether a merge of runs goes by rows.
fn goes_by_rows(runs: &[Run]) -> bool {
    let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
    let merge = Merge::new(&indexes, KeyRange::default(), 2, 1).unwrap();
    merge.has_rows()
}

#[test]
fn runs_in_rows_and_others() {
    let dense = rows(20_000, 100, 90);
    // Many songs and dates, each on its own, and some of those above.
    let sparse = rows(500, 40_000, 7_000);
    let both = [dense.clone(), sparse.clone(), dense.clone()].concat();
    let mut all = runs(2, 1, &dense, 9_000);
    assert!(goes_by_rows(&all));
    // Rows with other dates, and a run without groups.
    all.extend(runs(2, 1, &rows(9_000, 100, 200), 9_000));
    let mut none = Vec::new();
    let index = Aggregate::new(2, 1).drain(&mut |more| none.extend(more));
    all.push((none, index));
    assert!(goes_by_rows(&all));
    all.extend(runs(2, 1, &sparse, 500));
    assert!(!goes_by_rows(&all));
    for count in [1, 5] {
        check((2, 1), &both, 20_000, count);
        check((2, 1), &both, 7_000, count);
    }
}

#[test]
fn totals_beyond_i64_in_rows() {
    let mut rows = rows(2_000, 20, 20);
    for (_, numbers) in rows.iter_mut().step_by(7) {
        numbers[0] = Number::Small(i64::MAX);
    }
    assert!(goes_by_rows(&runs(2, 1, &rows, 700)));
    check((2, 1), &rows, 700, 3);
}

/// Most songs are new, and so are not looked up, and then they come again.
#[test]
fn songs_twice_in_rows() {
    let row = |n: u32| {
        let key = [format!("{n}"), format!("{}", n % 2)];
        (key.map(String::into_bytes).to_vec(), vec![Number::Small(1)])
    };
    let rows: Vec<Row> = (0..90_000).chain(0..90_000).map(row).collect();
    let runs = runs(2, 1, &rows, rows.len());
    assert!(goes_by_rows(&runs));
    assert_eq!(to_csv(&runs, 2, (2, 1)), Ok(oracle(&rows)));
}

#[test]
fn long_fields_are_in_no_rows() {
    let row = |song: &str, note: usize| {
        let note = format!("{note:07000}").into_bytes();
        (vec![song.into(), note], vec![Number::Small(7)])
    };
    for (notes, expected) in [(9, true), (10, false)] {
        let rows: Vec<Row> = (0..notes)
            .flat_map(|note| [row("a", note), row("b", note)])
            .collect();
        assert_eq!(goes_by_rows(&runs(2, 1, &rows, rows.len())), expected);
        check((2, 1), &rows, rows.len(), 2);
        check((2, 1), &rows, 4, 2);
    }
}

#[test]
fn too_many_dates_for_rows_together() {
    let rows: Vec<Row> = [0, 3000]
        .into_iter()
        .flat_map(|first| {
            (first..first + 3000).flat_map(|date| {
                ["a", "b"].map(|song| {
                    let date = format!("{date:04}").into_bytes();
                    (vec![song.into(), date], vec![Number::Small(7)])
                })
            })
        })
        .collect();
    let runs = runs(2, 1, &rows, 6000);
    assert!(goes_by_rows(&runs[..1]) && goes_by_rows(&runs[1..]));
    assert!(!goes_by_rows(&runs));
    check((2, 1), &rows, 6000, 3);
}

#[test]
fn one_song_has_nearly_everything() {
    let rows = rows(60_000, 1, 50_000);
    let runs = runs(2, 1, &rows, 30_000);
    let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
    assert_eq!(ranges(&indexes, 4).len(), 4);
    check((2, 1), &rows, 30_000, 4);
}

#[test]
fn ranges_are_even() {
    let runs = runs(2, 1, &rows(200_000, 3_000, 60), 60_000);
    let indexes: Vec<&RunIndex> = runs.iter().map(|run| &run.1).collect();
    let mut groups = Vec::new();
    for range in ranges(&indexes, 4) {
        groups.push(0);
        let last = groups.last_mut().unwrap();
        merge(&runs, range, (2, 1), |_| *last += 1).unwrap();
    }
    let mean = groups.iter().sum::<i32>() / 4;
    for count in groups {
        assert!((count - mean).abs() < mean / 4, "{count} of {mean}");
    }
}

#[test]
fn only_overlapping_blocks_are_read() {
    let runs = runs(2, 1, &rows(200_000, 3_000, 60), 200_000);
    let index = &runs[0].1;
    let key = |at: usize| Some(index.blocks[at].first.clone());
    let range = KeyRange { from: key(1), to: key(3) };
    let mut merge = Merge::new(&[index], range, 2, 1).unwrap();
    let expected = Step::Need {
        run: 0,
        offset: index.blocks[1].offset,
        length: (index.blocks[1].length + index.blocks[2].length) as usize,
    };
    assert_eq!(merge.step(), Ok(expected));
    // Asked again without being fed.
    assert_eq!(merge.step(), Ok(expected));
}

#[test]
fn reads_ahead_but_not_too_far() {
    let runs = runs(2, 1, &rows(200_000, 3_000, 60), 200_000);
    let all = KeyRange::default();
    let mut merge = Merge::new(&[&runs[0].1], all, 2, 1).unwrap();
    let Ok(Step::Need { length, .. }) = merge.step() else {
        panic!("no need");
    };
    assert!((128 << 10..=256 << 10).contains(&length), "{length}");
}

/// Any boundary will do, also ones that no group has, or in the wrong order.
#[test]
fn arbitrary_ranges() {
    let rows = rows(2_000, 20, 20);
    let runs = runs(2, 1, &rows, 700);
    let key = |song: &str, date: &str| -> Option<_> {
        Some([song, date].into_iter().map(str::as_bytes).collect())
    };
    let cuts = [
        None,
        key("", ""),
        key("Song 1", "2020-007"),
        key("Song 1", "2020-007\0"),
        key("Song 10", "x"),
        key("Song 3", ""),
        key("T", ""),
        None,
    ];
    let mut output = Output::new(b',', Terminator::Lf);
    for cut in cuts.windows(2) {
        let (from, to) = (cut[0].clone(), cut[1].clone());
        let range = KeyRange { from: from.clone(), to: to.clone() };
        merge(&runs, range, (2, 1), |group| {
            let key: Key = group.key().collect();
            assert!(from.as_ref().is_none_or(|from| *from <= key));
            assert!(to.as_ref().is_none_or(|to| key < *to));
            output.record(group.key(), group.totals());
        })
        .unwrap();
    }
    assert_eq!(output.take(), oracle(&rows));
    let backwards = KeyRange { from: key("T", ""), to: key("Song 3", "") };
    merge(&runs, backwards, (2, 1), |_| panic!("a group")).unwrap();
}

#[test]
fn other_columns() {
    let runs = runs(2, 1, &rows(10, 2, 2), 10);
    for columns in [(1, 1), (2, 2)] {
        assert_eq!(to_csv(&runs, 1, columns), Err(RunError::Columns));
    }
}

#[test]
fn wrong_bytes_are_noticed() {
    let rows = rows(40_000, 200, 200);
    let runs = runs(2, 1, &rows, 40_000);
    let (run, index) = &runs[0];
    let all = KeyRange::default();
    let mut merge = Merge::new(&[index], all, 2, 1).unwrap();
    let Ok(Step::Need { length, .. }) = merge.step() else {
        panic!("no need");
    };
    assert_eq!(merge.feed(0, &run[..length - 1]), Err(RunError::Damaged));
    // Whole blocks, but not the first ones.
    let from = index.blocks[1].offset as usize;
    let mut shifted = run[from..].to_vec();
    shifted.resize(length, 0);
    merge.feed(0, &shifted[..length]).unwrap();
    assert_eq!(merge.step(), Err(RunError::Damaged));
}

/// Flips each bit of a small run: its blocks must give an error, and the rest
/// is not read by a merge that has the index already.
#[test]
fn damaged_runs_are_noticed() {
    let mut runs = runs(2, 1, &rows(40, 3, 4), 20);
    let expected = to_csv(&runs, 2, (2, 1)).unwrap();
    let block = runs[1].1.blocks[0].clone();
    let block =
        block.offset as usize..block.offset as usize + block.length as usize;
    for at in 0..runs[1].0.len() {
        for bit in 0..8 {
            runs[1].0[at] ^= 1 << bit;
            match to_csv(&runs, 2, (2, 1)) {
                Ok(csv) => {
                    assert!(!block.contains(&at), "byte {at}");
                    assert_eq!(csv, expected);
                }
                Err(_) => assert!(block.contains(&at), "byte {at}"),
            }
            runs[1].0[at] ^= 1 << bit;
        }
    }
}

#[test]
fn totals_beyond_i64() {
    let row = |key: &str, value: i64| {
        (vec![key.as_bytes().to_vec()], vec![Number::Small(value)])
    };
    let rows = [
        row("a", i64::MAX),
        row("b", i64::MIN),
        row("a", i64::MAX),
        row("b", i64::MIN),
        row("c", i64::MAX),
        row("c", 1),
        row("c", -1),
    ];
    for every in 1..=rows.len() {
        check((1, 1), &rows, every, 2);
    }
}

/// A number, often near the edges of `i64` or beyond them.
fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        (-99..99i64).prop_map(Number::Small),
        any::<i64>().prop_map(Number::Small),
        prop::sample::select(vec![i64::MIN, i64::MAX]).prop_map(Number::Small),
        any::<i128>().prop_map(|value| Number::from(BigInt::from(value))),
    ]
}

/// Numbers of key and of total columns, and rows with few different keys.
fn any_rows() -> impl Strategy<Value = ((usize, usize), Vec<Row>)> {
    (1..=8usize, 1..=8usize).prop_flat_map(|(keys, totals)| {
        let long = "a field that is longer than 15 bytes";
        let fields = vec!["", "a", "a\0", "a,", "ab\"", "\n", long];
        let field = prop::sample::select(fields);
        let field = field.prop_map(|field| field.as_bytes().to_vec());
        let key = prop::collection::vec(field, keys);
        let row = (key, prop::collection::vec(number(), totals));
        let rows = prop::collection::vec(row, 0..60);
        (Just((keys, totals)), rows)
    })
}

proptest! {
    /// However additions are cut into aggregates, runs into ranges and passes,
    /// and in whatever order they come, not a byte of the output changes.
    #[test]
    fn cuts_never_show(
        (columns, rows) in any_rows(),
        every in 1..61usize,
        count in 1..5usize,
    ) {
        check(columns, &rows, every, count);
    }

    /// The same with keys that fill several blocks.
    #[test]
    fn cuts_never_show_in_long_runs(
        songs in 1..400u64,
        every in 500..9_000usize,
        count in 1..9usize,
    ) {
        check((2, 1), &rows(9_000, songs, 900), every, count);
    }
}
