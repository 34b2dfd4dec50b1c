//! Signs and codes of currencies.
//!
//! A sign is one of [Unicode's currency symbols], with up to two capitals
//! before it: `$`, `€`, `R$`. A code is three capitals: `USD`. There is no
//! list of currencies: what matters is only that a column has one.
//!
//! [Unicode's currency symbols]: https://www.unicode.org/reports/tr44/#Sc

use serde::{Deserialize, Serialize};

/// The most bytes of a sign: two capitals and four bytes of a symbol.
const MOST_BYTES: usize = 6;

/// A sign or a code of a currency, in UTF-8 and with zeros behind it.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct Currency([u8; MOST_BYTES]);

/// The characters of the general category Sc in Unicode 17.
const SYMBOLS: [(char, char); 21] = [
    ('$', '$'),
    ('\u{A2}', '\u{A5}'),
    ('\u{58F}', '\u{58F}'),
    ('\u{60B}', '\u{60B}'),
    ('\u{7FE}', '\u{7FF}'),
    ('\u{9F2}', '\u{9F3}'),
    ('\u{9FB}', '\u{9FB}'),
    ('\u{AF1}', '\u{AF1}'),
    ('\u{BF9}', '\u{BF9}'),
    ('\u{E3F}', '\u{E3F}'),
    ('\u{17DB}', '\u{17DB}'),
    ('\u{20A0}', '\u{20C1}'),
    ('\u{A838}', '\u{A838}'),
    ('\u{FDFC}', '\u{FDFC}'),
    ('\u{FE69}', '\u{FE69}'),
    ('\u{FF04}', '\u{FF04}'),
    ('\u{FFE0}', '\u{FFE1}'),
    ('\u{FFE5}', '\u{FFE6}'),
    ('\u{11FDD}', '\u{11FE0}'),
    ('\u{1E2FF}', '\u{1E2FF}'),
    ('\u{1ECB0}', '\u{1ECB0}'),
];

impl Currency {
    /// The sign or code that a text is, if it is one.
    pub fn of(text: &str) -> Option<Currency> {
        let symbol = text.trim_start_matches(is_capital);
        let capitals = text.len() - symbol.len();
        let mut rest = symbol.chars();
        let is_one = match rest.next() {
            None => capitals == 3,
            Some(first) => {
                capitals <= 2 && is_symbol(first) && rest.next().is_none()
            }
        };
        if !is_one {
            return None;
        }
        let mut bytes = [0; MOST_BYTES];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Currency(bytes))
    }

    /// The sign or code in a field, if there is one: the first capitals and
    /// symbols that stand together are it.
    ///
    /// # Complexity
    ///
    /// Linear in the field's length.
    pub fn within(field: &[u8]) -> Option<Currency> {
        let text = std::str::from_utf8(field).ok()?;
        let is_part = |c: char| is_capital(c) || is_symbol(c);
        let text = &text[text.find(is_part)?..];
        let end = text.find(|c: char| !is_part(c)).unwrap_or(text.len());
        Currency::of(&text[..end])
    }

    /// Whether it is a code rather than a sign.
    pub fn is_code(&self) -> bool {
        self.as_bytes().iter().all(u8::is_ascii_uppercase)
    }

    /// It as it is written, in UTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        let is_end = |byte: &u8| *byte == 0;
        let len = self.0.iter().position(is_end).unwrap_or(MOST_BYTES);
        &self.0[..len]
    }

    /// The same as text.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.as_bytes()).unwrap_or_default()
    }
}

/// Whether a character is a capital that can be part of a sign or code.
fn is_capital(character: char) -> bool {
    character.is_ascii_uppercase()
}

/// Whether a character is a symbol of a currency.
fn is_symbol(character: char) -> bool {
    let holds =
        |&(first, last): &(char, char)| (first..=last).contains(&character);
    SYMBOLS.iter().any(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_and_codes() {
        for text in
            ["$", "€", "£", "¥", "₹", "₿", "R$", "US$", "USD", "XXX", "𞲰"]
        {
            let currency = Currency::of(text);
            assert_eq!(currency.unwrap().as_str(), text);
            assert_eq!(
                currency.unwrap().is_code(),
                text.len() == 3 && text.is_ascii() && !text.contains('$')
            );
        }
        for text in
            ["", "US", "USDT", "usd", "€€", "$U", "USD$", "kr", "%", "É"]
        {
            assert_eq!(Currency::of(text), None, "{text}");
        }
    }

    #[test]
    fn within_fields() {
        let check = |field: &str, expected: &str| {
            let found = Currency::within(field.as_bytes());
            let found = found.as_ref().map_or("", Currency::as_str);
            assert_eq!(found, expected, "{field:?}");
        };
        check("$1", "$");
        check("-€ 1", "€");
        check("1 USD", "USD");
        check("(R$1)", "R$");
        check("1", "");
        check("", "");
        check("Umbrella", "");
        check("TOO MANY", "TOO");
        check("CANDY $", "");
    }
}
