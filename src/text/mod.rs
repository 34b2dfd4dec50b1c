//! What the bytes of a file's text stand for.

mod code_page;

pub use code_page::{CodePage, decode, decode_lossy, is_utf8};
