//! The groups of a table in order.

use std::ops::Range;

use super::dense::{self, Dense};
use crate::aggregate::ranks::Ranks;

/// So many groups that lie end to end are handed out at once, more or less.
const SOME: usize = 4096;

/// The groups of a table in the order of their packed keys, some at a time.
#[derive(Debug)]
pub enum Rows {
    /// Groups that lie in order.
    Flat(Flat),
    /// Groups of one key word and one sum, many of which are in rows of their
    /// first keys.
    ByFirst(ByFirst),
}

/// Groups end to end.
#[derive(Clone, Copy, Debug)]
pub struct Groups<'r> {
    words: &'r [u64],
    /// The number of words of a group.
    width: usize,
    /// The number of key words at its start.
    keys: usize,
}

impl Rows {
    /// The next groups, of which all with the same key come at once.
    pub fn next(&mut self) -> Option<Groups<'_>> {
        match self {
            Rows::Flat(rows) => rows.next(),
            Rows::ByFirst(rows) => {
                let groups = rows.next()?.as_flattened();
                Some(Groups { words: groups, width: 2, keys: 1 })
            }
        }
    }
}

impl Groups<'_> {
    /// The same if each has one key word and one sum, without padding.
    pub fn pairs(&self) -> Option<&[[u64; 2]]> {
        let are_pairs = (self.width, self.keys) == (2, 1);
        are_pairs.then(|| groups_in(self.words))
    }

    /// Each group's packed key and its sums, after which there may be padding.
    pub fn iter(&self) -> impl Iterator<Item = (&[u64], &[u64])> {
        let rows = self.words.chunks_exact(self.width);
        rows.map(|row| row.split_at(self.keys))
    }
}

/// Groups that lie in order.
#[derive(Debug)]
pub struct Flat {
    words: Vec<u64>,
    width: usize,
    keys: usize,
    /// How many of the words were handed out.
    next: usize,
}

impl Flat {
    /// Hands out groups of so many words, which begin with so many of keys.
    pub fn new(words: Vec<u64>, width: usize, keys: usize) -> Flat {
        Flat { words, width, keys, next: 0 }
    }

    /// As [`Rows::next`].
    fn next(&mut self) -> Option<Groups<'_>> {
        let Flat { width, keys, .. } = *self;
        let rest = &self.words[self.next..];
        let mut len = rest.len().min(SOME * width);
        let is_same =
            |at: usize| rest[at..][..keys] == rest[at - width..][..keys];
        while len > 0 && len < rest.len() && is_same(len) {
            len += width;
        }
        self.next += len;
        (len > 0).then_some(Groups { words: &rest[..len], width, keys })
    }
}

/// A packed key and a sum.
type Group = [u64; 2];

/// The groups that lie end to end.
fn groups_in(words: &[u64]) -> &[Group] {
    words.as_chunks().0
}

/// Groups of one key word and one sum, of which some are in rows of their first
/// keys and the others lie in order.
///
/// Those in a row need not be sorted: the second keys are, once for all rows.
///
/// # Complexity
///
/// Linear in the number of groups and of cells, but `O(n log n)` in that of
/// groups whose first key has some elsewhere too, or a row that is much
/// narrower than others.
#[derive(Debug)]
pub struct ByFirst {
    dense: Dense,
    /// The parts in a key of first keys that have rows, in order, and their
    /// ids.
    firsts: Vec<(u64, usize)>,
    /// The parts of second keys that may be in rows, by their ids.
    parts: Vec<u64>,
    /// The same in order, and their ids.
    seconds: Vec<(u64, usize)>,
    /// The groups that are in no row, end to end.
    others: Vec<u64>,
    /// How many of these, and of those that have rows, were handed out.
    next_first: usize,
    next_other: usize,
    /// Where the part of the first key is in a key.
    mask: u64,
    /// What is handed out of one row, and room for more.
    groups: Vec<Group>,
}

impl ByFirst {
    /// Hands out the groups in rows, and others, which lie end to end, their
    /// keys packed and in order.
    pub fn new(dense: Dense, others: Vec<u64>, ranks: &Ranks) -> ByFirst {
        let with_part = |id| (ranks.part(0, id), id);
        let mut firsts: Vec<_> = dense.firsts().map(with_part).collect();
        firsts.sort_unstable();
        let widths = dense.firsts().map(|first| dense.width(first));
        let widest = widths.max().unwrap_or_default();
        let known = widest.min(ranks.column(1).len());
        let parts: Vec<u64> = (0..known).map(|id| ranks.part(1, id)).collect();
        let mut seconds: Vec<_> = parts.iter().copied().zip(0..).collect();
        seconds.sort_unstable();
        ByFirst {
            dense,
            firsts,
            parts,
            seconds,
            others,
            next_first: 0,
            next_other: 0,
            mask: ranks.mask(0),
            groups: Vec::new(),
        }
    }

    /// As [`Rows::next`].
    fn next(&mut self) -> Option<&[Group]> {
        let first = self.firsts.get(self.next_first).map(|first| first.0);
        let mask = self.mask;
        let before = self.take_others(|group| {
            first.is_none_or(|first| group[0] & mask < first)
        });
        if !before.is_empty() {
            return Some(&groups_in(&self.others)[before]);
        }
        let first = first?;
        let (mut len, mut is_sorted) = (0, true);
        // A string that wasn't looked up has several ids.
        while let Some(&(same, id)) = self.firsts.get(self.next_first)
            && same == first
        {
            is_sorted &= len == 0 && self.is_wide(id);
            len = self.put_row(len, first, id);
            self.next_first += 1;
        }
        let same = self.take_others(|group| group[0] & mask == first);
        if !same.is_empty() {
            is_sorted = false;
            self.make_room(len + same.len());
            let others = &groups_in(&self.others)[same];
            self.groups[len..][..others.len()].copy_from_slice(others);
            len += others.len();
        }
        let groups = &mut self.groups[..len];
        if !is_sorted {
            groups.sort_unstable_by_key(|group| group[0]);
        }
        Some(groups)
    }

    /// Makes room for so many groups of one first key.
    fn make_room(&mut self, groups: usize) {
        if self.groups.len() < groups {
            self.groups.resize(groups, [0; 2]);
        }
    }

    /// Counts the next groups in no row as handed out as long as these are of
    /// some kind, and returns their places.
    fn take_others(
        &mut self,
        is_one: impl Fn(&Group) -> bool,
    ) -> Range<usize> {
        let start = self.next_other;
        let rest = groups_in(&self.others)[start..].iter();
        self.next_other += rest.take_while(|group| is_one(group)).count();
        start..self.next_other
    }

    /// Whether a first key has a row of most second keys.
    fn is_wide(&self, id: usize) -> bool {
        self.dense.width(id) >= self.seconds.len() / 4
    }

    /// Puts the groups of a row behind `len` groups, in order if it is wide,
    /// and returns how many there are then.
    fn put_row(&mut self, len: usize, first: u64, id: usize) -> usize {
        // They are counted first, as they lie in memory: that fetches a row
        // much quicker than reading it in the order of second keys.
        let row = self.dense.row(id).iter();
        let count = row.filter(|&&cell| dense::has_sum(cell)).count();
        // And room for one that is written and doesn't count.
        self.make_room(len + count + 1);
        let (row, is_wide) = (self.dense.row(id), self.is_wide(id));
        let groups = &mut self.groups[len..];
        let mut put = 0;
        // Whether there is a group must not take a branch.
        let mut group = |second: u64, cell: i32| {
            groups[put] = [first | second, i64::from(cell) as u64];
            put += usize::from(dense::has_sum(cell));
        };
        if is_wide {
            for &(second, id) in &self.seconds {
                row.get(id).iter().for_each(|&&cell| group(second, cell));
            }
        } else {
            let parts = self.parts.iter().zip(row);
            parts.for_each(|(&second, &cell)| group(second, cell));
        }
        len + put
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many groups come at once if each of `keys` keys has so many.
    fn pieces(keys: u64, groups: usize) -> Vec<usize> {
        let group = |n: usize| [(n / groups) as u64, n as u64];
        let all: Vec<u64> =
            (0..keys as usize * groups).flat_map(group).collect();
        let mut rows = Rows::Flat(Flat::new(all.clone(), 2, 1));
        let (mut seen, mut pieces) = (Vec::new(), Vec::new());
        while let Some(groups) = rows.next() {
            seen.extend_from_slice(groups.words);
            pieces.push(groups.iter().count());
        }
        assert_eq!(seen, all);
        pieces
    }

    #[test]
    fn groups_of_a_key_come_at_once() {
        assert_eq!(pieces(0, 1), []);
        assert_eq!(pieces(5, 1), [5]);
        assert_eq!(pieces(SOME as u64 + 1, 1), [SOME, 1]);
        assert_eq!(pieces(2, SOME - 1), [2 * (SOME - 1)]);
        assert_eq!(pieces(3, SOME + 1), [SOME + 1; 3]);
    }
}
