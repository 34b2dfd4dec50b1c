//! Taking things off the front of bytes that may be damaged.

use std::ops::Range;

use super::{Key, LONG, RunError};
use crate::total::Total;
use crate::varint;

/// Takes one thing after the other from `bytes`. Whatever is not there in
/// full gives [`RunError::Damaged`].
#[derive(Debug)]
pub(super) struct Scan<'b> {
    bytes: &'b [u8],
    position: usize,
}

impl<'b> Scan<'b> {
    /// Begins at `position`, which is at most the number of bytes.
    pub fn new(bytes: &'b [u8], position: usize) -> Scan<'b> {
        Scan { bytes, position }
    }

    /// Where the next thing begins.
    pub fn position(&self) -> usize {
        self.position
    }

    /// The bytes not yet taken.
    #[inline]
    pub fn rest(&self) -> &'b [u8] {
        &self.bytes[self.position..]
    }

    /// Takes `length` bytes and gives their place.
    #[inline]
    pub fn range(&mut self, length: u64) -> Result<Range<usize>, RunError> {
        if length > self.rest().len() as u64 {
            return Err(RunError::Damaged);
        }
        let start = self.position;
        self.position += length as usize;
        Ok(start..self.position)
    }

    /// Takes `N` bytes.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], RunError> {
        let bytes = *self.rest().first_chunk().ok_or(RunError::Damaged)?;
        self.position += N;
        Ok(bytes)
    }

    /// Takes one byte.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, RunError> {
        let byte = *self.bytes.get(self.position).ok_or(RunError::Damaged)?;
        self.position += 1;
        Ok(byte)
    }

    /// Takes the rest of a length of which half a byte is known.
    #[inline]
    pub fn length(&mut self, half: u8) -> Result<u64, RunError> {
        match usize::from(half) {
            LONG => Ok(self.varint()?.saturating_add(LONG as u64)),
            _ => Ok(u64::from(half)),
        }
    }

    /// Takes how a key field differs from the one before: how many first bytes
    /// it shares, and those after them.
    #[inline]
    pub fn change(&mut self) -> Result<(usize, &'b [u8]), RunError> {
        let lengths = self.byte()?;
        let shared = self.length(lengths >> 4)?;
        let more = self.length(lengths & 0x0F)?;
        let shared = usize::try_from(shared).map_err(|_| RunError::Damaged)?;
        Ok((shared, &self.bytes[self.range(more)?]))
    }

    /// Takes a varint.
    #[inline]
    pub fn varint(&mut self) -> Result<u64, RunError> {
        let found = varint::decode(self.rest()).ok_or(RunError::Damaged)?;
        self.position += found.1;
        Ok(found.0)
    }

    /// Takes a total and puts it into `total`.
    #[inline(always)]
    pub fn total(&mut self, total: &mut Total) -> Result<(), RunError> {
        let length = total.decode_here(self.rest());
        self.position += length.ok_or(RunError::Damaged)?;
        Ok(())
    }

    /// Takes a key field.
    pub fn field(&mut self) -> Result<Box<[u8]>, RunError> {
        let length = self.varint()?;
        let range = self.range(length)?;
        Ok(Box::from(&self.bytes[range]))
    }

    /// Takes a key of `fields` fields.
    pub fn key(&mut self, fields: usize) -> Result<Key, RunError> {
        (0..fields).map(|_| self.field()).collect::<Result<_, _>>().map(Key)
    }
}
