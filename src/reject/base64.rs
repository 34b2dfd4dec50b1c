//! Bytes that are no text, in letters: [RFC 4648], section 4.
//!
//! [RFC 4648]: https://www.rfc-editor.org/rfc/rfc4648#section-4

/// The letter of each six bits.
const LETTERS: &[u8; 64] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Encodes bytes.
///
/// # Complexity
///
/// Linear in the bytes.
pub fn encode(bytes: &[u8]) -> Vec<u8> {
    let mut letters = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let mut word = [0; 4];
        word[1..=group.len()].copy_from_slice(group);
        let bits = u32::from_be_bytes(word);
        for place in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * place)) as usize & 63];
            let is_there = place <= group.len();
            letters.push(if is_there { letter } else { b'=' });
        }
    }
    letters
}

/// Decodes bytes, or returns `None` if it isn't what [`encode`] makes.
///
/// # Complexity
///
/// Linear in the letters.
pub fn decode(letters: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(letters.len() / 4 * 3);
    let mut rest = letters;
    while let Some((group, more)) = rest.split_at_checked(4) {
        rest = more;
        let padding = group.iter().rev().take_while(|&&l| l == b'=').count();
        if padding > 2 || (padding > 0 && !rest.is_empty()) {
            return None;
        }
        let mut bits = 0;
        for &letter in &group[..4 - padding] {
            bits = bits << 6 | value(letter)?;
        }
        bits <<= 6 * padding;
        let word = bits.to_be_bytes();
        bytes.extend_from_slice(&word[1..4 - padding]);
        if word[4 - padding..].iter().any(|&byte| byte != 0) {
            return None;
        }
        if rest.is_empty() {
            break;
        }
    }
    rest.is_empty().then_some(bytes)
}

/// The six bits of a letter.
fn value(letter: u8) -> Option<u32> {
    let six = match letter {
        b'A'..=b'Z' => letter - b'A',
        b'a'..=b'z' => letter - b'a' + 26,
        b'0'..=b'9' => letter - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(six))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The test vectors of RFC 4648, section 10, and some of the upper half.
    #[test]
    fn known_pairs() {
        for (bytes, letters) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg=="),
            (b"fooba", "Zm9vYmE="),
            (b"foobar", "Zm9vYmFy"),
            (b"\xFF\xFE\xFD\x80", "//79gA=="),
        ] {
            assert_eq!(encode(bytes), letters.as_bytes());
            assert_eq!(decode(letters.as_bytes()).as_deref(), Some(bytes));
        }
    }

    #[test]
    fn what_is_not_base64() {
        for letters in [
            "Z", "Zg", "Zg=", "Zg==Zg==", "Z===", "====", "Zh==", "Zm9=",
            "Zm9v\n", "a,b,", "Zm 9v", "=m9v",
        ] {
            assert_eq!(decode(letters.as_bytes()), None, "{letters}");
        }
    }

    proptest! {
        #[test]
        fn round_trip(bytes in any::<Vec<u8>>()) {
            prop_assert_eq!(decode(&encode(&bytes)), Some(bytes));
        }

        #[test]
        fn one_encoding_each(letters in "[A-D/+=]{0,9}") {
            if let Some(bytes) = decode(letters.as_bytes()) {
                prop_assert_eq!(encode(&bytes), letters.as_bytes());
            }
        }
    }
}
