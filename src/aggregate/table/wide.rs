//! A table from tuples of ids to any number of sums.

use super::rows::{Flat, Rows};
use super::{EMPTY, FILL};
use crate::aggregate::ranks::Ranks;
use crate::bytes;
use crate::slots::{self, reserve};
use crate::sort;

/// The widths a slot may have, in words. Each stands for one copy of the
/// sorting code, so there are a few and the others are rounded up. The largest
/// are for all that can be asked for of four total columns and more.
const WIDTHS: [usize; 5] = [3, 4, 8, 12, 32];

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
pub struct Wide {
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

impl Wide {
    /// Creates an empty table, which allocates nothing yet, for groups of 1 to
    /// 4 key words and 1 to 25 sums.
    pub fn new(keys: usize, sums: usize) -> Wide {
        let fits = |width: &usize| *width >= keys + sums;
        let width = WIDTHS.into_iter().find(fits).expect("a known width");
        let (firsts, words) = (Vec::new(), Vec::new());
        Wide { firsts, words, width, keys, sums, first: 0, len: 0 }
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
        for slot in old.chunks_exact(self.width) {
            if slot[0] != EMPTY {
                let at = self.find(&slot[..self.keys]);
                self.words[at..at + self.width].copy_from_slice(slot);
            }
        }
    }

    /// All groups in order, as [`Table::into_sorted`](super::Table) has it.
    pub fn into_sorted(mut self, ranks: &Ranks) -> Rows {
        match self.width {
            3 => self.sort::<3>(ranks),
            4 => self.sort::<4>(ranks),
            8 => self.sort::<8>(ranks),
            12 => self.sort::<12>(ranks),
            32 => self.sort::<32>(ranks),
            _ => unreachable!("a width out of `WIDTHS`"),
        }
        Rows::Flat(Flat::new(self.words, self.width, self.keys))
    }

    /// Sorts slots of `N` words, leaving all groups in the table.
    fn sort<const N: usize>(&mut self, ranks: &Ranks) {
        let mut rows = std::mem::take(&mut self.firsts);
        for slots in [&mut rows, &mut self.words] {
            keep_groups::<N>(slots, self.keys, ranks);
        }
        if rows.len() > self.words.len() {
            std::mem::swap(&mut rows, &mut self.words);
        }
        self.words.reserve_exact(rows.len());
        self.words.append(&mut rows);
        drop(rows);
        sort::by_words::<N>(&mut self.words, ranks.bits());
    }
}

/// Where in a list of slots the one of a first key begins. A new one is empty,
/// its sums zero.
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

/// Leaves only the groups of a list of slots, and packs their keys.
fn keep_groups<const N: usize>(
    words: &mut Vec<u64>,
    keys: usize,
    ranks: &Ranks,
) {
    let (slots, _) = words.as_chunks_mut::<N>();
    let mut len = 0;
    for at in 0..slots.len() {
        let mut slot = slots[at];
        if slot[0] != EMPTY {
            ranks.pack(&mut slot[..keys]);
            slots[len] = slot;
            len += 1;
        }
    }
    words.truncate(len * N);
}
