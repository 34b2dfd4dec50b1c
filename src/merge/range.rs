//! Ranges of keys, and how to cut runs into some of equal size.

use crate::run::{BlockEntry, Key, RunIndex};

/// The keys from `from` on, up to but without `to`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRange {
    /// The first key; the very first if `None`.
    pub from: Option<Key>,
    /// The key after the last one; none, all to the end, if `None`.
    pub to: Option<Key>,
}

/// Cuts the keys of runs into at most `count` ranges, and at least one: each
/// begins where the one before ends, the first is open at its start, the last
/// at its end, and about the same number of bytes lies in each.
///
/// Ranges begin with keys of blocks, and are as even as whole blocks allow.
/// Equal indexes, in any order, give equal ranges.
///
/// # Complexity
///
/// `O(n log n)` for `n` blocks.
pub fn ranges(indexes: &[&RunIndex], count: usize) -> Vec<KeyRange> {
    let mut starts: Vec<Start<'_>> =
        indexes.iter().flat_map(|index| starts(&index.blocks)).collect();
    starts.sort_unstable_by(|left, right| left.key.cmp(right.key));
    let mut ranges = vec![KeyRange::default()];
    for key in boundaries(&starts, count) {
        ranges.last_mut().expect("never empty").to = Some(key.clone());
        ranges.push(KeyRange { from: Some(key.clone()), to: None });
    }
    ranges
}

/// Where a block starts.
struct Start<'b> {
    /// Its first key.
    key: &'b Key,
    /// Its length.
    length: u128,
    /// The length of the block before it in its run, which ends here.
    previous: u128,
}

/// The starts of a run's blocks.
fn starts(blocks: &[BlockEntry]) -> impl Iterator<Item = Start<'_>> {
    let mut previous = 0;
    blocks.iter().map(move |block| {
        let length = u128::from(block.length);
        let start = Start { key: &block.first, length, previous };
        previous = length;
        start
    })
}

/// The keys at which ranges meet, ascending: wherever the bytes before a key
/// reach another `count`th of all bytes.
///
/// Of a block that starts before the key and ends after it, half the bytes
/// are taken to be before it.
fn boundaries<'b>(starts: &[Start<'b>], count: usize) -> Vec<&'b Key> {
    let halves = |starts: &[Start<'_>]| -> u128 {
        starts.iter().map(|start| start.length).sum()
    };
    let (total, count) = (2 * halves(starts), count as u128);
    // Both count half bytes.
    let (mut before, mut reached) = (0, 0);
    let mut keys: Vec<&Key> = Vec::new();
    for equal in starts.chunk_by(|left, right| left.key == right.key) {
        before += equal.iter().map(|start| start.previous).sum::<u128>();
        if before * count / total > reached {
            reached = before * count / total;
            keys.push(equal[0].key);
        }
        before += halves(equal);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An index of blocks that begin with the given keys and are of equal
    /// length.
    fn index(keys: &[&str]) -> RunIndex {
        let block = |key: &&str| BlockEntry {
            first: key.split('/').map(str::as_bytes).collect(),
            offset: 0,
            length: 100,
        };
        let blocks = keys.iter().map(block).collect();
        RunIndex { blocks, ..RunIndex::new(2, 1) }
    }

    /// Checks where the ranges of some runs meet.
    fn check(runs: &[&[&str]], count: usize, expected: &[&str]) {
        let indexes: Vec<_> = runs.iter().map(|keys| index(keys)).collect();
        let ranges = ranges(&indexes.iter().collect::<Vec<_>>(), count);
        assert_eq!(ranges[0].from, None);
        assert_eq!(ranges[ranges.len() - 1].to, None);
        let expected: Vec<Key> = expected
            .iter()
            .map(|key| key.split('/').map(str::as_bytes).collect())
            .collect();
        let meet = ranges.windows(2).map(|pair| {
            assert_eq!(pair[0].to, pair[1].from);
            pair[0].to.clone().unwrap()
        });
        assert_eq!(meet.collect::<Vec<_>>(), expected);
        let turned: Vec<&RunIndex> = indexes.iter().rev().collect();
        assert_eq!(super::ranges(&turned, count), ranges);
    }

    #[test]
    fn nothing_to_cut() {
        check(&[], 4, &[]);
        check(&[&[]], 4, &[]);
        check(&[&["a/b"], &["a/b"]], 4, &[]);
        check(&[&["a/b", "b/c"]], 1, &[]);
        check(&[&["a/b", "b/c"]], 0, &[]);
    }

    #[test]
    fn even_cuts() {
        let run: &[&str] = &["a/1", "b/1", "c/1", "d/1"];
        check(&[run], 2, &["c/1"]);
        check(&[run], 4, &["b/1", "c/1", "d/1"]);
        check(&[run], 9, &["b/1", "c/1", "d/1"]);
        check(&[run, run, run], 2, &["c/1"]);
        check(&[run, &["a/9", "b/9"]], 3, &["b/9", "d/1"]);
    }

    #[test]
    fn within_one_first_key() {
        check(&[&["a/1", "a/2", "a/3", "b/1"]], 2, &["a/3"]);
    }
}
