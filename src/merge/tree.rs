//! A loser tree: which of several sources comes first.

/// A tournament of numbered leaves. Each inner node holds the entry of the leaf
/// that lost there, so that when the winner gets a new value, one comparison on
/// each level of its path finds the next winner.
///
/// Of two entries with the same value, the tree asks `tie` which comes first.
/// It may give the other one a new value, which is not less.
///
/// # Complexity
///
/// Building takes one comparison a leaf, replaying one for each level.
#[derive(Debug)]
pub(super) struct Tree {
    /// The loser at each inner node. The children of node `n` are `2n` and
    /// `2n + 1`; node 1 is the root, and leaf `l` is node `leaves + l`.
    losers: Vec<Entry>,
    /// That which lost nowhere.
    winner: Entry,
}

/// A leaf and its value, as one number that the value decides first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry(u64);

impl Entry {
    /// The bits that tell the leaf.
    const LEAF: u32 = 17;

    /// More than any value.
    pub const VALUES: u64 = 1 << (u64::BITS - Entry::LEAF);

    /// The entry of a leaf with this value.
    #[inline]
    pub fn new(value: u64, leaf: usize) -> Entry {
        debug_assert!(value < Entry::VALUES && leaf >> Entry::LEAF == 0);
        Entry(value << Entry::LEAF | leaf as u64)
    }

    /// The value.
    #[inline]
    pub fn value(self) -> u64 {
        self.0 >> Entry::LEAF
    }

    /// The leaf.
    #[inline]
    pub fn leaf(self) -> usize {
        (self.0 & ((1 << Entry::LEAF) - 1)) as usize
    }
}

impl Tree {
    /// Plays all games among leaves with these values, of which there is at
    /// least one.
    ///
    /// # Panics
    ///
    /// If there are more than 2^17 of them, which have no room in memory.
    pub fn new(
        values: impl Iterator<Item = u64>,
        mut tie: impl FnMut(Entry, Entry) -> (Entry, Entry),
    ) -> Tree {
        let leaves = values.enumerate();
        let leaves = leaves.map(|(leaf, value)| Entry::new(value, leaf));
        let leaves: Vec<Entry> = leaves.collect();
        assert!(leaves.len() <= 1 << Entry::LEAF, "too many leaves");
        let mut losers = vec![leaves[0]; leaves.len()];
        // The winner at each node, at first those of the leaves.
        let mut winners = [losers.clone(), leaves].concat();
        for node in (1..losers.len()).rev() {
            let (left, right) = (winners[2 * node], winners[2 * node + 1]);
            (winners[node], losers[node]) = play(left, right, &mut tie);
        }
        Tree { losers, winner: winners[1] }
    }

    /// The leaf that comes first.
    #[inline]
    pub fn winner(&self) -> Entry {
        self.winner
    }

    /// The leaves that lost to the winner itself.
    #[inline]
    pub fn runners_up(&self) -> impl Iterator<Item = Entry> {
        let leaf = self.losers.len() + self.winner.leaf();
        let nodes =
            std::iter::successors(Some(leaf / 2), |node| Some(node / 2));
        nodes.take_while(|&node| node > 0).map(|node| self.losers[node])
    }

    /// Plays again the games of the winner, which has a new value.
    #[inline]
    pub fn replay(
        &mut self,
        value: u64,
        mut tie: impl FnMut(Entry, Entry) -> (Entry, Entry),
    ) {
        let leaf = self.winner.leaf();
        let mut winner = Entry::new(value, leaf);
        let mut node = (self.losers.len() + leaf) / 2;
        while node > 0 {
            let loser = &mut self.losers[node];
            (winner, *loser) = play(*loser, winner, &mut tie);
            node /= 2;
        }
        self.winner = winner;
    }
}

/// The entry that comes first, and the other one. Which is which can't be
/// foretold, so it is no branch but for ties.
#[inline(always)]
fn play(
    left: Entry,
    right: Entry,
    tie: &mut impl FnMut(Entry, Entry) -> (Entry, Entry),
) -> (Entry, Entry) {
    match left.value() == right.value() {
        true => tie(left, right),
        false => (left.min(right), left.max(right)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn merges_sorted_lists(
            mut lists in prop::collection::vec(
                prop::collection::vec(0..99u32, 0..9),
                1..12,
            )
        ) {
            let mut expected = lists.concat();
            expected.sort_unstable();
            // The last element of a list is its next.
            for list in &mut lists {
                list.sort_unstable_by(|a, b| b.cmp(a));
                list.insert(0, u32::MAX);
            }
            let value = |list: &[u32]| u64::from(*list.last().unwrap());
            let tie = |left, right| (left, right);
            let values = lists.iter().map(|list| value(list));
            let mut tree = Tree::new(values, tie);
            for expected in expected {
                let first = tree.winner();
                prop_assert_eq!(first.value(), u64::from(expected));
                let next = tree.runners_up().map(Entry::value);
                prop_assert!(next.fold(u64::MAX, u64::min) >= first.value());
                let list = &mut lists[first.leaf()];
                list.pop();
                tree.replay(value(list), tie);
            }
            prop_assert_eq!(lists[tree.winner().leaf()].len(), 1);
        }
    }
}
