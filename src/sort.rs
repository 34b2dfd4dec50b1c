//! Sorting by words: slots by the bits of theirs, and strings by eight bytes
//! at a time.
//!
//! Ranks of strings are dense, and so few bits hold them: a radix sort that
//! looks at those alone takes two or three passes where a sort by comparisons
//! would take twenty.

use crate::bytes;

/// The most bits of a digit: of as many places as digits, each taking slots
/// one after the other, the next lines should all stay in the cache.
const MOST_BITS: u32 = 11;

/// Sorts slots of `N` words, laid end to end, by their first words, and those
/// with equal ones by the next and so on: `bits` says of each of these words
/// how many of its lower bits may be set. Slots in which all these words are
/// equal stay in their order.
///
/// # Complexity
///
/// Linear in the number of slots for each eleven bits. There is a second copy
/// of them while it sorts.
pub(crate) fn by_words<const N: usize>(words: &mut Vec<u64>, bits: &[u32]) {
    let mut other = vec![0; words.len()];
    for (word, &bits) in bits.iter().enumerate().rev() {
        let passes = bits.div_ceil(MOST_BITS);
        for pass in 0..passes {
            let (start, end) =
                (bits * pass / passes, bits * (pass + 1) / passes);
            let digit =
                Digit { word, shift: start, mask: (1 << (end - start)) - 1 };
            scatter::<N>(words.as_chunks().0, other.as_chunks_mut().0, digit);
            std::mem::swap(words, &mut other);
        }
    }
}

/// Some bits of one of the words of a slot.
#[derive(Clone, Copy, Debug)]
struct Digit {
    /// Which word.
    word: usize,
    /// How many bits of it are below these.
    shift: u32,
    /// As many bits set as there are.
    mask: usize,
}

impl Digit {
    /// The digit of a slot.
    #[inline]
    fn of<const N: usize>(self, slot: &[u64; N]) -> usize {
        (slot[self.word] >> self.shift) as usize & self.mask
    }
}

/// Copies slots in the order of their digits, and in their own order where
/// those are equal.
fn scatter<const N: usize>(
    from: &[[u64; N]],
    to: &mut [[u64; N]],
    digit: Digit,
) {
    let mut next = [0_u32; 1 << MOST_BITS];
    for slot in from {
        next[digit.of(slot)] += 1;
    }
    let mut start = 0;
    for next in &mut next[..=digit.mask] {
        start += std::mem::replace(next, start);
    }
    for slot in from {
        let next = &mut next[digit.of(slot)];
        to[*next as usize] = *slot;
        *next += 1;
    }
}

/// Gives the rank of each of `len` strings, which `get` has by their ids, in
/// their byte order: 0 and up, equal ones having the same.
///
/// Strings are sorted by the first eight bytes behind those that all share,
/// those in which these are equal by the next eight, and so on. So no
/// comparison looks at a string.
///
/// # Complexity
///
/// `O(n log n)` for each eight bytes that strings share, and 16 bytes for each
/// string while it sorts.
pub(crate) fn ranks<'s>(
    len: usize,
    get: impl Fn(u32) -> &'s [u8],
) -> Vec<u32> {
    let ids = 0..len as u32;
    let shared = shared(ids.clone().map(&get));
    let windows = ids.map(|id| Window::new(&get(id)[shared..], id));
    let mut windows: Vec<Window> = windows.collect();
    // Where strings are that were loaded from here on and not yet sorted.
    let mut unsorted = vec![(0..len, shared)];
    while let Some((range, from)) = unsorted.pop() {
        let windows = &mut windows[range.clone()];
        windows.sort_unstable_by_key(|window| window.bytes);
        let mut start = range.start;
        for equal in windows.chunk_by_mut(|l, r| l.bytes == r.bytes) {
            let next = start + equal.len();
            if equal.len() > 1 {
                let ended = sort_ended(equal);
                for window in &mut equal[ended..] {
                    let rest = &get(window.id)[from + 8..];
                    *window = Window::new(rest, window.id);
                }
                if next - start - ended > 1 {
                    unsorted.push((start + ended..next, from + 8));
                }
            }
            start = next;
        }
    }
    let mut ranks = vec![0; len];
    let mut rank = 0;
    for (place, window) in windows.iter().enumerate() {
        if place > 0 && !window.is(&windows[place - 1], &get) {
            rank += 1;
        }
        ranks[window.id as usize] = rank;
    }
    ranks
}

/// How many first bytes all strings share. Names that were numbered share so
/// many that their first eight bytes would tell few of them apart.
fn shared<'s>(mut strings: impl Iterator<Item = &'s [u8]>) -> usize {
    let Some(first) = strings.next() else { return 0 };
    let mut shared = first.len();
    while shared > 0
        && let Some(string) = strings.next()
    {
        shared = bytes::common(&first[..shared], string);
    }
    shared
}

/// Puts those windows to the front, of all with equal bytes, in which strings
/// end, the shorter ones first, and returns how many they are.
fn sort_ended(windows: &mut [Window]) -> usize {
    if windows.iter().any(|window| window.left <= 8) {
        windows.sort_unstable_by_key(|window| window.left);
    }
    windows.partition_point(|window| window.left <= 8)
}

/// Eight bytes of a string.
#[derive(Clone, Copy, Debug)]
struct Window {
    /// The bytes, as [`bytes::prefix`] has them.
    bytes: u64,
    /// How many bytes there are from the first of these on, 9 standing for all
    /// that is more than 8.
    left: u32,
    /// The string's id.
    id: u32,
}

impl Window {
    /// The first bytes of the rest of a string.
    #[inline]
    fn new(rest: &[u8], id: u32) -> Window {
        let left = rest.len().min(9) as u32;
        Window { bytes: bytes::prefix(rest), left, id }
    }

    /// Whether its string is that of the window before it, all being sorted.
    /// Then both end in the same bytes; the rest is looked at only if they do.
    #[inline]
    fn is<'s>(&self, before: &Window, get: impl Fn(u32) -> &'s [u8]) -> bool {
        (self.bytes, self.left) == (before.bytes, before.left)
            && self.left <= 8
            && bytes::same(get(self.id), get(before.id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Checks that slots are sorted as the standard library does by the words
    /// before the last, which is made to number them.
    fn check<const N: usize>(mut slots: Vec<[u64; N]>, bits: &[u32]) {
        for (index, slot) in slots.iter_mut().enumerate() {
            slot[N - 1] = index as u64;
        }
        let mut words = slots.concat();
        by_words::<N>(&mut words, bits);
        slots.sort_by(|left, right| left[..N - 1].cmp(&right[..N - 1]));
        assert_eq!(words, slots.concat());
    }

    /// Words of few bits, spread by a multiplication.
    fn words(count: u64, bits: u32) -> impl Iterator<Item = u64> {
        let mixed =
            |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(9);
        (0..count).map(move |n| mixed(n) & ((1 << bits) - 1))
    }

    #[test]
    fn few_and_many_slots() {
        for count in [0, 1, 2, 100, 70_000] {
            for bits in [0, 1, 8, 11, 12, 24, 40, 63] {
                let slots = words(count, bits).map(|word| [word, 0]);
                check(slots.collect(), &[bits]);
            }
        }
    }

    #[test]
    fn equal_first_words() {
        let slots = words(20_000, 12).map(|word| [word >> 10, 7, word, 0]);
        check(slots.collect(), &[2, 3, 12]);
    }

    #[test]
    fn one_digit_has_nearly_everything() {
        let slots =
            (0..20_000).map(|n| [if n == 77 { 1 << 50 } else { n }, 0]);
        check(slots.rev().collect(), &[51]);
    }

    /// Checks that strings are sorted as the standard library does.
    fn check_strings(strings: &[Vec<u8>]) {
        let ranks = ranks(strings.len(), |id| &strings[id as usize]);
        let mut sorted: Vec<_> = strings.iter().collect();
        sorted.sort_unstable();
        sorted.dedup();
        let expected = strings.iter().map(|string| {
            sorted.binary_search(&string).expect("it is there") as u32
        });
        assert!(ranks.into_iter().eq(expected), "{strings:?}");
    }

    #[test]
    fn strings_that_share_and_end() {
        check_strings(&[]);
        let mut strings = Vec::new();
        for length in (0..40).rev() {
            strings.push(vec![b'a'; length]);
            strings.push([vec![b'a'; length], vec![0]].concat());
            strings.push([vec![b'a'; length], vec![0; 9]].concat());
        }
        check_strings(&strings);
    }

    #[test]
    fn long_strings_that_share_nearly_all() {
        let long = vec![7; 1 << 20];
        let longer = [&long[..], &[1]].concat();
        let other = [&long[..], &[0]].concat();
        check_strings(&[longer, other, long]);
    }

    #[test]
    fn numbered_names() {
        let name = |n| format!("Track {:010}", n * 7919 % 100_003 * 99_991);
        let names = (0..20_000_u64).map(|n| name(n).into_bytes());
        check_strings(&names.collect::<Vec<_>>());
    }

    proptest! {
        #[test]
        fn any_strings(
            strings in prop::collection::vec("[ab\0]{0,20}", 0..200)
        ) {
            let bytes = strings.into_iter().map(String::into_bytes);
            check_strings(&bytes.collect::<Vec<_>>());
        }

        #[test]
        fn as_by_comparisons(
            words in prop::collection::vec((0..9u64, any::<u64>()), 0..300)
        ) {
            let slots = words.into_iter().map(|(a, b)| [a, b, 0]);
            check(slots.collect(), &[4, 64]);
        }
    }
}
