//! Numbers, against what a person does on paper.

use playtally::{
    Currency, NumberFormat, Total, parse_number, parse_number_as,
};

use super::input::Input;

/// No currency, and some of each kind.
const CURRENCIES: [&str; 8] = ["", "$", "€", "USD", "kr", "Fr.", "zł", "円"];

/// The first bytes are how numbers are written.
///
/// What is a number is one to the oracle too, and the same.
pub fn numbers(bytes: &[u8]) {
    let mut input = Input { bytes };
    let decimal_mark = input.choose(b".,");
    let thousands =
        [None, Some(b','), Some(b'.'), Some(b' '), Some(b'\''), None];
    let format = NumberFormat {
        places: input.number(19) as u8,
        decimal_mark,
        thousands_mark: input
            .choose(&thousands)
            .filter(|&mark| mark != decimal_mark),
        currency: Currency::of(input.choose(&CURRENCIES)),
        brackets: input.choose(&[false, true]),
    };
    let field = input.bytes;
    let number = parse_number_as(field, &format).ok();
    let digits = number.as_ref().map(|number| {
        let mut total = Total::zero();
        total.add_number(number);
        total.to_string()
    });
    assert_eq!(digits, on_paper(field, &format));
    if format == NumberFormat::default() {
        assert_eq!(number, parse_number(field));
    }
}

/// The digits of a number times ten to the power of its places, or `None` if
/// it is none.
fn on_paper(field: &[u8], format: &NumberFormat) -> Option<String> {
    let text = std::str::from_utf8(field).ok()?;
    let spaced =
        format.thousands_mark == Some(b' ') || format.currency.is_some();
    let is_space = |c| is_blank(c) && (spaced || matches!(c, ' ' | '\t'));
    let text = text.trim_matches(is_space);
    let (is_negative, text) = undress(text, true, format)?;
    let sign = if is_negative { "-" } else { "" };
    let mark = char::from(format.decimal_mark);
    let (whole, fraction) = text.split_once(mark).unwrap_or((text, ""));
    let whole = without_marks(whole, format.thousands_mark)?;
    let places = usize::from(format.places);
    if whole.is_empty() && (places == 0 || fraction.is_empty()) {
        return None;
    }
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(&whole) || !all_digits(fraction) {
        return None;
    }
    let kept = fraction.trim_end_matches('0');
    if kept.len() > places {
        return None;
    }
    let digits = format!("{whole}{kept:0<places$}");
    match digits.trim_start_matches('0') {
        "" => Some("0".into()),
        digits => Some(format!("{sign}{digits}")),
    }
}

/// Whether a character is a space or a tab.
fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\u{A0}' | '\u{202F}')
}

/// What is in a number's brackets, or beside its sign, and beside the
/// currency if there may still be one; and whether it is negative.
fn undress<'t>(
    text: &'t str,
    has_money: bool,
    format: &NumberFormat,
) -> Option<(bool, &'t str)> {
    let unsigned = |rest| Some((false, spend(rest, has_money, format)));
    let minus = ['-', '\u{2212}'];
    let behind = |rest: &&str| rest.ends_with(|c: char| c.is_ascii_digit());
    let positive = text
        .strip_prefix(minus)
        .or_else(|| text.strip_suffix(minus).filter(behind));
    if let Some(rest) = positive {
        return unsigned(rest).map(|(_, rest)| (true, rest));
    }
    if let Some(rest) = text.strip_prefix('+') {
        return unsigned(rest);
    }
    let inner = text.strip_prefix('(').and_then(|t| t.strip_suffix(')'));
    if let Some(inner) = inner {
        let inner = inner.trim_matches(is_blank);
        let (_, rest) = unsigned(inner)?;
        return format.brackets.then_some((true, rest));
    }
    match spend(text, has_money, format) {
        rest if rest.len() < text.len() => undress(rest, false, format),
        rest => Some((false, rest)),
    }
}

/// Takes the currency off one end, if there may be one.
fn spend<'t>(
    text: &'t str,
    has_money: bool,
    format: &NumberFormat,
) -> &'t str {
    let Some(sign) = format.currency.filter(|_| has_money) else {
        return text;
    };
    let sign = sign.as_str();
    // With its point it is another.
    let pointed = ["kr.", "zł.", "円."].iter().any(|p| text.starts_with(p));
    let front = text.strip_prefix(sign);
    let front = front.filter(|rest| !pointed || !rest.starts_with('.'));
    let rest = front.or_else(|| text.strip_suffix(sign));
    rest.map_or(text, |rest| rest.trim_matches(is_blank))
}

/// Takes the marks between thousands out, or returns `None` if they aren't
/// where they belong.
fn without_marks(whole: &str, mark: Option<u8>) -> Option<String> {
    let is_mark = |c: char| match mark {
        Some(b' ') => matches!(c, ' ' | '\u{A0}' | '\u{202F}'),
        Some(b'\'') => matches!(c, '\'' | '\u{2019}'),
        mark => mark.map(char::from) == Some(c),
    };
    let groups: Vec<&str> = whole.split(is_mark).collect();
    if let [first, rest @ ..] = &groups[..]
        && !rest.is_empty()
    {
        let fits = (1..=3).contains(&first.len())
            && !first.starts_with('0')
            && rest.iter().all(|group| group.len() == 3);
        // As in India: groups of two before the last.
        let is_indian = mark == Some(b',')
            && (1..=2).contains(&first.len())
            && !first.starts_with('0')
            && rest.split_last().is_some_and(|(last, others)| {
                last.len() == 3 && others.iter().all(|two| two.len() == 2)
            });
        if !fits && !is_indian {
            return None;
        }
    }
    Some(groups.concat())
}
