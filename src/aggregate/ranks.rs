//! Ranks of strings in place of their ids, packed into as few bits as hold
//! them.

use super::MAX_WORDS;
use crate::strings::Strings;

/// For each key column the rank of each id among the column's strings.
///
/// A key's ids become ranks, packed so that packed keys compare as the tuples
/// of strings do, and few bits decide: of 20,000 songs and 365 dates, 15 and
/// 9.
#[derive(Debug)]
pub(super) struct Ranks {
    /// For each column its ranks by id.
    ranks: Vec<Vec<u32>>,
    /// Where they are in a packed key.
    packing: Packing,
    /// How many bits of each word are used.
    bits: Vec<u32>,
}

/// For each key column where its rank is in a packed key.
#[derive(Debug)]
pub(super) struct Packing(Vec<Place>);

/// Where the rank of a column is in a packed key.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// In which word.
    word: usize,
    /// Above how many other bits.
    shift: u32,
    /// How many bits it takes, 32 at most.
    bits: u32,
}

impl Ranks {
    /// Ranks the strings of each key column.
    pub fn new(columns: &[Strings]) -> Ranks {
        Ranks::of(columns.iter().map(Strings::ranks).collect())
    }

    /// The same, given the rank of each id in each column.
    pub fn of(ranks: Vec<Vec<u32>>) -> Ranks {
        let widths = ranks.iter().map(|ranks| bits(ranks.len()));
        let (places, bits) = pack(&widths.collect::<Vec<_>>());
        Ranks { ranks, packing: Packing(places), bits }
    }

    /// The ranks of a column by id.
    pub fn column(&self, index: usize) -> &[u32] {
        &self.ranks[index]
    }

    /// How many bits of each word of a packed key are used.
    pub fn bits(&self) -> &[u32] {
        &self.bits
    }

    /// What an id in a column comes to in its word of a packed key, in which
    /// [`mask`](Ranks::mask) says where that is.
    #[inline]
    pub fn part(&self, column: usize, id: usize) -> u64 {
        u64::from(self.ranks[column][id]) << self.packing.0[column].shift
    }

    /// The bits in which the rank of a column is in its word.
    pub fn mask(&self, column: usize) -> u64 {
        self.packing.0[column].mask()
    }

    /// Makes the words of a key, two ids to each, a packed key. It takes no
    /// more words; those it doesn't need become zero.
    #[inline]
    pub fn pack(&self, key: &mut [u64]) {
        let mut words = [0; MAX_WORDS];
        let columns = self.ranks.iter().zip(&self.packing.0);
        for (index, (ranks, place)) in columns.enumerate() {
            let id = (key[index / 2] >> super::shift(index)) as u32;
            let rank = u64::from(ranks[id as usize]);
            words[place.word] |= rank << place.shift;
        }
        key.copy_from_slice(&words[..key.len()]);
    }

    /// Brings the strings of each key column in order, so that their ranks
    /// are their numbers.
    pub fn order(self, columns: Vec<Strings>) -> (Vec<Strings>, Packing) {
        let columns = columns.into_iter().zip(self.ranks);
        let ordered =
            columns.map(|(strings, ranks)| strings.renumbered(&ranks));
        (ordered.collect(), self.packing)
    }
}

impl Packing {
    /// The rank of column `index` in a packed key.
    #[inline]
    pub fn rank(&self, key: &[u64], index: usize) -> u32 {
        self.0[index].rank(key) as u32
    }

    /// The bits of a packed key of one word in which the ranks of the first
    /// `count` columns are.
    pub fn firsts(&self, count: usize) -> u64 {
        self.0[..count].iter().fold(0, |bits, place| bits | place.mask())
    }

    /// How many columns from the first on are the same in two packed keys.
    #[inline]
    pub fn same(&self, left: &[u64], right: &[u64]) -> usize {
        let same = |place: &&Place| place.rank(left) == place.rank(right);
        self.0.iter().take_while(same).count()
    }
}

impl Place {
    /// The bits of its word that it takes.
    fn mask(self) -> u64 {
        ((1 << self.bits) - 1) << self.shift
    }

    /// The rank here in a packed key.
    #[inline]
    fn rank(self, key: &[u64]) -> usize {
        (key[self.word] >> self.shift & ((1 << self.bits) - 1)) as usize
    }
}

/// How many bits hold all ranks of so many strings.
fn bits(strings: usize) -> u32 {
    strings.saturating_sub(1).checked_ilog2().map_or(0, |log| log + 1)
}

/// Packs columns of the given widths, 32 bits at most, into words, the first
/// into the highest bits, none across two words. Gives each column's place
/// and each word's bits.
fn pack(widths: &[u32]) -> (Vec<Place>, Vec<u32>) {
    let mut words: Vec<u32> = Vec::new();
    let word_of = |&bits: &u32| {
        match words.last_mut() {
            Some(used) if *used + bits <= u64::BITS => *used += bits,
            _ => words.push(bits),
        }
        // Until it is known how many bits follow, `shift` is how many bits of
        // the word there are up to and with these.
        let word = words.len() - 1;
        Place { word, shift: words[word], bits }
    };
    let mut places: Vec<Place> = widths.iter().map(word_of).collect();
    for place in &mut places {
        let below = words[place.word] - place.shift;
        // No bits may have 64 below them, too many for a shift.
        place.shift = if place.bits == 0 { 0 } else { below };
    }
    (places, words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dictionary::Dictionary;

    #[test]
    fn bits_of_ranks() {
        let counts = [0, 1, 2, 3, 4, 5, 256, 257, 20_000];
        assert_eq!(counts.map(bits), [0, 0, 1, 2, 2, 3, 8, 9, 15]);
    }

    /// Checks the word and the shift of each column, and the bits of words.
    fn check(widths: &[u32], expected: &[(usize, u32)], words: &[u32]) {
        let (places, bits) = pack(widths);
        let places = places.iter().map(|place| (place.word, place.shift));
        assert_eq!(places.collect::<Vec<_>>(), expected);
        assert_eq!(bits, words);
    }

    #[test]
    fn columns_share_words() {
        check(&[9], &[(0, 0)], &[9]);
        check(&[15, 9], &[(0, 9), (0, 0)], &[24]);
        check(&[32, 32, 1], &[(0, 32), (0, 0), (1, 0)], &[64, 1]);
        check(&[20, 0, 32, 30], &[(0, 32), (0, 0), (0, 0), (1, 0)], &[52, 30]);
        check(&[0, 32, 32], &[(0, 0), (0, 32), (0, 0)], &[64]);
        check(&[0, 0], &[(0, 0), (0, 0)], &[0]);
    }

    #[test]
    fn there_and_back() {
        let mut dictionaries = [Dictionary::new(), Dictionary::new()];
        for song in ["c", "a", "b"] {
            dictionaries[0].id(song.as_bytes());
        }
        for date in ["2", "1"] {
            dictionaries[1].id(date.as_bytes());
        }
        let columns = dictionaries.map(Dictionary::into_strings);
        let ranks = Ranks::new(&columns);
        assert_eq!(ranks.bits(), [3]);
        let mut key = [1];
        ranks.pack(&mut key);
        assert_eq!(key, [0b100], "c is the last of three, 1 the first");
        let (columns, packing) = ranks.order(columns.into());
        let string = |index: usize| {
            columns[index].get(packing.rank(&key, index)).to_vec()
        };
        assert_eq!([string(0), string(1)], [b"c", b"1"].map(|s| s.to_vec()));
        let others = [[0b100], [0b101], [0b001]];
        assert_eq!(others.map(|other| packing.same(&key, &other)), [2, 1, 0]);
    }
}
