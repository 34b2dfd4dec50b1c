//! The groups of several runs, those with equal keys added, in key order.

mod range;
mod source;
mod tree;

use crate::bytes;
use crate::number::Total;
use crate::run::{RunError, RunIndex};
pub use range::{KeyRange, ranges};
use source::Source;
use tree::Tree;

/// What the caller of [`Merge::step`] must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Read exactly these bytes of a run and [`feed`](Merge::feed) them.
    Need {
        /// The run's place among the indexes.
        run: usize,
        /// Where the bytes begin, from the start of the run.
        offset: u64,
        /// How many they are: those of one or more whole blocks.
        length: usize,
    },
    /// Take the group that [`key`](Merge::key) and
    /// [`totals`](Merge::totals) give until the next step.
    Group,
    /// Stop: there are no more groups.
    End,
}

/// Merges the groups of several runs whose keys are in a range.
///
/// It does no I/O: the caller steps, and does what each [`Step`] says. Only
/// blocks that overlap the range are asked for.
///
/// # Complexity
///
/// For `k` runs a group takes about `log2(k)` comparisons of keys. Memory is
/// 256 KiB a run, or one block of it where that is longer.
#[derive(Debug)]
pub struct Merge {
    /// The keys that are merged.
    range: KeyRange,
    /// The runs.
    sources: Vec<Source>,
    /// The sources that must go to their next group: all of them before the
    /// first group, and later the one the last group was taken from.
    moving: Vec<usize>,
    /// Tells the source whose group comes first. It is there once every
    /// source was at its first group.
    tree: Option<Tree>,
    /// The group that is being added up.
    group: Group,
    /// Whether there is such a group and it wasn't given out yet.
    open: bool,
}

/// A group that several sources may add to.
#[derive(Debug)]
struct Group {
    /// The fields of its key, end to end.
    key: Vec<u8>,
    /// Where each field ends.
    ends: Vec<usize>,
    /// The sums so far.
    totals: Vec<Total>,
    /// The source that added last. Its next group is another one, since a run
    /// holds each key once.
    last: usize,
}

impl Merge {
    /// Creates a merge of the runs with the given indexes, before its first
    /// group.
    ///
    /// # Errors
    ///
    /// [`RunError::Columns`] if a run has another number of keys or of totals
    /// than the given ones.
    pub fn new(
        indexes: &[&RunIndex],
        range: KeyRange,
        keys: usize,
        totals: usize,
    ) -> Result<Merge, RunError> {
        let fits = |run: &&RunIndex| (run.keys, run.totals) == (keys, totals);
        if !indexes.iter().all(fits) {
            return Err(RunError::Columns);
        }
        let sources = indexes.iter().map(|run| Source::new(run, &range));
        Ok(Merge {
            sources: sources.collect(),
            moving: (0..indexes.len()).rev().collect(),
            tree: None,
            group: Group {
                key: Vec::new(),
                ends: vec![0; keys],
                totals: vec![Total::zero(); totals],
                last: 0,
            },
            open: false,
            range,
        })
    }

    /// Goes on until there is something for the caller to do.
    ///
    /// # Errors
    ///
    /// [`RunError::Checksum`] or [`RunError::Damaged`] if the bytes of a run
    /// are not as they were written. The merge must not be used after that.
    pub fn step(&mut self) -> Result<Step, RunError> {
        loop {
            if let Some(need) = self.settle()? {
                return Ok(need);
            }
            match self.first() {
                Some(run) if self.open && self.is_same_group(run) => {
                    self.group.add(run, &self.sources[run]);
                    self.moving.push(run);
                }
                _ if self.open => {
                    self.open = false;
                    return Ok(Step::Group);
                }
                Some(run) => {
                    self.group.begin(run, &self.sources[run]);
                    self.moving.push(run);
                    self.open = true;
                }
                None => return Ok(Step::End),
            }
        }
    }

    /// Takes the bytes that a step asked for.
    ///
    /// # Errors
    ///
    /// [`RunError::Damaged`] if there are not as many as were asked for.
    pub fn feed(&mut self, run: usize, bytes: &[u8]) -> Result<(), RunError> {
        self.sources[run].feed(bytes)
    }

    /// The fields of the group's key.
    #[inline]
    pub fn key(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.group.key()
    }

    /// The group's totals.
    #[inline]
    pub fn totals(&self) -> &[Total] {
        &self.group.totals
    }

    /// Brings every source to its next group, or says what is needed for
    /// that.
    #[inline]
    fn settle(&mut self) -> Result<Option<Step>, RunError> {
        while let Some(&run) = self.moving.last() {
            if let Some(need) = self.sources[run].advance(&self.range)? {
                let (offset, length) = (need.offset, need.length);
                return Ok(Some(Step::Need { run, offset, length }));
            }
            self.moving.pop();
            if let Some(tree) = &mut self.tree {
                tree.replay(is_ahead(&self.sources));
            }
        }
        if self.tree.is_none() && !self.sources.is_empty() {
            let leaves = self.sources.len();
            self.tree = Some(Tree::new(leaves, is_ahead(&self.sources)));
        }
        Ok(None)
    }

    /// The source whose group comes first, or `None` if all have ended.
    #[inline]
    fn first(&self) -> Option<usize> {
        let run = self.tree.as_ref()?.winner();
        (!self.sources[run].has_ended()).then_some(run)
    }

    /// Whether the current group of a source belongs to the open group.
    #[inline]
    fn is_same_group(&self, run: usize) -> bool {
        run != self.group.last && self.group.has_key(&self.sources[run])
    }
}

/// Says of two sources whether the first comes before the second.
fn is_ahead(sources: &[Source]) -> impl Fn(usize, usize) -> bool {
    |left, right| sources[left].is_ahead_of(&sources[right])
}

impl Group {
    /// Becomes the current group of a source.
    fn begin(&mut self, run: usize, source: &Source) {
        self.key.clear();
        for (field, end) in source.group().key().zip(&mut self.ends) {
            self.key.extend_from_slice(field);
            *end = self.key.len();
        }
        self.totals.clone_from_slice(source.group().totals());
        self.last = run;
    }

    /// Adds the current group of a source.
    fn add(&mut self, run: usize, source: &Source) {
        for (total, more) in
            self.totals.iter_mut().zip(source.group().totals())
        {
            total.add(more);
        }
        self.last = run;
    }

    /// The fields of the key.
    fn key(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| {
            let start = if index == 0 { 0 } else { self.ends[index - 1] };
            &self.key[start..self.ends[index]]
        })
    }

    /// Whether the current group of a source has the same key. The last
    /// fields come first, since they are the ones that differ.
    fn has_key(&self, source: &Source) -> bool {
        let mut pairs = self.key().rev().zip(source.group().key().rev());
        pairs.all(|(left, right)| bytes::same(left, right))
    }
}

#[cfg(test)]
mod tests;
