//! Where a worker keeps what doesn't fit its memory: runs, rejects and parts
//! of the result.
//!
//! What is small stays in memory. Everything else is a file in the job's folder
//! of the [origin private file system], or, if there is none (in some browsers'
//! private windows), a Blob, which the browser may put on disk itself.
//!
//! [origin private file system]: https://developer.mozilla.org/docs/Web/API/File_System_API/Origin_private_file_system

mod folder;
mod handle;
mod reader;
mod writer;

pub use reader::Reader;
pub use writer::Writer;

use std::cell::{Cell, OnceCell};
use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise, spawn_local};
use web_sys::Blob;

use super::value::{from_js, get, object};
use crate::error::{Error, ErrorKind};
use folder::Folder;
use handle::Handle;

/// The bytes up to which a piece stays in memory.
///
/// Measured in Chromium: a file takes 2 ms to create and 1 ms to open.
const SMALL: u64 = 1 << 20;

/// The bytes that all pieces of this worker may take in memory together.
const SMALL_TOGETHER: u64 = 16 << 20;

/// The store of one worker.
pub struct Store {
    /// What the names of its files begin with. No other worker of the job has
    /// the same, not even one that died.
    prefix: String,
    /// The path of the job's folder, or null if it has none, once the page
    /// has made it.
    path: Promise,
    /// The folder, or `None` if there is none, once that is known.
    folder: Rc<OnceCell<Option<Folder>>>,
    /// How many files were named.
    files: u32,
    /// The next file, if it was begun to be made.
    next: Option<Prepared>,
    /// The bytes of the pieces in memory.
    in_memory: Cell<u64>,
}

/// A file that is made before it is needed.
struct Prepared {
    name: String,
    /// Its handle, once it is there.
    handle: Rc<Cell<Option<Handle>>>,
    /// Settles when that is so, or it can't be made.
    made: Promise,
}

/// A piece that was written. As it crosses between workers and page it is its
/// bytes, a Blob, or `{ name, size }` of a file in the job's folder.
#[derive(Clone)]
pub enum Stored {
    /// A few bytes in memory.
    Bytes(Uint8Array),
    /// Bytes wherever the browser keeps them.
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
            Stored::Bytes(_) | Stored::Blob(_) => 0,
            Stored::File { size, .. } => *size,
        }
    }
}

impl Store {
    /// Creates an empty store. The folder is opened as soon as its path is
    /// known, so that nobody has to wait for that; if it can't be, whoever
    /// needs it will be told.
    pub fn new(prefix: String, path: Promise) -> Store {
        let folder = Rc::new(OnceCell::new());
        let (opened, awaited) = (folder.clone(), path.clone());
        spawn_local(async move {
            if let Ok(folder) = open(&awaited).await {
                let _ = opened.set(folder);
            }
        });
        let in_memory = Cell::new(0);
        Store { prefix, path, folder, files: 0, next: None, in_memory }
    }

    /// The job's folder, or `None` if it has none.
    async fn folder(&mut self) -> Result<Option<&Folder>, JsValue> {
        if self.folder.get().is_none() {
            let folder = open(&self.path).await?;
            // It may be there by now, which is as good.
            let _ = self.folder.set(folder);
        }
        Ok(self.folder.get().and_then(Option::as_ref))
    }

    /// Whether a piece of so many bytes may stay in memory.
    fn fits(&self, bytes: u64) -> bool {
        bytes <= SMALL && self.in_memory.get() + bytes <= SMALL_TOGETHER
    }

    /// Begins to make the next file, if the folder is there, so that it needn't
    /// be waited for. If none is needed it stays empty, and goes when the job
    /// is over.
    pub fn prepare(&mut self) {
        let Some(Some(folder)) = self.folder.get() else { return };
        if self.next.is_some() {
            return;
        }
        let folder = folder.clone();
        let name = self.name();
        let handle = Rc::new(Cell::new(None));
        let (to, named) = (handle.clone(), name.clone());
        let made = future_to_promise(async move {
            // If that fails, it is tried again by whoever needs it.
            to.set(folder.create(&named).await.ok());
            Ok(JsValue::UNDEFINED)
        });
        self.next = Some(Prepared { name, handle, made });
    }

    /// Makes a file, if there is a folder, and names it.
    ///
    /// # Errors
    ///
    /// If the browser can't.
    async fn create(&mut self) -> Result<Option<(Handle, String)>, JsValue> {
        if let Some(Prepared { name, handle, made }) = self.next.take() {
            JsFuture::from(made).await?;
            if let Some(handle) = handle.take() {
                return Ok(Some((handle, name)));
            }
        }
        let name = self.name();
        match self.folder().await? {
            Some(folder) => Ok(Some((folder.create(&name).await?, name))),
            None => Ok(None),
        }
    }

    /// Names a file that there never was in the folder.
    fn name(&mut self) -> String {
        self.files += 1;
        format!("{}{}", self.prefix, self.files)
    }

    /// Writes a file of this name, if there is a folder.
    ///
    /// # Errors
    ///
    /// If the browser has no room for it.
    pub async fn save(
        &mut self,
        name: &str,
        content: &[u8],
    ) -> Result<(), JsValue> {
        match self.folder().await? {
            Some(folder) => folder.create(name).await?.write(content),
            None => Ok(()),
        }
    }

    /// Throws away a piece that nobody else knows of.
    pub fn remove(&self, piece: Stored) {
        if let (Stored::File { name, .. }, Some(Some(folder))) =
            (piece, self.folder.get())
        {
            folder.remove(&name);
        }
    }
}

/// Waits for the path of a folder and opens that, if there is one.
async fn open(path: &Promise) -> Result<Option<Folder>, JsValue> {
    match JsFuture::from(path.clone()).await?.as_string() {
        Some(path) => Folder::open(&path).await.map(Some),
        None => Ok(None),
    }
}

impl From<Stored> for JsValue {
    fn from(stored: Stored) -> JsValue {
        match stored {
            Stored::Bytes(bytes) => bytes.into(),
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
        if value.has_type::<Uint8Array>() {
            return Ok(Stored::Bytes(value.unchecked_into()));
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
