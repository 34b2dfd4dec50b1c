//! A folder of the origin private file system.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, FileSystemDirectoryHandle, FileSystemFileHandle,
    FileSystemGetFileOptions, WorkerGlobalScope,
};

use super::handle::{Handle, or_no_space};

/// The folder of a job, which the page made and will remove.
#[derive(Clone)]
pub struct Folder(FileSystemDirectoryHandle);

impl Folder {
    /// Opens the folder at a path of names with slashes between them. It
    /// isn't created: the page may have removed it, and then the job is over.
    ///
    /// # Errors
    ///
    /// If it isn't there.
    pub async fn open(path: &str) -> Result<Folder, JsValue> {
        let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
        let mut folder = scope.navigator().storage().get_directory();
        for name in path.split('/') {
            let parent: FileSystemDirectoryHandle = get(folder).await?;
            folder = parent.get_directory_handle(name);
        }
        Ok(Folder(get(folder).await?))
    }

    /// Creates a file, to be written.
    ///
    /// # Errors
    ///
    /// If the browser can't.
    pub async fn create(&self, name: &str) -> Result<Handle, JsValue> {
        let options = FileSystemGetFileOptions::new();
        options.set_create(true);
        let file = self.0.get_file_handle_with_options(name, &options);
        let file = get(file).await.map_err(or_no_space)?;
        Handle::create(file).await
    }

    /// Returns a file.
    ///
    /// # Errors
    ///
    /// If it isn't there.
    pub async fn file(
        &self,
        name: &str,
    ) -> Result<FileSystemFileHandle, JsValue> {
        get(self.0.get_file_handle(name)).await
    }

    /// Removes a file some time soon. If that fails, it goes with the folder.
    pub fn remove(&self, name: &str) {
        let removed = self.0.remove_entry(name);
        spawn_local(async {
            let _ = JsFuture::from(removed).await;
        });
    }
}

/// The bytes of a file as a Blob.
///
/// # Errors
///
/// If the browser can't give them.
pub async fn blob(file: &FileSystemFileHandle) -> Result<Blob, JsValue> {
    get(file.get_file()).await
}

/// Waits for a promise of a thing of this type.
async fn get<T: JsCast>(promise: Promise) -> Result<T, JsValue> {
    JsFuture::from(promise).await.map(JsCast::unchecked_into)
}
