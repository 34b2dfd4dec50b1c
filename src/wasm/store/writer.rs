//! Bytes into a piece.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Blob;

use super::handle::Handle;
use super::{SMALL, Store, Stored};
use crate::part::MOST_BYTES;

/// The bytes of a piece of a Blob: few enough pieces that the browser puts
/// them together quickly, and small enough that one more doesn't count.
const PIECE: usize = 4 << 20;

/// The bytes of a write to a file: what a part hands on at once, so that it is
/// written from where it is. Measured in Chromium: on disk it doesn't matter,
/// but in a window off the record writes of 64 KiB take twice as long as those
/// of a megabyte.
const WRITE: usize = MOST_BYTES;

/// Collects bytes outside wasm's memory.
///
/// Before bytes are pushed the writer is told how many will come, and
/// decides where they go.
#[derive(Default)]
pub struct Writer {
    /// The file and its name, once there is one.
    file: Option<(Handle, String)>,
    /// Blobs, which the browser may put on disk.
    pieces: Array,
    /// What was pushed last.
    buffer: Vec<u8>,
    len: u64,
    /// Why something given to a sink could not be written.
    failed: Option<JsValue>,
}

impl Writer {
    /// Opens a file if what was pushed and `more` bytes are too many to be
    /// kept in memory, and the store has a folder.
    ///
    /// # Errors
    ///
    /// If the browser can't open or write it.
    pub async fn make_room(
        &mut self,
        store: &mut Store,
        more: u64,
    ) -> Result<(), JsValue> {
        let fits = store.fits(self.len.saturating_add(more));
        match self.pieces.length() > 0 || fits {
            true => Ok(()),
            false => self.open(store).await,
        }
    }

    /// Opens a file if the store has a folder, however little is to be
    /// pushed: what is kept when the job is over must be in one.
    ///
    /// # Errors
    ///
    /// If the browser can't open it.
    pub async fn open(&mut self, store: &mut Store) -> Result<(), JsValue> {
        if self.file.is_none() {
            self.file = store.create().await?;
        }
        Ok(())
    }

    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// If the browser has no room for them.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.len += bytes.len() as u64;
        let most = if self.file.is_some() { WRITE } else { PIECE };
        if self.buffer.len() + bytes.len() >= most {
            self.flush()?;
        }
        match &self.file {
            Some((file, _)) if bytes.len() >= WRITE => file.write(bytes),
            _ => {
                self.buffer.extend_from_slice(bytes);
                Ok(())
            }
        }
    }

    /// A sink that appends bytes. If that fails, [`check`](Writer::check) and
    /// [`finish`](Writer::finish) say so.
    pub fn sink(&mut self) -> impl FnMut(&[u8]) {
        |bytes| {
            if self.failed.is_none() {
                self.failed = self.push(bytes).err();
            }
        }
    }

    /// Whether all that was given to a sink could be written.
    ///
    /// # Errors
    ///
    /// If the browser has no room for it.
    pub fn check(&mut self) -> Result<(), JsValue> {
        self.failed.take().map_or(Ok(()), Err)
    }

    /// The number of bytes appended.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// How many bytes this takes in the job's folder.
    pub fn on_disk(&self) -> u64 {
        if self.file.is_some() { self.len } else { 0 }
    }

    /// Returns all that was appended.
    ///
    /// # Errors
    ///
    /// If the browser has no room for it.
    pub fn finish(mut self, store: &Store) -> Result<Stored, JsValue> {
        self.check()?;
        if self.file.is_none() {
            store.in_memory.set(store.in_memory.get() + self.len);
            if self.len <= SMALL {
                let bytes = Uint8Array::from(&self.buffer[..]);
                return Ok(Stored::Bytes(bytes));
            }
        }
        self.flush()?;
        if let Some((_, name)) = self.file {
            return Ok(Stored::File { name, size: self.len });
        }
        Blob::new_with_blob_sequence(&self.pieces).map(Stored::Blob)
    }

    /// Throws away what was appended.
    pub fn discard(self, store: &Store) {
        if let Some((handle, name)) = self.file {
            drop(handle);
            store.remove(Stored::File { name, size: self.len });
        }
    }

    /// Empties the buffer.
    fn flush(&mut self) -> Result<(), JsValue> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        if let Some((file, _)) = &self.file {
            file.write(&self.buffer)?;
        } else {
            let piece = Array::of1(&Uint8Array::from(&self.buffer[..]));
            let blob = Blob::new_with_u8_array_sequence(&piece)?;
            self.pieces.push(&blob.into());
        }
        self.buffer.clear();
        Ok(())
    }
}
