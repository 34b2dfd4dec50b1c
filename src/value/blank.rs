//! White space around and between digits.

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

/// What is behind the no-break space that `field` begins with, if it does.
pub fn strip_no_break(field: &[u8]) -> Option<&[u8]> {
    NO_BREAK.iter().find_map(|space| field.strip_prefix(*space))
}
