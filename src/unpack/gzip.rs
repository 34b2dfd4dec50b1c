//! gzip, after [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
//!
//! A file may have many members, as bgzip makes them and `cat a.gz b.gz`
//! does, and zeros behind the last, as tapes have.

use crc32fast::Hasher;

use super::inflate::{Inflate, Inflated};
use super::{CHECKSUM, GARBLED, LENGTH, Stage, Step, damaged};
use crate::error::Result;

/// Bytes of a member's header before its optional parts, and of what stands
/// behind its stream.
const HEADER: usize = 10;
const TRAILER: usize = 8;

/// The longest header that is believed: its optional parts are a name, a
/// comment, and at most 64 KiB of other things.
const LONGEST_HEADER: usize = 256 << 10;

/// What is wrong with a file that goes on after its last member.
const NOT_GZIP: &str = "something that isn't gzip stands behind it";

/// Flags of a header.
const HAS_CHECKSUM: u8 = 1 << 1;
const HAS_EXTRA: u8 = 1 << 2;
const HAS_NAME: u8 = 1 << 3;
const HAS_COMMENT: u8 = 1 << 4;

/// Unpacks the members of a file.
pub(super) struct Gzip {
    state: State,
    inflate: Inflate,
    checksum: Hasher,
    len: u32,
}

#[derive(Clone, Copy)]
enum State {
    /// Before the first member.
    Start,
    /// In a member's stream.
    Stream,
    /// Behind the stream.
    Trailer,
    /// Behind a member.
    Between,
    /// In the zeros behind the last member.
    Padding,
}

impl Default for Gzip {
    fn default() -> Gzip {
        Gzip {
            state: State::Start,
            inflate: Inflate::new(),
            checksum: Hasher::new(),
            len: 0,
        }
    }
}

impl Stage for Gzip {
    fn step(
        &mut self,
        input: &[u8],
        _last: bool,
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        match self.state {
            State::Start => self.start(input),
            State::Stream => self.stream(input, output),
            State::Trailer => self.end(input),
            State::Between => match input.first() {
                None => Ok(None),
                Some(0) => {
                    self.state = State::Padding;
                    Ok(Some(Step::default()))
                }
                Some(_) => self.start(input),
            },
            State::Padding => padding(input),
        }
    }

    fn is_complete(&self) -> bool {
        matches!(self.state, State::Between | State::Padding)
    }
}

impl Gzip {
    /// Takes a member's header.
    fn start(&mut self, input: &[u8]) -> Result<Option<Step>> {
        let Some(taken) = header(input)? else { return Ok(None) };
        self.state = State::Stream;
        Ok(Some(Step { taken, given: 0 }))
    }

    /// Inflates a member's stream.
    fn stream(
        &mut self,
        input: &[u8],
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        let (step, is_end) = match self.inflate.run(input, output)? {
            Inflated::Some(step) => (step, false),
            Inflated::End(step) => (step, true),
        };
        self.checksum.update(&output[..step.given]);
        // The member's length is told modulo 2^32.
        self.len = self.len.wrapping_add(step.given as u32);
        if is_end {
            self.state = State::Trailer;
        }
        Ok((is_end || step != Step::default()).then_some(step))
    }

    /// Holds what came out against what stands behind the stream.
    fn end(&mut self, input: &[u8]) -> Result<Option<Step>> {
        let Some((trailer, _)) = input.split_first_chunk::<TRAILER>() else {
            return Ok(None);
        };
        let [a, b, c, d, e, f, g, h] = *trailer;
        let checksum = std::mem::take(&mut self.checksum).finalize();
        if u32::from_le_bytes([a, b, c, d]) != checksum {
            return Err(damaged(CHECKSUM));
        }
        if u32::from_le_bytes([e, f, g, h]) != self.len {
            return Err(damaged(LENGTH));
        }
        self.len = 0;
        self.inflate.reset();
        self.state = State::Between;
        Ok(Some(Step { taken: TRAILER, given: 0 }))
    }
}

/// The length of the header at the front, or `None` if its end isn't there.
fn header(input: &[u8]) -> Result<Option<usize>> {
    let magic = [0x1F, 0x8B, 8];
    let there = input.len().min(magic.len());
    if input[..there] != magic[..there] {
        return Err(damaged(NOT_GZIP));
    }
    if input.len() < HEADER {
        return Ok(None);
    }
    let flags = input[3];
    let mut at = HEADER;
    if flags & HAS_EXTRA != 0 {
        let Some(len) = input.get(at..at + 2) else { return Ok(None) };
        at += 2 + usize::from(u16::from_le_bytes([len[0], len[1]]));
    }
    for text in [HAS_NAME, HAS_COMMENT] {
        if flags & text != 0 {
            let rest = input.get(at..).unwrap_or_default();
            match rest.iter().position(|byte| *byte == 0) {
                Some(zero) => at += zero + 1,
                None if input.len() > LONGEST_HEADER => {
                    return Err(damaged(GARBLED));
                }
                None => return Ok(None),
            }
        }
    }
    if flags & HAS_CHECKSUM != 0 {
        let Some(sum) = input.get(at..at + 2) else { return Ok(None) };
        let sum = u16::from_le_bytes([sum[0], sum[1]]);
        if crc32fast::hash(&input[..at]) as u16 != sum {
            return Err(damaged(CHECKSUM));
        }
        at += 2;
    }
    Ok((at <= input.len()).then_some(at))
}

/// Takes zeros.
fn padding(input: &[u8]) -> Result<Option<Step>> {
    if input.iter().any(|byte| *byte != 0) {
        return Err(damaged(NOT_GZIP));
    }
    let step = Step { taken: input.len(), given: 0 };
    Ok((!input.is_empty()).then_some(step))
}
