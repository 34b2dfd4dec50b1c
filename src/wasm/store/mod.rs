//! Where a worker keeps what doesn't fit its memory: runs, rejects and parts
//! of the result.
//!
//! What is small stays in memory, as a Blob. Everything else is a file in the
//! job's folder of the [origin private file system], or, if there is none (in
//! some browsers' private windows), a Blob too, which the browser may put on
//! disk itself.
//!
//! [origin private file system]: https://developer.mozilla.org/docs/Web/API/File_System_API/Origin_private_file_system

mod folder;
mod handle;
mod reader;
mod writer;

pub use reader::Reader;
pub use writer::Writer;

use std::cell::Cell;

use serde::Deserialize;
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::value::{from_js, get, object};
use crate::error::{Error, ErrorKind};
use folder::Folder;

/// The bytes up to which a piece stays in memory.
///
/// Measured in Chromium: a file takes 2 ms to create and 1 ms to open, and a
/// Blob of 1 MB takes 4 ms longer to read than a file of that size.
const SMALL: u64 = 1 << 20;

/// The bytes that all pieces of this worker may take in memory together.
const SMALL_TOGETHER: u64 = 16 << 20;

/// Where a worker may keep things, as the page says it.
#[derive(Debug, Default, Deserialize)]
pub struct Place {
    /// The path of the job's folder, if there is one.
    folder: Option<String>,
    /// What the names of this worker's files begin with. No other worker of
    /// the job has the same, not even one that died.
    prefix: String,
}

/// The store of one worker.
pub struct Store {
    place: Place,
    folder: Option<Folder>,
    /// How many files were named.
    files: u32,
    /// The bytes of the pieces in memory.
    in_memory: Cell<u64>,
}

/// A piece that was written. As it crosses between workers and page it is a
/// Blob, or `{ name, size }` of a file in the job's folder.
#[derive(Clone)]
pub enum Stored {
    /// Bytes in memory, or wherever the browser keeps them.
    Blob(Blob),
    /// A file.
    File {
        /// Its name.
        name: String,
        /// Its bytes.
        size: u64,
    },
}

impl Stored {
    /// How many bytes it takes in the job's folder.
    pub fn on_disk(&self) -> u64 {
        match self {
            Stored::Blob(_) => 0,
            Stored::File { size, .. } => *size,
        }
    }
}

impl Store {
    /// Creates an empty store. The folder is opened when it is needed.
    pub fn new(place: Place) -> Store {
        Store { place, folder: None, files: 0, in_memory: Cell::new(0) }
    }

    /// The job's folder, or `None` if it has none.
    async fn folder(&mut self) -> Result<Option<&Folder>, JsValue> {
        if let (None, Some(path)) = (&self.folder, &self.place.folder) {
            self.folder = Some(Folder::open(path).await?);
        }
        Ok(self.folder.as_ref())
    }

    /// Whether a piece of so many bytes may stay in memory.
    fn fits(&self, bytes: u64) -> bool {
        bytes <= SMALL && self.in_memory.get() + bytes <= SMALL_TOGETHER
    }

    /// Names a file that there never was in the folder.
    fn name(&mut self) -> String {
        self.files += 1;
        format!("{}{}", self.place.prefix, self.files)
    }

    /// Throws away a piece that nobody else knows of.
    pub fn remove(&self, piece: Stored) {
        if let (Stored::File { name, .. }, Some(folder)) =
            (piece, &self.folder)
        {
            folder.remove(&name);
        }
    }
}

impl From<Stored> for JsValue {
    fn from(stored: Stored) -> JsValue {
        match stored {
            Stored::Blob(blob) => blob.into(),
            Stored::File { name, size } => object(&[
                ("name", name.into()),
                ("size", (size as f64).into()),
            ]),
        }
    }
}

impl TryFrom<JsValue> for Stored {
    type Error = JsValue;

    fn try_from(value: JsValue) -> Result<Stored, JsValue> {
        if value.has_type::<Blob>() {
            return Ok(Stored::Blob(value.unchecked_into()));
        }
        let name = from_js(get(&value, "name")?)?;
        let size = from_js(get(&value, "size")?)?;
        Ok(Stored::File { name, size })
    }
}

/// The error of bytes for which there is no room.
fn no_space() -> JsValue {
    Error::new(ErrorKind::NoSpace).into()
}

/// The error of a piece that ends too early. It may be the browser's fault,
/// so it isn't one of ours: the worker is given up and another one tries.
fn too_short() -> JsValue {
    js_sys::Error::new("A partial result gave too few bytes.").into()
}
