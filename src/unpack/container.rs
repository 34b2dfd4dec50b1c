//! What a file is packed in.

use serde::{Deserialize, Serialize};

use super::rejects::Layout;

/// What a file is packed in, as its first bytes say, whatever it is called.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Container {
    /// [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952): one or many
    /// members end to end.
    Gzip,
    /// [APPNOTE](https://support.pkware.com/pkzip/appnote): files with a
    /// directory behind them.
    Zip,
    /// [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878): one or many frames
    /// end to end.
    Zstd,
    /// A rejects CSV, whose raw records are those of several files.
    Rejects,
}

impl Container {
    /// The bytes of a file's beginning that [`Container::of`] looks at.
    pub const HEAD: usize = Layout::HEAD;

    /// Says what a file that begins with these bytes is packed in, if it is.
    ///
    /// # Complexity
    ///
    /// Constant.
    pub fn of(head: &[u8]) -> Option<Container> {
        match head {
            [0x1F, 0x8B, ..] => Some(Container::Gzip),
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => {
                Some(Container::Zip)
            }
            [0x28, 0xB5, 0x2F, 0xFD, ..] => Some(Container::Zstd),
            // A skippable frame may go first.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Container::Zstd),
            _ => Layout::of(head, true).map(|_| Container::Rejects),
        }
    }

    /// Its name, as it crosses to the page.
    pub fn name(self) -> &'static str {
        match self {
            Container::Gzip => "gzip",
            Container::Zip => "zip",
            Container::Zstd => "zstd",
            Container::Rejects => "rejects",
        }
    }
}
