//! A flat table from tuples of ids to sums.

use crate::bytes;
use crate::sort;

/// The first word of a slot that holds no group. No key begins with it, since
/// no dictionary gives out the id 2^32 - 1.
const EMPTY: u64 = u64::MAX;

/// The widths a slot may have, in words. Each stands for one copy of the
/// sorting code, so there are a few and the others are rounded up.
const WIDTHS: [usize; 6] = [2, 3, 4, 6, 8, 12];

/// Groups in an open-addressing table: each slot is a group's key words and
/// then its sums, side by side, so that an addition costs one cache miss.
///
/// # Complexity
///
/// An addition takes constant time on average. For one key word and one sum
/// a group takes 20 to 30 bytes, and at the moment the table grows the old
/// and the new one exist side by side, 50 bytes for each group.
#[derive(Debug)]
pub(super) struct Table {
    /// The slots, end to end. The table is full to four fifths at most.
    words: Vec<u64>,
    /// The number of words of a slot.
    width: usize,
    /// The number of key words at the start of a slot.
    keys: usize,
    /// The number of sums after them.
    sums: usize,
    /// The number of groups.
    len: usize,
}

impl Table {
    /// Creates an empty table, which allocates nothing yet, for groups of 1 to
    /// 4 key words and 1 to 8 sums.
    pub fn new(keys: usize, sums: usize) -> Table {
        let fits = |width: &usize| *width >= keys + sums;
        let width = WIDTHS.into_iter().find(fits).expect("a known width");
        Table { words: Vec::new(), width, keys, sums, len: 0 }
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.len
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        self.words.capacity() * size_of::<u64>()
    }

    /// The sums of the group with the key words `key`, zeros if it is new.
    /// They are `i64`s, cast.
    #[inline]
    pub fn sums(&mut self, key: &[u64]) -> &mut [u64] {
        if self.len * 5 >= self.slots() * 4 {
            self.grow();
        }
        let at = self.find(key);
        if self.words[at] == EMPTY {
            self.insert(at, key);
        }
        &mut self.words[at + self.keys..][..self.sums]
    }

    /// Makes room for as many new groups, so that [`Table::narrow_sum`] need
    /// not look.
    pub fn reserve(&mut self, groups: usize) {
        while (self.len + groups) * 5 > self.slots() * 4 {
            self.grow();
        }
    }

    /// The sum of the group with one key word and one sum, zero if it is new;
    /// `hash` is that of the key. Room must have been [`reserve`]d.
    ///
    /// [`reserve`]: Table::reserve
    #[inline]
    pub fn narrow_sum(&mut self, hash: u32, key: u64) -> &mut u64 {
        let (slots, _) = self.words.as_chunks_mut::<2>();
        let mut slot = bytes::home(hash, slots.len());
        loop {
            let held = slots[slot][0];
            if held == key {
                break;
            }
            if held == EMPTY {
                slots[slot] = [key, 0];
                self.len += 1;
                break;
            }
            slot = if slot + 1 == slots.len() { 0 } else { slot + 1 };
        }
        &mut slots[slot][1]
    }

    /// The number of slots.
    #[inline]
    fn slots(&self) -> usize {
        self.words.len() / self.width
    }

    /// Where the slot begins that holds `key`, or the empty one where it
    /// belongs.
    #[inline]
    fn find(&self, key: &[u64]) -> usize {
        let slot = bytes::home(bytes::hash_words(key), self.slots());
        let mut at = slot * self.width;
        loop {
            let held = &self.words[at..at + self.keys];
            if held[0] == EMPTY || held.iter().eq(key) {
                return at;
            }
            at += self.width;
            if at == self.words.len() {
                at = 0;
            }
        }
    }

    /// Makes the empty slot at `at` a new group.
    fn insert(&mut self, at: usize, key: &[u64]) {
        let slot = &mut self.words[at..at + self.width];
        slot[..self.keys].copy_from_slice(key);
        slot[self.keys..].fill(0);
        self.len += 1;
    }

    /// Makes the table half as large again.
    #[cold]
    fn grow(&mut self) {
        let slots = self.slots() + self.slots() / 2 + 64;
        let empty = vec![EMPTY; slots * self.width];
        let old = std::mem::replace(&mut self.words, empty);
        for slot in old.chunks_exact(self.width) {
            if slot[0] != EMPTY {
                let at = self.find(&slot[..self.keys]);
                self.words[at..at + self.width].copy_from_slice(slot);
            }
        }
    }

    /// Replaces each group's key words by what `rank` makes of them, and sorts
    /// the groups by the result, in which as many lower bits of each word may
    /// be set as `bits` says. For a moment that takes the memory of the groups
    /// beside that of the table, less than growing does.
    pub fn into_sorted(
        mut self,
        rank: impl Fn(&mut [u64]),
        bits: &[u32],
    ) -> Rows {
        match self.width {
            2 => self.sort::<2>(rank, bits),
            3 => self.sort::<3>(rank, bits),
            4 => self.sort::<4>(rank, bits),
            6 => self.sort::<6>(rank, bits),
            8 => self.sort::<8>(rank, bits),
            12 => self.sort::<12>(rank, bits),
            _ => unreachable!("a width out of `WIDTHS`"),
        }
        Rows { words: self.words, width: self.width, keys: self.keys }
    }

    /// The same for slots of `N` words, leaving only groups.
    fn sort<const N: usize>(
        &mut self,
        rank: impl Fn(&mut [u64]),
        bits: &[u32],
    ) {
        let (slots, _) = self.words.as_chunks_mut::<N>();
        let mut len = 0;
        for at in 0..slots.len() {
            let mut slot = slots[at];
            if slot[0] != EMPTY {
                rank(&mut slot[..self.keys]);
                slots[len] = slot;
                len += 1;
            }
        }
        self.words.truncate(len * N);
        sort::by_words::<N>(&mut self.words, bits);
    }
}

/// The groups of a table in order.
#[derive(Debug)]
pub(super) struct Rows {
    /// The groups, end to end.
    words: Vec<u64>,
    /// The number of words of a group.
    width: usize,
    /// The number of key words at the start of a group.
    keys: usize,
}

impl Rows {
    /// Each group's key words and its sums, after which there may be padding.
    #[cfg(test)]
    pub fn iter(&self) -> impl Iterator<Item = (&[u64], &[u64])> {
        self.chunks(usize::MAX / self.width).flatten()
    }

    /// The same, in chunks of `groups` groups.
    pub fn chunks(
        &self,
        groups: usize,
    ) -> impl Iterator<Item = impl Iterator<Item = (&[u64], &[u64])> + Clone>
    {
        self.words.chunks(groups * self.width).map(|words| {
            let rows = words.chunks_exact(self.width);
            rows.map(|row| row.split_at(self.keys))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Nothing is known of the words of a key.
    const BITS: [u32; 4] = [64; 4];

    /// Adds many numbers to many groups and compares with a map.
    fn check(keys: usize, sums: usize) {
        let mut table = Table::new(keys, sums);
        let mut expected = BTreeMap::new();
        for n in 0..5_000u64 {
            let mut key = vec![7; keys];
            key[0] = n * n % 911;
            key[keys - 1] |= (n % 3) << 32;
            let group = expected.entry(key.clone()).or_insert(vec![0; sums]);
            for (index, sum) in table.sums(&key).iter_mut().enumerate() {
                *sum += n + index as u64;
                group[index] += n + index as u64;
            }
        }
        assert_eq!(table.len(), expected.len());
        let rows = table.into_sorted(|_| {}, &BITS[..keys]);
        assert_eq!(rows.iter().count(), expected.len());
        for ((key, totals), (row, sum)) in rows.iter().zip(&expected) {
            assert_eq!((key, &totals[..sums]), (&row[..], &sum[..]));
        }
    }

    #[test]
    fn every_number_of_key_words_and_sums() {
        for keys in 1..=4 {
            (1..=8).for_each(|sums| check(keys, sums));
        }
    }

    #[test]
    fn an_empty_table() {
        let table = Table::new(1, 1);
        assert_eq!((table.len(), table.memory()), (0, 0));
        assert_eq!(table.into_sorted(|_| {}, &BITS[..1]).iter().count(), 0);
    }

    #[test]
    fn sorted_by_rank() {
        let mut table = Table::new(1, 1);
        for key in 0..100 {
            table.sums(&[key])[0] = key;
        }
        let rows = table.into_sorted(|key| key[0] = 99 - key[0], &[7]);
        let sums: Vec<u64> = rows.iter().map(|(_, sums)| sums[0]).collect();
        assert!(sums.into_iter().eq((0..100).rev()));
    }

    #[test]
    fn thirty_bytes_a_group_at_most() {
        let mut table = Table::new(1, 1);
        for key in 0..100_000u64 {
            table.sums(&[(key << 32) | (key % 365)]);
            let each = table.memory() / table.len();
            assert!(key < 10_000 || (19..=30).contains(&each), "{each}");
        }
    }
}
