//! Files that have to be unpacked: packed bytes in, the bytes of text out.
//!
//! A packed file is read from its beginning to its end by one [`Unpacker`], a
//! chain of [`Stage`]s: the first takes the packed bytes, and each of the
//! others what comes out of the one before. It is pushed chunks and gives
//! pieces of a size of its own, so that memory is bounded even where a chunk
//! grows a thousandfold: what it holds is a chunk, a piece for each stage, and
//! what the format itself looks back on.
//!
//! Nothing here trusts what it reads: every length and checksum that a format
//! has is held against what came out, and input that ends before its proper
//! end is an error, so that no part of a file is lost in silence.

mod container;
mod gzip;
mod inflate;
mod rejects;
mod stage;
#[cfg(test)]
mod tests;
mod text;
mod zip;
mod zstd;

pub use container::Container;
pub use rejects::{RejectedFile, rejected_files};
pub use zip::{Directory, Entry, Listing};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::text::Transcoder;
use gzip::Gzip;
use rejects::Mended;
use stage::{Link, Stage, Step};
use zip::Unzip;
use zstd::Zstd;

/// Bytes that a file may have unpacked however small it is packed, so that
/// only what could fill a machine is held to a limit.
const ALLOWANCE: u64 = 1 << 30;

/// How a file is packed: all that is needed to make UTF-8, or text in a
/// single-byte encoding, of it.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
pub struct Packing {
    /// What it is packed in, if it is.
    pub container: Option<Container>,
    /// Which of the files in it, if it can hold several.
    pub entry: Option<Entry>,
    /// The label of its text's encoding, if that is to be transcoded.
    pub encoding: Option<String>,
}

impl Packing {
    /// The half-open range of the file's `size` bytes in which the packed
    /// bytes lie.
    pub fn range(&self, size: u64) -> (u64, u64) {
        match &self.entry {
            None => (0, size),
            Some(entry) => (entry.start, entry.end),
        }
    }

    /// Creates the stages that unpack and transcode it.
    fn stages(&self) -> Result<Vec<Box<dyn Stage>>> {
        let mut stages = Vec::new();
        if let Some(container) = self.container {
            stages.push(self.unpacking(container)?);
        }
        if let Some(label) = &self.encoding {
            stages.push(Box::new(Transcoder::new(label)?));
        }
        Ok(stages)
    }

    /// Creates the stage that unpacks it.
    fn unpacking(&self, container: Container) -> Result<Box<dyn Stage>> {
        Ok(match (container, &self.entry) {
            (Container::Gzip, _) => Box::new(Gzip::default()),
            (Container::Zstd, _) => Box::new(Zstd::default()),
            (Container::Zip, Some(entry)) => Box::new(Unzip::new(entry)?),
            (Container::Rejects, Some(entry)) => {
                Box::new(Mended::new(&entry.name))
            }
            (Container::Zip | Container::Rejects, None) => {
                return Err(damaged(
                    "the file in it that is meant is missing",
                ));
            }
        })
    }
}

/// Unpacks one file.
pub struct Unpacker {
    links: Vec<Link>,
    /// Bytes that came out of the first stage, and how many may.
    unpacked: u64,
    most: u64,
    /// How many times its size the file may grow, for the message.
    limit: u64,
}

impl Unpacker {
    /// Creates the unpacker of a file with `size` packed bytes, which may grow
    /// to `limit` times that, the first GiB aside. It gives pieces of at most
    /// `piece` bytes, at least eight.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DamagedArchive`] if it is packed in a way that is not
    /// known, and [`ErrorKind::BadOption`] if its encoding isn't.
    ///
    /// # Panics
    ///
    /// If it is neither packed nor to be transcoded.
    pub fn new(
        packing: &Packing,
        size: u64,
        limit: u64,
        piece: usize,
    ) -> Result<Unpacker> {
        let stages = packing.stages()?;
        assert!(!stages.is_empty(), "something to do");
        let most = ALLOWANCE.saturating_add(size.saturating_mul(limit));
        Ok(Unpacker { most, limit, ..Unpacker::of(stages, piece) })
    }

    /// Creates an unpacker without a limit.
    fn of(stages: Vec<Box<dyn Stage>>, piece: usize) -> Unpacker {
        let link = |stage| Link::new(stage, piece);
        let links = stages.into_iter().map(link).collect();
        Unpacker { links, unpacked: 0, most: u64::MAX, limit: u64::MAX }
    }

    /// Takes the next packed bytes. To hold no more than needed, give them
    /// when [`Unpacker::piece`] has said that it needs some.
    pub fn push(&mut self, chunk: &[u8]) {
        self.links[0].push(chunk);
    }

    /// Says that all packed bytes were given.
    pub fn finish(&mut self) {
        self.links[0].finish();
    }

    /// The next piece, which is never empty, or `None` if more packed bytes
    /// are needed or, once it was told to finish, if that was all.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DamagedArchive`] and [`ErrorKind::Expands`]. After an
    /// error nothing that it says means anything.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes taken and given.
    pub fn piece(&mut self) -> Result<Option<&[u8]>> {
        let last = self.links.len() - 1;
        match self.pull(last)? {
            true => Ok(Some(self.links[last].output())),
            false => Ok(None),
        }
    }

    /// Lets a stage give a piece, and those before it what it takes to do
    /// that. Returns whether there is one.
    fn pull(&mut self, place: usize) -> Result<bool> {
        loop {
            if self.links[place].run()? {
                if place == 0 {
                    self.count()?;
                }
                return Ok(true);
            }
            if place == 0 || self.links[place].is_last() {
                return Ok(false);
            }
            let has_piece = self.pull(place - 1)?;
            let [before, this] = &mut self.links[place - 1..=place] else {
                unreachable!("two links");
            };
            match has_piece {
                true => this.push(before.output()),
                false if before.is_last() => this.finish(),
                false => return Ok(false),
            }
        }
    }

    /// Counts a piece of the first stage.
    fn count(&mut self) -> Result<()> {
        self.unpacked += self.links[0].output().len() as u64;
        if self.unpacked > self.most {
            let limit = self.limit;
            return Err(Error::new(ErrorKind::Expands { limit }));
        }
        Ok(())
    }
}

impl std::fmt::Debug for Unpacker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Unpacker")
            .field("stages", &self.links.len())
            .field("unpacked", &self.unpacked)
            .finish_non_exhaustive()
    }
}

/// Creates the error of an archive that can't be unpacked.
fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::DamagedArchive { what })
}

/// What is wrong with an archive whose packed bytes can't be understood.
const GARBLED: &str = "part of what is in it can't be understood";

/// What is wrong if a checksum is.
const CHECKSUM: &str = "what comes out differs from what was packed, going \
                        by its checksum";

/// What is wrong if a length is.
const LENGTH: &str = "what comes out is longer or shorter than what was \
                      packed";

/// What is wrong if an archive isn't there to its end.
const CUT_OFF: &str = "its end is missing";
