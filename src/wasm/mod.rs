//! The boundary to the browser: the only place that names wasm-bindgen,
//! web-sys, js-sys and serde-wasm-bindgen.
//!
//! [`Tally`] runs on the page: it holds the job's state machine.
//! [`Engine`] runs in each worker: it reads, parses and merges.
//! [`inspect()`] runs on the page and serves the preview.

mod engine;
mod inspect;
mod job;
mod merging;
mod options;
mod store;
mod stream;
mod value;

pub use engine::{Engine, warm_up};
pub use inspect::{head_bytes, inspect};
pub use job::Tally;
