//! Distinct byte strings to ids.

use std::mem;

use crate::bytes::{Key, SHORT, SLACK, WHOLE};
use crate::copy;
use crate::record::Span;
use crate::sampling::Sampling;
use crate::slots::{self, Fill};
use crate::strings::Strings;

/// What a slot holds for an id if it holds none.
const EMPTY: u32 = u32::MAX;

/// A large table takes 11 to 17 bytes for each string. Nearly every lookup of
/// a new string goes on to an empty slot, so it is not filled further.
const FILL: Fill = Fill { most: 75, more: 60 };

/// Gives each distinct byte string an id: 0, 1, 2 and so on, in the order of
/// their first appearance.
///
/// The strings lie end to end in one arena; a flat table, searched linearly
/// from a hash's home, leads from a string to its id. Where nearly all strings
/// are new most are not looked up, as [`Sampling`] has it, and one that comes
/// again gets one more id.
///
/// # Complexity
///
/// A lookup takes time linear in the string's length, on average. Each string
/// takes its own bytes and, if there are many, 15 to 22 more in wasm; up to
/// 32,768 strings take 32 to 40 more each, so that they are found sooner. What
/// grows is allocated again, and for that moment the old and the new exist
/// side by side: 2.6 times the old table, 2.25 times the old arena.
#[derive(Debug, Default)]
pub struct Dictionary {
    /// The strings by their ids.
    strings: Strings,
    /// The table, and one more slot that is always empty.
    slots: Vec<Slot>,
    /// The number of strings in the table.
    held: usize,
    /// Which strings are looked up.
    sampling: Sampling,
    /// The ids of strings that aren't UTF-8, ascending.
    not_text: Vec<u32>,
    /// A string that is looked up, and at least its slack behind it.
    copy: Vec<u8>,
}

/// Strings that are looked up together, one step for all before the next: with
/// few instructions and no branch between one and the other, the machine waits
/// for many slots at once.
const STEP: usize = 64;

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
    #[inline]
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        self.strings.memory()
            + self.slots.capacity() * size_of::<Slot>()
            + self.not_text.capacity() * size_of::<u32>()
    }

    /// Whether all strings are UTF-8. Each is looked at once, when it is new.
    #[inline]
    pub fn is_all_text(&self) -> bool {
        self.not_text.is_empty()
    }

    /// Whether the string with the given id is UTF-8.
    pub fn is_text(&self, id: u32) -> bool {
        self.not_text.binary_search(&id).is_err()
    }

    /// The bytes of all strings together.
    pub fn key_bytes(&self) -> usize {
        self.strings.bytes()
    }

    /// The id of `bytes`, a new one if they were not seen before.
    ///
    /// # Panics
    ///
    /// If there are 2^32 - 1 strings, for which no memory is large enough.
    pub fn id(&mut self, bytes: &[u8]) -> u32 {
        let mut copy = mem::take(&mut self.copy);
        if copy.len() < bytes.len() + SLACK {
            copy.resize(bytes.len() + SLACK, 0);
        }
        copy::put(&mut copy, bytes);
        let id = self.id_of(&copy, Span::new(0, bytes.len()));
        self.copy = copy;
        id
    }

    /// The id of a field in `bytes`, as [`Dictionary::id`], and quicker if
    /// there is slack behind it.
    pub fn id_of(&mut self, bytes: &[u8], field: Span) -> u32 {
        if bytes.len() - (field.end as usize) < SLACK {
            return self.id(&bytes[field.range()]);
        }
        let id = self.sampled_id(bytes, field);
        self.sampling.note(1, self.held);
        id
    }

    /// Gives the id of each of the fields in `bytes`, which have slack behind
    /// them, to `take`, together with the field's place among them.
    ///
    /// # Panics
    ///
    /// As [`Dictionary::id`].
    #[inline(always)]
    pub fn ids(
        &mut self,
        bytes: &[u8],
        fields: &[Span],
        take: impl FnMut(usize, u32),
    ) {
        let longest = fields.iter().map(|field| field.len()).max();
        let longest = longest.unwrap_or_default();
        let is_near = self.strings.has_heads() && longest <= WHOLE;
        match (is_near, longest <= SHORT) {
            _ if self.sampling.is_on() => self.new_ids(bytes, fields, take),
            (true, true) => self.near_ids::<1>(bytes, fields, take),
            (true, false) => self.near_ids::<2>(bytes, fields, take),
            (false, true) => self.far_ids::<1>(bytes, fields, take),
            (false, false) => self.far_ids::<2>(bytes, fields, take),
        }
        self.sampling.note(fields.len(), self.held);
    }

    /// The same for fields most of which aren't looked up.
    #[inline(always)]
    fn new_ids(
        &mut self,
        bytes: &[u8],
        fields: &[Span],
        mut take: impl FnMut(usize, u32),
    ) {
        for (place, &field) in fields.iter().enumerate() {
            take(place, self.sampled_id(bytes, field));
        }
    }

    /// The id of a field, a new one if it was not seen before or isn't looked
    /// up.
    #[inline(always)]
    fn sampled_id(&mut self, bytes: &[u8], field: Span) -> u32 {
        let key: Key<'_> = Key::of(bytes, field);
        let hash = key.hash();
        match self.sampling.skips(hash) {
            true => self.push(&key),
            false => self.find(bytes, field, hash),
        }
    }

    /// The same for fields whose heads, of so many blocks, are all of them,
    /// heads being kept: one by one, since all is near.
    #[inline(always)]
    fn near_ids<const BLOCKS: usize>(
        &mut self,
        bytes: &[u8],
        fields: &[Span],
        mut take: impl FnMut(usize, u32),
    ) {
        for (place, &field) in fields.iter().enumerate() {
            let key = Key::<BLOCKS>::of(bytes, field);
            let hash = key.hash();
            let id = self.look(hash);
            let id = match self.strings.is_whole(id, &key.head()) {
                true => id,
                false => self.find(bytes, field, hash),
            };
            take(place, id);
        }
    }

    /// The same for any fields by keys of so many blocks, by steps.
    #[inline(always)]
    fn far_ids<const BLOCKS: usize>(
        &mut self,
        bytes: &[u8],
        fields: &[Span],
        mut take: impl FnMut(usize, u32),
    ) {
        let (mut hashes, mut ids) = ([0; STEP], [EMPTY; STEP]);
        for (step, fields) in fields.chunks(STEP).enumerate() {
            for (hash, &field) in hashes.iter_mut().zip(fields) {
                *hash = Key::<BLOCKS>::of(bytes, field).hash();
            }
            for (id, &hash) in ids.iter_mut().zip(&hashes) {
                *id = self.look(hash);
            }
            let looked = hashes.iter().zip(&ids).zip(fields);
            for (place, ((&hash, &id), &field)) in looked.enumerate() {
                let key = Key::<BLOCKS>::of(bytes, field);
                let id = match self.strings.is(id, &key) {
                    true => id,
                    false => self.find(bytes, field, hash),
                };
                take(step * STEP + place, id);
            }
        }
    }

    /// The id of the string with a hash, if it is in the first two places
    /// where it may be, as nearly all are; otherwise any or none.
    ///
    /// Which of the two it is must not take a branch, and that the strings
    /// are the same is one that is always predicted.
    #[inline(always)]
    fn look(&self, hash: u32) -> u32 {
        let home = slots::home(hash, self.len_of_table());
        let slots = self.slots.get(home..);
        let Some(&[first, second]) = slots.and_then(<[Slot]>::first_chunk)
        else {
            return EMPTY;
        };
        let id = if second.hash == hash { second.id } else { EMPTY };
        if first.hash == hash { first.id } else { id }
    }

    /// The most strings that the table has room for.
    #[inline]
    fn most(&self) -> usize {
        slots::most(self.len_of_table(), size_of::<Slot>(), FILL)
    }

    /// The number of slots in which strings may be.
    #[inline]
    fn len_of_table(&self) -> usize {
        self.slots.len().saturating_sub(1)
    }

    /// The id of a field with this hash, a new one if it was not seen before.
    /// It takes no [`Key`], which would have to be in memory for that.
    #[inline(never)]
    fn find(&mut self, bytes: &[u8], field: Span, hash: u32) -> u32 {
        let key: Key<'_> = Key::of(bytes, field);
        if self.held == self.most() {
            self.grow();
        }
        let mut slot = slots::home(hash, self.len_of_table());
        loop {
            let held = self.slots[slot];
            if held.id == EMPTY {
                return self.insert(slot, hash, &key);
            }
            if held.hash == hash && self.strings.is(held.id, &key) {
                return held.id;
            }
            slot = self.after(slot);
        }
    }

    /// The slot after `slot`, the first one following the last.
    #[inline]
    fn after(&self, slot: usize) -> usize {
        if slot + 1 == self.len_of_table() { 0 } else { slot + 1 }
    }

    /// Appends a new string and leads `slot` to it.
    fn insert(&mut self, slot: usize, hash: u32, key: &Key<'_>) -> u32 {
        let id = self.push(key);
        self.slots[slot] = Slot { hash, id };
        self.held += 1;
        id
    }

    /// Appends a string.
    #[inline]
    fn push(&mut self, key: &Key<'_>) -> u32 {
        let id = self.len() as u32;
        assert!(id != EMPTY, "a dictionary is full");
        self.strings.push(key);
        if !key.is_text() {
            self.not_text.push(id);
        }
        id
    }

    /// Makes the table larger.
    #[cold]
    fn grow(&mut self) {
        let len = self.len_of_table();
        let len = slots::more(len, size_of::<Slot>(), FILL);
        let empty = Slot { hash: 0, id: EMPTY };
        let old = std::mem::replace(&mut self.slots, vec![empty; len + 1]);
        for held in old.into_iter().filter(|held| held.id != EMPTY) {
            let mut slot = slots::home(held.hash, len);
            while self.slots[slot].id != EMPTY {
                slot = self.after(slot);
            }
            self.slots[slot] = held;
        }
    }

    /// An empty dictionary that takes this one's place.
    pub fn next(&self) -> Dictionary {
        let sampling = self.sampling.next();
        Dictionary { sampling, ..Dictionary::default() }
    }

    /// The strings by their ids.
    pub fn into_strings(self) -> Strings {
        self.strings
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
        for (string, &id) in &expected {
            assert_eq!(dictionary.strings.get(id), string);
            let bytes = [b"before", &string[..], &[1; SLACK]].concat();
            let field = Span::new(6, 6 + string.len());
            assert_eq!(dictionary.id_of(&bytes, field), id);
            assert_eq!(
                dictionary.id_of(&bytes[..6 + string.len()], field),
                id
            );
        }
        let strings = dictionary.into_strings();
        let ranks = strings.ranks();
        let ordered = strings.renumbered(&ranks);
        for (rank, (string, &id)) in expected.iter().enumerate() {
            assert_eq!(ranks[id as usize], rank as u32);
            assert_eq!(ordered.get(rank as u32), string);
        }
    }

    /// Looks strings up together, a few hundred at a time, and checks that each
    /// gets the id that it gets alone.
    fn check_together(strings: &[Vec<u8>]) {
        let (mut together, mut alone) = (Dictionary::new(), Dictionary::new());
        for strings in strings.chunks(300) {
            let mut bytes = strings.concat();
            let mut start = 0;
            let fields = strings.iter().map(|string| {
                start += string.len();
                Span::new(start - string.len(), start)
            });
            let fields: Vec<Span> = fields.collect();
            bytes.extend_from_slice(&[1; SLACK]);
            let mut ids = Vec::new();
            together.ids(&bytes, &fields, |place, id| {
                assert_eq!(place, ids.len());
                ids.push(id);
            });
            let expected = strings.iter().map(|string| alone.id(string));
            assert!(ids.into_iter().eq(expected), "{strings:?}");
        }
    }

    #[test]
    fn strings_of_all_lengths_together() {
        let of =
            |length: usize, end: &[u8]| [&vec![b'a'; length], end].concat();
        for longest in [15, 16, 31, 32, 33, 70] {
            let ends: [&[u8]; 4] = [b"", b"\0", b"\x01", b"\x01\0"];
            let lengths = (0..=longest).chain((0..=longest).rev());
            let strings = lengths
                .flat_map(|length| ends.map(|end| of(length, end)))
                .filter(|string| string.len() <= longest);
            check_together(&strings.collect::<Vec<_>>());
        }
    }

    #[test]
    fn many_strings_together() {
        let names = (0..120_000).map(|n| format!("Song {}", n * 7 % 40_000));
        check_together(&names.map(String::into_bytes).collect::<Vec<_>>());
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
        let mut bytes = |comes: usize| {
            for n in 0..200_000 * comes {
                dictionary.id(format!("{:08}", n / comes).as_bytes());
            }
            let string = 8 + size_of::<usize>();
            let bytes = dictionary.memory() / 200_000 - string;
            dictionary = Dictionary::new();
            bytes
        };
        // The slots, and what is idle in the two other lists.
        let idle = (8 + size_of::<usize>()) / 5;
        let each = bytes(2);
        assert!((10..=16 + idle).contains(&each), "{each}");
        let each = bytes(1);
        assert!(each <= 8 + idle, "{each}, of which few have a slot");
    }

    /// Strings that come once, then others that come often: those have few ids
    /// each, and all have the rank of their string.
    #[test]
    fn strings_that_are_not_looked_up() {
        let mut dictionary = Dictionary::new();
        let new = (0..300_000).map(|n| n.to_string());
        let old = (0..2_000_000_u64).map(|n| (n * 7919 % 100_003).to_string());
        let strings: Vec<_> = new.chain(old).collect();
        let ids =
            strings.iter().map(|string| dictionary.id(string.as_bytes()));
        let ids: Vec<u32> = ids.collect();
        assert!(dictionary.len() > 310_000, "some come again");
        assert!(dictionary.len() < 500_000, "{}", dictionary.len());
        let ranks = dictionary.strings.ranks();
        let ordered = dictionary.into_strings().renumbered(&ranks);
        assert_eq!(ordered.len(), 300_000);
        for (string, id) in strings.iter().zip(ids) {
            let rank = ranks[id as usize];
            assert_eq!(ordered.get(rank), string.as_bytes());
        }
    }

    proptest! {
        #[test]
        fn any_strings(
            strings in prop::collection::vec("[ab\0]{0,9}", 0..300)
        ) {
            let bytes = strings.into_iter().map(String::into_bytes);
            let strings = bytes.collect::<Vec<_>>();
            check(&strings);
            check_together(&strings);
        }
    }
}
