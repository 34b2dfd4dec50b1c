//! A table from pairs of ids to one sum.

use super::dense::{self, Added, Dense};
use super::rows::{ByFirst, Flat, Rows};
use super::{EMPTY, FILL};
use crate::aggregate::ranks::Ranks;
use crate::bytes;
use crate::slots::{self, reserve};
use crate::sort;

/// The key word in the list of a first key whose first group is in a row.
const DENSE: u64 = u64::MAX - 1;

/// Keys that are looked for together.
const STEP: usize = 64;

/// A group's key word and its sum, an `i64`, cast.
type Slot = [u64; 2];

/// Groups of one key word, which is the ids of a first and a second key, and
/// one sum.
///
/// A group is in one of three places:
///
/// - The first group of each first key is in a list, by that id; so where
///   each group has a first key of its own nothing is searched for and
///   nothing grows but a list.
/// - The groups of a first key that has many are in a [row](Dense), but for
///   those whose sums don't fit its cells.
/// - All others are in open-addressing slots.
///
/// When the slots are full, rows are made for the first keys that have become
/// worth it, and the others get as many slots as they need.
///
/// # Complexity
///
/// A group takes 16 to 20 bytes in the list, 4 to 32 in a row, and 20 to 35
/// in slots, if they are many.
#[derive(Clone, Debug, Default)]
pub struct Narrow {
    /// The list; some slots may be empty.
    firsts: Vec<Slot>,
    /// The slots, and one more that is always empty.
    slots: Vec<Slot>,
    /// The rows.
    dense: Dense,
    /// The number of groups in the list.
    first: usize,
    /// The number of groups in slots.
    len: usize,
}

impl Narrow {
    /// The number of groups.
    pub fn len(&self) -> usize {
        self.first + self.len + self.dense.len()
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        let slots = self.firsts.capacity() + self.slots.capacity();
        slots * size_of::<Slot>() + self.dense.memory()
    }

    /// Adds one number to each of some groups. Where that doesn't fit the sum
    /// it is left as it is, and `beyond` is called with the key word, the sum
    /// and the number.
    #[inline(always)]
    pub fn add(
        &mut self,
        keys: &[u64],
        numbers: &[i64],
        mut beyond: impl FnMut(u64, &mut u64, i64),
    ) {
        for (keys, numbers) in keys.chunks(STEP).zip(numbers.chunks(STEP)) {
            self.touch(keys);
            for (&key, &number) in keys.iter().zip(numbers) {
                let added =
                    self.dense.add(first_of(key), second_of(key), number);
                match added {
                    Added::Here => continue,
                    Added::Elsewhere => {}
                    Added::TooLarge => self.leave_row(key),
                }
                let sum = self.sum(key);
                match (*sum as i64).checked_add(number) {
                    Some(more) if more != i64::MIN => *sum = more as u64,
                    _ => beyond(key, sum, number),
                }
            }
        }
    }

    /// Moves the sum of a group out of its row.
    #[cold]
    fn leave_row(&mut self, key: u64) {
        let held = self.dense.leave_out(first_of(key), second_of(key));
        *self.sum(key) = held as u64;
    }

    /// The sum of a group that is in no row, zero if it is new.
    ///
    /// Nearly all of those are in the list or in the first two slots where
    /// they may be, and which one it is must not take a branch.
    #[inline(always)]
    fn sum(&mut self, key: u64) -> &mut u64 {
        if self.slots.is_empty() {
            self.make_room();
        }
        let home = home(key, &self.slots);
        let place = home + usize::from(self.slots[home][0] != key);
        match self.slots[place][0] == key {
            true => &mut self.slots[place][1],
            false => self.seek(key),
        }
    }

    /// The same for a group that is in the list, far from its home, or new.
    #[inline(never)]
    fn seek(&mut self, key: u64) -> &mut u64 {
        let at = self.first_slot(key);
        if self.firsts[at][0] == EMPTY {
            self.firsts[at] = [key, 0];
            self.first += 1;
        }
        if self.firsts[at][0] == key {
            return &mut self.firsts[at][1];
        }
        let mut held = 0;
        if self.len == self.most() {
            self.make_room();
            // It may be in a row now, where it isn't looked for any more.
            held = self.dense.leave_out(first_of(key), second_of(key));
        }
        let (place, is_new) = settle(&mut self.slots, key);
        self.len += usize::from(is_new);
        let sum = &mut self.slots[place][1];
        *sum = sum.wrapping_add(held as u64);
        sum
    }

    /// Where in the list the slot of a first key is; a new one is empty.
    #[inline]
    fn first_slot(&mut self, key: u64) -> usize {
        let at = first_of(key);
        if self.firsts.len() <= at {
            let more = at + 1 - self.firsts.len();
            reserve(&mut self.firsts, more);
            self.firsts.resize(at + 1, [EMPTY, 0]);
        }
        at
    }

    /// Looks at where keys are or their search begins, if not all of that is
    /// in the cache, so that it soon is: without branches between them the
    /// machine waits for many of them at once.
    #[inline(never)]
    fn touch(&self, keys: &[u64]) {
        let is_far =
            |slots: &[Slot]| slots::is_far(slots.len(), size_of::<Slot>());
        let first = |key| {
            self.firsts.get(first_of(key)).copied().unwrap_or([EMPTY, 0])
        };
        let mut seen = 0;
        if is_far(&self.firsts) {
            seen ^= keys.iter().fold(0, |seen, &key| seen ^ first(key)[0]);
        }
        if slots::is_far(self.dense.cell_bytes(), 1) {
            for &key in keys {
                let cell = self.dense.peek(first_of(key), second_of(key));
                seen ^= cell as u64;
            }
        }
        if is_far(&self.slots) {
            for &key in keys {
                let home = home(key, &self.slots);
                let is_dense = self.dense.width(first_of(key)) > 0;
                seen ^= self.slots[if is_dense { 0 } else { home }][0];
            }
        }
        std::hint::black_box(seen);
    }

    /// The most groups that there are slots for.
    #[inline]
    fn most(&self) -> usize {
        let slots = self.slots.len().saturating_sub(1);
        slots::most(slots, size_of::<Slot>(), FILL)
    }

    /// Moves groups from slots into rows, and makes as many slots as those that
    /// stay need, and some for those that may come.
    #[cold]
    fn make_room(&mut self) {
        self.move_out();
        let slots = slots::enough(self.len, size_of::<Slot>(), FILL);
        let empty = vec![[EMPTY, 0]; slots + 1];
        let old = std::mem::replace(&mut self.slots, empty);
        for [key, sum] in old.into_iter().filter(is_group) {
            let (place, _) = settle(&mut self.slots, key);
            self.slots[place][1] = sum;
        }
    }

    /// Makes the rows that are worth it, and moves their groups there. Slots
    /// are left where no search finds its way.
    fn move_out(&mut self) {
        let (counts, seconds) = self.count();
        let width = dense::width(seconds);
        let mut groups = self.dense.len();
        for (first, count) in counts.into_iter().enumerate() {
            let count = count as usize;
            let more = width.saturating_sub(self.dense.width(first));
            if more > 0 && self.dense.is_worth(count, more, groups) {
                self.widen_row(first, width);
                groups += count;
            }
        }
        for slot in self.slots.iter_mut().filter(|slot| is_group(slot)) {
            let [key, sum] = *slot;
            if self.dense.put(first_of(key), second_of(key), sum as i64) {
                *slot = [EMPTY, 0];
                self.len -= 1;
            }
        }
    }

    /// Counts the groups in slots of each first key whose sums fit cells, and
    /// how many second keys there are.
    fn count(&self) -> (Vec<u32>, usize) {
        let mut counts = vec![0; self.firsts.len()];
        for [key, sum] in self.slots.iter().filter(|slot| is_group(slot)) {
            counts[first_of(*key)] += u32::from(dense::fits(*sum as i64));
        }
        let all = self.slots.iter().chain(&self.firsts);
        let seconds = all.filter(|slot| is_group(slot));
        let last = seconds.map(|&[key, _]| second_of(key)).max();
        (counts, last.map_or(0, |last| last + 1))
    }

    /// Makes the row of a first key wider, and moves the group there that it
    /// has in the list.
    fn widen_row(&mut self, first: usize, width: usize) {
        self.dense.widen(first, width);
        let [key, sum] = self.firsts[first];
        if is_group(&[key, sum])
            && self.dense.put(first, second_of(key), sum as i64)
        {
            self.firsts[first] = [DENSE, 0];
            self.first -= 1;
        }
    }

    /// All groups in order, as [`Table::into_sorted`](super::Table) has it.
    pub fn into_sorted(mut self, ranks: &Ranks) -> Rows {
        let mut groups = self.take_groups();
        for group in &mut groups {
            ranks.pack(&mut group[..1]);
        }
        let mut words = groups.into_flattened();
        sort::by_words::<2>(&mut words, ranks.bits());
        match self.dense.len() {
            0 => Rows::Flat(Flat::new(words, 2, 1)),
            _ => Rows::ByFirst(ByFirst::new(self.dense, words, ranks)),
        }
    }

    /// Takes the groups out that are in no row, in any order.
    fn take_groups(&mut self) -> Vec<Slot> {
        let mut groups = std::mem::take(&mut self.slots);
        let mut others = std::mem::take(&mut self.firsts);
        if others.len() > groups.len() {
            std::mem::swap(&mut groups, &mut others);
        }
        groups.retain(is_group);
        others.retain(is_group);
        groups.reserve_exact(others.len());
        groups.append(&mut others);
        groups
    }
}

/// Whether there is a group in a slot.
fn is_group(slot: &Slot) -> bool {
    slot[0] < DENSE
}

/// The id of the first key.
#[inline(always)]
fn first_of(key: u64) -> usize {
    (key >> 32) as usize
}

/// The id of the second key.
#[inline(always)]
fn second_of(key: u64) -> usize {
    key as u32 as usize
}

/// Where the search for a key begins.
#[inline(always)]
fn home(key: u64, slots: &[Slot]) -> usize {
    slots::home(bytes::hash_words(&[key]), slots.len() - 1)
}

/// The slot of a key, and whether it was made for it.
#[inline(never)]
fn settle(slots: &mut [Slot], key: u64) -> (usize, bool) {
    let mut place = home(key, slots);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// Checks numbers whose sums fit cells, others of which some don't, and
    /// those of which none does. Returns how many bytes a group took at last
    /// of the first ones.
    fn check(keys: &[(u64, u64)]) -> f64 {
        check_numbers(keys, |n| (1 << 28) * (n - 30));
        check_numbers(keys, |n| (1 << 48) * (n - 30));
        check_numbers(keys, |n| n - 30)
    }

    /// Adds numbers to the groups of `keys`, in batches and one by one, and
    /// compares with a map.
    fn check_numbers(keys: &[(u64, u64)], number: impl Fn(i64) -> i64) -> f64 {
        let mut table = Narrow::default();
        let mut expected = BTreeMap::new();
        for (batch, keys) in keys.chunks(100).enumerate() {
            let keys: Vec<u64> = keys
                .iter()
                .map(|(first, second)| first << 32 | second)
                .collect();
            let numbers: Vec<i64> = (0..100).map(&number).collect();
            let pairs = keys.iter().zip(&numbers);
            match batch % 3 {
                0 => pairs.clone().for_each(|(&key, &number)| {
                    table.add(&[key], &[number], |_, _, _| panic!());
                }),
                _ => table.add(&keys, &numbers, |_, _, _| panic!()),
            }
            for (key, number) in pairs {
                *expected.entry(*key).or_insert(0) += number;
            }
        }
        assert_eq!(table.len(), expected.len());
        let bytes = table.memory() as f64 / table.len() as f64;
        for ranking in [ascending, mixed, in_pairs] {
            check_order(table.clone(), &expected, ranking);
        }
        bytes
    }

    /// Checks the groups in order, given what ranks so many ids get.
    fn check_order(
        table: Narrow,
        sums: &BTreeMap<u64, i64>,
        ranking: impl Fn(usize) -> Vec<u32>,
    ) {
        let most =
            |half: fn(u64) -> usize| sums.keys().map(|&key| half(key)).max();
        let ids = [most(first_of), most(second_of)].map(|id| id.unwrap() + 1);
        let ranks = Ranks::of(ids.map(ranking).into());
        let mut expected = BTreeMap::new();
        for (key, sum) in sums {
            let mut key = [*key];
            ranks.pack(&mut key);
            *expected.entry(key[0]).or_insert(0) += sum;
        }
        let mut rows = table.into_sorted(&ranks);
        let mut found: Vec<(u64, i64)> = Vec::new();
        while let Some(groups) = rows.next() {
            for (key, sums) in groups.iter() {
                match found.last_mut() {
                    Some((same, sum)) if *same == key[0] => {
                        *sum += sums[0] as i64
                    }
                    _ => found.push((key[0], sums[0] as i64)),
                }
            }
        }
        assert!(found.into_iter().eq(expected));
    }

    /// Ids that came in order.
    fn ascending(ids: usize) -> Vec<u32> {
        (0..ids as u32).collect()
    }

    /// Ids that came in no order.
    fn mixed(ids: usize) -> Vec<u32> {
        let mut ranks = ascending(ids);
        ranks.sort_by_key(|&rank| scattered(rank.into()));
        ranks
    }

    /// Ids of strings each of which has two.
    fn in_pairs(ids: usize) -> Vec<u32> {
        mixed(ids).into_iter().map(|rank| rank / 2).collect()
    }

    /// So many keys, of which `key` gives each.
    fn keys(count: u64, key: impl Fn(u64) -> (u64, u64)) -> Vec<(u64, u64)> {
        (0..count).map(key).collect()
    }

    /// Numbers in no order.
    fn scattered(n: u64) -> u64 {
        u64::from(bytes::hash_words(&[n + 1]))
    }

    #[test]
    fn few_first_keys_with_all_second_keys() {
        let bytes = check(&keys(60_000, |n| {
            let n = scattered(n);
            (n % 100, n / 100 % 300)
        }));
        assert!(bytes < 6.0, "{bytes}");
    }

    #[test]
    fn second_keys_that_come_one_after_the_other() {
        let bytes = check(&keys(60_000, |n| (scattered(n) % 50, n / 100)));
        assert!(bytes < 30.0, "{bytes}");
    }

    #[test]
    fn first_keys_that_come_one_after_the_other() {
        check(&keys(60_000, |n| (n / 300, scattered(n) % 400)));
    }

    /// The first of a thousand is a thousand times as common as the last.
    #[test]
    fn some_first_keys_have_many_and_others_few() {
        let bytes = check(&keys(100_000, |n| {
            let first = 1000 / (scattered(n) % 1000 + 1);
            (first, scattered(n + 1_000_000) % 365)
        }));
        assert!(bytes < 40.0, "{bytes}");
    }

    #[test]
    fn one_first_key() {
        check(&keys(10_000, |n| (0, n % 5000)));
        check(&keys(10_000, |n| (0, scattered(n) % 100_000)));
    }

    #[test]
    fn a_sum_that_does_not_fit() {
        let mut table = Narrow::default();
        let mut beyond = Vec::new();
        let seconds = 0..1000_u64;
        for number in [-1, i64::MIN + 1, i64::MIN, 5] {
            let keys: Vec<u64> = seconds.clone().collect();
            let numbers = vec![number; keys.len()];
            table.add(&keys, &numbers, |_, sum, number| {
                beyond.push((*sum as i64, number));
                *sum = 0;
            });
        }
        beyond.dedup();
        assert_eq!(beyond, [(-1, i64::MIN + 1), (0, i64::MIN)]);
        let expected = seconds.map(|key| (key, 5)).collect();
        check_order(table, &expected, ascending);
    }
}
