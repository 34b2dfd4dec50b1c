//! One run in a merge: its groups of a range of keys.

use std::cmp::Ordering;

use super::KeyRange;
use crate::bytes;
use crate::run::{BlockEntry, BlockReader, RunError, RunIndex};

/// The most bytes asked for at once, but for a single block: each read has a
/// cost, and each run in a merge holds so much memory.
const READ_AHEAD: u64 = 256 << 10;

/// The groups of one run whose keys are in a range, in order.
#[derive(Debug)]
pub(super) struct Source {
    /// The blocks that overlap the range.
    blocks: Vec<BlockEntry>,
    /// How many of them were begun to be read.
    begun: usize,
    /// How many of them the reader was given.
    fed: usize,
    /// Reads them.
    reader: BlockReader,
    /// Whether the range, or the run, has no group any more.
    ended: bool,
    /// The prefix of the current group's first key field, which decides most
    /// comparisons.
    prefix: u64,
}

/// Bytes that a source must be given before it can go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    /// Where they begin, from the start of the run.
    pub offset: u64,
    /// How many they are.
    pub length: usize,
    /// The number of blocks in them.
    blocks: usize,
}

impl Source {
    /// Creates a source before its first group.
    pub fn new(index: &RunIndex, range: &KeyRange) -> Source {
        Source {
            blocks: overlapping(&index.blocks, range).to_vec(),
            begun: 0,
            fed: 0,
            reader: BlockReader::new(index.keys, index.totals),
            ended: false,
            prefix: 0,
        }
    }

    /// Goes to the next group or to the end. If bytes are needed for that, it
    /// says which and stays where it is.
    #[inline]
    pub fn advance(
        &mut self,
        range: &KeyRange,
    ) -> Result<Option<Need>, RunError> {
        loop {
            if !self.reader.advance()? {
                let need = self.need();
                self.ended = need.is_none();
                return Ok(need);
            }
            if self.reader.starts_block() {
                self.begin_block()?;
            }
            if !self.is_before(range) {
                self.ended = self.is_after(range);
                self.prefix = bytes::prefix(self.reader.field(0));
                return Ok(None);
            }
        }
    }

    /// The blocks to be read next, or `None` if there are no more.
    pub fn need(&self) -> Option<Need> {
        let first = self.blocks.get(self.fed)?;
        let mut need = Need { offset: first.offset, length: 0, blocks: 0 };
        for block in &self.blocks[self.fed..] {
            let length = need.length as u64 + u64::from(block.length);
            if need.blocks > 0 && length > READ_AHEAD {
                break;
            }
            need.length += block.length as usize;
            need.blocks += 1;
        }
        Some(need)
    }

    /// Takes the bytes that were asked for.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), RunError> {
        let need = self.need().filter(|need| need.length == bytes.len());
        self.fed += need.ok_or(RunError::Damaged)?.blocks;
        self.reader.fill(bytes);
        Ok(())
    }

    /// Counts a block, and checks that it is the one the index speaks of.
    fn begin_block(&mut self) -> Result<(), RunError> {
        let block = self.blocks[..self.fed].get(self.begun);
        let block = block.ok_or(RunError::Damaged)?;
        if self.reader.order(block.first.fields()).is_ne() {
            return Err(RunError::Damaged);
        }
        self.begun += 1;
        Ok(())
    }

    /// Whether the current group is before the range. Only in the first block
    /// can it be.
    #[inline]
    fn is_before(&self, range: &KeyRange) -> bool {
        match &range.from {
            Some(from) if self.begun == 1 => {
                self.reader.order(from.fields()).is_lt()
            }
            _ => false,
        }
    }

    /// Whether the current group is after the range. Only in the last block
    /// can it be.
    #[inline]
    fn is_after(&self, range: &KeyRange) -> bool {
        match &range.to {
            Some(to) if self.begun == self.blocks.len() => {
                self.reader.order(to.fields()).is_ge()
            }
            _ => false,
        }
    }

    /// Whether there is no group any more.
    #[inline]
    pub fn has_ended(&self) -> bool {
        self.ended
    }

    /// The reader, at the current group.
    #[inline]
    pub fn group(&self) -> &BlockReader {
        &self.reader
    }

    /// Whether the current group comes before that of another source; an end
    /// comes after all groups.
    #[inline]
    pub fn is_ahead_of(&self, other: &Source) -> bool {
        if self.ended || other.ended {
            return !self.ended;
        }
        match self.prefix.cmp(&other.prefix) {
            Ordering::Equal => self.reader.order(other.reader.key()).is_lt(),
            order => order.is_lt(),
        }
    }
}

/// Those of a run's blocks in which keys of the range may be.
fn overlapping<'b>(
    blocks: &'b [BlockEntry],
    range: &KeyRange,
) -> &'b [BlockEntry] {
    let start = match &range.from {
        Some(from) => blocks.partition_point(|block| block.first <= *from),
        None => 0,
    };
    let end = match &range.to {
        Some(to) => blocks.partition_point(|block| block.first < *to),
        None => blocks.len(),
    };
    // The block before the first that begins after `from` may hold it.
    &blocks[start.saturating_sub(1).min(end)..end]
}
