//! Byte strings by the word: equality, order and hash.
//!
//! The standard library compares slices with `memcmp`, which in wasm is a
//! loop over single bytes, and the quick hashes of today multiply 64 by 64
//! bits into 128, which wasm must emulate. So the hot loops use these.

mod block;
mod short;

use std::array;
use std::cmp::Ordering;

use block::Block;
pub(crate) use short::Short;

use crate::copy;
use crate::record::Span;
use crate::text;

/// The multiplier of the hash: 2^64 divided by the golden ratio, and odd.
const MULTIPLIER: u64 = 0x9E37_79B9_7F4A_7C15;

/// Others, also odd: Knuth's for his generator MMIX, and the two of Stafford's
/// mixer 13, which SplitMix64 uses.
const OTHER_MULTIPLIERS: [u64; 3] =
    [0x5851_F42D_4C95_7F2D, 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB];

/// Whether two byte strings are the same.
#[inline]
pub(crate) fn same(left: &[u8], right: &[u8]) -> bool {
    if left.len() != right.len() {
        return false;
    }
    let (left_words, left_rest) = left.as_chunks::<8>();
    let (right_words, right_rest) = right.as_chunks::<8>();
    let mut pairs = left_words.iter().zip(right_words);
    pairs.all(|(&l, &r)| u64::from_le_bytes(l) == u64::from_le_bytes(r))
        && squeeze(left_rest) == squeeze(right_rest)
}

/// The order of two byte strings, byte by byte, a prefix before what it is a
/// prefix of: the same as `left.cmp(right)`.
#[inline]
pub(crate) fn order(left: &[u8], right: &[u8]) -> Ordering {
    let (left_words, _) = left.as_chunks::<8>();
    let (right_words, _) = right.as_chunks::<8>();
    for (&l, &r) in left_words.iter().zip(right_words) {
        if l != r {
            return u64::from_be_bytes(l).cmp(&u64::from_be_bytes(r));
        }
    }
    let compared = 8 * left_words.len().min(right_words.len());
    prefix(&left[compared..])
        .cmp(&prefix(&right[compared..]))
        .then(left.len().cmp(&right.len()))
}

/// The first eight bytes as one number, zeros where there are fewer.
///
/// Two byte strings with different prefixes are ordered as those; with equal
/// ones anything is possible.
#[inline]
pub(crate) fn prefix(bytes: &[u8]) -> u64 {
    match bytes.first_chunk::<8>() {
        Some(&word) => u64::from_be_bytes(word),
        None => short_prefix(bytes),
    }
}

/// The prefix of fewer than eight bytes.
fn short_prefix(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    for (to, &from) in word.iter_mut().zip(bytes) {
        *to = from;
    }
    u64::from_be_bytes(word)
}

/// Bytes that must be readable behind those of a [`Key`]. They may hold
/// anything.
pub const SLACK: usize = 2 * BLOCK;

/// The bytes that a step of a hash or of a comparison takes.
const BLOCK: usize = block::BYTES;

/// The most bytes of a key of one block: a mark goes behind them.
pub(crate) const SHORT: usize = BLOCK - 1;

/// The first blocks of a byte string: its bytes, a mark behind the last one,
/// and zeros. If it has [`WHOLE`] bytes at most, that is all of it: no other
/// string has the same.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<const BLOCKS: usize = 2>([Block; BLOCKS]);

impl<const BLOCKS: usize> Head<BLOCKS> {
    /// The head of a byte string of some length with slack behind it.
    #[inline(always)]
    fn of(bytes: &[u8], len: usize) -> Head<BLOCKS> {
        let len = len.min(BLOCKS * BLOCK);
        Head(array::from_fn(|index| block(bytes, index * BLOCK, len)))
    }
}

impl Head {
    /// The head of no string.
    const NONE: Head = Head([Block::ONES; 2]);

    /// Whether it is the same as another, behind which there are only zeros.
    #[inline(always)]
    pub fn is<const BLOCKS: usize>(&self, other: &Head<BLOCKS>) -> bool {
        let block = |at| *other.0.get(at).unwrap_or(&Block::ZEROS);
        Block::all_are(&self.0, &array::from_fn(block))
    }
}

/// The most bytes of a string that its head is all of.
pub(crate) const WHOLE: usize = 2 * BLOCK - 1;

/// A byte string with [`SLACK`] behind it, which can be hashed and compared
/// by whole blocks without a branch for each length: those are what the
/// machine can't predict.
///
/// One of one block has at most [`SHORT`] bytes, one of two any number. The
/// first two blocks of that take no branch: few titles are longer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'k, const BLOCKS: usize = 2> {
    /// The bytes, and whatever follows.
    bytes: &'k [u8],
    len: usize,
    head: Head<BLOCKS>,
}

impl<'k, const BLOCKS: usize> Key<'k, BLOCKS> {
    /// The key that `bytes` begin with.
    ///
    /// # Panics
    ///
    /// If there isn't as much slack behind it; also later, when it is used.
    #[inline(always)]
    pub fn new(bytes: &'k [u8], len: usize) -> Key<'k, BLOCKS> {
        debug_assert!(BLOCKS > 1 || len <= SHORT, "{len} bytes");
        Key { bytes, len, head: Head::of(bytes, len) }
    }

    /// The key that lies there in `bytes`.
    ///
    /// # Panics
    ///
    /// As [`Key::new`].
    #[inline(always)]
    pub fn of(bytes: &'k [u8], field: Span) -> Key<'k, BLOCKS> {
        Key::new(&bytes[field.start as usize..], field.len())
    }

    /// The number of bytes.
    #[inline(always)]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Its first blocks.
    #[inline(always)]
    pub fn head(&self) -> Head<BLOCKS> {
        self.head
    }

    /// The bytes and the slack.
    pub fn with_slack(&self) -> &'k [u8] {
        &self.bytes[..self.len + SLACK]
    }

    /// Whether it is UTF-8.
    #[inline]
    pub fn is_text(&self) -> bool {
        self.len <= BLOCKS * BLOCK && Block::all_ascii(&self.head.0)
            || text::is_utf8(&self.bytes[..self.len])
    }

    /// A hash, of which all 32 bits are good. It is that of the bytes, however
    /// many blocks the key is of.
    #[inline(always)]
    pub fn hash(&self) -> u32 {
        let mut state = fold(0, self.head.0[0]);
        if BLOCKS > 1 {
            // Of nothing but zeros it is zero, as if there were no block.
            let [low, high] = self.head.0[1].words();
            state ^= spread(low, OTHER_MULTIPLIERS[1])
                ^ spread(high, OTHER_MULTIPLIERS[2]);
            if self.len > BLOCKS * BLOCK {
                state = hash_rest(self.bytes, self.len, state);
            }
        }
        finish(state)
    }

    /// Whether `other` begins with the same bytes, and has slack behind them.
    #[inline(always)]
    pub fn begins(&self, other: &[u8]) -> bool {
        let other_head = Head::<BLOCKS>::of(other, self.len);
        Block::all_are(&self.head.0, &other_head.0)
            && (self.len <= BLOCKS * BLOCK || self.goes_on(other))
    }

    /// Whether `other` goes on with the same bytes behind the first blocks.
    #[inline]
    fn goes_on(&self, other: &[u8]) -> bool {
        (BLOCKS * BLOCK..self.len).step_by(BLOCK).all(|at| {
            let own = block(self.bytes, at, self.len);
            Block::all_are(&[own], &[block(other, at, self.len)])
        })
    }
}

impl Key<'_> {
    /// Its head if it is whole, or else one that no string has.
    #[inline]
    pub fn whole(&self) -> Head {
        if self.len <= WHOLE { self.head } else { Head::NONE }
    }
}

/// The block at `at` of a byte string of some length with slack behind it.
#[inline(always)]
fn block(bytes: &[u8], at: usize, len: usize) -> Block {
    // There may be less than `at`: by a block, as heads are made.
    let left = len.wrapping_sub(at) as isize;
    Block::marked(&bytes[at..], left.min(BLOCK as isize) as i8)
}

/// Takes what is behind the second block of a key into the state of a hash.
/// It takes no [`Key`], which would have to be in memory for that.
#[inline(never)]
fn hash_rest(bytes: &[u8], len: usize, mut state: u64) -> u64 {
    for at in (2 * BLOCK..len).step_by(BLOCK) {
        state = fold(state, block(bytes, at, len));
    }
    state
}

/// Takes a block into the state of a hash.
#[inline(always)]
fn fold(state: u64, block: Block) -> u64 {
    let [low, high] = block.words();
    mix(state, low) ^ spread(high, OTHER_MULTIPLIERS[0])
}

/// A hash of `words`, of which all 32 bits are good.
#[inline]
pub(crate) fn hash_words(words: &[u64]) -> u32 {
    finish(words.iter().fold(0, |state, &word| mix(state, word)))
}

/// Takes one more word into the state of a hash. For one state no two words
/// give the same result.
#[inline]
fn mix(state: u64, word: u64) -> u64 {
    spread(state ^ word, MULTIPLIER)
}

/// Spreads the bits of a word. No two words give the same result.
#[inline(always)]
fn spread(word: u64, multiplier: u64) -> u64 {
    let product = word.wrapping_mul(multiplier);
    product ^ (product >> 32)
}

/// The hash that a state stands for: the upper half of a product, since there
/// every bit of the state counts.
#[inline]
fn finish(state: u64) -> u32 {
    (state.wrapping_mul(MULTIPLIER) >> 32) as u32
}

/// Fewer than eight bytes as one number, different for any two strings of the
/// same length. It reads some bytes twice, which is quicker than a loop.
#[inline]
fn squeeze(bytes: &[u8]) -> u64 {
    if let Some(word) = ends(bytes) {
        return word;
    }
    match *bytes {
        [] => 0,
        [a] => u64::from(a),
        [a, b] => u64::from(a) | u64::from(b) << 8,
        [a, b, c, ..] => u64::from(a) | u64::from(b) << 8 | u64::from(c) << 16,
    }
}

/// The first four bytes and the last four as one number, if there are as many
/// as four.
#[inline]
fn ends(bytes: &[u8]) -> Option<u64> {
    let (&low, &high) = copy::ends(bytes)?;
    let (low, high) = (u32::from_le_bytes(low), u32::from_le_bytes(high));
    Some(u64::from(low) | u64::from(high) << 32)
}

/// Whether one of these bytes is in a byte string.
#[inline]
pub(crate) fn has_any<const N: usize>(bytes: &[u8], wanted: [u8; N]) -> bool {
    if let Some(last) = bytes.last_chunk() {
        let block = |bytes| Block::all(bytes).has_any(wanted);
        return bytes.as_chunks().0.iter().any(block) || block(last);
    }
    // It sees some bytes twice, which is quicker than a loop.
    if let Some((&low, &high)) = copy::ends(bytes) {
        let [low, high] = [low, high].map(u64::from_le_bytes);
        return Block::of_words(low, high).has_any(wanted);
    }
    if let Some(word) = ends(bytes) {
        return Block::of_words(word, word).has_any(wanted);
    }
    bytes.iter().any(|byte| wanted.contains(byte))
}

/// Where in a word a byte first is, or 8 if it isn't there.
#[inline]
pub(crate) fn position_in(word: [u8; 8], byte: u8) -> usize {
    hits(u64::from_le_bytes(word), byte).trailing_zeros() as usize / 8
}

/// The top bit of each byte in a word, the lowest first, that is this one. It
/// may be set of others too, but only behind the first that is: so there is
/// none if and only if the byte isn't there.
#[inline]
fn hits(word: u64, byte: u8) -> u64 {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const TOPS: u64 = u64::from_le_bytes([0x80; 8]);
    // The byte becomes zero, which alone borrows from the one behind it.
    let others = word ^ (ONES * u64::from(byte));
    others.wrapping_sub(ONES) & !others & TOPS
}

/// How many first bytes two byte strings share.
#[inline]
pub(crate) fn common(left: &[u8], right: &[u8]) -> usize {
    let len = left.len().min(right.len());
    let (left, right) = (&left[..len], &right[..len]);
    let (Some(left_last), Some(right_last)) =
        (left.last_chunk::<8>(), right.last_chunk::<8>())
    else {
        let mut pairs = left.iter().zip(right);
        return pairs.position(|(l, r)| l != r).unwrap_or(len);
    };
    let words = left.as_chunks::<8>().0.iter().zip(right.as_chunks::<8>().0);
    for (index, (left, right)) in words.enumerate() {
        if left != right {
            return 8 * index + common_word(left, right);
        }
    }
    // It overlaps the words before, which are the same.
    len - 8 + common_word(left_last, right_last)
}

/// How many first bytes two words share.
#[inline]
fn common_word(left: &[u8; 8], right: &[u8; 8]) -> usize {
    let different = u64::from_le_bytes(*left) ^ u64::from_le_bytes(*right);
    different.trailing_zeros() as usize / 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::HashSet;

    /// Strings of few different bytes, so that prefixes and near misses are
    /// common.
    fn strings() -> impl Strategy<Value = Vec<u8>> {
        let byte = prop::sample::select(vec![0, 1, b'a', 0x7F, 0x80, 0xFF]);
        prop::collection::vec(byte, 0..20)
    }

    proptest! {
        #[test]
        fn as_the_standard_library(
            start in strings(),
            left in strings(),
            right in strings(),
        ) {
            let left = [&start[..], &left].concat();
            let right = [&start[..], &right].concat();
            prop_assert_eq!(same(&left, &right), left == right);
            prop_assert_eq!(same(&left, &left.clone()), true);
            prop_assert_eq!(order(&left, &right), left.cmp(&right));
            prop_assert_eq!(order(&right, &left), right.cmp(&left));
            let mut pairs = left.iter().zip(&right);
            let same = pairs.by_ref().take_while(|(l, r)| l == r).count();
            prop_assert_eq!(common(&left, &right), same);
        }

        #[test]
        fn positions(word in any::<[u8; 8]>(), byte in any::<u8>()) {
            for byte in word.into_iter().chain([byte, 0, 1, 0x80, 0xFF]) {
                let found = word.iter().position(|&b| b == byte);
                prop_assert_eq!(position_in(word, byte), found.unwrap_or(8));
            }
        }

        #[test]
        fn some_of_many_bytes(
            bytes in prop::collection::vec(0..12u8, 0..40),
            wanted in any::<[u8; 2]>(),
        ) {
            let wanted = [wanted[0] % 12, wanted[1] % 12, 0xFF, b'a'];
            // In the middle of bytes that are all wanted.
            let all = [&wanted[..], &bytes, &wanted].concat();
            let found = bytes.iter().any(|byte| wanted.contains(byte));
            let bytes = &all[wanted.len()..][..bytes.len()];
            prop_assert_eq!(has_any(bytes, wanted), found);
        }

        #[test]
        fn different_prefixes_decide(left in strings(), right in strings()) {
            if prefix(&left) != prefix(&right) {
                prop_assert_eq!(
                    prefix(&left).cmp(&prefix(&right)),
                    left.cmp(&right)
                );
            }
        }
    }

    /// The hash of a key in the middle of other bytes.
    fn hash(bytes: &[u8]) -> u32 {
        with_slack(bytes, 0xA5, |key| key.hash())
    }

    /// Makes a key of bytes, with others around it.
    fn with_slack<T>(
        bytes: &[u8],
        other: u8,
        then: impl FnOnce(&Key<'_>) -> T,
    ) -> T {
        let around = [other; SLACK];
        let all = [&around, bytes, &around].concat();
        then(&Key::new(&all[SLACK..], bytes.len()))
    }

    #[test]
    fn one_changed_byte_is_another_string() {
        for length in 1..40 {
            let bytes = vec![7; length];
            for at in 0..length {
                let mut other = bytes.clone();
                other[at] ^= 0x80;
                assert!(!same(&bytes, &other));
                assert_ne!(hash(&bytes), hash(&other));
            }
        }
    }

    proptest! {
        #[test]
        fn what_lies_around_a_key_does_not_matter(
            start in strings(),
            left in strings(),
            right in strings(),
        ) {
            let left = [&start[..], &left].concat();
            let right = [&start[..], &right].concat();
            with_slack(&left, 1, |one| with_slack(&right, 2, |two| {
                let alike = one.len() == two.len()
                    && one.begins(two.with_slack());
                prop_assert_eq!(alike, left == right);
                prop_assert_eq!(&one.with_slack()[..one.len()], &left[..]);
                prop_assert!(left != right || one.hash() == two.hash());
                Ok(())
            }))?;
        }
    }

    /// Numbered names and dates are what this hash is for: in every window of
    /// eight bits they must be spread as if by chance.
    #[test]
    fn hashes_of_numbered_names_are_spread() {
        let hashes: Vec<u32> = (0..65_536)
            .map(|n| hash(format!("Song {n}").as_bytes()))
            .collect();
        assert!(hashes.iter().collect::<HashSet<_>>().len() > 65_500);
        check_spread(&hashes);
    }

    #[test]
    fn hashes_of_pairs_of_ids_are_spread() {
        let pairs = (0..256u64).flat_map(|a| (0..256).map(move |b| (a, b)));
        let hashes: Vec<u32> =
            pairs.map(|(a, b)| hash_words(&[(a << 32) | b])).collect();
        check_spread(&hashes);
    }

    /// Checks that 65,536 hashes fill 256 bins with about 256 each, whichever
    /// eight bits are taken for the bin.
    fn check_spread(hashes: &[u32]) {
        for shift in 0..=24 {
            let mut bins = [0; 256];
            for hash in hashes {
                bins[(hash >> shift & 0xFF) as usize] += 1;
            }
            // Seven standard deviations of chance.
            let even = |bin: &i32| (144..=368).contains(bin);
            assert!(bins.iter().all(even), "{shift}: {bins:?}");
        }
    }
}
