//! Where the blocks of a run are, and which keys they begin with.

use super::scan::Scan;
use super::{
    BLOCK_HEADER, HEADER, Key, MAGIC, MOST_FIELDS, MOST_IN_ROW, RunError,
    TRAILER, VERSION, checksum,
};
use crate::figures::MOST_FIGURES;
use crate::varint;

/// The index of a run: what a merge must know of it before it reads any of its
/// blocks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunIndex {
    /// The number of key columns.
    pub keys: usize,
    /// The number of totals of a group.
    pub totals: usize,
    /// All last key fields, in ascending order, if blocks have rows; none if
    /// they have groups.
    pub lasts: Vec<Box<[u8]>>,
    /// The blocks in the order of their keys, which is that of their offsets.
    /// They lie end to end.
    pub blocks: Vec<BlockEntry>,
    /// The number of groups.
    pub groups: u64,
    /// The length of the whole run in bytes.
    pub bytes: u64,
}

/// One block of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlockEntry {
    /// The key of its first group.
    pub first: Key,
    /// Where it begins, in bytes from the start of the run.
    pub offset: u64,
    /// Its length in bytes.
    pub length: u32,
}

impl RunIndex {
    /// The index of a run before its first block.
    pub fn new(keys: usize, totals: usize) -> RunIndex {
        let (lasts, blocks) = (Vec::new(), Vec::new());
        RunIndex { keys, totals, lasts, blocks, groups: 0, bytes: 0 }
    }

    /// Encodes the index. The bytes are the same as those in the run.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION, self.keys as u8, self.totals as u8];
        varint::encode(self.groups, &mut out);
        varint::encode(self.lasts.len() as u64, &mut out);
        self.lasts.iter().for_each(|last| put_field(last, &mut out));
        varint::encode(self.blocks.len() as u64, &mut out);
        for block in &self.blocks {
            varint::encode(u64::from(block.length), &mut out);
            block.first.fields().for_each(|field| put_field(field, &mut out));
        }
        out.extend_from_slice(&checksum(&out));
        out
    }

    /// Decodes an index.
    ///
    /// # Errors
    ///
    /// Any but [`RunError::NotARun`], if the bytes are not all of one index
    /// and nothing else.
    pub fn decode(bytes: &[u8]) -> Result<RunIndex, RunError> {
        let (content, sum) =
            bytes.split_last_chunk().ok_or(RunError::Damaged)?;
        if checksum(content) != *sum {
            return Err(RunError::Checksum);
        }
        let mut scan = Scan::new(content, 0);
        let (keys, totals) = columns(scan.array()?)?;
        let groups = scan.varint()?;
        let lasts = lasts(&mut scan)?;
        let blocks = blocks(&mut scan, keys)?;
        if !scan.rest().is_empty() {
            return Err(RunError::Damaged);
        }
        let bytes = end(&blocks) + bytes.len() as u64 + TRAILER as u64;
        Ok(RunIndex { keys, totals, lasts, blocks, groups, bytes })
    }

    /// Finds and decodes the index of a run that is in memory.
    ///
    /// # Errors
    ///
    /// Any, if header, index and trailer are not those of one run. Its blocks
    /// are not looked at.
    pub fn open(run: &[u8]) -> Result<RunIndex, RunError> {
        let header: &[u8; HEADER] =
            run.first_chunk().ok_or(RunError::NotARun)?;
        let (before, trailer) =
            run.split_last_chunk::<TRAILER>().ok_or(RunError::NotARun)?;
        if !header.starts_with(&MAGIC) || !trailer.ends_with(&MAGIC) {
            return Err(RunError::NotARun);
        }
        let length = Scan::new(trailer, 0).array().map(u64::from_le_bytes)?;
        let start = (before.len() as u64).checked_sub(length);
        let start = start.ok_or(RunError::Damaged)? as usize;
        let index = RunIndex::decode(&before[start..])?;
        index.check_header(header)?;
        if index.bytes != run.len() as u64 {
            return Err(RunError::Damaged);
        }
        Ok(index)
    }

    /// Checks that a header agrees with the index.
    fn check_header(&self, header: &[u8; HEADER]) -> Result<(), RunError> {
        let [.., version, keys, totals] = *header;
        if columns([version, keys, totals])? != (self.keys, self.totals) {
            return Err(RunError::Columns);
        }
        Ok(())
    }
}

/// Checks version, number of keys and number of totals, and gives the latter
/// two.
fn columns(
    [version, keys, totals]: [u8; 3],
) -> Result<(usize, usize), RunError> {
    if version != VERSION {
        return Err(RunError::Version(version));
    }
    let (keys, totals) = (usize::from(keys), usize::from(totals));
    let (most_keys, most_totals) = (1..=MOST_FIELDS, 1..=MOST_FIGURES);
    if !most_keys.contains(&keys) || !most_totals.contains(&totals) {
        return Err(RunError::Damaged);
    }
    Ok((keys, totals))
}

/// Appends a field.
fn put_field(field: &[u8], out: &mut Vec<u8>) {
    varint::encode(field.len() as u64, out);
    out.extend_from_slice(field);
}

/// Takes all last key fields.
fn lasts(scan: &mut Scan<'_>) -> Result<Vec<Box<[u8]>>, RunError> {
    let count = scan.varint()?;
    let mut lasts: Vec<Box<[u8]>> = Vec::new();
    for _ in 0..count {
        let last = scan.field()?;
        if lasts.last().is_some_and(|before| **before >= *last) {
            return Err(RunError::Damaged);
        }
        lasts.push(last);
    }
    if lasts.len() > MOST_IN_ROW {
        return Err(RunError::Damaged);
    }
    Ok(lasts)
}

/// Takes the entries of all blocks.
fn blocks(
    scan: &mut Scan<'_>,
    keys: usize,
) -> Result<Vec<BlockEntry>, RunError> {
    let count = scan.varint()?;
    // Not allocated beforehand: a damaged count may be anything.
    let mut blocks = Vec::new();
    for _ in 0..count {
        let offset = end(&blocks);
        let length = u32::try_from(scan.varint()?).ok();
        let length = length.filter(|&length| length > BLOCK_HEADER as u32);
        let length = length.ok_or(RunError::Damaged)?;
        let first = scan.key(keys)?;
        if blocks.last().is_some_and(|last: &BlockEntry| last.first >= first) {
            return Err(RunError::Damaged);
        }
        blocks.push(BlockEntry { first, offset, length });
    }
    Ok(blocks)
}

/// Where the last block ends.
fn end(blocks: &[BlockEntry]) -> u64 {
    match blocks.last() {
        Some(block) => block.offset + u64::from(block.length),
        None => HEADER as u64,
    }
}
