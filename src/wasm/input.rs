//! A file's bytes from some offset on, unpacked if it is packed.

use js_sys::Uint8Array;
use wasm_bindgen::prelude::*;

use super::stream::Source;
use crate::error::Error;

#[wasm_bindgen]
extern "C" {
    /// What makes text of packed bytes, in a module of its own: whatever has
    /// these methods.
    #[wasm_bindgen(typescript_type = "object")]
    pub type Pieces;

    /// Takes the next packed bytes.
    #[wasm_bindgen(method)]
    fn push(this: &Pieces, bytes: &Uint8Array);

    /// Says that all packed bytes were given.
    #[wasm_bindgen(method)]
    fn finish(this: &Pieces);

    /// The next piece, or `undefined` if more packed bytes are needed or,
    /// once it was told to finish, if that was all. The piece is valid until
    /// the next call.
    #[wasm_bindgen(method, catch)]
    fn piece(this: &Pieces) -> Result<Option<Uint8Array>, JsValue>;

    /// Frees what it holds.
    #[wasm_bindgen(method)]
    fn free(this: &Pieces);
}

/// What a split is read from.
pub struct Input<'n> {
    pub source: Source,
    name: &'n str,
    pieces: Option<Pieces>,
    /// Offset of the next byte to be handed out.
    at: u64,
    /// Bytes read, as they are packed.
    read: u64,
    /// The last of them.
    last: Option<Uint8Array>,
    /// Whether all packed bytes were pushed.
    finished: bool,
}

impl Input<'_> {
    /// Creates the input of a file of this name from its source and, if its
    /// bytes are packed, what unpacks them; then the source must begin at the
    /// file's beginning.
    pub fn new(
        source: Source,
        name: &str,
        pieces: Option<Pieces>,
    ) -> Input<'_> {
        let at = match pieces {
            None => source.at(),
            Some(_) => 0,
        };
        let (read, last, finished) = (0, None, false);
        Input { source, name, pieces, at, read, last, finished }
    }

    /// Bytes read so far, as they are packed.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// The next bytes from offset `from` on, valid until the call after, or
    /// `None` at the end of the file.
    ///
    /// # Errors
    ///
    /// If the file can't be read or unpacked to its end.
    pub async fn next(
        &mut self,
        from: u64,
    ) -> Result<Option<Uint8Array>, JsValue> {
        let chunk = match &self.pieces {
            None => self.chunk().await?,
            Some(_) => self.piece().await?,
        };
        let Some(chunk) = chunk else { return Ok(None) };
        let len = u64::from(chunk.length());
        let skipped = from.saturating_sub(self.at).min(len);
        self.at += len;
        Ok(Some(chunk.subarray(skipped as u32, len as u32)))
    }

    /// Ends it, and gives the source back so that its last chunk comes again:
    /// what lies behind that which was needed can be read from there.
    pub fn into_source(mut self) -> Source {
        if let Some(chunk) = self.last {
            self.source.repeat(chunk);
        }
        self.source
    }

    /// Ends it.
    pub fn close(self) {
        if let Some(pieces) = &self.pieces {
            pieces.free();
        }
        self.source.close();
    }

    /// The next piece of what is unpacked.
    async fn piece(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        loop {
            let Some(pieces) = &self.pieces else { return Ok(None) };
            if let Some(piece) = pieces.piece()? {
                return Ok(Some(piece));
            }
            if self.finished {
                return Ok(None);
            }
            let chunk = self.chunk().await?;
            match (&self.pieces, chunk) {
                (Some(pieces), Some(chunk)) => pieces.push(&chunk),
                (Some(pieces), None) => {
                    pieces.finish();
                    self.finished = true;
                }
                (None, _) => return Ok(None),
            }
        }
    }

    /// The next bytes as they stand in the file.
    async fn chunk(&mut self) -> Result<Option<Uint8Array>, Error> {
        let chunk = self.source.next().await;
        let chunk = chunk.map_err(|error| error.in_file(self.name))?;
        self.read += chunk.as_ref().map_or(0, |chunk| chunk.length().into());
        self.last.clone_from(&chunk);
        Ok(chunk)
    }
}
