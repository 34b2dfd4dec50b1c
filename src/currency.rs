//! Signs, codes and words of currencies.
//!
//! A sign is one of [Unicode's currency symbols], with up to two capitals
//! before it: `$`, `€`, `R$`. A code is three capitals: `USD`. There is no
//! list of those: what matters is only that a column has one. Other words are
//! listed, since most that stand beside numbers are something else: `5 k` are
//! thousands, `5 Mio`, `5 cr` and `5 万` more than that, `5 DR` are debts.
//!
//! [Unicode's currency symbols]: https://www.unicode.org/reports/tr44/#Sc

use serde::{Deserialize, Serialize};

/// The most bytes of one, which `руб.` nearly has.
const MOST_BYTES: usize = 8;

/// The words, each of which may have a point behind it.
///
/// They are those of two letters or three which the [CLDR] has for currencies
/// in use, as far as they are well known there, and some that everybody there
/// writes. A Latin letter alone is none (`K`, `L`, `M`, `R`), nor is `KM`: they
/// multiply, measure and number other things. What thousands and more are
/// called (`rb`, `tr`, `mn`, `cr`, `mil`, `mln`, `тыс`) must never be here.
///
/// [CLDR]: https://cldr.unicode.org/translation/currency-names-and-symbols
const WORDS: [&str; 29] = [
    "kr", "Kr", "zł", "Kč", "Ft", "lei", "Fr", "fr", "SFr", "kn", "din", "TL",
    "Br", "лв", "ден", "дин", "руб", "грн", "S/", "B/", "Bs", "Gs", "Rp",
    "RM", "Rs", "Tk", "元", "円", "원",
];

/// Three capitals that multiply what they stand behind: thousands, millions
/// and billions as they are cut short in several languages. None is a code.
const MULTIPLES: [&str; 13] = [
    "BIL", "BIO", "BLN", "LAC", "LKH", "MIL", "MIO", "MLD", "MLN", "MRD",
    "TIS", "TSD", "TYS",
];

/// A sign, a code or a word of a currency, in UTF-8 and with zeros behind it.
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
    /// The sign, code or word that a text is, if it is one.
    pub fn of(text: &str) -> Option<Currency> {
        if !is_sign(text) && !is_code(text) && !is_listed(text) {
            return None;
        }
        let mut bytes = [0; MOST_BYTES];
        bytes[..text.len()].copy_from_slice(text.as_bytes());
        Some(Currency(bytes))
    }

    /// The one in a field, if there is one: it stands first or last, signs of
    /// numbers and brackets aside.
    ///
    /// # Complexity
    ///
    /// Linear in the field's length.
    pub fn within(field: &[u8]) -> Option<Currency> {
        let text = std::str::from_utf8(field).ok()?;
        let text = text.trim_matches(|c| is_apart(c) && !c.is_ascii_digit());
        let first = text.split(is_apart).next()?;
        let last = text.rsplit(is_apart).next()?;
        // A decimal point may stand beside it.
        let [first, last] = [first, last].map(|s| s.trim_start_matches('.'));
        let text = if first.is_empty() { last } else { first };
        let without_point = || Currency::of(text.trim_end_matches('.'));
        Currency::of(text).or_else(without_point)
    }

    /// Whether it is a code or a word rather than a sign.
    pub fn is_word(&self) -> bool {
        !self.as_str().contains(is_symbol)
    }

    /// Whether it has no point behind it, but could have one.
    pub fn takes_point(&self) -> bool {
        WORDS.contains(&self.as_str())
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

/// Whether a text is a sign: a symbol with up to two capitals before it that
/// don't multiply (`5 M€`).
fn is_sign(text: &str) -> bool {
    let symbol = text.trim_start_matches(is_capital);
    let capitals = &text[..text.len() - symbol.len()];
    let multiplies = match capitals {
        "K" | "M" | "MM" | "MN" | "BN" => true,
        // Otherwise dollars of the Bahamas, of Guyana, of Tonga.
        "B" | "G" | "T" => symbol != "$",
        _ => capitals.len() > 2,
    };
    let mut symbols = symbol.chars();
    let is_one = symbols.next().is_some_and(is_symbol);
    is_one && symbols.next().is_none() && !multiplies
}

/// Whether a text is a code.
fn is_code(text: &str) -> bool {
    let is_one = text.len() == 3 && text.chars().all(is_capital);
    is_one && !MULTIPLES.contains(&text)
}

/// Whether a text is one of the words.
fn is_listed(text: &str) -> bool {
    WORDS.contains(&text.strip_suffix('.').unwrap_or(text))
}

/// Whether a character can stand beside a currency and is no part of it.
fn is_apart(character: char) -> bool {
    let is_mark = matches!(character, ',' | '\'' | '\u{2019}');
    let is_sign = matches!(character, '-' | '+' | '\u{2212}' | '(' | ')');
    let is_blank = matches!(character, ' ' | '\t' | '\u{A0}' | '\u{202F}');
    character.is_ascii_digit() || is_mark || is_sign || is_blank
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
    fn some() {
        for text in
            ["$", "€", "£", "¥", "₹", "₿", "R$", "US$", "B$", "T$", "CN¥", "𞲰"]
        {
            check(text, Some(false));
        }
        for text in ["USD", "XXX", "CHF", "MDL", "LAK"] {
            check(text, Some(true));
        }
        for text in
            ["kr", "Kr.", "zł", "Kč", "Fr.", "lei", "руб.", "S/.", "円"]
        {
            check(text, Some(true));
        }
    }

    /// Checks whether a text is a currency that is a word, if it is one.
    fn check(text: &str, expected: Option<bool>) {
        let currency = Currency::of(text);
        assert_eq!(currency.map(|c| c.is_word()), expected, "{text}");
        assert!(currency.is_none_or(|currency| currency.as_str() == text));
    }

    #[test]
    fn none() {
        for text in ["", ".", "US", "USDT", "usd", "€€", "$U", "USD$", "%"]
        {
            check(text, None);
        }
        for text in ["É", "USD.", "$.", "ABC$", "KR", "kr..", "krona", ".kr"]
        {
            check(text, None);
        }
    }

    #[test]
    fn what_multiplies() {
        for text in ["k", "K", "m", "M", "b", "B", "T", "G", "L", "x", "e"] {
            check(text, None);
        }
        for text in ["mn", "mm", "bn", "tn", "cr", "Cr", "rb", "jt", "tr"] {
            check(text, None);
        }
        for text in ["mio", "Mio.", "Mrd.", "mln", "mil", "tys", "Tsd.", "тыс"]
        {
            check(text, None);
        }
        for text in ["млн.", "千", "万", "億", "만", "万円", "천원", "Mkr"]
        {
            check(text, None);
        }
        for text in ["K$", "M$", "MM$", "K€", "M€", "T€", "B€", "M£", "MN€"]
        {
            check(text, None);
        }
        MULTIPLES.iter().for_each(|text| check(text, None));
    }

    #[test]
    fn what_measures() {
        for text in ["s", "ms", "min", "h", "hrs", "d", "g", "kg", "km", "KM"]
        {
            check(text, None);
        }
        for text in ["ft", "kB", "MB", "GB", "px", "pcs", "x", "th", "Mix"] {
            check(text, None);
        }
        for text in ["CR", "DR", "Dr.", "Q", "R", "P", "pt", "pm", "AM", "°C"]
        {
            check(text, None);
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
        check("$.5", "$");
        check("1.$", "$");
        check(".5 kr", "kr");
        check("Kr. 1", "Kr.");
        check("Rs.1,23,456.50", "Rs.");
        check("1 234,50\u{A0}zł", "zł");
        check("-1’234.50 Fr.", "Fr.");
        check("1-kr", "kr");
        check("\u{2212}5円", "円");
        check("1", "");
        check("", "");
        check(".", "");
        check("Umbrella", "");
        check("TOO MANY", "TOO");
        check("CANDY $", "");
        check("1e5", "");
        check("0x1F", "");
        check("5k", "");
        check("5 M€", "");
        check("5万円", "");
        check("Rs 5 Cr", "Rs");
        check("12 Mix", "");
    }
}
