//! A field of bytes to a field of CSV.

use crate::bytes;
use crate::copy;

/// Appends a field to `out`, quoted if a delimiter, a quote or a line break is
/// in it.
pub fn write_field(out: &mut Vec<u8>, field: &[u8], delimiter: u8) {
    let start = out.len();
    out.resize(start + most_bytes(field), 0);
    let length = put_field(&mut out[start..], field, delimiter);
    out.truncate(start + length);
}

/// The most bytes a field takes: all of it quotes, and two more around.
#[inline]
pub(super) fn most_bytes(field: &[u8]) -> usize {
    2 * field.len() + 2
}

/// Writes a field to the start of `to`, quoted if a delimiter, a quote or a
/// line break is in it, and returns how many bytes that took.
#[inline(always)]
pub(super) fn put_field(to: &mut [u8], field: &[u8], delimiter: u8) -> usize {
    if needs_quotes(field, delimiter) {
        put_quoted(to, field)
    } else {
        copy::put(to, field)
    }
}

/// Whether a field must be quoted.
#[inline(always)]
fn needs_quotes(field: &[u8], delimiter: u8) -> bool {
    bytes::has_any(field, [delimiter, b'"', b'\r', b'\n'])
}

/// Writes a field in quotes, those in it doubled, to the start of `to`, and
/// returns how many bytes that took.
#[cold]
pub(super) fn put_quoted(to: &mut [u8], field: &[u8]) -> usize {
    to[0] = b'"';
    let mut at = 1;
    for &byte in field {
        to[at] = byte;
        at += 1;
        if byte == b'"' {
            to[at] = byte;
            at += 1;
        }
    }
    to[at] = b'"';
    at + 1
}
