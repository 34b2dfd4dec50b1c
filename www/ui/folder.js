// @ts-check
//# allFunctionsCalledOnLoad

/**
 * Lists all files in a folder that was dropped, and in the folders in it, each
 * with its path as a folder that was chosen gives it.
 *
 * @see https://developer.mozilla.org/docs/Web/API/FileSystemDirectoryReader
 * @param {FileSystemEntry} entry a folder, or a file
 * @returns {Promise<File[]>} in the order of their paths
 */
export async function filesIn(entry) {
  if (isFile(entry)) return [await fileOf(entry)];
  if (!isFolder(entry)) return [];
  const entries = await entriesOf(entry);
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const files = [];
  // One after the other: a folder may hold thousands.
  for (const each of entries) files.push(...(await filesIn(each)));
  return files;
}

/**
 * @param {FileSystemEntry} entry
 * @returns {entry is FileSystemFileEntry}
 */
function isFile(entry) {
  return entry.isFile;
}

/**
 * @param {FileSystemEntry} entry
 * @returns {entry is FileSystemDirectoryEntry}
 */
function isFolder(entry) {
  return entry.isDirectory;
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
async function fileOf(entry) {
  /** @type {File} */
  const file = await new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
  // Files of the same name in several folders are told apart by it.
  const value = entry.fullPath.replace(/^\//, '');
  return Object.defineProperty(file, 'webkitRelativePath', { value });
}

/**
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>}
 */
async function entriesOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((resolve, reject) => {
      reader.readEntries(resolve, reject);
    });
    // It gives a hundred at most, and none at the end.
    if (some.length === 0) return all;
    all.push(...some);
  }
}
