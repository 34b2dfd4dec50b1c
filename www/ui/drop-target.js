// @ts-check

/** Makes the whole window take dropped files; owns the veil shown meanwhile. */
export class DropTarget {
  #container;
  #onFiles;
  #onFolders;
  /** How many elements the pointer is in, one inside the other. */
  #depth = 0;

  /**
   * @param {HTMLElement} container the veil
   * @param {object} actions
   * @param {(files: File[]) => void} actions.onFiles
   * @param {() => void} actions.onFolders called if only folders were dropped
   */
  constructor(container, { onFiles, onFolders }) {
    this.#container = container;
    this.#onFiles = onFiles;
    this.#onFolders = onFolders;
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
    const files = this.#files(event.dataTransfer);
    if (files.length > 0) this.#onFiles(files);
    else this.#onFolders();
  }

  /** @param {DragEvent} event */
  #hasFiles(event) {
    return event.dataTransfer?.types.includes('Files') ?? false;
  }

  /**
   * Takes the files and leaves the folders, which would only fail to be read.
   *
   * @param {DataTransfer} transfer
   */
  #files(transfer) {
    return Array.from(transfer.items)
      .filter((item) => !item.webkitGetAsEntry()?.isDirectory)
      .map((item) => item.getAsFile())
      .filter((file) => file !== null);
  }
}
