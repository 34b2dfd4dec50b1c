//! Distinct byte strings to ids.

use crate::bytes;
use crate::sort;

/// What a slot holds for an id if it holds none.
const EMPTY: u32 = u32::MAX;

/// Gives each distinct byte string an id: 0, 1, 2 and so on, in the order of
/// their first appearance.
///
/// The strings lie end to end in one arena; a flat table, searched linearly
/// from a hash's home, leads from a string to its id.
///
/// # Complexity
///
/// A lookup takes time linear in the string's length, on average. Each string
/// takes its own bytes and 15 to 25 more in wasm. What grows is allocated
/// again, and for that moment the old and the new exist side by side: up to
/// 2.5 times the old table, 2.25 times the old arena.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// All strings, in the order of their ids.
    arena: Vec<u8>,
    /// Where in the arena each string ends.
    ends: Vec<usize>,
    /// The table: full to four fifths at most.
    slots: Vec<Slot>,
}

/// One place of the table.
#[derive(Clone, Copy, Debug)]
struct Slot {
    /// The string's hash, which tells most other strings apart without
    /// looking into the arena.
    hash: u32,
    /// The string's id, or `EMPTY`.
    id: u32,
}

impl Dictionary {
    /// Creates an empty dictionary, which allocates nothing yet.
    pub fn new() -> Dictionary {
        Dictionary::default()
    }

    /// The number of distinct strings.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        self.arena.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.slots.capacity() * size_of::<Slot>()
    }

    /// The string with the given id.
    ///
    /// # Panics
    ///
    /// If no string has it.
    #[inline]
    pub fn get(&self, id: u32) -> &[u8] {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.arena[start..self.ends[id]]
    }

    /// The id of `bytes`, a new one if they were not seen before.
    ///
    /// # Panics
    ///
    /// If there are 2^32 - 1 strings, for which no memory is large enough.
    #[inline]
    pub fn id(&mut self, bytes: &[u8]) -> u32 {
        self.id_hashed(bytes::hash(bytes), bytes)
    }

    /// The same, `hash` being that of the bytes.
    #[inline]
    pub fn id_hashed(&mut self, hash: u32, bytes: &[u8]) -> u32 {
        if self.ends.len() * 5 >= self.slots.len() * 4 {
            self.grow();
        }
        let slot = self.find(hash, bytes);
        match self.slots[slot].id {
            EMPTY => self.insert(slot, hash, bytes),
            id => id,
        }
    }

    /// The slot that holds `bytes`, or the empty one where they belong.
    #[inline]
    fn find(&self, hash: u32, bytes: &[u8]) -> usize {
        let mut slot = bytes::home(hash, self.slots.len());
        loop {
            let held = self.slots[slot];
            let found = held.hash == hash
                && held.id != EMPTY
                && bytes::same(self.get(held.id), bytes);
            if found || held.id == EMPTY {
                return slot;
            }
            slot = self.after(slot);
        }
    }

    /// The slot after `slot`, the first one following the last.
    #[inline]
    fn after(&self, slot: usize) -> usize {
        if slot + 1 == self.slots.len() { 0 } else { slot + 1 }
    }

    /// Appends a new string and leads `slot` to it.
    fn insert(&mut self, slot: usize, hash: u32, bytes: &[u8]) -> u32 {
        let id = self.ends.len() as u32;
        assert!(id != EMPTY, "a dictionary is full");
        reserve(&mut self.arena, bytes.len());
        self.arena.extend_from_slice(bytes);
        reserve(&mut self.ends, 1);
        self.ends.push(self.arena.len());
        self.slots[slot] = Slot { hash, id };
        id
    }

    /// Makes the table half as large again.
    #[cold]
    fn grow(&mut self) {
        let len = self.slots.len() + self.slots.len() / 2 + 64;
        let empty = Slot { hash: 0, id: EMPTY };
        let old = std::mem::replace(&mut self.slots, vec![empty; len]);
        for held in old.into_iter().filter(|held| held.id != EMPTY) {
            let mut slot = bytes::home(held.hash, len);
            while self.slots[slot].id != EMPTY {
                slot = self.after(slot);
            }
            self.slots[slot] = held;
        }
    }

    /// All ids in the byte order of their strings, as [`sort::strings`] finds
    /// it.
    pub fn sorted(&self) -> Vec<u32> {
        sort::strings(self.len(), |id| self.get(id))
    }
}

/// For each id its rank, from 0, given all ids in order: so tuples of ids can
/// be sorted without looking at their strings again.
pub(crate) fn ranks(order: &[u32]) -> Vec<u32> {
    let mut ranks = vec![0; order.len()];
    for (rank, &id) in order.iter().enumerate() {
        ranks[id as usize] = rank as u32;
    }
    ranks
}

/// Makes room for `more` items, growing by a quarter rather than to the
/// double, so that no more than a fifth of the memory is idle.
#[inline]
fn reserve<T>(items: &mut Vec<T>, more: usize) {
    if items.capacity() - items.len() < more {
        items.reserve_exact(more.max(items.len() / 4).max(64));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Checks that each of `strings` gets the id that a map gives it, and that
    /// ids, strings and ranks agree.
    fn check(strings: &[Vec<u8>]) {
        let mut dictionary = Dictionary::new();
        let mut expected = BTreeMap::new();
        for string in strings {
            let next = expected.len() as u32;
            let id = *expected.entry(string.clone()).or_insert(next);
            assert_eq!(dictionary.id(string), id);
        }
        assert_eq!(dictionary.len(), expected.len());
        let ranks = ranks(&dictionary.sorted());
        for (rank, (string, &id)) in expected.iter().enumerate() {
            assert_eq!(dictionary.get(id), string);
            assert_eq!(ranks[id as usize], rank as u32);
        }
    }

    #[test]
    fn no_strings() {
        check(&[]);
    }

    #[test]
    fn empty_and_nearly_equal_strings() {
        let strings = ["", "a", "a\0", "", "a\0\0\0\0\0\0\0", "b", "a"];
        check(&strings.map(|string| string.as_bytes().to_vec()));
    }

    #[test]
    fn many_strings() {
        let names = (0..30_000).map(|n| format!("Song {}", n * 7 % 20_000));
        check(&names.map(String::into_bytes).collect::<Vec<_>>());
    }

    #[test]
    fn memory_is_counted() {
        let mut dictionary = Dictionary::new();
        assert_eq!(dictionary.memory(), 0);
        for n in 0..10_000 {
            dictionary.id(format!("{n:08}").as_bytes());
        }
        let each = dictionary.memory() / 10_000;
        assert!((8 + 18..=8 + 33).contains(&each), "{each}");
    }

    proptest! {
        #[test]
        fn any_strings(
            strings in prop::collection::vec("[ab\0]{0,9}", 0..300)
        ) {
            let bytes = strings.into_iter().map(String::into_bytes);
            check(&bytes.collect::<Vec<_>>());
        }
    }
}
