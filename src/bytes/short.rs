//! Byte strings of eight to sixteen bytes, as dates and many names are.

use crate::copy;

/// A byte string of eight to sixteen bytes as numbers, so that none of what is
/// done with it depends on its length by a branch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Short {
    /// The bytes in eights, the first lowest, and zeros behind them.
    words: [u64; 2],
    /// How many they are.
    len: usize,
}

impl Short {
    /// The most bytes.
    const MOST: usize = 16;

    /// Takes a byte string of such a length.
    #[inline(always)]
    pub fn new(bytes: &[u8]) -> Option<Short> {
        let (first, last) = copy::ends::<8>(bytes)?;
        let len = bytes.len();
        if len > Short::MOST {
            return None;
        }
        // The last eight but those that are among the first.
        let both = 8 * (Short::MOST - len) as u32;
        let last = u64::from_le_bytes(*last).checked_shr(both);
        let words = [u64::from_le_bytes(*first), last.unwrap_or(0)];
        Some(Short { words, len })
    }

    /// How many bytes it has.
    #[inline(always)]
    pub fn len(self) -> usize {
        self.len
    }

    /// How many first bytes two of them share.
    #[inline(always)]
    pub fn common(self, other: Short) -> usize {
        let [low, high] = [0, 1].map(|at| self.words[at] ^ other.words[at]);
        let same = match low {
            0 => 64 + high.trailing_zeros(),
            _ => low.trailing_zeros(),
        };
        (same as usize / 8).min(self.len).min(other.len)
    }

    /// The bytes from one of the first sixteen on, and zeros behind them.
    #[inline(always)]
    pub fn from(self, at: usize) -> [u8; Short::MOST] {
        let [low, high] = match at {
            8.. => [self.words[1], 0],
            _ => self.words,
        };
        let bits = 8 * (at as u32 % 8);
        // Twice, since a word can't be shifted by all of its bits.
        let low = low >> bits | (high << 1) << (63 - bits);
        let mut bytes = [0; Short::MOST];
        bytes[..8].copy_from_slice(&low.to_le_bytes());
        bytes[8..].copy_from_slice(&(high >> bits).to_le_bytes());
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn as_slices(
            start in prop::collection::vec(0..2u8, 0..16),
            [left, right] in [(); 2].map(|()| {
                prop::collection::vec(any::<u8>(), 0..20)
            }),
        ) {
            let left = [&start[..], &left].concat();
            let right = [&start[..], &right].concat();
            let is_short = |bytes: &[u8]| (8..=16).contains(&bytes.len());
            prop_assert_eq!(Short::new(&left).is_some(), is_short(&left));
            let (Some(one), Some(other)) =
                (Short::new(&left), Short::new(&right))
            else {
                return Ok(());
            };
            prop_assert_eq!(one.len(), left.len());
            let same = crate::bytes::common(&left, &right);
            prop_assert_eq!(one.common(other), same);
            for at in 0..left.len() {
                let (bytes, rest) = (one.from(at), &left[at..]);
                prop_assert_eq!(&bytes[..rest.len()], rest);
                prop_assert!(bytes[rest.len()..].iter().all(|&b| b == 0));
            }
        }
    }
}
