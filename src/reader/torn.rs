//! A record of two lines that can't be used: is it one reject or two?

use super::quotes::{Quotes, State, step};
use super::unit::{Cut, Cutter};
use crate::line;
use crate::reject::Reason;

/// The bytes that a record is cut from.
#[derive(Clone, Copy)]
pub(super) struct Given<'b> {
    /// Those within the record limit.
    pub within: &'b [u8],
    /// Whether they reach to the end of the file.
    pub ends: bool,
    /// Whether they reach to the limit.
    pub full: bool,
}

impl Cutter {
    /// Refuses a record with a field that crossed a line break and was closed
    /// before text, having been opened at `torn`.
    ///
    /// Only the line of that quote is refused, since the next one may well be
    /// a record. But if it can't be read either, and both together are a
    /// record of the right number of fields to csv-core, that is what they
    /// are: one record that is rejected.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes within the record limit.
    pub(super) fn torn(&mut self, torn: usize, given: Given<'_>) -> Cut {
        let reason = Reason::StrayQuote;
        let after = &given.within[torn..];
        let next = line::end(after, given.ends).map(|end| torn + end);
        let next = next.filter(|&next| next < given.within.len());
        match next.map(|next| (next, self.joined(next, given))) {
            Some((_, None)) => Cut::More,
            Some((next, Some(true))) => Cut::Refused { reason, through: next },
            _ => Cut::Refused { reason, through: torn },
        }
    }

    /// Whether the line that starts at `next` belongs to the record, or `None`
    /// if that can't be said without more bytes.
    fn joined(&mut self, next: usize, given: Given<'_>) -> Option<bool> {
        let within = given.within;
        let breaks = |byte: &u8| line::is_break(*byte);
        let len = match within[next..].iter().position(breaks) {
            Some(len) => len,
            None if given.ends => within.len() - next,
            None => return given.full.then_some(false),
        };
        match self.is_whole(&within[..next + len]) {
            true => self.is_refused(&within[next..], len, given),
            false => Some(false),
        }
    }

    /// Whether the bytes are one record, of the right number of fields.
    fn is_whole(&mut self, bytes: &[u8]) -> bool {
        let format = *self.format();
        let walk = |state, &byte: &u8| step(&format, state, byte);
        let end = bytes.iter().try_fold(State::Start, walk);
        if end.is_none_or(|state| state == State::Quoted) {
            return false;
        }
        self.read(bytes);
        format.fits(self.record())
    }

    /// Whether the first line of `bytes`, `len` bytes long, is refused for a
    /// quote in it.
    fn is_refused(
        &mut self,
        bytes: &[u8],
        len: usize,
        given: Given<'_>,
    ) -> Option<bool> {
        let quotes = Quotes::of(self.format(), bytes);
        let quote = match quotes {
            Quotes { torn: Some(_), .. } => quotes.torn,
            Quotes { misfit: true, .. } => quotes.crossed,
            Quotes { end: Some(end), crossed, .. } => {
                self.read(&bytes[..end]);
                crossed.filter(|_| !self.format().fits(self.record()))
            }
            _ if given.ends => quotes.open,
            _ if given.full => None,
            _ => return None,
        };
        Some(quote.is_some_and(|quote| quote < len))
    }
}
