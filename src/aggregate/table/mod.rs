//! Flat tables from tuples of ids to sums.

mod dense;
mod narrow;
mod rows;
mod wide;

use super::ranks::Ranks;
use crate::slots::Fill;
pub(super) use narrow::Narrow;
pub(super) use rows::{Groups, Rows};
pub(super) use wide::Wide;

/// The first word of a slot that holds no group. No key begins with it, since
/// no dictionary gives out the id 2^32 - 1.
const EMPTY: u64 = u64::MAX;

/// How full slots are, if they are many: 20 to 35 bytes for a group of one key
/// word and one sum.
const FILL: Fill = Fill { most: 82, more: 75 };

/// Groups by their key words, the first of which has in its upper half the id
/// of the group's first key: 0, 1, 2 and so on.
///
/// # Complexity
///
/// An addition takes constant time on average. Of one key word and one sum, a
/// group takes 4 to 35 bytes if there are many. At the moment a table grows
/// the old and the new exist side by side.
#[derive(Debug)]
pub(super) enum Table {
    /// Of one key word and one sum.
    Narrow(Narrow),
    /// Of any number of both.
    Wide(Wide),
}

impl Table {
    /// Creates an empty table, which allocates nothing yet, for groups of 1 to
    /// 4 key words and 1 to 25 sums.
    pub fn new(keys: usize, sums: usize) -> Table {
        match (keys, sums) {
            (1, 1) => Table::Narrow(Narrow::default()),
            _ => Table::Wide(Wide::new(keys, sums)),
        }
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        match self {
            Table::Narrow(table) => table.len(),
            Table::Wide(table) => table.len(),
        }
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        match self {
            Table::Narrow(table) => table.memory(),
            Table::Wide(table) => table.memory(),
        }
    }

    /// Brings all groups in the order of their keys, which are packed.
    pub fn into_sorted(self, ranks: &Ranks) -> Rows {
        match self {
            Table::Narrow(table) => table.into_sorted(ranks),
            Table::Wide(table) => table.into_sorted(ranks),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Ranks of columns, each of a thousand ids that came in order.
    fn ranks(columns: usize) -> Ranks {
        Ranks::of(vec![(0..1000).collect(); columns])
    }

    /// Adds `n` to the first sum of a group, `n + 1` to the second and so on.
    fn add(table: &mut Table, key: &[u64], n: u64) {
        match table {
            Table::Narrow(table) => {
                table.add(key, &[n as i64], |_, _, _| panic!());
            }
            Table::Wide(table) => {
                let sums = table.sums(key).iter_mut().zip(n..);
                sums.for_each(|(sum, n)| *sum += n);
            }
        }
    }

    /// Adds many numbers to many groups and compares with a map.
    fn check(keys: usize, sums: usize) {
        let mut table = Table::new(keys, sums);
        let mut expected = BTreeMap::new();
        for n in 0..5_000u64 {
            let mut key = vec![7; keys];
            key[0] = n * n % 911;
            key[keys - 1] |= (n % 3) << 32;
            let group = expected.entry(key.clone()).or_insert(vec![0; sums]);
            for (index, sum) in group.iter_mut().enumerate() {
                *sum += n + index as u64;
            }
            add(&mut table, &key, n);
        }
        assert_eq!(table.len(), expected.len());
        let ranks = ranks(2 * keys);
        let mut rows = table.into_sorted(&ranks);
        let mut expected = expected.into_iter();
        while let Some(groups) = rows.next() {
            for (key, totals) in groups.iter() {
                let (mut packed, sum) = expected.next().expect("a group");
                ranks.pack(&mut packed);
                assert_eq!((key, &totals[..sums]), (&packed[..], &sum[..]));
            }
        }
        assert_eq!(expected.next(), None);
    }

    #[test]
    fn every_number_of_key_words_and_sums() {
        for keys in 1..=4 {
            (1..=25).for_each(|sums| check(keys, sums));
        }
    }

    #[test]
    fn an_empty_table() {
        let table = Table::new(1, 1);
        assert_eq!((table.len(), table.memory()), (0, 0));
        let mut rows = table.into_sorted(&ranks(2));
        assert!(rows.next().is_none_or(|groups| groups.iter().count() == 0));
    }

    #[test]
    fn sorted_by_rank() {
        let mut table = Table::new(1, 1);
        for key in 0..100 {
            add(&mut table, &[key], key);
        }
        let ranks = Ranks::of(vec![vec![0], (0..100).rev().collect()]);
        let mut rows = table.into_sorted(&ranks);
        let groups = rows.next().expect("groups");
        let sums = groups.iter().map(|(_, sums)| sums[0]);
        assert!(sums.eq((0..100).rev()));
    }

    /// Checks how many bytes a group takes, of many, if each first key has
    /// so many.
    fn check_memory(groups: u64, expected: std::ops::Range<f64>) {
        let mut table = Table::new(1, 1);
        for key in 0..300_000u64 {
            add(&mut table, &[(key / groups) << 32 | (key % groups)], 1);
            let each = table.memory() as f64 / table.len() as f64;
            assert!(key < 100_000 || expected.contains(&each), "{each}");
        }
    }

    #[test]
    fn bytes_of_a_group() {
        check_memory(1, 16.0..20.1);
        check_memory(2, 17.0..29.0);
        check_memory(1000, 4.0..35.5);
    }
}
