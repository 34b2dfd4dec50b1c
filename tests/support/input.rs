//! What a job is given: bytes in memory or on disk, and how to read them.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use playtally::{Encoding, FileOptions, HEAD, Result};

/// A file of a job.
#[derive(Debug)]
pub struct Input<'f> {
    /// Its name in rejects and errors.
    pub name: String,
    /// Its bytes.
    pub source: Source<'f>,
    /// How its text is encoded.
    pub encoding: Encoding,
    /// How it is read.
    pub options: FileOptions,
}

impl<'f> Input<'f> {
    /// Creates one, to be read as the options say. What has to be transcoded
    /// is: it is all read into memory then.
    pub fn new(
        name: impl Into<String>,
        source: impl Into<Source<'f>>,
        options: FileOptions,
    ) -> Result<Input<'f>> {
        let (name, source) = (name.into(), source.into());
        let head = source.head(HEAD);
        let last = head.len() as u64 == source.len();
        let label = options.encoding.as_deref();
        let encoding = playtally::detect_encoding(&head, last, label)
            .map_err(|error| error.in_file(&name))?;
        let source = match encoding.transcoded {
            true => source.transcoded(&encoding.name)?,
            false => source,
        };
        Ok(Input { name, source, encoding, options })
    }
}

/// Where the bytes of a file are.
#[derive(Debug)]
pub enum Source<'f> {
    /// In memory.
    Memory(Cow<'f, [u8]>),
    /// On disk, that many of them.
    Disk(File, u64),
}

impl<'f> From<&'f [u8]> for Source<'f> {
    fn from(bytes: &'f [u8]) -> Source<'f> {
        Source::Memory(Cow::Borrowed(bytes))
    }
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

    /// The same text in UTF-8.
    fn transcoded(&self, label: &str) -> Result<Source<'static>> {
        let all = self.head(self.len() as usize);
        let text = playtally::transcode(&all, true, label)?;
        Ok(Source::Memory(Cow::Owned(text)))
    }

    /// The first bytes, at most `len` of them.
    pub fn head(&self, len: usize) -> Vec<u8> {
        let mut head = vec![0; self.len().min(len as u64) as usize];
        self.read(0, &mut head);
        head
    }
}
