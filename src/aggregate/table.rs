//! A flat table from tuples of ids to sums.

use crate::bytes;
use crate::slots::{self, Fill, reserve};
use crate::sort;

/// The first word of a slot that holds no group. No key begins with it, since
/// no dictionary gives out the id 2^32 - 1.
const EMPTY: u64 = u64::MAX;

/// Keys that are looked for together.
const STEP: usize = 64;

/// The widths a slot may have, in words. Each stands for one copy of the
/// sorting code, so there are a few and the others are rounded up. The largest
/// are for all that can be asked for of four total columns and more.
const WIDTHS: [usize; 6] = [2, 3, 4, 8, 12, 32];

/// How full the table is, if it is large: 20 to 35 bytes for a group of one
/// key word and one sum, each of which is moved once or twice.
const FILL: Fill = Fill { most: 82, more: 75 };

/// Groups by their key words, the first of which has in its upper half the id
/// of the group's first key: 0, 1, 2 and so on.
///
/// The first group of each first key has its place in a list, by that id; so
/// where each group has a first key of its own nothing is searched for and
/// nothing grows but a list. All others are in an open-addressing table: each
/// slot is a group's key words and then its sums, side by side, so that an
/// addition costs one cache miss.
///
/// # Complexity
///
/// An addition takes constant time on average. Of one key word and one sum, a
/// group in the list takes 16 to 20 bytes, one in a large table 20 to 35. At
/// the moment one of them grows the old and the new exist side by side.
#[derive(Debug)]
pub(super) struct Table {
    /// The list, of slots end to end; some may be empty.
    firsts: Vec<u64>,
    /// The slots of the table, end to end, and one more that is always empty.
    words: Vec<u64>,
    /// The number of words of a slot.
    width: usize,
    /// The number of key words at the start of a slot.
    keys: usize,
    /// The number of sums after them.
    sums: usize,
    /// The number of groups in the list.
    first: usize,
    /// The number of groups in the table.
    len: usize,
}

impl Table {
    /// Creates an empty table, which allocates nothing yet, for groups of 1 to
    /// 4 key words and 1 to 25 sums.
    pub fn new(keys: usize, sums: usize) -> Table {
        let fits = |width: &usize| *width >= keys + sums;
        let width = WIDTHS.into_iter().find(fits).expect("a known width");
        let (firsts, words) = (Vec::new(), Vec::new());
        Table { firsts, words, width, keys, sums, first: 0, len: 0 }
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.first + self.len
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        (self.firsts.capacity() + self.words.capacity()) * size_of::<u64>()
    }

    /// The sums of the group with the key words `key`, zeros if it is new.
    /// They are `i64`s, cast.
    #[inline]
    pub fn sums(&mut self, key: &[u64]) -> &mut [u64] {
        let at = first_slot(&mut self.firsts, self.width, key[0]);
        let first = &mut self.firsts[at..at + self.width];
        let empty = first[0] == EMPTY;
        if empty || first[..self.keys] == *key {
            self.first += usize::from(empty);
            first[..self.keys].copy_from_slice(key);
            return &mut self.firsts[at + self.keys..][..self.sums];
        }
        if self.len >= self.most() {
            self.grow();
        }
        let at = self.find(key);
        if self.words[at] == EMPTY {
            self.insert(at, key);
        }
        &mut self.words[at + self.keys..][..self.sums]
    }

    /// Adds one number to each of some groups that have one key word and one
    /// sum. Where that doesn't fit the sum it is left as it is, and `beyond`
    /// is called with the key word, the sum and the number.
    #[inline(always)]
    pub fn add_narrow(
        &mut self,
        keys: &[u64],
        numbers: &[i64],
        mut beyond: impl FnMut(u64, &mut u64, i64),
    ) {
        if self.words.is_empty() {
            self.grow();
        }
        for (keys, numbers) in keys.chunks(STEP).zip(numbers.chunks(STEP)) {
            self.touch_narrow(keys);
            for (&key, &number) in keys.iter().zip(numbers) {
                let sum = self.narrow_sum(key);
                match (*sum as i64).checked_add(number) {
                    Some(more) => *sum = more as u64,
                    None => beyond(key, sum, number),
                }
            }
        }
    }

    /// The sum of a group of one key word and one sum, zero if it is new; the
    /// table is not quite empty.
    ///
    /// Nearly all are in the first two places of the table where they may be,
    /// and which one it is must not take a branch.
    #[inline(always)]
    fn narrow_sum(&mut self, key: u64) -> &mut u64 {
        let (slots, _) = self.words.as_chunks_mut::<2>();
        let home = home_narrow(key, slots);
        let place = home + usize::from(slots[home][0] != key);
        match slots[place][0] == key {
            true => &mut self.words.as_chunks_mut::<2>().0[place][1],
            false => self.seek_narrow(key),
        }
    }

    /// The same for a group that is in the list, far from its home, or new.
    #[inline(never)]
    fn seek_narrow(&mut self, key: u64) -> &mut u64 {
        let at = first_slot(&mut self.firsts, 2, key);
        if self.firsts[at] == EMPTY {
            self.firsts[at] = key;
            self.first += 1;
        }
        if self.firsts[at] == key {
            return &mut self.firsts[at + 1];
        }
        if self.len == self.most() {
            self.grow();
        }
        let (slots, _) = self.words.as_chunks_mut::<2>();
        let (place, new) = settle(slots, key);
        self.len += usize::from(new);
        &mut slots[place][1]
    }

    /// Looks at the slots where the search for keys begins, if not all are in
    /// the cache, so that these soon are: without branches between them the
    /// machine waits for many of them at once.
    #[inline(never)]
    fn touch_narrow(&self, keys: &[u64]) {
        let (slots, _) = self.words.as_chunks::<2>();
        let mut seen = 0;
        if slots::is_far(slots.len(), size_of_val(&slots[0])) {
            for &key in keys {
                seen ^= slots[home_narrow(key, slots)][0];
            }
        }
        let (firsts, _) = self.firsts.as_chunks::<2>();
        if slots::is_far(firsts.len(), size_of_val(&slots[0])) {
            for &key in keys {
                let first = firsts.get((key >> 32) as usize);
                seen ^= first.map_or(0, |first| first[0]);
            }
        }
        std::hint::black_box(seen);
    }

    /// The most groups that the table has room for.
    #[inline]
    fn most(&self) -> usize {
        slots::most(self.slots(), self.width * size_of::<u64>(), FILL)
    }

    /// The number of slots.
    #[inline]
    fn slots(&self) -> usize {
        (self.words.len() / self.width).saturating_sub(1)
    }

    /// Where the slot begins that holds `key`, or the empty one where it
    /// belongs.
    #[inline]
    fn find(&self, key: &[u64]) -> usize {
        let slot = slots::home(bytes::hash_words(key), self.slots());
        let mut at = slot * self.width;
        loop {
            let held = &self.words[at..at + self.keys];
            if held[0] == EMPTY || held.iter().eq(key) {
                return at;
            }
            at += self.width;
            if at + self.width == self.words.len() {
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

    /// Makes the table larger.
    #[cold]
    fn grow(&mut self) {
        let width = self.width * size_of::<u64>();
        let slots = slots::more(self.slots(), width, FILL);
        let empty = vec![EMPTY; (slots + 1) * self.width];
        let old = std::mem::replace(&mut self.words, empty);
        if (self.keys, self.width) == (1, 2) {
            let (slots, _) = self.words.as_chunks_mut::<2>();
            return refill_narrow(old.as_chunks::<2>().0, slots);
        }
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
            8 => self.sort::<8>(rank, bits),
            12 => self.sort::<12>(rank, bits),
            32 => self.sort::<32>(rank, bits),
            _ => unreachable!("a width out of `WIDTHS`"),
        }
        Rows { words: self.words, width: self.width, keys: self.keys }
    }

    /// The same for slots of `N` words, leaving all groups in the table.
    fn sort<const N: usize>(
        &mut self,
        rank: impl Fn(&mut [u64]),
        bits: &[u32],
    ) {
        let mut rows = std::mem::take(&mut self.firsts);
        for slots in [&mut rows, &mut self.words] {
            keep_groups::<N>(slots, self.keys, &rank);
        }
        if rows.len() > self.words.len() {
            std::mem::swap(&mut rows, &mut self.words);
        }
        self.words.reserve_exact(rows.len());
        self.words.append(&mut rows);
        drop(rows);
        sort::by_words::<N>(&mut self.words, bits);
    }
}

/// Leaves only the groups of a list of slots, and replaces their key words by
/// what `rank` makes of them.
fn keep_groups<const N: usize>(
    words: &mut Vec<u64>,
    keys: usize,
    rank: impl Fn(&mut [u64]),
) {
    let (slots, _) = words.as_chunks_mut::<N>();
    let mut len = 0;
    for at in 0..slots.len() {
        let mut slot = slots[at];
        if slot[0] != EMPTY {
            rank(&mut slot[..keys]);
            slots[len] = slot;
            len += 1;
        }
    }
    words.truncate(len * N);
}

/// Where in the list the slot of a first key begins. A new one is empty, its
/// sums zero.
#[inline]
fn first_slot(firsts: &mut Vec<u64>, width: usize, key: u64) -> usize {
    let at = (key >> 32) as usize * width;
    if firsts.len() <= at {
        reserve(firsts, at + width - firsts.len());
        while firsts.len() <= at {
            firsts.push(EMPTY);
            firsts.resize(firsts.len() + width - 1, 0);
        }
    }
    at
}

/// Where the search for a key begins.
#[inline]
fn home_narrow(key: u64, slots: &[[u64; 2]]) -> usize {
    slots::home(bytes::hash_words(&[key]), slots.len() - 1)
}

/// The slot of a key, and whether it was made for it.
#[inline(never)]
fn settle(slots: &mut [[u64; 2]], key: u64) -> (usize, bool) {
    let mut place = home_narrow(key, slots);
    while slots[place][0] != key {
        if slots[place][0] == EMPTY {
            slots[place] = [key, 0];
            return (place, true);
        }
        // The last slot is always empty and takes nothing.
        place = if place + 2 == slots.len() { 0 } else { place + 1 };
    }
    (place, false)
}

/// Puts all groups into a new table. Both are gone through from front to back.
fn refill_narrow(old: &[[u64; 2]], slots: &mut [[u64; 2]]) {
    for &[key, sum] in old {
        if key != EMPTY {
            let (place, _) = settle(slots, key);
            slots[place][1] = sum;
        }
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
            (1..=25).for_each(|sums| check(keys, sums));
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

    /// Checks how many bytes a group takes, of many, if each first key has
    /// so many.
    fn check_memory(groups: u64, expected: std::ops::Range<f64>) {
        let mut table = Table::new(1, 1);
        for key in 0..300_000u64 {
            table.sums(&[(key / groups) << 32 | (key % groups)]);
            let each = table.memory() as f64 / table.len() as f64;
            assert!(key < 100_000 || expected.contains(&each), "{each}");
        }
    }

    #[test]
    fn bytes_of_a_group() {
        check_memory(1, 16.0..20.0);
        check_memory(2, 17.0..29.0);
        check_memory(1000, 19.5..35.5);
    }
}
