//! The bytes of blocks to groups.

use std::cmp::Ordering;

use super::scan::Scan;
use super::{BLOCK_HEADER, RunError};
use crate::bytes;
use crate::copy::Buffer;
use crate::number::Total;

/// Reads the groups of blocks, one at a time, out of bytes it is given.
///
/// It trusts nothing in those bytes: whatever they are, each group or error
/// takes time and memory no more than linear in their number.
#[derive(Debug)]
pub struct BlockReader {
    /// Whole blocks, end to end.
    bytes: Vec<u8>,
    /// Where the group after the current one begins.
    position: usize,
    /// Where the current block ends.
    end: usize,
    /// The key fields of the current group.
    fields: Vec<Buffer>,
    /// Where its key differs from that of the group before.
    difference: Difference,
    /// The totals of the current group.
    totals: Vec<Total>,
    /// Whether the current group is the first of its block.
    first: bool,
    /// Whether there was a group at all.
    begun: bool,
}

/// Where a key differs from a lesser one: the first field that does, and how
/// many of its bytes are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Difference {
    /// The place of the field in the key.
    pub field: usize,
    /// Where in the field the first other byte is, or would be.
    pub byte: usize,
}

impl BlockReader {
    /// Creates a reader of groups with the given numbers of keys and totals,
    /// without bytes.
    pub fn new(keys: usize, totals: usize) -> BlockReader {
        BlockReader {
            bytes: Vec::new(),
            position: 0,
            end: 0,
            fields: vec![Buffer::default(); keys],
            difference: Difference::default(),
            totals: vec![Total::zero(); totals],
            first: false,
            begun: false,
        }
    }

    /// Gives the reader more bytes: one or more blocks, end to end, each of
    /// them whole, and all after those it was given before. Bytes that were
    /// read are forgotten.
    pub fn fill(&mut self, blocks: &[u8]) {
        self.bytes.drain(..self.position);
        self.end -= self.position;
        self.position = 0;
        self.bytes.extend_from_slice(blocks);
    }

    /// Goes to the next group, and returns whether there is one. If not, the
    /// reader needs more blocks.
    ///
    /// # Errors
    ///
    /// [`RunError::Checksum`] or [`RunError::Damaged`] at the first group of a
    /// block whose bytes are not as they were written. After an error the
    /// reader has no current group and must not be used any more.
    #[inline]
    pub fn advance(&mut self) -> Result<bool, RunError> {
        self.first = self.position == self.end;
        if self.first {
            if self.position == self.bytes.len() {
                return Ok(false);
            }
            self.open_block()?;
        }
        let mut scan = Scan::new(&self.bytes[..self.end], self.position);
        let same = usize::from(scan.byte()?);
        if same >= self.fields.len() || same > 0 && self.first {
            return Err(RunError::Damaged);
        }
        let mut difference = (!self.begun).then(Difference::default);
        for (index, field) in (same..).zip(&mut self.fields[same..]) {
            let (shared, rest) = scan.change()?;
            if shared > field.len() || shared > 0 && self.first {
                return Err(RunError::Damaged);
            }
            if difference.is_none() {
                let byte = difference_at(field.as_bytes(), shared, rest)?;
                let field = index;
                difference = byte.map(|byte| Difference { field, byte });
                if difference.is_none() && !self.first {
                    return Err(RunError::Damaged);
                }
            }
            field.truncate(shared);
            field.append(rest);
        }
        self.difference = difference.ok_or(RunError::Damaged)?;
        self.begun = true;
        for total in &mut self.totals {
            scan.total(total)?;
        }
        self.position = scan.position();
        Ok(true)
    }

    /// Checks the block that begins here, and goes to its first group.
    fn open_block(&mut self) -> Result<(), RunError> {
        let mut scan = Scan::new(&self.bytes, self.position);
        let length = u32::from_le_bytes(scan.array()?);
        let sum = u32::from_le_bytes(scan.array()?);
        let groups = scan.range(u64::from(length))?;
        if crc32fast::hash(&self.bytes[groups.clone()]) != sum {
            return Err(RunError::Checksum);
        }
        debug_assert_eq!(groups.start, self.position + BLOCK_HEADER);
        self.position = groups.start;
        self.end = groups.end;
        Ok(())
    }

    /// Whether the current group is the first of its block.
    #[inline]
    pub fn starts_block(&self) -> bool {
        self.first
    }

    /// Where the key of the current group differs from that of the group
    /// before; at its very start if there is none.
    #[inline]
    pub(crate) fn difference(&self) -> Difference {
        self.difference
    }

    /// The number of key fields.
    #[inline]
    pub(crate) fn keys(&self) -> usize {
        self.fields.len()
    }

    /// The field at `index` of the current group's key.
    #[inline]
    pub fn field(&self, index: usize) -> &[u8] {
        self.fields[index].as_bytes()
    }

    /// The fields of the current group's key.
    #[inline]
    pub fn key(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.fields.iter().map(Buffer::as_bytes)
    }

    /// The totals of the current group.
    #[inline]
    pub fn totals(&self) -> &[Total] {
        &self.totals
    }

    /// The order of the current group's key and the given one.
    #[inline]
    pub fn order<'f>(&self, key: impl Iterator<Item = &'f [u8]>) -> Ordering {
        let pairs = self.key().zip(key);
        let mut orders = pairs.map(|(left, right)| bytes::order(left, right));
        orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

/// The first place at which a field differs from the one before, which must be
/// less: they share so many bytes, and the new one goes on with `rest`. It is
/// `None` if they are equal.
#[inline]
fn difference_at(
    before: &[u8],
    shared: usize,
    rest: &[u8],
) -> Result<Option<usize>, RunError> {
    let (old, mut common) = (&before[shared..], 0);
    // Only the first group of a block doesn't share all it could.
    if shared == 0 {
        common = bytes::common(old, rest);
    }
    match (old.get(common), rest.get(common)) {
        (None, None) => Ok(None),
        // No byte is less than any.
        (old, new) if old < new => Ok(Some(shared + common)),
        _ => Err(RunError::Damaged),
    }
}
