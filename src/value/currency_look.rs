//! Which currency the numbers of a column are in, as far as its values tell.

use super::marks::example;
use crate::currency::Currency;

/// The most currencies of a column that are told apart.
const MOST: usize = 8;

/// What the values of a column tell of currencies.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct CurrencyLook {
    /// How many numbers there are.
    numbers: u32,
    /// The currencies in their order of appearance.
    found: Vec<Found>,
}

/// A currency in which some numbers of a column are.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Found {
    currency: Currency,
    /// How many are.
    count: u32,
    /// One of them.
    example: String,
}

/// What is known of a column's currency.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct InCurrency {
    /// The one, if it has one and it is certain.
    pub currency: Option<Currency>,
    /// All that it seems to have, the most common first.
    pub all: Vec<Currency>,
    /// An amount in each of them if none is certain.
    pub doubt: Option<Vec<String>>,
}

impl CurrencyLook {
    /// Looks at a number that is there so many times.
    pub fn add(
        &mut self,
        field: &[u8],
        times: u32,
        currency: Option<Currency>,
    ) {
        self.numbers += times;
        let Some(currency) = currency else { return };
        let is_same = |found: &&mut Found| found.currency == currency;
        if let Some(found) = self.found.iter_mut().find(is_same) {
            found.count += times;
        } else if self.found.len() < MOST {
            let example = example(field);
            self.found.push(Found { currency, count: times, example });
        }
    }

    /// The currency, if none is given: more than one are never guessed
    /// between, however rare one of them is, as amounts in it must not be
    /// added.
    pub fn resolve(&self, given: Option<Option<Currency>>) -> InCurrency {
        let mut found: Vec<&Found> = self.currencies().collect();
        found.sort_by_key(|found| std::cmp::Reverse(found.count));
        let all: Vec<Currency> = found.iter().map(|f| f.currency).collect();
        let (currency, doubt) = match (given, &all[..]) {
            (Some(given), _) => (given, None),
            (None, []) => (None, None),
            (None, [one]) => (Some(*one), None),
            (None, _) => {
                let examples = found.iter().map(|f| f.example.clone());
                (None, Some(examples.collect()))
            }
        };
        InCurrency { currency, all, doubt }
    }

    /// Whether words stand beside numbers that are taken for no currency.
    pub fn has_other_words(&self) -> bool {
        !self.found.is_empty() && self.currencies().next().is_none()
    }

    /// The currencies that are some. Three capitals can be any word now and
    /// then, as in `TOP 40`: they are a code only if at least half of the
    /// numbers have one, or others have a sign. So it is with other words.
    fn currencies(&self) -> impl Iterator<Item = &Found> {
        let words = self.found.iter().filter(|f| f.currency.is_word());
        let count: u32 = words.map(|found| found.count).sum();
        let has_signs = self.found.iter().any(|f| !f.currency.is_word());
        let are_some = has_signs || count >= self.numbers.div_ceil(2);
        self.found.iter().filter(move |_| are_some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::look::Look;

    /// Checks the currency of values, or the examples that are in doubt,
    /// with commas between them and a question mark.
    fn check(values: &[&str], expected: &str) {
        let mut look = Look::default();
        values.iter().for_each(|value| look.add(value.as_bytes(), 1));
        let found = look.currencies().resolve(None);
        let currency = found.currency.as_ref().map_or("", Currency::as_str);
        let asked = found.doubt.map(|examples| examples.join(", ") + "?");
        let found = asked.unwrap_or(currency.to_owned());
        assert_eq!(found, expected, "{values:?}");
    }

    #[test]
    fn no_doubt() {
        check(&[], "");
        check(&["1", "x", ""], "");
        check(&["$1", "2", "", "-$3", "$-4", "($5.50)", "$(6)"], "$");
        check(&["€ 1.234,50", "1 €", "-\u{A0}€"], "€");
        check(&["12.50 USD", "USD 3"], "USD");
        check(&["R$ 1.234,50"], "R$");
        check(&["$", "$x", "x$", "$1$", "$1.2.3", "$ 5 $", "5$6"], "");
    }

    #[test]
    fn words_are_no_codes() {
        check(&["TOP 40", "1", "2", "3"], "");
        check(&["USD 40", "1", "USD 2", "3"], "USD");
        check(&["ABCD 5", "US 5", "usd 5"], "");
        check(&["MAY 3, 2024", "3 MAY 2024"], "");
    }

    #[test]
    fn words() {
        check(&["12,50 kr", "-3 kr", "4"], "kr");
        check(&["Kr. 1.234,50"], "Kr.");
        check(&["1 234,50\u{A0}zł", "5,00\u{A0}zł-", "5,00-\u{A0}zł"], "zł");
        check(&["Rs. 1,23,456.50", "Rs.7"], "Rs.");
        check(&["1,234円", "\u{2212}5円"], "円");
        check(&["5 kr", "1", "2", "3"], "");
        check(&["5 kr", "5 kr.", "5 SEK"], "5 kr, 5 kr., 5 SEK?");
        check(&["5 kr", "€5", "3", "4", "5", "6"], "5 kr, €5?");
    }

    #[test]
    fn words_that_are_none() {
        check(&["5k", "3k"], "");
        check(&["5 M€", "3 M€"], "");
        check(&["5 MIO", "3 MIO"], "");
        check(&["5万円", "3万円"], "");
        check(&["10s", "10 min", "3 MB", "5 km", "12 Mix", "1e5", "0x1F"], "");
        check(&["5 CR", "3 DR", "Fr 5 Mio"], "");
    }

    #[test]
    fn several_currencies() {
        check(&["$1", "€2", "€3"], "€2, $1?");
        check(&["$1", "$2", "$3", "$4", "USD 5"], "$1, USD 5?");
        check(&["EUR 1", "7", "USD 2", "8"], "EUR 1, USD 2?");
        let mut values = vec!["$1"; 1000];
        values.push("€1");
        check(&values, "$1, €1?");
    }

    #[test]
    fn a_given_one_decides() {
        let mut look = CurrencyLook::default();
        look.add("€1".as_bytes(), 1, Currency::of("€"));
        for given in [None, Currency::of("$"), Currency::of("€")] {
            let found = look.resolve(Some(given));
            assert_eq!((found.currency, found.doubt), (given, None));
        }
    }
}
