//! Byte strings end to end, each with a number.

use std::hint::black_box;

use crate::bytes::{Head, Key, SLACK};
use crate::copy;
use crate::slots::reserve;
use crate::sort;

/// Byte strings, numbered 0, 1, 2 and so on.
///
/// # Complexity
///
/// A string takes its own bytes and those of a `usize`, and 32 for its head if
/// there are at most [`FEW`]; and up to a quarter more of all while there come
/// more.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    /// All strings in the order of their numbers, and then room for more and
    /// slack.
    bytes: Vec<u8>,
    /// Where each string starts, and the last one ends; nothing until there is
    /// one.
    places: Vec<usize>,
    /// The head of each string, or one that none has if it is not whole;
    /// nothing once there are more than [`FEW`].
    heads: Vec<Head>,
}

/// Up to so many strings their heads are kept, a megabyte at most: whether a
/// string is another is then seen in one place, and not in two after another.
const FEW: usize = 1 << 15;

/// Strings that are looked at before they are copied.
const STEP: usize = 64;

impl Strings {
    /// How many there are.
    #[inline]
    pub fn len(&self) -> usize {
        self.places.len().saturating_sub(1)
    }

    /// How many bytes they have together.
    #[inline]
    pub fn bytes(&self) -> usize {
        self.places.last().copied().unwrap_or_default()
    }

    /// The bytes allocated.
    pub fn memory(&self) -> usize {
        self.bytes.capacity()
            + self.places.capacity() * size_of::<usize>()
            + self.heads.capacity() * size_of::<Head>()
    }

    /// The string with this number.
    ///
    /// # Panics
    ///
    /// If there is none.
    #[inline]
    pub fn get(&self, number: u32) -> &[u8] {
        let number = number as usize;
        &self.bytes[self.places[number]..self.places[number + 1]]
    }

    /// Whether a string has this number and is that of the key.
    #[inline(always)]
    pub fn is<const BLOCKS: usize>(
        &self,
        number: u32,
        key: &Key<'_, BLOCKS>,
    ) -> bool {
        let place = self.places.get(number as usize..);
        let Some(&[start, end]) = place.and_then(|place| place.first_chunk())
        else {
            return false;
        };
        end - start == key.len() && key.begins(&self.bytes[start..])
    }

    /// Whether all heads are kept.
    #[inline]
    pub fn has_heads(&self) -> bool {
        self.heads.len() == self.len()
    }

    /// Whether a string has this number and this head, that of a key which it
    /// is all of; `false` if heads aren't kept.
    #[inline(always)]
    pub fn is_whole<const BLOCKS: usize>(
        &self,
        number: u32,
        head: &Head<BLOCKS>,
    ) -> bool {
        let own = self.heads.get(number as usize);
        own.is_some_and(|own| own.is(head))
    }

    /// Appends the string of a key.
    #[inline]
    pub fn push(&mut self, key: &Key<'_>) {
        self.push_head(key);
        let start = self.bytes();
        if self.bytes.len() - start < key.len() + SLACK {
            self.make_room(key.len() + SLACK);
        }
        let to = &mut self.bytes[start..];
        copy::put_blocks(to, key.with_slack(), key.len());
        reserve(&mut self.places, 2);
        if self.places.is_empty() {
            self.places.push(start);
        }
        self.places.push(start + key.len());
    }

    /// Keeps the head of the next string, or forgets all.
    fn push_head(&mut self, key: &Key<'_>) {
        if self.len() < FEW {
            reserve(&mut self.heads, 1);
            self.heads.push(key.whole());
        } else if !self.heads.is_empty() {
            self.heads = Vec::new();
        }
    }

    /// Makes room for so many bytes at least behind those of all strings.
    #[cold]
    fn make_room(&mut self, more: usize) {
        self.bytes.truncate(self.bytes());
        reserve(&mut self.bytes, more);
        self.bytes.resize(self.bytes.capacity(), 0);
    }

    /// The rank of each string among the distinct ones in their byte order,
    /// from 0, which [`sort::ranks`] finds.
    pub fn ranks(&self) -> Vec<u32> {
        sort::ranks(self.len(), |number| self.get(number))
    }

    /// The same strings by other numbers: `numbers` has the new one of each,
    /// equal strings having the same.
    ///
    /// Each string is waited for, somewhere in memory. A few are looked at
    /// before they are copied: with so little between one and the next the
    /// machine waits for many at once.
    ///
    /// # Panics
    ///
    /// If `numbers` aren't those of all strings.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes of the strings, of which there are two copies then,
    /// and in the number of strings, eight bytes more in wasm for each.
    pub fn renumbered(self, numbers: &[u32]) -> Strings {
        assert_eq!(numbers.len(), self.len(), "numbers");
        let len = numbers.iter().max().map_or(0, |&last| last as usize + 1);
        // Both of a string side by side, since they are put there at random.
        let mut froms = vec![(0, 0); len];
        for (&number, ends) in numbers.iter().zip(self.places.windows(2)) {
            froms[number as usize] = (ends[0], ends[1] - ends[0]);
        }
        let mut bytes = vec![0; self.bytes() + SLACK];
        let mut places = Vec::with_capacity(len + 1);
        let mut start = 0;
        places.push(start);
        for froms in froms.chunks(STEP) {
            let first = |&(from, _): &(usize, usize)| self.bytes[from];
            black_box(froms.iter().fold(0, |seen, from| seen ^ first(from)));
            for &(from, len) in froms {
                let to = &mut bytes[start..];
                copy::put_blocks(to, &self.bytes[from..], len);
                start += len;
                places.push(start);
            }
        }
        Strings { bytes, places, heads: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Strings of up to some length, each with slack behind it.
    fn made(count: usize, longest: usize) -> Strings {
        let mut strings = Strings::default();
        for n in 0..count {
            let text = format!("{n} {}", "x".repeat(n % longest));
            let bytes = [text.as_bytes(), &[0; SLACK]].concat();
            strings.push(&Key::new(&bytes, text.len()));
        }
        strings
    }

    /// Checks that each string is found by its new number.
    fn check(count: usize, longest: usize, stride: usize) {
        let number = |n: usize| (n * stride % count.max(1)) as u32;
        let numbers: Vec<u32> = (0..count).map(number).collect();
        let (old, new) = (made(count, longest), made(count, longest));
        let new = new.renumbered(&numbers);
        assert_eq!((new.len(), new.bytes()), (old.len(), old.bytes()));
        for (n, &number) in (0..).zip(&numbers) {
            assert_eq!(new.get(number), old.get(n), "{n}");
        }
    }

    #[test]
    fn few_strings_by_other_numbers() {
        check(0, 1, 1);
        check(1, 1, 1);
        check(10, 3, 7);
    }

    #[test]
    fn more_strings_than_fit_the_cache() {
        check(100_003, 30, 7919);
        check(50_000, 50, 1);
        check(1_003, 20_000, 10);
    }

    #[test]
    #[should_panic(expected = "numbers")]
    fn too_few_numbers() {
        made(3, 1).renumbered(&[0, 1]);
    }
}
