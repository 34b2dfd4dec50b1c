//! Groups to the bytes of a run.

use super::{
    BLOCK_HEADER, BlockEntry, HEADER, Key, MAGIC, RunIndex, TRAILER, VERSION,
};
use crate::bytes;
use crate::number::Total;
use crate::varint;

/// A block ends with the group that makes it this long, in bytes.
///
/// Long enough that reading blocks one by one costs little more than reading
/// the run at once; short enough that a merge can hold a block of each of
/// many runs, and that ranges can be cut finely.
const BLOCK: usize = 64 << 10;

/// Writes a run block by block.
///
/// The bytes go to a `sink`, in pieces of about 64 KiB, and nothing else is
/// kept of them than the index.
#[derive(Debug)]
pub struct RunWriter {
    /// The index so far.
    index: RunIndex,
    /// The header, if it wasn't written yet, and the block being written.
    buffer: Vec<u8>,
    /// Where in the buffer the block begins.
    start: usize,
    /// The first key field of the group before, if that is in this block.
    previous: Option<Vec<u8>>,
}

impl RunWriter {
    /// Creates a writer of groups with the given numbers of keys and totals,
    /// 1 to 8 each.
    pub fn new(keys: usize, totals: usize) -> RunWriter {
        let index =
            RunIndex { keys, totals, blocks: Vec::new(), groups: 0, bytes: 0 };
        let mut buffer = MAGIC.to_vec();
        buffer.extend([VERSION, keys as u8, totals as u8]);
        RunWriter { index, buffer, start: HEADER, previous: None }
    }

    /// Appends a group. Its key must be greater than that of the group before.
    ///
    /// # Panics
    ///
    /// If this group alone takes 4 GiB.
    pub fn push(
        &mut self,
        key: &[&[u8]],
        totals: &[Total],
        sink: &mut dyn FnMut(&[u8]),
    ) {
        if self.buffer.len() == self.start {
            self.begin_block(key);
        }
        self.push_first(key[0]);
        for field in &key[1..] {
            varint::encode(field.len() as u64, &mut self.buffer);
            self.buffer.extend_from_slice(field);
        }
        for total in totals {
            total.encode(&mut self.buffer);
        }
        self.index.groups += 1;
        if self.buffer.len() - self.start >= BLOCK {
            self.end_block(sink);
        }
    }

    /// Writes what is left, and the index, which it returns too.
    pub fn finish(mut self, sink: &mut dyn FnMut(&[u8])) -> RunIndex {
        if self.buffer.len() > self.start {
            self.end_block(sink);
        }
        // Only a run without groups still has its header here.
        self.write(sink);
        let index = self.index.encode();
        self.buffer.extend_from_slice(&index);
        self.buffer.extend_from_slice(&(index.len() as u64).to_le_bytes());
        self.buffer.extend_from_slice(&MAGIC);
        debug_assert_eq!(self.buffer.len(), index.len() + TRAILER);
        self.write(sink);
        self.index
    }

    /// Leaves room for the header of a block that begins with `key`.
    fn begin_block(&mut self, key: &[&[u8]]) {
        self.buffer.extend([0; BLOCK_HEADER]);
        self.index.blocks.push(BlockEntry {
            first: Key::from_iter(key.iter().copied()),
            offset: self.index.bytes + self.start as u64,
            length: 0,
        });
        self.previous = None;
    }

    /// Appends the first key field, or a zero if it is that of the group
    /// before.
    fn push_first(&mut self, field: &[u8]) {
        match &mut self.previous {
            Some(previous) if bytes::same(previous, field) => {
                self.buffer.push(0);
                return;
            }
            Some(previous) => {
                previous.clear();
                previous.extend_from_slice(field);
            }
            None => self.previous = Some(field.to_vec()),
        }
        varint::encode(field.len() as u64 + 1, &mut self.buffer);
        self.buffer.extend_from_slice(field);
    }

    /// Fills in the block's header and writes it.
    fn end_block(&mut self, sink: &mut dyn FnMut(&[u8])) {
        let block = &mut self.buffer[self.start..];
        let length = u32::try_from(block.len()).expect("less than 4 GiB");
        let (header, groups) = block.split_at_mut(BLOCK_HEADER);
        let sum = crc32fast::hash(groups);
        header[..4].copy_from_slice(&(groups.len() as u32).to_le_bytes());
        header[4..].copy_from_slice(&sum.to_le_bytes());
        self.index.blocks.last_mut().expect("a begun block").length = length;
        self.write(sink);
    }

    /// Writes the buffer.
    fn write(&mut self, sink: &mut dyn FnMut(&[u8])) {
        if !self.buffer.is_empty() {
            sink(&self.buffer);
        }
        self.index.bytes += self.buffer.len() as u64;
        self.buffer.clear();
        self.start = 0;
    }
}
