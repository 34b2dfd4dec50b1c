//! Zstandard, after [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).
//!
//! A file may have many frames, some of them to be skipped. What is unpacked
//! at once is a block, at most 128 KiB; before it is there whole, nothing of
//! it is taken.

use std::io::Read;

use ruzstd::decoding::errors::FrameDecoderError;
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{CHECKSUM, GARBLED, LENGTH, Stage, Step, damaged};
use crate::error::{Error, Result};

/// The bytes before a frame's own header and before a block.
const MAGIC: usize = 4;
const BLOCK_HEADER: usize = 3;
const CHECKSUM_BYTES: usize = 4;

/// The furthest that a frame may look back: as far as zstd itself allows
/// unless told otherwise.
const WINDOW: u64 = 128 << 20;

/// The largest block.
const LARGEST_BLOCK: usize = 128 << 10;

/// Unpacks the frames of a file.
pub(super) struct Zstd {
    state: State,
    decoder: FrameDecoder,
    /// Whether there was a frame.
    has_frame: bool,
    /// What the frame at hand says of itself.
    frame: Frame,
    /// How much came out of it.
    len: u64,
}

#[derive(Clone, Copy)]
enum State {
    /// Before a frame.
    Between,
    /// In a frame to be skipped, with so many bytes left.
    Skip(u64),
    /// In a frame's blocks.
    Blocks,
}

/// What a frame's header says.
#[derive(Clone, Copy, Default)]
struct Frame {
    has_checksum: bool,
    /// The bytes that come out of it.
    content: Option<u64>,
}

impl Default for Zstd {
    fn default() -> Zstd {
        let mut decoder = FrameDecoder::new();
        decoder.set_max_window_size(WINDOW);
        let (state, frame) = (State::Between, Frame::default());
        Zstd { state, decoder, has_frame: false, frame, len: 0 }
    }
}

impl Stage for Zstd {
    fn step(
        &mut self,
        input: &[u8],
        _last: bool,
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        match self.state {
            State::Between => self.start(input),
            State::Skip(0) => {
                self.state = State::Between;
                Ok(Some(Step::default()))
            }
            State::Skip(_) if input.is_empty() => Ok(None),
            State::Skip(left) => {
                let taken = (input.len() as u64).min(left);
                self.state = State::Skip(left - taken);
                Ok(Some(Step { taken: taken as usize, given: 0 }))
            }
            State::Blocks if self.decoder.can_collect() > 0 => {
                let read = self.decoder.read(output);
                let given = read.map_err(|_| damaged(GARBLED))?;
                self.len += given as u64;
                Ok(Some(Step { taken: 0, given }))
            }
            State::Blocks if self.decoder.is_finished() => self.end(),
            State::Blocks => self.block(input),
        }
    }

    fn is_complete(&self) -> bool {
        self.has_frame && matches!(self.state, State::Between)
    }
}

impl Zstd {
    /// Takes a frame's header.
    fn start(&mut self, input: &[u8]) -> Result<Option<Step>> {
        let Some((magic, rest)) = input.split_first_chunk::<MAGIC>() else {
            return Ok(None);
        };
        match magic {
            [0x28, 0xB5, 0x2F, 0xFD] => self.start_frame(input, rest),
            [0x50..=0x5F, 0x2A, 0x4D, 0x18] => {
                let Some(len) = number(rest, 4) else { return Ok(None) };
                self.state = State::Skip(len);
                Ok(Some(Step { taken: MAGIC + 4, given: 0 }))
            }
            _ => Err(damaged("something that isn't zstd stands behind it")),
        }
    }

    /// Takes the header of a frame that is not to be skipped; `rest` is what
    /// comes behind its magic number.
    fn start_frame(
        &mut self,
        input: &[u8],
        rest: &[u8],
    ) -> Result<Option<Step>> {
        let Some((frame, len)) = Frame::read(rest)? else { return Ok(None) };
        let taken = MAGIC + len;
        self.decoder
            .reset(&input[..taken])
            .map_err(|error| error_of(&error))?;
        self.has_frame = true;
        self.frame = frame;
        self.len = 0;
        self.state = State::Blocks;
        Ok(Some(Step { taken, given: 0 }))
    }

    /// Unpacks a block into the decoder, if it is there whole.
    fn block(&mut self, input: &[u8]) -> Result<Option<Step>> {
        let Some(header) = number(input, BLOCK_HEADER) else {
            return Ok(None);
        };
        let (is_last, kind) = (header & 1 != 0, header >> 1 & 3);
        let size = match kind {
            // One byte, to be repeated.
            1 => 1,
            _ => (header >> 3) as usize,
        };
        if size > LARGEST_BLOCK {
            return Err(damaged(GARBLED));
        }
        let checksum = match is_last && self.frame.has_checksum {
            true => CHECKSUM_BYTES,
            false => 0,
        };
        let taken = BLOCK_HEADER + size + checksum;
        let Some(block) = input.get(..taken) else { return Ok(None) };
        self.decoder
            .decode_blocks(block, BlockDecodingStrategy::UptoBlocks(1))
            .map_err(|error| error_of(&error))?;
        Ok(Some(Step { taken, given: 0 }))
    }

    /// Holds what came out of a frame against what it says of itself.
    fn end(&mut self) -> Result<Option<Step>> {
        let told = self.decoder.get_checksum_from_data();
        let found = self.decoder.get_calculated_checksum();
        if told.is_some() && told != found {
            return Err(damaged(CHECKSUM));
        }
        if self.frame.content.is_some_and(|len| len != self.len) {
            return Err(damaged(LENGTH));
        }
        self.state = State::Between;
        Ok(Some(Step::default()))
    }
}

impl Frame {
    /// Reads a frame's header behind the magic number: what it says, and its
    /// length; or `None` if its end isn't there.
    fn read(input: &[u8]) -> Result<Option<(Frame, usize)>> {
        let Some(&flags) = input.first() else { return Ok(None) };
        if flags & 1 << 3 != 0 {
            return Err(damaged(GARBLED));
        }
        let is_single = flags & 1 << 5 != 0;
        let dictionary = [0, 1, 2, 4][usize::from(flags & 3)];
        let at = 1 + usize::from(!is_single) + dictionary;
        let bytes = match flags >> 6 {
            0 => usize::from(is_single),
            other => 1 << other,
        };
        let Some(content) = input.get(at..).and_then(|b| number(b, bytes))
        else {
            return Ok(None);
        };
        let content = match bytes {
            0 => None,
            2 => Some(content + 256),
            _ => Some(content),
        };
        let has_checksum = flags & 1 << 2 != 0;
        Ok(Some((Frame { has_checksum, content }, at + bytes)))
    }
}

/// The number that the first bytes are, the least significant first.
fn number(input: &[u8], bytes: usize) -> Option<u64> {
    let bytes = input.get(..bytes)?.iter().rev();
    Some(bytes.fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
}

/// What went wrong in a decoder.
fn error_of(error: &FrameDecoderError) -> Error {
    damaged(match error {
        FrameDecoderError::WindowSizeTooBig { .. } => {
            "unpacking it takes more than 128 MiB of memory"
        }
        FrameDecoderError::DictNotProvided { .. } => {
            "it was packed with a dictionary, which is not in it"
        }
        _ => GARBLED,
    })
}
