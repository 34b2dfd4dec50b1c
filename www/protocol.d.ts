/** The messages between the page and a worker. Nothing here runs. */

/** What the page asks of a worker. Each request gets one answer. */
export interface Request {
  id: number;
  method: string;
  args: unknown[];
}

/** What a worker says. */
export interface Answer {
  /** It is there; said once, before anything is asked of it. */
  ready?: boolean;
  /**
   * Bytes, records, rejects and groups of the split being parsed, and the
   * bytes on disk that no answer has spoken of yet.
   */
  progress?: number[];
  /** The request that this answers. */
  id?: number;
  result?: unknown;
  error?: Failure;
}

/** An error as it crosses to the page. */
export interface Failure {
  message: string;
  /** Null if it is a fault of the worker and not of a file. */
  code: string | null;
  file: string | null;
  /** Whether it is a fault because no memory was left. */
  outOfMemory?: boolean;
}

/** How a file is packed, as the crate's `Packing` has it. */
export interface Packing {
  /** `'gzip'`, `'zip'`, `'zstd'` or `'rejects'`, if it is packed. */
  container: string | null;
  /** The file in it, if it can hold several. */
  entry: Entry | null;
  /** What its text is transcoded from, if it must be. */
  encoding: string | null;
}

/** A file in an archive; the crate's `Entry` has more. */
export interface Entry {
  name: string;
  /** The half-open range of the archive's bytes that it lies in. */
  start: number;
  end: number;
}
