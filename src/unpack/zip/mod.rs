//! ZIP archives, after
//! [APPNOTE](https://support.pkware.com/pkzip/appnote), with ZIP64.
//!
//! What an archive holds stands in the directory at its end, which
//! [`Directory`] reads without doing I/O itself; each file in it is then
//! unpacked by itself, by [`Unzip`].

mod directory;
mod entry;
mod field;
mod unzip;

pub use directory::{Directory, Listing};
pub use entry::Entry;
pub(super) use unzip::Unzip;
