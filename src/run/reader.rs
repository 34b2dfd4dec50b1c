//! The bytes of blocks to groups.

use std::cmp::Ordering;
use std::ops::Range;

use super::scan::Scan;
use super::{BLOCK_HEADER, RunError};
use crate::bytes;
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
    /// Where the key fields of the current group are.
    fields: Vec<Range<usize>>,
    /// The totals of the current group.
    totals: Vec<Total>,
    /// Whether the current group is the first of its block.
    first: bool,
}

impl BlockReader {
    /// Creates a reader of groups with the given numbers of keys and totals,
    /// without bytes.
    pub fn new(keys: usize, totals: usize) -> BlockReader {
        BlockReader {
            bytes: Vec::new(),
            position: 0,
            end: 0,
            fields: vec![0..0; keys],
            totals: vec![Total::zero(); totals],
            first: false,
        }
    }

    /// Gives the reader more bytes: one or more blocks, end to end, each of
    /// them whole. Bytes that were read are forgotten.
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
        match scan.varint()? {
            0 if self.first => return Err(RunError::Damaged),
            0 => {}
            length => self.fields[0] = scan.range(length - 1)?,
        }
        for field in &mut self.fields[1..] {
            *field = scan.field()?;
        }
        for total in &mut self.totals {
            *total = scan.total()?;
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

    /// The field at `index` of the current group's key.
    #[inline]
    pub fn field(&self, index: usize) -> &[u8] {
        &self.bytes[self.fields[index].clone()]
    }

    /// The fields of the current group's key.
    #[inline]
    pub fn key(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.fields.iter().map(|range| &self.bytes[range.clone()])
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
