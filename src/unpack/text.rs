//! Text in other encodings than the engine reads.

use super::{Stage, Step};
use crate::error::Result;
use crate::text::Transcoder;

impl Stage for Transcoder {
    fn step(
        &mut self,
        input: &[u8],
        last: bool,
        output: &mut [u8],
    ) -> Result<Option<Step>> {
        let done = Transcoder::step(self, input, last, output);
        Ok(done.map(|(taken, given)| Step { taken, given }))
    }

    fn is_complete(&self) -> bool {
        self.is_over()
    }
}
