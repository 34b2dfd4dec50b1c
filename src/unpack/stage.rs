//! One stage of unpacking, and what holds its bytes.

use super::{CUT_OFF, damaged};
use crate::error::Result;

/// What a stage did.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Step {
    /// Bytes taken from the front of the input.
    pub taken: usize,
    /// Bytes written to the front of the output.
    pub given: usize,
}

/// Bytes in, other bytes out.
pub trait Stage {
    /// Does some work, or says by `None` that it can't without more input or
    /// more room. `last` says that no input follows. Input that is not taken
    /// is offered again, with more behind it: so a stage that needs a whole
    /// block takes nothing until it is there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::DamagedArchive`](crate::ErrorKind::DamagedArchive). It
    /// must not be called again then.
    fn step(
        &mut self,
        input: &[u8],
        last: bool,
        output: &mut [u8],
    ) -> Result<Option<Step>>;

    /// Whether the input may end with what was taken so far.
    fn is_complete(&self) -> bool;
}

/// A stage between its input and its output.
pub(super) struct Link {
    stage: Box<dyn Stage>,
    input: Vec<u8>,
    /// How much of the input was taken.
    taken: usize,
    /// Whether no more input comes.
    last: bool,
    output: Vec<u8>,
    /// How much of the output is filled.
    given: usize,
}

impl Link {
    /// Creates a link that gives at most `piece` bytes at once.
    pub fn new(stage: Box<dyn Stage>, piece: usize) -> Link {
        Link {
            stage,
            input: Vec::new(),
            taken: 0,
            last: false,
            output: vec![0; piece],
            given: 0,
        }
    }

    /// Appends input.
    pub fn push(&mut self, bytes: &[u8]) {
        self.input.drain(..self.taken);
        self.taken = 0;
        self.input.extend_from_slice(bytes);
    }

    /// Says that no more input comes.
    pub fn finish(&mut self) {
        self.last = true;
    }

    /// Whether no more input comes.
    pub fn is_last(&self) -> bool {
        self.last
    }

    /// What came out of the last run.
    pub fn output(&self) -> &[u8] {
        &self.output[..self.given]
    }

    /// Runs the stage until the output is full or more input is needed.
    /// Returns whether anything came out.
    ///
    /// # Errors
    ///
    /// Those of the stage, and that the input has ended where it must not.
    pub fn run(&mut self) -> Result<bool> {
        self.given = 0;
        while self.given < self.output.len()
            && let Some(Step { taken, given }) = self.stage.step(
                &self.input[self.taken..],
                self.last,
                &mut self.output[self.given..],
            )?
        {
            self.taken += taken;
            self.given += given;
        }
        let is_over = self.last && self.given == 0;
        let is_whole =
            self.taken == self.input.len() && self.stage.is_complete();
        match is_over && !is_whole {
            true => Err(damaged(CUT_OFF)),
            false => Ok(self.given > 0),
        }
    }
}
