//! Tests of the run format: round trips, and damage.

use super::*;
use crate::total::Total;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// Groups by key.
type Groups = BTreeMap<Vec<Vec<u8>>, Vec<Total>>;

/// Writes groups as a run.
fn write(keys: usize, totals: usize, groups: &Groups) -> (Vec<u8>, RunIndex) {
    let mut run = Vec::new();
    let mut sink = |bytes: &[u8]| run.extend_from_slice(bytes);
    let mut writer = RunWriter::new(keys, totals);
    for (key, totals) in groups {
        let key: Vec<&[u8]> = key.iter().map(|field| &field[..]).collect();
        writer.push(&key, totals, &mut sink);
    }
    let index = writer.finish(&mut sink);
    (run, index)
}

/// Writes groups as a run in rows, some of the last fields in no group.
fn write_rows(
    keys: usize,
    totals: usize,
    groups: &Groups,
) -> (Vec<u8>, RunIndex) {
    let lasts = groups.keys().map(|key| key[keys - 1].clone());
    let others = [&b""[..], b"\x02", b"unused"].map(<[u8]>::to_vec);
    let lasts: BTreeSet<Vec<u8>> = lasts.chain(others).collect();
    let lasts: Vec<Box<[u8]>> = lasts.into_iter().map(Vec::into).collect();
    let mut run = Vec::new();
    let mut sink = |bytes: &[u8]| run.extend_from_slice(bytes);
    let mut writer = RunWriter::in_rows(keys, totals, lasts.clone());
    for (key, totals) in groups {
        let (last, firsts) = key.split_last().unwrap();
        let firsts = firsts.iter().map(Vec::as_slice);
        let row: Vec<&[u8]> = firsts.chain([&[][..]]).collect();
        writer.row(&row, &mut sink);
        let last = lasts.binary_search_by(|other| (**other).cmp(last));
        writer.push_in_row(last.unwrap(), totals);
    }
    let index = writer.finish(&mut sink);
    (run, index)
}

/// Reads all groups of a run, its index first.
fn read(run: &[u8]) -> Result<Groups, RunError> {
    let index = RunIndex::open(run)?;
    let mut reader = BlockReader::new(&index);
    let mut groups = Groups::new();
    for block in &index.blocks {
        let start = block.offset as usize;
        reader.fill(&run[start..start + block.length as usize]);
        while reader.advance()? {
            if reader.starts_block() {
                assert!(reader.begins(&block.first));
            }
            let key = reader.key().map(<[u8]>::to_vec).collect();
            groups.insert(key, reader.totals().to_vec());
        }
    }
    Ok(groups)
}

/// Checks that groups come back out of a run, and that its index tells the
/// truth.
fn check(keys: usize, totals: usize, groups: &Groups) -> (Vec<u8>, RunIndex) {
    let (run, index) = write(keys, totals, groups);
    assert_eq!(read(&run).as_ref(), Ok(groups));
    assert_eq!(index.groups, groups.len() as u64);
    assert_eq!(index.bytes, run.len() as u64);
    assert_eq!(RunIndex::decode(&index.encode()), Ok(index.clone()));
    assert_eq!(RunIndex::open(&run), Ok(index.clone()));
    assert_eq!(write(keys, totals, groups).0, run);
    check_rows(keys, totals, groups);
    (run, index)
}

/// Checks the same for a run in rows.
fn check_rows(keys: usize, totals: usize, groups: &Groups) {
    let (run, index) = write_rows(keys, totals, groups);
    assert_eq!(read(&run).as_ref(), Ok(groups));
    assert_eq!(index.groups, groups.len() as u64);
    assert_eq!(index.bytes, run.len() as u64);
    assert_eq!(RunIndex::open(&run), Ok(index));
}

/// Groups of two keys and one total, `dates` for each song.
fn songs(songs: u32, dates: u32) -> Groups {
    let pairs = (0..songs).flat_map(|s| (0..dates).map(move |d| (s, d)));
    let group = |(song, date): (u32, u32)| {
        let key = [format!("Song {song}"), format!("2020-01-{date:02}")];
        let total = Total::from(i64::from(song * date) - 9);
        (key.map(String::into_bytes).to_vec(), vec![total])
    };
    pairs.map(group).collect()
}

#[test]
fn no_groups() {
    let (run, index) = check(3, 2, &Groups::new());
    assert!(index.blocks.is_empty());
    assert_eq!(run.len(), HEADER + index.encode().len() + TRAILER);
}

#[test]
fn one_block() {
    let (_, index) = check(2, 1, &songs(5, 30));
    assert_eq!(index.blocks.len(), 1);
    assert_eq!(index.blocks[0].offset, HEADER as u64);
}

#[test]
fn many_blocks() {
    let (run, index) = check(2, 1, &songs(4_000, 30));
    assert!(index.blocks.len() > 10);
    // What a key shares with the one before takes no bytes.
    assert!(run.len() < 120_000 * 7, "{}", run.len());
    for block in &index.blocks[..index.blocks.len() - 1] {
        assert!((64 << 10..65 << 10).contains(&block.length));
    }
}

#[test]
fn fields_longer_than_a_block() {
    let keys = [vec![b'a'; 100_000], vec![b'a'; 100_001], vec![]];
    let groups = keys.map(|key| (vec![key], vec![Total::from(1)]));
    let (_, index) = check(1, 1, &Groups::from(groups));
    assert_eq!(index.blocks.len(), 2);
}

#[test]
fn several_blocks_at_once() {
    let groups = songs(500, 30);
    let (run, index) = write(2, 1, &groups);
    let last = index.blocks.last().unwrap();
    let mut reader = BlockReader::new(&RunIndex::new(2, 1));
    reader.fill(&run[HEADER..(last.offset as usize + last.length as usize)]);
    let (mut count, mut blocks) = (0, 0);
    while reader.advance().unwrap() {
        count += 1;
        blocks += usize::from(reader.starts_block());
    }
    assert_eq!((count, blocks), (groups.len(), index.blocks.len()));
}

/// Checks that each way of damaging one byte of a run is noticed.
fn check_damage(groups: &Groups, keys: usize, totals: usize) {
    check_damaged(&write(keys, totals, groups).0);
    check_damaged(&write_rows(keys, totals, groups).0);
}

fn check_damaged(run: &[u8]) {
    for at in 0..run.len() {
        for flip in [1, 0x80, 0xFF] {
            let mut damaged = run.to_vec();
            damaged[at] ^= flip;
            assert!(read(&damaged).is_err(), "byte {at} of {}", run.len());
        }
        assert!(read(&run[..at]).is_err(), "cut at {at}");
        assert!(read(&run[at + 1..]).is_err(), "cut before {}", at + 1);
    }
}

#[test]
fn damage_is_noticed() {
    check_damage(&songs(3, 4), 2, 1);
    check_damage(&Groups::new(), 2, 1);
    let large = "-340282366920938463463374607431768211456".parse().unwrap();
    let group = (vec![vec![]; 8], vec![Total::zero(), large]);
    check_damage(&Groups::from([group]), 8, 2);
}

/// Checks what opening a run says, with its index's checksum made right, after
/// `change` was made to the index.
fn check_index(change: impl Fn(&mut Vec<u8>), expected: RunError) {
    let mut index = write(2, 1, &songs(2, 2)).1.encode();
    index.truncate(index.len() - SUM);
    change(&mut index);
    index.extend(checksum(&index));
    assert_eq!(RunIndex::decode(&index), Err(expected));
}

#[test]
fn damaged_indexes_with_right_checksums() {
    check_index(|index| index[0] = 9, RunError::Version(9));
    check_index(|index| index[1] = 0, RunError::Damaged);
    check_index(|index| index[1] = 9, RunError::Damaged);
    check_index(|index| index[2] = 26, RunError::Damaged);
    check_index(|index| index.push(0), RunError::Damaged);
    check_index(|index| index.truncate(4), RunError::Damaged);
    // The numbers of last fields and of blocks.
    let endless = [255, 255, 255, 255, 255, 255, 255, 255, 255, 1];
    for at in [4, 5] {
        check_index(|index| index[at] = 2, RunError::Damaged);
        let replace =
            |index: &mut Vec<u8>| drop(index.splice(at..=at, endless));
        check_index(replace, RunError::Damaged);
    }
    check_index(|index| index[5] = 0, RunError::Damaged);
    // The length of the first block.
    check_index(|index| index[6] = BLOCK_HEADER as u8, RunError::Damaged);
}

#[test]
fn damaged_lasts_with_right_checksums() {
    let index = |lasts: &[&str]| {
        let lasts = lasts.iter().map(|last| last.as_bytes().into());
        RunIndex { lasts: lasts.collect(), ..RunIndex::new(2, 1) }
    };
    let check = |lasts: &[&str], expected: Result<(), RunError>| {
        let decoded = RunIndex::decode(&index(lasts).encode());
        assert_eq!(decoded.map(drop), expected, "{lasts:?}");
    };
    check(&["", "a", "b"], Ok(()));
    check(&["b", "a"], Err(RunError::Damaged));
    check(&["a", "a"], Err(RunError::Damaged));
    let all: Vec<String> = (0..=9999).map(|n| format!("{n:04}")).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    check(&all[..MOST_IN_ROW], Ok(()));
    check(&all[..=MOST_IN_ROW], Err(RunError::Damaged));
}

#[test]
fn blocks_out_of_order() {
    let (_, mut index) = write(2, 1, &songs(2_000, 10));
    index.blocks.swap(0, 1);
    assert_eq!(RunIndex::decode(&index.encode()), Err(RunError::Damaged));
}

/// Bytes as the groups of a block.
pub(super) fn block(groups: &[u8]) -> Vec<u8> {
    let length = groups.len() as u32;
    [&length.to_le_bytes(), &checksum(groups)[..], groups].concat()
}

/// Checks what a block of groups with two keys and one total says, its
/// checksum being right.
fn check_block(groups: &[u8], expected: Result<usize, RunError>) {
    check_block_of(&RunIndex::new(2, 1), groups, expected);
}

/// The same for a block of a run with this index.
fn check_block_of(
    index: &RunIndex,
    groups: &[u8],
    expected: Result<usize, RunError>,
) {
    let mut reader = BlockReader::new(index);
    reader.fill(&block(groups));
    let mut count = 0;
    let mut read = || {
        while reader.advance()? {
            count += 1;
        }
        Ok(count)
    };
    assert_eq!(read(), expected, "{groups:?}");
}

#[test]
fn damaged_groups_with_right_checksums() {
    let first = [0, 1, b'b', 2, b'b', b'b', 1, 5];
    let after = |group: &[u8]| [&first, group].concat();
    check_block(&first, Ok(1));
    check_block(&after(&[1, 0x21, b'a', 1, 5]), Ok(2));
    check_block(&after(&[1, 0x11, b'c', 1, 5]), Ok(2));
    check_block(&after(&[0, 0x10, 0x01, b'a', 1, 5]), Err(RunError::Damaged));
    check_block(&after(&[0, 0x11, b'a', 0x01, b'a', 1, 5]), Ok(2));
    // Nothing before to be the same as.
    check_block(&[1, 2, b'b', b'b', 1, 5], Err(RunError::Damaged));
    check_block(&[0, 0x10, 1, b'b', 1, 5], Err(RunError::Damaged));
    // All fields the same, more shared than there is, less than there is.
    check_block(&after(&[2, 1, 5]), Err(RunError::Damaged));
    check_block(&after(&[1, 0x31, b'a', 1, 5]), Err(RunError::Damaged));
    check_block(&after(&[1, 0x12, b'b', b'c', 1, 5]), Err(RunError::Damaged));
    // Equal, and in the wrong order.
    check_block(&after(&[1, 0x20, 1, 5]), Err(RunError::Damaged));
    check_block(&after(&[1, 0x10, 1, 5]), Err(RunError::Damaged));
    check_block(&after(&[1, 0x11, b'a', 1, 5]), Err(RunError::Damaged));
}

/// Checks what a block of rows with the last fields "a", "b" and "c" says.
fn check_row_block(rows: &[u8], expected: Result<usize, RunError>) {
    let lasts = [b"a", b"b", b"c"].map(|last| last[..].into()).to_vec();
    let index = RunIndex { lasts, ..RunIndex::new(2, 1) };
    check_block_of(&index, rows, expected);
}

#[test]
fn damaged_rows_with_right_checksums() {
    let row = |song: u8, last: &[u8], set: u8, totals: &[u8]| {
        let last = [&[last.len() as u8], last].concat();
        let key = [&[0, 1, song], &last[..]].concat();
        [&key, &[set, 0, 0, 0, 0, 0, 0, 0][..], totals].concat()
    };
    let first = row(b'b', b"", 0b101, &[1, 5, 1, 6]);
    let after = |row: &[u8]| [&first, row].concat();
    check_row_block(&first, Ok(2));
    check_row_block(&after(&row(b'c', b"", 0b010, &[1, 7])), Ok(3));
    // No groups, one without a last field, fewer totals than groups, and more.
    let damaged = Err(RunError::Damaged);
    check_row_block(&row(b'b', b"", 0, &[]), damaged);
    check_row_block(&row(b'b', b"", 0b1001, &[1, 5, 1, 6]), damaged);
    check_row_block(&row(b'b', b"", 0b111, &[1, 5, 1, 6]), damaged);
    check_row_block(&row(b'b', b"", 0b001, &[1, 5, 1, 6]), damaged);
    // A last field, and the same row again, or one before it.
    check_row_block(&row(b'b', b"a", 0b101, &[1, 5, 1, 6]), damaged);
    check_row_block(&after(&[1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 5]), damaged);
    check_row_block(&after(&row(b'a', b"", 0b010, &[1, 7])), damaged);
}

#[test]
fn messages() {
    let texts = [
        RunError::NotARun,
        RunError::Columns,
        RunError::Checksum,
        RunError::Damaged,
    ];
    for error in texts {
        let text = error.to_string();
        assert!(text.starts_with("a run of intermediate results "), "{text}");
        assert!(text.ends_with("; start the job again"), "{text}");
    }
    let text = RunError::Version(7).to_string();
    assert!(text.contains("version 7, and only version 4"), "{text}");
}

/// A total, small or large.
fn total() -> impl Strategy<Value = Total> {
    prop_oneof![
        any::<i64>().prop_map(Total::from),
        any::<i128>().prop_map(|value| value.to_string().parse().unwrap()),
    ]
}

/// Groups of 1 to 4 keys and 1 to 3 totals.
fn groups() -> impl Strategy<Value = (usize, usize, Groups)> {
    (1..5usize, 1..4usize).prop_flat_map(|(keys, totals)| {
        let field = prop::collection::vec(0..4u8, 0..4);
        let key = prop::collection::vec(field, keys);
        let sums = prop::collection::vec(total(), totals);
        let groups = prop::collection::btree_map(key, sums, 0..50);
        (Just(keys), Just(totals), groups)
    })
}

proptest! {
    #[test]
    fn groups_come_back((keys, totals, groups) in groups()) {
        check(keys, totals, &groups);
    }

    #[test]
    fn any_bytes_as_blocks(
        groups in prop::collection::vec(0..12u8, 0..200),
        keys in 1..4usize,
        totals in 1..4usize,
    ) {
        let mut reader = BlockReader::new(&RunIndex::new(keys, totals));
        reader.fill(&block(&groups));
        let mut count = 0;
        while let Ok(true) = reader.advance() {
            count += 1;
        }
        prop_assert!(count <= groups.len());
    }

    #[test]
    fn any_bytes_as_an_index(
        mut bytes in prop::collection::vec(0..12u8, 0..60)
    ) {
        bytes.splice(0..0, [VERSION, 1]);
        bytes.extend(checksum(&bytes));
        if let Ok(index) = RunIndex::decode(&bytes) {
            prop_assert_eq!(index.encode(), bytes);
        }
    }
}
