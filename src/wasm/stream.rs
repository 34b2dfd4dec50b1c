//! A file's bytes from some offset on, the next chunk in flight.
//!
//! Bytes come from a [BYOB reader], which reuses two buffers and so leaves no
//! garbage behind; where a Blob's stream has none, from slices.
//!
//! What to know before changing it:
//!
//! - In Chromium a read can stay pending for ever, more so if the stream is
//!   only reachable from a suspended function. So the stream and the reader
//!   are held here, and a read that takes too long is given up and the
//!   stream opened again at its offset.
//! - A stream goes a little beyond the split's end, because its last record
//!   does; if that isn't enough, another is opened behind it.
//!
//! [BYOB reader]: https://developer.mozilla.org/docs/Web/API/ReadableStreamBYOBReader

use js_sys::{Array, ArrayBuffer, Function, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableStreamByobReader};

use crate::error::{Error, ErrorKind};

/// How far beyond a split's end its stream goes.
const BEYOND: u64 = 64 << 10;

/// How long a read may take, in milliseconds. A file on a slow network drive
/// answers in less.
const PATIENCE: i32 = 20_000;

/// How often a read is tried again.
const TRIES: u32 = 5;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: &JsValue);
}

/// Reads a file from an offset on.
pub struct Source {
    file: Blob,
    /// Offset of the next byte to be handed out.
    at: u64,
    /// Where the open stream ends.
    end: u64,
    size: u64,
    chunk: usize,
    stream: Option<Stream>,
}

/// What a [`Stream`] says.
enum Read {
    Chunk(Uint8Array),
    Ended,
    Stalled,
}

impl Source {
    /// Creates a source of the bytes from `start` on, most of which lie
    /// before `end`, in chunks of at most `chunk` bytes.
    pub fn new(
        file: &Blob,
        size: u64,
        start: u64,
        end: u64,
        chunk: usize,
    ) -> Source {
        let end = (end + BEYOND).min(size);
        let file = file.clone();
        Source { file, at: start, end, size, chunk, stream: None }
    }

    /// The next chunk, valid until the call after, or `None` at the end of
    /// the file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unreadable`] if the browser can't read the file, and
    /// [`ErrorKind::Changed`] if it is shorter than it was.
    pub async fn next(&mut self) -> Result<Option<Uint8Array>, Error> {
        let mut tries = 0;
        while self.at < self.size {
            match self.read().await.map_err(unreadable)? {
                Read::Chunk(chunk) => {
                    self.at += u64::from(chunk.length());
                    return Ok(Some(chunk));
                }
                Read::Ended if self.at < self.end => {
                    return Err(Error::new(ErrorKind::Changed));
                }
                Read::Ended => self.stream = None,
                Read::Stalled if tries < TRIES => {
                    tries += 1;
                    self.stream = None;
                }
                Read::Stalled => {
                    let cause = "no answer for minutes".to_owned();
                    let kind = ErrorKind::Unreadable { cause };
                    return Err(Error::new(kind));
                }
            }
        }
        Ok(None)
    }

    /// Reads from the open stream, or opens one.
    async fn read(&mut self) -> Result<Read, JsValue> {
        let stream = match &mut self.stream {
            Some(stream) => stream,
            None => {
                if self.at >= self.end {
                    self.end = (self.at + self.chunk as u64).min(self.size);
                }
                let (start, end) = (self.at as f64, self.end as f64);
                let part = self.file.slice_with_f64_and_f64(start, end)?;
                let len = (self.end - self.at).min(self.chunk as u64);
                self.stream.insert(Stream::open(part, len as u32)?)
            }
        };
        stream.next().await
    }
}

/// The bytes of a Blob, in order.
enum Stream {
    Byob(Byob),
    Slices(Slices),
}

impl Stream {
    fn open(blob: Blob, chunk: u32) -> Result<Stream, JsValue> {
        let stream = blob.stream();
        match ReadableStreamByobReader::new(&stream) {
            Ok(reader) => Ok(Stream::Byob(Byob::new(stream, reader, chunk))),
            Err(_) => Slices::new(blob, chunk).map(Stream::Slices),
        }
    }

    async fn next(&mut self) -> Result<Read, JsValue> {
        match self {
            Stream::Byob(byob) => byob.next().await,
            Stream::Slices(slices) => slices.next().await,
        }
    }
}

/// A stream read into two buffers in turn.
struct Byob {
    /// Held so that it isn't collected while a read is pending.
    _stream: ReadableStream,
    reader: ReadableStreamByobReader,
    pending: Promise,
    /// The buffer that no read is using.
    free: ArrayBuffer,
}

impl Byob {
    fn new(
        stream: ReadableStream,
        reader: ReadableStreamByobReader,
        chunk: u32,
    ) -> Byob {
        let view = Uint8Array::new_with_length(chunk);
        let pending = reader.read_with_array_buffer_view(&view);
        let free = ArrayBuffer::new(chunk);
        Byob { _stream: stream, reader, pending, free }
    }

    async fn next(&mut self) -> Result<Read, JsValue> {
        let Some(result) = in_time(&self.pending).await? else {
            return Ok(Read::Stalled);
        };
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            return Ok(Read::Ended);
        }
        let chunk: Uint8Array =
            Reflect::get(&result, &"value".into())?.dyn_into()?;
        let view = Uint8Array::new(&self.free);
        self.pending = self.reader.read_with_array_buffer_view(&view);
        self.free = chunk.buffer();
        Ok(Read::Chunk(chunk))
    }
}

impl Drop for Byob {
    fn drop(&mut self) {
        // Nothing is left to be done with the outcome.
        let _ = self.reader.cancel();
    }
}

/// A Blob read slice by slice.
struct Slices {
    blob: Blob,
    chunk: f64,
    /// Where the slice after the pending one begins.
    next: f64,
    pending: Option<Promise>,
}

impl Slices {
    fn new(blob: Blob, chunk: u32) -> Result<Slices, JsValue> {
        let chunk = f64::from(chunk);
        let mut slices = Slices { blob, chunk, next: 0.0, pending: None };
        slices.advance()?;
        Ok(slices)
    }

    /// Asks for the next slice, if there is one.
    fn advance(&mut self) -> Result<(), JsValue> {
        self.pending = None;
        if self.next < self.blob.size() {
            let end = self.next + self.chunk;
            let slice = self.blob.slice_with_f64_and_f64(self.next, end)?;
            self.next = end;
            self.pending = Some(slice.array_buffer());
        }
        Ok(())
    }

    async fn next(&mut self) -> Result<Read, JsValue> {
        let Some(pending) = &self.pending else { return Ok(Read::Ended) };
        let Some(buffer) = in_time(pending).await? else {
            return Ok(Read::Stalled);
        };
        self.advance()?;
        Ok(Read::Chunk(Uint8Array::new(&buffer)))
    }
}

/// Waits for a promise, but not for ever: `None` if it took too long.
async fn in_time(promise: &Promise) -> Result<Option<JsValue>, JsValue> {
    let mut timer = JsValue::UNDEFINED;
    let late = Promise::new(&mut |resolve, _| {
        timer = set_timeout(&resolve, PATIENCE);
    });
    let first = Promise::race(&Array::of2(promise, &late));
    let result = JsFuture::from(first).await;
    clear_timeout(&timer);
    result.map(|value| (!value.is_undefined()).then_some(value))
}

/// The error of a read that the browser refused.
fn unreadable(error: JsValue) -> Error {
    let message = Reflect::get(&error, &"message".into());
    let cause = message.ok().and_then(|message| message.as_string());
    let cause = cause.unwrap_or_else(|| "no reason".to_owned());
    Error::new(ErrorKind::Unreadable { cause })
}
