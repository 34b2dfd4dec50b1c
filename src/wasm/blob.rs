//! Bytes into a [`Blob`] and out of one.
//!
//! [`Blob`]: https://developer.mozilla.org/docs/Web/API/Blob

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

/// The bytes of a piece: few enough pieces that the browser puts them
/// together quickly, and small enough that one more doesn't count.
const PIECE: usize = 4 << 20;

/// Collects bytes into a `Blob`, so that they lie outside wasm's memory.
#[derive(Default)]
pub struct BlobWriter {
    /// Blobs, which the browser may put on disk.
    pieces: Array,
    buffer: Vec<u8>,
    len: u64,
}

impl BlobWriter {
    /// Appends bytes.
    ///
    /// # Errors
    ///
    /// If the browser has no room for them.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.buffer.extend_from_slice(bytes);
        self.len += bytes.len() as u64;
        if self.buffer.len() >= PIECE {
            self.flush()?;
        }
        Ok(())
    }

    /// The number of bytes appended.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// Returns all that was appended.
    ///
    /// # Errors
    ///
    /// If the browser has no room for it.
    pub fn finish(mut self, kind: &str) -> Result<Blob, JsValue> {
        self.flush()?;
        let options = BlobPropertyBag::new();
        options.set_type(kind);
        Blob::new_with_blob_sequence_and_options(&self.pieces, &options)
    }

    fn flush(&mut self) -> Result<(), JsValue> {
        if !self.buffer.is_empty() {
            let piece = Array::of1(&Uint8Array::from(&self.buffer[..]));
            let blob = Blob::new_with_u8_array_sequence(&piece)?;
            self.pieces.push(&blob.into());
            self.buffer.clear();
        }
        Ok(())
    }
}

/// Reads a part of a `Blob`.
///
/// # Errors
///
/// If the browser can't read it, or gives fewer bytes.
pub async fn read(
    blob: &Blob,
    start: u64,
    len: usize,
) -> Result<Vec<u8>, JsValue> {
    let end = (start + len as u64) as f64;
    let part = blob.slice_with_f64_and_f64(start as f64, end)?;
    let buffer = JsFuture::from(part.array_buffer()).await?;
    let bytes = Uint8Array::new(&buffer).to_vec();
    if bytes.len() != len {
        return Err(js_sys::Error::new("A Blob gave too few bytes.").into());
    }
    Ok(bytes)
}
