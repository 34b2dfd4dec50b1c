/** What only workers have, and tests change in them. Nothing here runs. */

interface FileSystemSyncAccessHandle {
  read(into: BufferSource, options?: { at?: number }): number;
  write(data: BufferSource, options?: { at?: number }): number;
}

declare var FileSystemSyncAccessHandle: {
  prototype: FileSystemSyncAccessHandle;
};
