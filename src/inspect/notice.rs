//! What is worth saying about a file that keeps nothing from going on.

/// Something worth saying about a file that keeps nothing from going on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Notice {
    /// The file has no record at all, not even a header.
    Empty,
    /// The file has a header and no record.
    HeaderOnly,
    /// The header takes more than one line.
    LongHeader,
    /// Two columns have the name that was looked for; the first is meant.
    SameName,
}

impl Notice {
    /// A short name, the same in every version.
    pub fn code(self) -> &'static str {
        match self {
            Notice::Empty => "empty",
            Notice::HeaderOnly => "header_only",
            Notice::LongHeader => "long_header",
            Notice::SameName => "same_name",
        }
    }

    /// The notice in a sentence.
    pub fn message(self) -> &'static str {
        match self {
            Notice::Empty => "The file is empty.",
            Notice::HeaderOnly => {
                "The file has a header and no record after it."
            }
            Notice::LongHeader => {
                "The header takes more than one line, since a quote that \
                 opens in its first line closes in a later one. If that is \
                 a mistake, records may be part of it: mend the first line."
            }
            Notice::SameName => {
                "Several columns have the same name. The first of them is \
                 taken; choose another if that is not the one meant."
            }
        }
    }
}
