//! What the bytes of a file's text stand for.

mod code_page;
mod detect;
mod encoding;
mod transcode;
pub mod utf16;

pub use code_page::{CodePage, decode, decode_lossy, is_utf8};
pub use detect::detect;
pub use encoding::Encoding;
pub use transcode::{Transcoder, transcode};

/// Whether a file that begins with `head` is UTF-8 beyond doubt, so that there
/// is nothing to be detected: most files are. `last` says that it ends there.
///
/// # Complexity
///
/// Linear in the bytes given.
pub fn is_plain(head: &[u8], last: bool) -> bool {
    let is_utf8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        Err(error) => !last && error.error_len().is_none(),
    };
    is_utf8 && !head.contains(&0)
}

#[cfg(test)]
mod tests;
