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
//! - Buffers are handed from stream to stream: hundreds of splits would
//!   otherwise leave hundreds of megabytes for the browser to collect.
//! - Opening a stream costs as much as reading some megabytes. So it goes to
//!   the end of the file, and a split that lies behind the one before is read
//!   from where that one's reading stopped.
//!
//! [BYOB reader]: https://developer.mozilla.org/docs/Web/API/ReadableStreamBYOBReader

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{
    Array, ArrayBuffer, Date, Function, Promise, Reflect, Uint8Array,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, ReadableStream, ReadableStreamByobReader};

use crate::error::{Error, ErrorKind};

/// How long a read may take, in milliseconds: this, and up to a quarter less.
/// A file on a slow network drive answers in less.
const PATIENCE: i32 = 20_000;

/// How often a read is tried again.
const TRIES: u32 = 5;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> JsValue;
}

/// Reads a file from an offset on.
pub struct Source {
    file: Blob,
    /// Offset of the next byte to be handed out.
    at: u64,
    /// Up to where chunks are asked for before they are needed.
    end: u64,
    size: u64,
    chunk: usize,
    stream: Option<Stream>,
    /// The chunk that is to be handed out once more.
    again: Option<Uint8Array>,
    buffers: Buffers,
    deadline: Deadline,
}

/// Buffers of one size that no read is using, shared by all sources of an
/// engine.
#[derive(Clone, Default)]
pub struct Buffers(Rc<RefCell<Vec<ArrayBuffer>>>);

impl Buffers {
    /// Takes a buffer out, or makes one.
    fn take(&self, bytes: u32) -> ArrayBuffer {
        let buffer = self.0.borrow_mut().pop();
        buffer.unwrap_or_else(|| ArrayBuffer::new(bytes))
    }

    /// Puts buffers back.
    fn put(&self, buffers: impl IntoIterator<Item = ArrayBuffer>) {
        self.0.borrow_mut().extend(buffers);
    }
}

/// What a [`Stream`] says.
enum Read {
    Chunk(Uint8Array),
    Ended,
    Stalled,
}

impl Source {
    /// Creates a source of the bytes from `start` on, few of which are needed
    /// behind `end`, in chunks of at most `chunk` bytes, read into `buffers`
    /// of that size as long as there are any.
    pub fn new(
        file: &Blob,
        size: u64,
        start: u64,
        end: u64,
        chunk: usize,
        buffers: Buffers,
    ) -> Source {
        Source {
            file: file.clone(),
            at: start,
            end,
            size,
            chunk,
            stream: None,
            again: None,
            buffers,
            deadline: Deadline::default(),
        }
    }

    /// The offset of the next byte to be handed out.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// How many bytes are still to come up to its end.
    pub fn left(&self) -> u64 {
        self.end.saturating_sub(self.at)
    }

    /// Puts its end further back.
    pub fn extend(&mut self, end: u64) {
        self.end = end;
    }

    /// Hands the chunk that it handed out last out once more.
    pub fn repeat(&mut self, chunk: Uint8Array) {
        self.at -= u64::from(chunk.length());
        self.again = Some(chunk);
    }

    /// Opens the stream, so that its first chunk is on its way.
    ///
    /// # Errors
    ///
    /// If the browser can't open it.
    pub fn start(&mut self) -> Result<(), JsValue> {
        if self.stream.is_none() && self.at < self.size {
            self.stream = Some(self.open()?);
        }
        Ok(())
    }

    /// Ends the stream once no read is under way, which has a buffer.
    pub fn close(mut self) {
        spawn_local(async move {
            if let Some(stream) = &mut self.stream
                && stream.is_reading()
            {
                let _ = stream.next(&mut self.deadline, |_| false).await;
            }
            self.end_stream();
        });
    }

    /// Forgets the open stream but for its buffers.
    fn end_stream(&mut self) {
        if let Some(Stream::Byob(mut stream)) = self.stream.take() {
            self.buffers.put(stream.free.drain(..));
        }
    }

    /// The next chunk, valid until the call after, or `None` at the end of
    /// the file.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unreadable`] if the browser can't read the file, and
    /// [`ErrorKind::Changed`] if it is shorter than it was.
    pub async fn next(&mut self) -> Result<Option<Uint8Array>, Error> {
        if let Some(chunk) = self.again.take() {
            self.at += u64::from(chunk.length());
            return Ok(Some(chunk));
        }
        let mut tries = 0;
        while self.at < self.size {
            match self.read().await.map_err(unreadable)? {
                Read::Chunk(chunk) => {
                    self.at += u64::from(chunk.length());
                    return Ok(Some(chunk));
                }
                Read::Ended => return Err(Error::new(ErrorKind::Changed)),
                Read::Stalled if tries < TRIES => {
                    tries += 1;
                    self.end_stream();
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
        self.start()?;
        let left = self.left();
        let needs_more = |length: u32| u64::from(length) < left;
        match &mut self.stream {
            Some(stream) => stream.next(&mut self.deadline, needs_more).await,
            None => Ok(Read::Ended),
        }
    }

    /// Opens a stream of what is to come.
    fn open(&mut self) -> Result<Stream, JsValue> {
        let (start, end) = (self.at as f64, self.size as f64);
        let part = self.file.slice_with_f64_and_f64(start, end)?;
        // At most 256 MiB, as the options have it.
        Stream::open(part, self.chunk as u32, &self.buffers)
    }
}

/// The bytes of a Blob, in order.
enum Stream {
    Byob(Byob),
    Slices(Slices),
}

impl Stream {
    fn open(
        blob: Blob,
        chunk: u32,
        buffers: &Buffers,
    ) -> Result<Stream, JsValue> {
        let stream = blob.stream();
        match ReadableStreamByobReader::new(&stream) {
            Ok(reader) => {
                let pair = [buffers.take(chunk), buffers.take(chunk)];
                Ok(Stream::Byob(Byob::new(stream, reader, pair)))
            }
            Err(_) => Slices::new(blob, chunk).map(Stream::Slices),
        }
    }

    /// Whether a read is under way.
    fn is_reading(&self) -> bool {
        match self {
            Stream::Byob(byob) => byob.pending.is_some(),
            Stream::Slices(slices) => slices.pending.is_some(),
        }
    }

    /// The next chunk. The one after it is asked for if `needs_more` says so,
    /// given the chunk's length.
    async fn next(
        &mut self,
        deadline: &mut Deadline,
        needs_more: impl Fn(u32) -> bool,
    ) -> Result<Read, JsValue> {
        match self {
            Stream::Byob(byob) => byob.next(deadline, needs_more).await,
            Stream::Slices(slices) => slices.next(deadline, needs_more).await,
        }
    }
}

/// A stream read into two buffers in turn.
struct Byob {
    /// Held so that it isn't collected while a read is pending.
    _stream: ReadableStream,
    reader: ReadableStreamByobReader,
    /// The read under way, if there is one.
    pending: Option<Promise>,
    /// The buffers that no read is using.
    free: Vec<ArrayBuffer>,
}

impl Byob {
    fn new(
        stream: ReadableStream,
        reader: ReadableStreamByobReader,
        buffers: [ArrayBuffer; 2],
    ) -> Byob {
        let free = buffers.into();
        let mut byob = Byob { _stream: stream, reader, pending: None, free };
        byob.ask();
        byob
    }

    /// Asks for the next chunk.
    fn ask(&mut self) {
        self.pending = self.free.pop().map(|buffer| {
            let view = Uint8Array::new(&buffer);
            self.reader.read_with_array_buffer_view(&view)
        });
    }

    /// As [`Stream::next`].
    async fn next(
        &mut self,
        deadline: &mut Deadline,
        needs_more: impl Fn(u32) -> bool,
    ) -> Result<Read, JsValue> {
        if self.pending.is_none() {
            self.ask();
        }
        let Some(pending) = &self.pending else { return Ok(Read::Ended) };
        let Some(result) = deadline.wait(pending).await? else {
            return Ok(Read::Stalled);
        };
        self.pending = None;
        let value = Reflect::get(&result, &"value".into())?;
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            // The last view is empty, but its buffer is whole.
            let view = value.dyn_into::<Uint8Array>().ok();
            self.free.extend(view.map(|view| view.buffer()));
            return Ok(Read::Ended);
        }
        let chunk: Uint8Array = value.dyn_into()?;
        if needs_more(chunk.length()) {
            self.ask();
        }
        self.free.push(chunk.buffer());
        Ok(Read::Chunk(chunk))
    }
}

impl Drop for Byob {
    fn drop(&mut self) {
        let cancelled = self.reader.cancel();
        spawn_local(async {
            // It fails if the stream did, and that was told already.
            let _ = JsFuture::from(cancelled).await;
        });
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
        slices.ask()?;
        Ok(slices)
    }

    /// Asks for the next slice, if there is one.
    fn ask(&mut self) -> Result<(), JsValue> {
        if self.next < self.blob.size() {
            let end = self.next + self.chunk;
            let slice = self.blob.slice_with_f64_and_f64(self.next, end)?;
            self.next = end;
            self.pending = Some(slice.array_buffer());
        }
        Ok(())
    }

    /// As [`Stream::next`].
    async fn next(
        &mut self,
        deadline: &mut Deadline,
        needs_more: impl Fn(u32) -> bool,
    ) -> Result<Read, JsValue> {
        if self.pending.is_none() {
            self.ask()?;
        }
        let Some(pending) = &self.pending else { return Ok(Read::Ended) };
        let Some(buffer) = deadline.wait(pending).await? else {
            return Ok(Read::Stalled);
        };
        self.pending = None;
        let chunk = Uint8Array::new(&buffer);
        if needs_more(chunk.length()) {
            self.ask()?;
        }
        Ok(Read::Chunk(chunk))
    }
}

/// A time by which reads must have been answered. A timer for each of them
/// would cost more than the read: Chromium hands out pieces of 64 KiB.
#[derive(Default)]
struct Deadline {
    /// Resolves when the time has come.
    late: Option<Promise>,
    /// When that was made, in milliseconds.
    made: f64,
}

impl Deadline {
    /// Waits for a promise, but not for ever: `None` if it took too long.
    async fn wait(
        &mut self,
        promise: &Promise,
    ) -> Result<Option<JsValue>, JsValue> {
        let late = self.late();
        let first = Promise::race(&Array::of2(promise, &late));
        let value = JsFuture::from(first).await?;
        if value.is_undefined() {
            self.late = None;
        }
        Ok((!value.is_undefined()).then_some(value))
    }

    /// What resolves when a read that begins now takes too long.
    fn late(&mut self) -> Promise {
        let now = Date::now();
        if now - self.made > f64::from(PATIENCE / 4) {
            self.late = None;
        }
        let made = &mut self.made;
        let late = self.late.get_or_insert_with(|| {
            *made = now;
            Promise::new(&mut |resolve, _| {
                set_timeout(&resolve, PATIENCE);
            })
        });
        late.clone()
    }
}

/// The error of a read that the browser refused.
fn unreadable(error: JsValue) -> Error {
    let message = Reflect::get(&error, &"message".into());
    let cause = message.ok().and_then(|message| message.as_string());
    let cause = cause.unwrap_or_else(|| "no reason".to_owned());
    Error::new(ErrorKind::Unreadable { cause })
}
