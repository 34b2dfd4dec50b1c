//! What the bytes of a file's text stand for.

mod code_page;
mod detect;
mod encoding;
mod transcode;
mod utf16;

pub use code_page::{CodePage, decode, decode_lossy, is_utf8};
pub use detect::detect;
pub use encoding::Encoding;
pub use transcode::Transcoder;

#[cfg(test)]
mod tests;
