//! A loser tree: which of several sources comes first.

/// A tournament of numbered leaves. Each inner node holds the leaf that lost
/// there, so that when the winner gets a new value, one comparison on each
/// level of its path finds the next winner.
///
/// The tree knows no values: whoever asks passes `before`, which says of two
/// leaves whether the first comes strictly before the second, and may note for
/// the one that doesn't come first what it knows of the two.
///
/// # Complexity
///
/// Building takes one comparison a leaf, replaying one for each level.
#[derive(Debug)]
pub(super) struct Tree {
    /// The loser at each inner node. The children of node `n` are `2n` and
    /// `2n + 1`; node 1 is the root, and leaf `l` is node `leaves + l`.
    losers: Vec<usize>,
    /// The leaf that lost nowhere.
    winner: usize,
}

impl Tree {
    /// Plays all games among `leaves` leaves, of which there is at least one.
    pub fn new(
        leaves: usize,
        mut before: impl FnMut(usize, usize) -> bool,
    ) -> Tree {
        let mut losers = vec![0; leaves];
        // The winner at each node, at first those of the leaves.
        let mut winners = vec![0; leaves];
        winners.extend(0..leaves);
        for node in (1..leaves).rev() {
            let (left, right) = (winners[2 * node], winners[2 * node + 1]);
            (winners[node], losers[node]) = match before(right, left) {
                true => (right, left),
                false => (left, right),
            };
        }
        Tree { losers, winner: winners[1] }
    }

    /// The leaf that comes first.
    pub fn winner(&self) -> usize {
        self.winner
    }

    /// The leaves that lost to the winner itself.
    #[inline]
    pub fn runners_up(&self) -> impl Iterator<Item = usize> {
        let leaf = self.losers.len() + self.winner;
        let nodes =
            std::iter::successors(Some(leaf / 2), |node| Some(node / 2));
        nodes.take_while(|&node| node > 0).map(|node| self.losers[node])
    }

    /// Plays again the games of the winner, which has a new value.
    #[inline]
    pub fn replay(&mut self, mut before: impl FnMut(usize, usize) -> bool) {
        let mut node = (self.losers.len() + self.winner) / 2;
        while node > 0 {
            let (loser, winner) = (self.losers[node], self.winner);
            // Which one it is can't be foretold, so there must be no branch.
            let swapped = usize::from(before(loser, winner)).wrapping_neg();
            let change = (loser ^ winner) & swapped;
            self.losers[node] = loser ^ change;
            self.winner = winner ^ change;
            node /= 2;
        }
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
            let before = |lists: &[Vec<u32>], a: usize, b: usize| {
                lists[a].last() < lists[b].last()
            };
            let mut tree = Tree::new(lists.len(), |a, b| before(&lists, a, b));
            for value in expected {
                prop_assert_eq!(lists[tree.winner()].pop(), Some(value));
                let next = tree.runners_up().map(|leaf| lists[leaf].last());
                prop_assert!(next.flatten().all(|&next| next >= value));
                tree.replay(|a, b| before(&lists, a, b));
            }
            prop_assert_eq!(lists[tree.winner()].len(), 1);
        }
    }
}
