//! What a job is given: bytes in memory or on disk, and how to read them.

use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use playtally::FileOptions;

/// A file of a job.
#[derive(Debug)]
pub struct Input<'f> {
    /// Its name in rejects and errors.
    pub name: String,
    /// Its bytes.
    pub source: Source<'f>,
    /// How it is read.
    pub options: FileOptions,
}

impl<'f> Input<'f> {
    /// Creates one of bytes in memory, to be read as the options say.
    pub fn new(
        name: impl Into<String>,
        bytes: &'f [u8],
        options: FileOptions,
    ) -> Input<'f> {
        Input { name: name.into(), source: Source::Memory(bytes), options }
    }
}

/// Where the bytes of a file are.
#[derive(Debug)]
pub enum Source<'f> {
    /// In memory.
    Memory(&'f [u8]),
    /// On disk, that many of them.
    Disk(File, u64),
}

impl Source<'_> {
    /// Opens a file on disk, so that it need not fit into memory.
    pub fn open(path: &Path) -> io::Result<Source<'static>> {
        let file = File::open(path)?;
        let size = file.metadata()?.len();
        Ok(Source::Disk(file, size))
    }

    /// How many bytes there are.
    pub fn len(&self) -> u64 {
        match self {
            Source::Memory(bytes) => bytes.len() as u64,
            Source::Disk(_, size) => *size,
        }
    }

    /// Fills `to` with the bytes from this offset on, all of which are there.
    pub fn read(&self, from: u64, to: &mut [u8]) {
        match self {
            Source::Memory(bytes) => {
                to.copy_from_slice(&bytes[from as usize..][..to.len()]);
            }
            Source::Disk(file, _) => {
                file.read_exact_at(to, from).expect("the disk can be read");
            }
        }
    }

    /// The first bytes, at most `len` of them.
    pub fn head(&self, len: usize) -> Vec<u8> {
        let mut head = vec![0; self.len().min(len as u64) as usize];
        self.read(0, &mut head);
        head
    }
}
