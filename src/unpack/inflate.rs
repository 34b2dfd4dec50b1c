//! Deflate, the compression in gzip and most ZIP archives.

use flate2::{Decompress, FlushDecompress, Status};

use super::{GARBLED, Step, damaged};
use crate::error::Result;

/// A stream of [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951).
pub(super) struct Inflate(Decompress);

/// What came of inflating a little.
pub(super) enum Inflated {
    /// More is to come.
    Some(Step),
    /// The stream ended with this.
    End(Step),
}

impl Inflate {
    /// Creates the state at the start of a stream.
    pub fn new() -> Inflate {
        Inflate(Decompress::new(false))
    }

    /// Goes back to the start of a stream.
    pub fn reset(&mut self) {
        self.0.reset(false);
    }

    /// Inflates what there is and has room.
    ///
    /// # Errors
    ///
    /// If it isn't such a stream.
    pub fn run(
        &mut self,
        input: &[u8],
        output: &mut [u8],
    ) -> Result<Inflated> {
        let before = (self.0.total_in(), self.0.total_out());
        let status = self
            .0
            .decompress(input, output, FlushDecompress::None)
            .map_err(|_| damaged(GARBLED))?;
        let step = Step {
            taken: (self.0.total_in() - before.0) as usize,
            given: (self.0.total_out() - before.1) as usize,
        };
        Ok(match status {
            Status::StreamEnd => Inflated::End(step),
            Status::Ok | Status::BufError => Inflated::Some(step),
        })
    }
}
