//! One run in a merge: its groups of a range of keys.

use super::tree::Entry;
use super::{KeyRange, Step};
use crate::bytes;
use crate::run::{
    BlockEntry, BlockReader, Difference, MOST_FIELDS, RunError, RunIndex,
};

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
    /// Whether it was at a group already.
    begun_groups: bool,
    /// How the current group compares.
    code: Code,
}

/// How a key compares with others that are not less than some key common to
/// them, the base: where it first differs from the base, and the byte it has
/// there. Of two keys that with the lesser code comes first; if codes are
/// equal, so are the keys up to that byte and with it.
///
/// A merge takes the last key it gave out for the base, so that it seldom
/// looks at keys again: the later of two keys differs from the earlier one where
/// it does from the base, and so its code has either for a base. These are
/// known as offset-value codes.
#[derive(Clone, Copy, Debug)]
struct Code(u64);

impl Code {
    /// That of the base itself.
    const SAME: Code = Code(0);

    /// That of no key, after all others.
    const ENDED: Code = Code(Entry::VALUES - 1);

    /// More than any place: a key has nine fields at most, each shorter than
    /// a block, which is shorter than 4 GiB.
    const PLACES: u64 = (MOST_FIELDS as u64) << 32;

    /// That of a key that differs here from the base and has this
    /// [value](BlockReader::value_at) there. The further from the key's start,
    /// the less it is.
    #[inline]
    fn new(difference: Difference, value: u64) -> Code {
        let Difference { field, byte } = difference;
        let place = (field as u64) << 32 | byte as u64;
        Code((Code::PLACES - place) << 9 | value)
    }

    /// Where the key differs from the base.
    #[inline]
    fn difference(self) -> Difference {
        let place = Code::PLACES - (self.0 >> 9);
        let (field, byte) = (place >> 32, place as u32);
        Difference { field: field as usize, byte: byte as usize }
    }
}

/// Bytes that a source must be given before it can go on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Need {
    /// Where they begin, from the start of the run.
    offset: u64,
    /// How many they are.
    length: usize,
    /// The number of blocks in them.
    blocks: usize,
}

impl Need {
    /// What the caller of a merge must do for that of a run.
    pub fn of(self, run: usize) -> Step {
        Step::Need { run, offset: self.offset, length: self.length }
    }
}

impl Source {
    /// Creates a source before its first group, or before its first row if
    /// these are what is merged.
    pub fn new(index: &RunIndex, range: &KeyRange, by_rows: bool) -> Source {
        let reader = match by_rows {
            true => BlockReader::of_rows(index),
            false => BlockReader::new(index),
        };
        Source {
            blocks: overlapping(&index.blocks, range).to_vec(),
            begun: 0,
            fed: 0,
            reader,
            begun_groups: false,
            code: Code::ENDED,
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
                self.code = Code::ENDED;
                return Ok(self.need());
            }
            if self.reader.starts_block() {
                self.begin_block()?;
            }
            if !self.is_before(range) {
                self.set_code(range);
                return Ok(None);
            }
        }
    }

    /// Notes how the current group compares with the group before, or with
    /// nothing if there is none in the range.
    #[inline]
    fn set_code(&mut self, range: &KeyRange) {
        let start = Difference::default();
        let (difference, value) = match self.begun_groups {
            true => self.reader.difference(),
            false => (start, self.reader.value_at(start)),
        };
        self.begun_groups = true;
        self.code = match self.is_after(range) {
            true => Code::ENDED,
            false => Code::new(difference, value),
        };
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
        if !self.reader.begins(&block.first) {
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

    /// How the current group compares.
    #[inline]
    pub fn code(&self) -> u64 {
        self.code.0
    }

    /// The reader, at the current group.
    #[inline]
    pub fn group(&self) -> &BlockReader {
        &self.reader
    }
}

/// Whether a source has no group any more.
#[inline]
pub(super) fn has_ended(source: Entry) -> bool {
    source.value() == Code::ENDED.0
}

/// Whether a source's current group has the same key as that of the one to
/// which it lost last.
#[inline]
pub(super) fn is_same(source: Entry) -> bool {
    source.value() == Code::SAME.0
}

/// Which of two sources comes first whose current groups have the same code,
/// and the other one, whose new code has the first one's group for its base.
pub(super) fn tie(
    sources: &[Source],
    left: Entry,
    right: Entry,
) -> (Entry, Entry) {
    if is_same(left) || has_ended(left) {
        return (left, right);
    }
    let groups = [left, right].map(|entry| &sources[entry.leaf()].reader);
    let mut from = Code(left.value()).difference();
    while from.field < groups[0].keys() {
        let rests = groups.map(|group| &group.field(from.field)[from.byte..]);
        from.byte += bytes::common(rests[0], rests[1]);
        let values = groups.map(|group| group.value_at(from));
        let code = |value| Code::new(from, value).0;
        if values[0] < values[1] {
            return (left, Entry::new(code(values[1]), right.leaf()));
        }
        if values[0] > values[1] {
            return (right, Entry::new(code(values[0]), left.leaf()));
        }
        from = Difference { field: from.field + 1, byte: 0 };
    }
    (right, Entry::new(Code::SAME.0, left.leaf()))
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
