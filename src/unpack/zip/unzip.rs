//! The content of one file in an archive.

use crc32fast::Hasher;

use super::Entry;
use super::field::u16_at;
use crate::error::Result;
use crate::unpack::inflate::{Inflate, Inflated};
use crate::unpack::zstd::Zstd;
use crate::unpack::{CHECKSUM, GARBLED, LENGTH, Stage, Step, damaged};

/// Bytes of an entry's header before its name.
const HEADER: usize = 30;

/// Unpacks an entry, given the archive's bytes from its header on. What comes
/// behind its packed bytes is passed over.
pub(in crate::unpack) struct Unzip {
    state: State,
    method: Method,
    /// Packed bytes that are still to come.
    left: u64,
    size: u64,
    crc: u32,
    checksum: Hasher,
    len: u64,
}

#[derive(Clone, Copy)]
enum State {
    Header,
    Content,
    Behind,
}

/// How an entry is compressed.
enum Method {
    Stored,
    Deflate(Inflate),
    Zstd(Box<Zstd>),
}

impl Unzip {
    /// Creates the unpacker of an entry.
    ///
    /// # Errors
    ///
    /// If it is encrypted, or compressed in a way that is not known.
    pub fn new(entry: &Entry) -> Result<Unzip> {
        if entry.encrypted {
            return Err(damaged("it is encrypted"));
        }
        Ok(Unzip {
            state: State::Header,
            method: Method::of(entry.method)?,
            left: entry.packed,
            size: entry.size,
            crc: entry.crc,
            checksum: Hasher::new(),
            len: 0,
        })
    }

    /// Passes over the header.
    fn header(&mut self, input: &[u8]) -> Result<Option<Step>> {
        let Some(header) = input.get(..HEADER) else { return Ok(None) };
        if !header.starts_with(b"PK\x03\x04") {
            return Err(damaged(GARBLED));
        }
        let lens = [26, 28].map(|at| usize::from(u16_at(header, at)));
        let taken = HEADER + lens.iter().sum::<usize>();
        if input.len() < taken {
            return Ok(None);
        }
        self.state = State::Content;
        Ok(Some(Step { taken, given: 0 }))
    }

    /// Unpacks some of the content.
    fn content(
        &mut self,
        input: &[u8],
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        let len = (input.len() as u64).min(self.left) as usize;
        let is_last = len as u64 == self.left;
        let step = self.method.step(&input[..len], is_last, output)?;
        let Some(step) = step else {
            return match is_last {
                true => self.end(),
                false => Ok(None),
            };
        };
        self.left -= step.taken as u64;
        self.len += step.given as u64;
        self.checksum.update(&output[..step.given]);
        if self.len > self.size {
            return Err(damaged(LENGTH));
        }
        Ok(Some(step))
    }

    /// Holds what came out against what the directory says.
    fn end(&mut self) -> Result<Option<Step>> {
        if self.left > 0 || self.len != self.size {
            return Err(damaged(LENGTH));
        }
        if self.checksum.clone().finalize() != self.crc {
            return Err(damaged(CHECKSUM));
        }
        self.state = State::Behind;
        Ok(Some(Step::default()))
    }
}

impl Stage for Unzip {
    fn step(
        &mut self,
        input: &[u8],
        _last: bool,
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        match self.state {
            State::Header => self.header(input),
            State::Content => self.content(input, output),
            State::Behind if input.is_empty() => Ok(None),
            State::Behind => Ok(Some(Step { taken: input.len(), given: 0 })),
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.state, State::Behind)
    }
}

impl Method {
    /// The way of compression with this number.
    fn of(number: u16) -> Result<Method> {
        match number {
            0 => Ok(Method::Stored),
            8 => Ok(Method::Deflate(Inflate::new())),
            93 => Ok(Method::Zstd(Box::default())),
            _ => Err(damaged(
                "it is compressed in a way other than Deflate and Zstandard",
            )),
        }
    }

    /// Unpacks some packed bytes, or says by `None` that it needs more.
    fn step(
        &mut self,
        input: &[u8],
        is_last: bool,
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        let step = match self {
            Method::Stored => copy(input, output),
            Method::Deflate(inflate) => match inflate.run(input, output)? {
                Inflated::End(step) if step.taken < input.len() => {
                    return Err(damaged(LENGTH));
                }
                Inflated::Some(step) | Inflated::End(step) => step,
            },
            Method::Zstd(zstd) => return zstd.step(input, is_last, output),
        };
        Ok((step != Step::default()).then_some(step))
    }
}

/// Copies as much as there is and has room.
fn copy(input: &[u8], output: &mut [u8]) -> Step {
    let len = input.len().min(output.len());
    output[..len].copy_from_slice(&input[..len]);
    Step { taken: len, given: len }
}
