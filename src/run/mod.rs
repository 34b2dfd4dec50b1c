//! The run format: the groups of a partial aggregate in key order, as bytes.
//!
//! ```text
//! run     header  block*  index  trailer
//! header  magic (8 bytes)  version  keys  totals (1 byte each)
//! block   length of the groups (4 bytes)  their checksum (8 bytes)  group*
//! group   same (1 byte)  field*  total*
//! row     same (1 byte)  field*  set (8 bytes for 64 of the lasts)  total*
//! field   shared and more (4 bits each)  their rest  bytes
//! index   version  keys  totals (1 byte each)  groups
//!         lasts  (length of the last  last)*
//!         blocks  (length of the block  key fields)*
//!         checksum of all that (8 bytes)
//! trailer length of the index (8 bytes)  magic (8 bytes)
//! ```
//!
//! Numbers of a fixed size have their lowest byte first; all others are
//! varints. A key field in the index is its length and its bytes. Those of a
//! group are told by how they differ from the group before: `same` says how
//! many fields from the first on are equal, and each other field shares so
//! many first bytes with the field in its place there, and so many more
//! follow. `shared` is in the upper half of its byte, and a half of 15 says
//! that what goes beyond 15 comes as a varint after the byte. In the first
//! group of a block all these are zero, and so a block can be read without
//! any other. A total is as [`Total::encode`](crate::total::Total::encode)
//! has it. Checksums are XXH64 with the seed 0.
//!
//! Where there are many groups for each of few last fields, such as dates, the
//! index has these *lasts* in ascending order, and blocks have *rows* in place
//! of groups: all groups whose fields but the last are the same. The key of a
//! row has an empty last field. `set` tells which of the lasts there are, the
//! first by the lowest bit, and behind it are the totals of each. So nothing of
//! a key has to be looked at for each group, neither here nor in a merge.
//!
//! Groups are in strictly ascending order of their keys. Since `same` and
//! `shared` are as large as can be, one byte tells whether they are, and a
//! merge need not look at what is shared. Equal groups pushed give equal
//! bytes.

mod index;
mod reader;
mod row;
mod scan;
mod writer;

use std::error;
use std::fmt;

use twox_hash::XxHash64;

use crate::options::MOST_COLUMNS;

pub use index::{BlockEntry, RunIndex};
pub use reader::BlockReader;
pub(crate) use reader::Difference;
pub(crate) use row::Row;
pub use writer::RunWriter;

/// What a run begins and ends with.
const MAGIC: [u8; 8] = *b"tallyrun";

/// The version that is written, and the only one that is read.
const VERSION: u8 = 4;

/// The bytes of the header.
const HEADER: usize = MAGIC.len() + 3;

/// The bytes of the trailer.
const TRAILER: usize = 8 + MAGIC.len();

/// The bytes before the groups of a block.
const BLOCK_HEADER: usize = 4 + SUM;

/// The bytes of a checksum.
const SUM: usize = 8;

/// The most totals of a row: those of all its groups, if it had all lasts.
///
/// So many are little beside the blocks that a merge holds of each run.
const MOST_IN_ROW: usize = 4096;

/// The most bytes of all last fields, which are held with each index.
const MOST_LAST_BYTES: usize = 64 << 10;

/// What half a byte holds for a length of so many bytes or more.
const LONG: usize = 15;

/// The most fields of a key: one for each key column, and one by which the run
/// is sorted beside them.
pub(crate) const MOST_FIELDS: usize = MOST_COLUMNS + 1;

/// The key of a group: the bytes of its fields, at least one.
///
/// Keys are ordered by their first field, then the second and so on, each by
/// its bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub Vec<Box<[u8]>>);

impl Key {
    /// The fields in order.
    pub fn fields(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|field| &**field)
    }
}

impl<'f> FromIterator<&'f [u8]> for Key {
    fn from_iter<I: IntoIterator<Item = &'f [u8]>>(fields: I) -> Key {
        Key(fields.into_iter().map(Box::from).collect())
    }
}

/// The checksum of bytes: one that needs neither tables nor instructions that
/// wasm lacks, and so is several times as fast there as a CRC.
fn checksum(bytes: &[u8]) -> [u8; SUM] {
    XxHash64::oneshot(0, bytes).to_le_bytes()
}

/// The error of bytes that can't be read as a run, or as a part of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunError {
    /// The bytes neither begin nor end as a run does.
    NotARun,
    /// The run is of this version, which is not known here.
    Version(u8),
    /// The run has another number of key fields or of totals than the job it is
    /// part of.
    Columns,
    /// The bytes changed since they were written: a checksum differs.
    Checksum,
    /// The bytes end too early, go on too long, contradict each other, or are
    /// not those that were asked for.
    Damaged,
}

impl fmt::Display for RunError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self {
            RunError::NotARun => "is not one",
            RunError::Version(version) => {
                return write!(
                    f,
                    "a run of intermediate results is of version {version}, \
                     and only version {VERSION} is known; start the job again"
                );
            }
            RunError::Columns => "has other columns than the job",
            RunError::Checksum => "changed after it was written",
            RunError::Damaged => "is damaged",
        };
        write!(f, "a run of intermediate results {what}; start the job again")
    }
}

impl error::Error for RunError {}

#[cfg(test)]
mod tests;
