//! The boundary to the browser: the only place that names wasm-bindgen,
//! web-sys, js-sys and serde-wasm-bindgen.
//!
//! It is made into three WebAssembly modules, each by a feature of its name,
//! so that every place loads only what it runs:
//!
//! - `page` runs on the page. [`Tally`] holds the job's state machine, and
//!   [`inspect()`] serves the preview.
//! - `engine` runs in each worker. [`Engine`] reads, parses and merges.
//! - `unpack` runs in both where there are archives, or text that isn't UTF-8.
//!   [`Directory`] says what is in one, [`rejected_files`] what is in a rejects
//!   CSV, [`Unpacker`] makes bytes of text of it, and [`detect_encoding`] says
//!   what they stand for.

#[cfg(feature = "engine")]
mod engine;
#[cfg(feature = "engine")]
mod input;
#[cfg(feature = "page")]
mod inspect;
#[cfg(feature = "page")]
mod job;
#[cfg(feature = "engine")]
mod merging;
#[cfg(feature = "page")]
mod options;
#[cfg(feature = "page")]
mod seen;
#[cfg(any(feature = "page", feature = "engine"))]
mod settings;
#[cfg(feature = "engine")]
mod store;
#[cfg(feature = "engine")]
mod stream;
#[cfg(feature = "unpack")]
mod unpack;
// Each module uses a part of it.
#[cfg_attr(not(all(feature = "page", feature = "engine")), allow(dead_code))]
mod value;

#[cfg(feature = "engine")]
pub use engine::{Engine, warm_up};
#[cfg(feature = "page")]
pub use inspect::{
    container_of, head_bytes, inspect, is_plain, is_text, warm_inspection,
};
#[cfg(feature = "page")]
pub use job::Tally;
#[cfg(feature = "unpack")]
pub use unpack::{
    Directory, Unpacker, detect_encoding, rejected_files, transcode_head,
};
