/** The types that cross the API of playtally.js. Nothing here runs. */

/**
 * A file, or a file with the settings in which it differs from the others.
 * `entry` is the path of a file in an archive, or the name of a file in a
 * rejects CSV; without it an archive stands for all the CSV files in it.
 */
export type Source = Blob | (FileSettings & { file: Blob; entry?: string });

/** A column by its header name (trimmed, any case) or its index from 0. */
export type Column = string | number;

/** What may differ from file to file. */
export interface FileSettings {
  /** Key columns; default `['Song', 'Date']` with their aliases. */
  keys?: Column[];
  /** Columns to total; default `['Number of Plays']` with its aliases. */
  totals?: Column[];
  /** One ASCII character, or `'auto'` (the default). */
  delimiter?: string;
  /** One ASCII character; default `'"'`. */
  quote?: string;
  /** Whether the first record is a header; default `'auto'`. */
  header?: 'auto' | boolean;
  /**
   * The line on which the table begins, from 1, with its header if it has one:
   * lines before it are left out. Default `'auto'`: the first, or the one that
   * the records leave no doubt of.
   */
  firstLine?: 'auto' | number;
  /**
   * A label as https://encoding.spec.whatwg.org/#names-and-labels has them,
   * or `'auto'` (the default).
   */
  encoding?: string;
  /** Default `'auto'`: taken from the values if they leave no doubt. */
  decimalMark?: 'auto' | '.' | ',';
  /**
   * The same; `''` for none. A space stands for no-break spaces too, an
   * apostrophe for a curly one.
   */
  thousandsMark?: 'auto' | '' | ',' | '.' | ' ' | "'";
  /**
   * For each column to total a sign as `'$'`, `'€'` or `'R$'`, a code as
   * `'USD'` or a well-known word as `'kr'` or `'zł'`, which may stand before
   * or behind its numbers; `''` for none, `'auto'` (the default) for the one
   * that its values have. Numbers in another currency are rejected.
   */
  currencies?: string[];
  /**
   * Whether a number in brackets is negative; default `'auto'`: if there are
   * such numbers.
   */
  brackets?: 'auto' | boolean;
  /**
   * In what order dates are written. Years of two digits are understood where
   * there are some among the first records: 00 to 68 are 2000 to 2068, 69 to
   * 99 are 1969 to 1999. `'serial'`: days as spreadsheets count them.
   */
  dateOrder?: 'auto' | 'ymd' | 'dmy' | 'mdy' | 'serial';
}

/** How the fields of a key column are understood; default: byte for byte. */
export interface KeyFormat {
  /** Leave out white space at both ends. */
  trim?: boolean;
  /** Take upper and lower case for the same; written in lower case. */
  fold?: boolean;
  /** Write in Unicode's normalization form C. */
  nfc?: boolean;
  /** Read as a date and write what it lies in, as ISO 8601 has it. */
  date?: 'day' | 'week' | 'month' | 'year' | null;
}

/** Everything `inspect` and `tally` can be told. All have defaults. */
export interface Options extends FileSettings {
  /**
   * Order of the result: `'key'` (the default), by the key columns' bytes;
   * `'total'`, the largest first total first, and equal ones as `'key'` has
   * them; `'first'`, as the values of the first key column first appear in
   * the files, among records that are added, and then by the other columns.
   */
  order?: 'key' | 'total' | 'first';
  /** What a record that can't be used does to the job; default `'skip'`. */
  onReject?: 'skip' | 'stop';
  /** For each key column how it is understood; null: as it stands. */
  keyFormats?: (KeyFormat | null)[];
  /** Decimal places of total columns, 0 to 18; default 0: whole numbers. */
  places?: number;
  /**
   * What is said of each group beside its totals; default nothing. In the
   * result each total column's sum is followed by its minimum, maximum and
   * mean; the number of records stands at the end.
   */
  measures?: ('count' | 'min' | 'max' | 'mean')[];
  /**
   * Decimal places of a mean, 0 to 18, halves rounded away from zero;
   * default 6.
   */
  meanPlaces?: number;
  /** What ends a line of the result; default `'\n'`. */
  terminator?: '\n' | '\r\n';
  /** What stands between two fields of the result; default `','`. */
  outputDelimiter?: string;
  /** The mark before decimal places in the result; default `'.'`. */
  outputDecimalMark?: '.' | ',';
  /** Whether the result begins with a byte order mark; default false. */
  bom?: boolean;
  /**
   * Whether an apostrophe goes before keys that a spreadsheet would run as
   * formulas; default false.
   */
  neutralise?: boolean;
  /**
   * How many times its size a compressed file may grow, the first GiB aside;
   * default 250.
   */
  expansionLimit?: number;
  /** Number of workers; default the machine's. */
  workers?: number;
  /** Bytes of a split, the unit of work. */
  splitBytes?: number;
  /** Bytes of a chunk, the unit of reading. */
  chunkBytes?: number;
  /** Budget of all partial aggregates together, in bytes. */
  memoryBytes?: number;
  /** Longest record in bytes; default 1 MiB. */
  recordLimitBytes?: number;
}

/** Something a person should know about a file, before or after the run. */
export interface Problem {
  /**
   * `'empty'`, `'header_only'`, `'missing_column'`, `'same_column'`,
   * `'not_text'`, `'header_too_long'`, `'ambiguous_dates'`,
   * `'ambiguous_numbers'`, `'mixed_currencies'`, `'currencies_differ'`,
   * `'damaged_archive'`, `'expands'`, `'left_out'`, `'preamble'`,
   * `'no_such_line'`, `'quote_limit'`, `'short_years'`, `'bad_encoding'` and the like.
   */
  code: string;
  /** `'error'`: the file can't be tallied as it stands. */
  severity: 'notice' | 'error';
  /** A whole sentence or two in plain words, with what to do. */
  message: string;
  /** In a report: the file's place among those of the job, if it has one. */
  file?: number | null;
}

/**
 * What the job asked of a file that rejected some of its records. Nothing of
 * it is asked again by itself: give `tally` what of it is to be.
 */
export interface Asked {
  /** Indices of the key columns; null if they are found by default. */
  keys: number[] | null;
  /** Those of the columns to total. */
  totals: number[] | null;
  /** As {@link FileSettings.currencies}; those at the end may be missing. */
  currencies: string[];
  /** As {@link Options.keyFormats}; those at the end may be missing. */
  keyFormats: KeyFormat[];
  /** Decimal places of totals. */
  places: number;
}

/** What the first bytes of a file say. */
export interface Inspection {
  /** Its source's place among those given: an archive gives several. */
  source: number;
  /** Its path in an archive, or its name in a rejects CSV. */
  entry: string | null;
  /** What it is packed in. */
  container: null | 'gzip' | 'zip' | 'zstd' | 'rejects';
  /** If it is in a rejects CSV, what was asked of it. */
  asked: Asked | null;
  /** With that of the archive, if it is in one. */
  name: string;
  /** In bytes, as it is packed. */
  size: number;
  /** The name of the encoding, as the Encoding Standard has it. */
  encoding: string;
  /** Whether that was guessed, and may be wrong. */
  encodingGuessed: boolean;
  /** Whether it begins with a byte order mark. */
  bom: boolean;
  /** The delimiter found or given, one character. */
  delimiter: string;
  /** What ends a record: `'\n'`, `'\r\n'`, `'\r'`, or `''` if none was seen. */
  terminator: string;
  /** Whether the first record is a header. */
  header: boolean;
  /** The line on which the table begins, from 1: that of the header. */
  firstLine: number;
  /** How many lines before it are left out. */
  leftOut: number;
  /** The first ten of them, cut if long. */
  preamble: string[];
  /** Every column's name, in the file's order. */
  columns: string[];
  /** Up to ten records after the header. */
  records: string[][];
  /** For each column what its values look like. */
  types: ('date' | 'integer' | 'decimal' | 'text')[];
  /** How numbers and dates are written, given or without doubt. */
  decimalMark: '.' | ',';
  thousandsMark: '' | ',' | '.' | ' ' | "'";
  dateOrder: 'ymd' | 'dmy' | 'mdy' | 'serial' | null;
  /** For each column to total its currency, or `''`. */
  currencies: string[];
  /** For each of them all that it seems to have, the most common first. */
  allCurrencies: string[][];
  /** Whether numbers in brackets are negative. */
  brackets: boolean;
  /**
   * Values that can be read in two ways: dates if a date column is asked for,
   * with the orders that they can be in, and numbers in total columns.
   */
  examples: {
    dates: string[];
    orders: ('dmy' | 'mdy' | 'ymd')[];
    numbers: string[];
  };
  /** For each key column the index of its column, or null if not found. */
  keys: (number | null)[];
  /** For each column to total the index of its column, or null. */
  totals: (number | null)[];
  problems: Problem[];
}

/** How far a job is. Counts are of what is known so far. */
export interface Progress {
  /** The job's id, the same in every call. */
  id: string;
  phase: 'queued' | 'reading' | 'merging' | 'finishing';
  /** Bytes read, of `totalBytes`. */
  bytes: number;
  totalBytes: number;
  records: number;
  /**
   * The most groups that were in the workers' tables at once; a group known to
   * two counts twice.
   */
  groups: number;
  rejected: number;
  /** Bytes that the job has on disk. */
  disk: number;
  /**
   * Bytes that it may have there, as the browser said when it began; null if
   * it didn't say or keeps nothing on disk.
   */
  room: number | null;
  /** Since the first byte was asked for. */
  seconds: number;
}

/** A record that could not be used. */
export interface Reject {
  file: string;
  /** From 1, the header not counted. */
  record: number;
  /** The line on which it starts, from 1, the header counted. */
  line: number;
  /**
   * Offset of its first byte from the start of the file, or if that is packed
   * or in an encoding of more than one byte a character, of the UTF-8 text
   * that comes out.
   */
  byte: number;
  /** Its code, for example `'bad_number'`. */
  reason: string;
  /** The reason in words. */
  message: string;
  /** The column at fault, if it is one, and what it holds. */
  column: string | null;
  value: string;
  /** The record as it stands in the file, cut if long. */
  raw: string;
}

/** What one file gave. */
export interface FileReport {
  name: string;
  size: number;
  records: number;
  added: number;
  rejected: number;
  blank: number;
  /** Lines before its table that are left out. */
  leftOut: number;
  /**
   * For each totalled column what its added records come to, in digits, with a
   * point before decimal places. Over all files that equals `Report.totals`.
   */
  totals: string[];
}

/** The account of a finished job. */
export interface Report {
  /** Records read = added + rejected. */
  records: number;
  added: number;
  rejected: number;
  /** Blank lines, which are not records. */
  blank: number;
  /** Lines before the tables of the files, which are left out. */
  leftOut: number;
  /** Rows of the result. */
  groups: number;
  /**
   * Records of the result, the header being one too, with a key that a
   * spreadsheet would run as a formula: one that begins with `=`, `+`, `-`,
   * `@`, a tab or a carriage return.
   */
  formulas: number;
  /** Bytes read; equals the sizes of the files together. */
  bytes: number;
  /**
   * For each totalled column the sum added up while reading and the sum over
   * the result, in plain digits, with a point before decimal places. They are
   * equal, or the job fails.
   */
  totals: { name: string; read: string; written: string }[];
  /** Rejected records by reason. */
  reasons: { reason: string; message: string; count: number }[];
  /** The first hundred rejects in input order. */
  firstRejects: Reject[];
  files: FileReport[];
  notices: Problem[];
  seconds: number;
  workers: number;
  splits: number;
  /** Splits whose guessed start was wrong and that ran again. */
  splitsRunAgain: number;
  /** Workers that died and were replaced. */
  deaths: number;
  /** Merges of partial results that were too many to be merged at once. */
  passes: number;
  /**
   * The most bytes that a group took in a worker's tables and dictionaries,
   * the keys' own bytes aside, when they were emptied; of those that had at
   * least 1,000 groups, null if none had.
   */
  groupBytes: number | null;
}

/** How a result is written. */
export interface Written {
  delimiter: string;
  decimalMark: '.' | ',';
  /** Whether it begins with a byte order mark. */
  bom: boolean;
  /** How many of its first columns are keys; all others are numbers. */
  keys: number;
}

/** A finished job. */
export interface Tally {
  id: string;
  /** The result: one record for each key. */
  csv: Blob;
  /** The rejected records as CSV, or null if there are none. */
  rejects: Blob | null;
  report: Report;
  /** Null if it isn't known, as of jobs of earlier versions. */
  written: Written | null;
  /**
   * Deletes the job, and with it what it has on disk. Its Blobs can't be read
   * afterwards. Until then it is one of `jobs()`, in later visits too.
   */
  close(): Promise<void>;
}

/** A finished job on disk, of this visit or an earlier one. */
export interface StoredJob {
  id: string;
  /** Its files in order. */
  files: { name: string; size: number }[];
  finished: Date;
  /** `'damaged'` if what is on disk is not all that was written. */
  status: 'done' | 'damaged';
  /** Bytes that it takes on disk. */
  bytes: number;
  report: Report;
  /**
   * Gives the result. Rejects with a `TallyError` if it is damaged.
   */
  open(): Promise<Tally>;
  /** Deletes it from the disk. */
  delete(): Promise<void>;
}

/** What else `tally` can be given. */
export interface Watch {
  /** Aborting it rejects the tally with an `AbortError`. */
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
}
