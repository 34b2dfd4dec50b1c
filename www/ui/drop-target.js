// @ts-check
//# allFunctionsCalledOnLoad
import { filesIn } from './folder.js';

/** Makes the whole window take dropped files and folders; owns the veil shown meanwhile. */
export class DropTarget {
  #container;
  #onFiles;
  #onFolders;
  #onUnreadable;
  /** How many elements the pointer is in, one inside the other. */
  #depth = 0;

  /**
   * @param {HTMLElement} container the veil
   * @param {object} actions
   * @param {(files: File[]) => void} actions.onFiles
   * @param {(inside: File[], beside: File[]) => void} actions.onFolders
   *   called if folders were dropped, with all files in them, and with those
   *   that were dropped with them
   * @param {() => void} actions.onUnreadable called if a folder can't be read
   */
  constructor(container, { onFiles, onFolders, onUnreadable }) {
    this.#container = container;
    this.#onFiles = onFiles;
    this.#onFolders = onFolders;
    this.#onUnreadable = onUnreadable;
    addEventListener('dragenter', (event) => this.#enter(event));
    addEventListener('dragleave', (event) => this.#leave(event));
    addEventListener('dragover', (event) => this.#over(event));
    addEventListener('drop', (event) => this.#drop(event));
  }

  /** @param {DragEvent} event */
  #enter(event) {
    if (!this.#hasFiles(event)) return;
    this.#depth += 1;
    this.#container.hidden = false;
  }

  /** @param {DragEvent} event */
  #leave(event) {
    if (!this.#hasFiles(event)) return;
    this.#depth = Math.max(0, this.#depth - 1);
    this.#container.hidden = this.#depth === 0;
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (!event.dataTransfer || !this.#hasFiles(event)) return;
    // Without this the browser leaves the page to open the file.
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  }

  /** @param {DragEvent} event */
  #drop(event) {
    if (!event.dataTransfer || !this.#hasFiles(event)) return;
    event.preventDefault();
    this.#depth = 0;
    this.#container.hidden = true;
    void this.#take(event.dataTransfer);
  }

  /** @param {DataTransfer} transfer emptied once the event is over */
  async #take(transfer) {
    const items = Array.from(transfer.items, (item) => ({
      entry: item.webkitGetAsEntry(),
      file: item.getAsFile(),
    }));
    const folders = items.map(({ entry }) => entry).filter(isFolder);
    const files = items
      .filter(({ entry }) => !isFolder(entry))
      .map(({ file }) => file)
      .filter((file) => file !== null);
    if (folders.length === 0) {
      if (files.length > 0) this.#onFiles(files);
      return;
    }
    try {
      const inside = await Promise.all(folders.map(filesIn));
      this.#onFolders(inside.flat(), files);
    } catch {
      // What can't be listed can't be read either.
      this.#onUnreadable();
    }
  }

  /** @param {DragEvent} event */
  #hasFiles(event) {
    return event.dataTransfer?.types.includes('Files') ?? false;
  }
}

/**
 * @param {FileSystemEntry | null} entry
 * @returns {entry is FileSystemEntry}
 */
function isFolder(entry) {
  return entry?.isDirectory ?? false;
}
