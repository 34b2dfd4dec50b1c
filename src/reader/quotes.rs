//! csv-core's grammar as four states, for the questions csv-core has no
//! answer to: where does a record end, which quote is open, and did a quoted
//! field cross a line break?

use super::Format;
use crate::line;

/// Where in a record a byte stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum State {
    /// At the start of a field.
    Start,
    /// In a field, outside quotes. A quote here is text.
    Plain,
    /// In a field, inside quotes.
    Quoted,
    /// After a quote inside quotes: it closes them or is half of a pair.
    Closing,
}

/// Returns the state after a byte, or `None` if the byte ends the record.
#[inline]
pub fn step(format: &Format, state: State, byte: u8) -> Option<State> {
    match (state, byte) {
        (State::Quoted, b) if b == format.quote => Some(State::Closing),
        (State::Quoted, _) => Some(State::Quoted),
        (State::Start | State::Closing, b) if b == format.quote => {
            Some(State::Quoted)
        }
        (_, b) if b == format.delimiter => Some(State::Start),
        (_, b'\r' | b'\n') => None,
        _ => Some(State::Plain),
    }
}

/// What the quotes of one record did. Offsets are from the record's start.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct Quotes {
    /// Where the record's terminator stands, if it was met.
    pub end: Option<usize>,
    /// The quote that is still open at the end of the bytes.
    pub open: Option<usize>,
    /// The first quote that stayed open across a line break.
    pub crossed: Option<usize>,
    /// The first quote that stayed open across a line break and was closed
    /// before anything but a delimiter or the record's end.
    pub torn: Option<usize>,
    /// Whether a quote crossed a line break and the record has too many
    /// fields, however it goes on.
    pub misfit: bool,
}

impl Quotes {
    /// Walks through a record, to its terminator or to where it is certain
    /// that it must be refused.
    ///
    /// Stopping there matters: what is refused is one line, and a chain of
    /// such lines must not be walked to its end from each of them.
    ///
    /// # Complexity
    ///
    /// Linear in the bytes walked, in constant space.
    pub fn of(format: &Format, bytes: &[u8]) -> Quotes {
        let mut quotes = Quotes::default();
        let mut state = State::Start;
        let mut fields = 1;
        let (mut opened, mut crosses) = (0, false);
        for (at, &byte) in bytes.iter().enumerate() {
            let Some(next) = step(format, state, byte) else {
                quotes.end = Some(at);
                return quotes;
            };
            match (state, next) {
                (State::Start, State::Quoted) => {
                    (opened, crosses) = (at, false);
                }
                (State::Quoted, State::Quoted) => {
                    if line::is_break(byte) {
                        crosses = true;
                        quotes.crossed = quotes.crossed.or(Some(opened));
                    }
                    quotes.misfit = quotes.is_misfit(format, fields);
                }
                (State::Closing, State::Plain) if crosses => {
                    quotes.torn = Some(opened);
                    return quotes;
                }
                (_, State::Start) => fields += 1,
                (_, State::Plain) => {
                    quotes.misfit = quotes.is_misfit(format, fields);
                }
                _ => {}
            }
            if quotes.misfit {
                return quotes;
            }
            state = next;
        }
        quotes.open = (state == State::Quoted).then_some(opened);
        quotes
    }

    /// Whether text in this field, counted from 1, is one too many.
    fn is_misfit(&self, format: &Format, field: usize) -> bool {
        self.crossed.is_some() && format.fields > 0 && field > format.fields
    }
}
