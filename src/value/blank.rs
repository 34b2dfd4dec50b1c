//! White space around digits, and marks between them.

/// The no-break space and the narrow one, which French texts have between
/// thousands, in UTF-8.
const NO_BREAK: [&[u8]; 2] = ["\u{A0}".as_bytes(), "\u{202F}".as_bytes()];

/// Takes spaces and tabs off both ends.
pub fn trim_ascii(mut field: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b' ' | b'\t'] = field {
        field = rest;
    }
    field
}

/// Takes spaces, no-break ones too, and tabs off both ends.
pub fn trim(mut field: &[u8]) -> &[u8] {
    loop {
        field = trim_ascii(field);
        let last =
            NO_BREAK.iter().find_map(|space| field.strip_suffix(*space));
        match strip_no_break(field).or(last) {
            Some(rest) => field = rest,
            None => return field,
        }
    }
}

/// The apostrophe that Swiss texts have between thousands.
const CURLY: &[u8] = "\u{2019}".as_bytes();

/// What is behind the mark that `field` begins with, if it does. A space
/// stands for no-break ones too, an apostrophe for a curly one.
pub fn strip_mark(field: &[u8], mark: u8) -> Option<&[u8]> {
    field.strip_prefix(&[mark]).or_else(|| match mark {
        b' ' => strip_no_break(field),
        b'\'' => field.strip_prefix(CURLY),
        _ => None,
    })
}

/// Whether a mark parts thousands if there are so many digits before the first
/// of them and between two: three, or with commas two, as in India.
pub fn parts(first: usize, between: usize, mark: u8) -> bool {
    between == 3 || between == 2 && first <= 2 && mark == b','
}

/// What is behind the no-break space that `field` begins with, if it does.
pub fn strip_no_break(field: &[u8]) -> Option<&[u8]> {
    NO_BREAK.iter().find_map(|space| field.strip_prefix(*space))
}
