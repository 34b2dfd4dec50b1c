//! Looks at a field from front to back.

use super::blank;

/// What is left of a field.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'f>(pub &'f [u8]);

impl<'f> Cursor<'f> {
    /// Whether nothing is left.
    pub fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes a byte if it is the next, upper and lower case being the same.
    pub fn take(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if first.eq_ignore_ascii_case(&byte) => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes the next byte if it is one of these.
    pub fn take_one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first()?;
        bytes.contains(&first).then(|| {
            self.0 = rest;
            first
        })
    }

    /// Takes spaces, no-break ones too, and tabs, and says whether there were
    /// any.
    pub fn take_blanks(&mut self) -> bool {
        let before = self.0.len();
        loop {
            match self.0 {
                [b' ' | b'\t', rest @ ..] => self.0 = rest,
                field => match blank::strip_no_break(field) {
                    Some(rest) => self.0 = rest,
                    None => return self.0.len() < before,
                },
            }
        }
    }

    /// Takes digits, and returns their value and how many there were; 0 if
    /// there are none. More than nine are not taken for a number.
    pub fn take_digits(&mut self) -> (u32, usize) {
        let digits = self.take_while(u8::is_ascii_digit);
        let value = match digits.len() {
            ..=9 => digits
                .iter()
                .fold(0, |value, byte| value * 10 + u32::from(byte - b'0')),
            _ => u32::MAX,
        };
        (value, digits.len())
    }

    /// Takes exactly so many digits, at most nine.
    pub fn take_exactly(&mut self, count: usize) -> Option<u32> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        self.0 = rest;
        Some(Cursor(digits).take_digits().0)
    }

    /// Takes bytes as long as they are such.
    pub fn take_while(&mut self, is_one: impl Fn(&u8) -> bool) -> &'f [u8] {
        let is_other = |byte: &u8| !is_one(byte);
        let len = self.0.iter().position(is_other).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at(len);
        self.0 = rest;
        taken
    }
}
