//! Tells UTF-16 and UTF-32 by their zeros.

/// In what order the two bytes of a unit stand.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Order {
    /// The low one first.
    Little,
    /// The high one first.
    Big,
}

/// The bytes looked at.
const SAMPLED: usize = 4 << 10;

/// Of how many units at least one is ASCII: a CSV file has delimiters, line
/// breaks and digits whatever its script.
const ASCII: usize = 8;

/// The order of bytes in text that is UTF-16 without a byte order mark, or
/// `None` if it doesn't look like that.
pub fn guess(head: &[u8]) -> Option<Order> {
    let (pairs, _) = head[..head.len().min(SAMPLED)].as_chunks::<2>();
    let unit = |order| {
        move |pair: &[u8; 2]| match order {
            Order::Little => u16::from_le_bytes(*pair),
            Order::Big => u16::from_be_bytes(*pair),
        }
    };
    [Order::Little, Order::Big].into_iter().find(|&order| {
        let units = || pairs.iter().map(unit(order));
        let ascii = units().filter(|unit| *unit < 0x80).count();
        pairs.len() > 1
            && ascii * ASCII >= pairs.len()
            && units().all(is_text)
            && !are_letters(pairs, ascii)
    })
}

/// Whether these are the letters of a text of single bytes that has zeros in
/// it: each unit that isn't ASCII is two of them, and most units are.
fn are_letters(pairs: &[[u8; 2]], ascii: usize) -> bool {
    let is_letter = |byte: &u8| matches!(byte, b'\n' | b'\r' | b' '..=b'~');
    let two = pairs.iter().filter(|pair| pair.iter().all(is_letter));
    let others = pairs.len() - ascii;
    others > ascii && two.count() == others
}

/// Whether a unit can be part of a text: neither a control character nor one
/// that never stands for anything, nor an ASCII character the wrong way round.
fn is_text(unit: u16) -> bool {
    match unit {
        0x09 | 0x0A | 0x0D => true,
        ..0x20 | 0x7F | 0xFFFE.. => false,
        _ => unit & 0xFF != 0,
    }
}

/// Whether text is UTF-32, with or without a byte order mark.
pub fn is_utf32(head: &[u8]) -> bool {
    let (fours, _) = head[..head.len().min(SAMPLED)].as_chunks::<4>();
    let all = |is_unit: fn(&[u8; 4]) -> bool| {
        fours.len() > 1 && fours.iter().all(is_unit)
    };
    head.starts_with(b"\xFF\xFE\0\0")
        || head.starts_with(b"\0\0\xFE\xFF")
        || all(|four| matches!(four, [a, _, 0, 0] if *a > 0))
        || all(|four| matches!(four, [0, 0, _, d] if *d > 0))
}
