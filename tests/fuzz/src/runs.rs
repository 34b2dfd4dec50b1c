//! Runs that are read back.

use playtally::{BlockReader, RunIndex};
use twox_hash::XxHash64;

use super::input::Input;

/// The first bytes say how many columns there are, and whether checksums are
/// put right, so that what they protect is looked at too.
///
/// Whatever bytes are taken for a run, reading it ends, and in no more groups
/// than it has bytes.
pub fn runs(bytes: &[u8]) {
    let mut input = Input { bytes };
    let (keys, totals) = (input.number(8) + 1, input.number(8) + 1);
    let bytes = input.bytes;
    let _ = RunIndex::open(bytes);
    let summed = [bytes, &checksum(bytes)].concat();
    if let Ok(index) = RunIndex::decode(&summed) {
        assert_eq!(index.encode(), summed);
    }
    let mut index = RunIndex::new(keys, totals);
    groups(bytes, &index);
    groups(&block(bytes), &index);
    index.lasts = ["", "1", "20"].map(|last| last.as_bytes().into()).to_vec();
    groups(&block(bytes), &index);
}

/// Bytes as the groups of a block.
fn block(groups: &[u8]) -> Vec<u8> {
    let length = groups.len() as u32;
    [&length.to_le_bytes(), &checksum(groups)[..], groups].concat()
}

/// The checksum that runs have.
fn checksum(bytes: &[u8]) -> [u8; 8] {
    XxHash64::oneshot(0, bytes).to_le_bytes()
}

/// Reads the groups of the blocks of a run.
fn groups(blocks: &[u8], index: &RunIndex) {
    let mut reader = BlockReader::new(index);
    reader.fill(blocks);
    for _ in 0..=blocks.len() {
        match reader.advance() {
            Ok(true) => {}
            Ok(false) | Err(_) => return,
        }
        let held: usize = reader.key().map(<[u8]>::len).sum();
        assert!(held <= blocks.len() * index.keys);
    }
    panic!("more groups than bytes");
}
