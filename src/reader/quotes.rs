//! csv-core's grammar as four states, for the questions csv-core has no
//! answer to: which quote is open, and did a quoted field cross a line break?

use super::Format;

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
    /// The quote that is still open at the end.
    pub open: Option<usize>,
    /// The first quote that stayed open across a line break.
    pub crossed: Option<usize>,
    /// The first quote that stayed open across a line break and was closed
    /// before anything but a delimiter or the record's end.
    pub torn: Option<usize>,
}

impl Quotes {
    /// Walks through a record without its terminator.
    ///
    /// # Complexity
    ///
    /// Linear in the record's bytes, in constant space.
    pub fn of(format: &Format, record: &[u8]) -> Quotes {
        let mut quotes = Quotes::default();
        let mut state = State::Start;
        let mut opened = 0;
        let mut crosses = false;
        for (at, &byte) in record.iter().enumerate() {
            let Some(next) = step(format, state, byte) else { break };
            match (state, next) {
                (State::Start, State::Quoted) => {
                    opened = at;
                    crosses = false;
                }
                (State::Quoted, State::Quoted) => {
                    crosses |= matches!(byte, b'\r' | b'\n');
                }
                (State::Closing, State::Plain) if crosses => {
                    quotes.torn = quotes.torn.or(Some(opened));
                }
                _ => {}
            }
            if crosses {
                quotes.crossed = quotes.crossed.or(Some(opened));
            }
            state = next;
        }
        quotes.open = (state == State::Quoted).then_some(opened);
        quotes
    }
}
