//! One function for each parser of bytes that nobody vouches for. It is given
//! any bytes and panics if the parser does, or breaks a promise.
//!
//! The fuzz targets call these functions, and so does a test of the crate,
//! with the seeds.

mod archives;
mod dates;
mod input;
mod inspection;
mod numbers;
mod records;
mod rejects;
mod runs;
mod text;

pub use archives::archives;
pub use dates::dates;
pub use inspection::inspection;
pub use numbers::numbers;
pub use records::records;
pub use rejects::rejects;
pub use runs::runs;
pub use text::text;
