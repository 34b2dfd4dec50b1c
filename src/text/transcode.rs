//! Text in any encoding to UTF-8, piece by piece.

use encoding_rs::{Decoder, DecoderResult};

use super::detect::known;
use crate::error::Result;

/// What stands in the output for bytes that are no text: no part of UTF-8, so
/// that it is told from U+FFFD that stands in the file, and rejected like any
/// other byte that isn't UTF-8.
const MALFORMED: u8 = 0xFF;

/// The least room that makes a step: that of a character and of what stands
/// for bytes that are none.
const LEAST: usize = 5;

/// Transcodes text to UTF-8, without its byte order mark. How the text is cut
/// doesn't change the output.
///
/// It holds nothing but what there is of a character that isn't whole yet.
pub struct Transcoder {
    decoder: Decoder,
    /// Whether the end of the text was seen.
    is_over: bool,
}

impl Transcoder {
    /// Creates a transcoder of an encoding with this label.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::BadOption`](crate::ErrorKind::BadOption) if no encoding
    /// has it.
    pub fn new(label: &str) -> Result<Transcoder> {
        let decoder = known(label)?.new_decoder_with_bom_removal();
        Ok(Transcoder { decoder, is_over: false })
    }

    /// Writes UTF-8 to the front of `output`, and returns how many bytes of
    /// `input` it took and how many it wrote: or `None` if it can do nothing
    /// without more input or more room, of which it needs five bytes. `last`
    /// says that no input follows.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes taken and written.
    pub fn step(
        &mut self,
        input: &[u8],
        last: bool,
        output: &mut [u8],
    ) -> Option<(usize, usize)> {
        let nothing_to_do = self.is_over || (input.is_empty() && !last);
        if nothing_to_do || output.len() < LEAST {
            return None;
        }
        let room = output.len() - 1;
        let decoder = &mut self.decoder;
        let (result, read, mut written) = decoder
            .decode_to_utf8_without_replacement(
                input,
                &mut output[..room],
                last,
            );
        match result {
            DecoderResult::OutputFull => {}
            DecoderResult::InputEmpty => self.is_over = last,
            DecoderResult::Malformed(..) => {
                output[written] = MALFORMED;
                written += 1;
            }
        }
        Some((read, written))
    }

    /// Whether all of the text was written.
    pub fn is_over(&self) -> bool {
        self.is_over
    }
}

impl std::fmt::Debug for Transcoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = self.decoder.encoding().name();
        f.debug_struct("Transcoder").field("encoding", &name).finish()
    }
}

/// Transcodes the beginning of a text, without a character that is cut off, or
/// with `last` all of it.
///
/// # Errors
///
/// As [`Transcoder::new`].
///
/// # Complexity
///
/// Linear.
pub fn transcode(bytes: &[u8], last: bool, label: &str) -> Result<Vec<u8>> {
    let mut transcoder = Transcoder::new(label)?;
    let (mut text, mut input) = (Vec::new(), bytes);
    let mut piece = [0; 4096];
    while let Some((taken, given)) = transcoder.step(input, last, &mut piece) {
        text.extend_from_slice(&piece[..given]);
        input = &input[taken..];
    }
    Ok(text)
}
