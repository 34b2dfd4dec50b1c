// @ts-check
//# allFunctionsCalledOnLoad
import {
  Tally,
  inspect as inspectHead,
  warmInspection,
} from './pkg/page/page.js';
import { open } from './archive.js';
import { enter, getUnpackModule, hasEntered } from './code.js';
import { list } from './finished-job.js';
import { readAhead } from './heads.js';
import { JobFolder, JobPlace } from './job-folder.js';
import { JobRun } from './job-run.js';
import { LeftOut, leftOutNotice } from './left-out.js';
import { findRoom } from './room.js';
import { readText } from './text.js';
import { TallyError } from './tally-error.js';
import { Understudy } from './understudy.js';
import { WorkerPool } from './worker-pool.js';

/**
 * Playtally's API: what the page is made of, and all it uses.
 *
 * @typedef {import('./types.d.ts').Source} Source
 * @typedef {import('./types.d.ts').Options} Options
 * @typedef {import('./types.d.ts').Inspection} Inspection
 * @typedef {import('./types.d.ts').Watch} Watch
 * @typedef {import('./types.d.ts').Tally} Result
 * @typedef {import('./types.d.ts').StoredJob} StoredJob
 * @typedef {import('./text.js').Text} Text
 * @typedef {import('./engine-worker.js').EngineWorker} EngineWorker
 * @typedef {import('./job-run.js').Workers} Workers
 */

/** The budget of partial aggregates is this part of the machine's memory. */
const MEMORY_SHARE = 1 / 4;

/** What the browser is taken to have if it doesn't say, in GiB. */
const USUAL_MEMORY = 4;

/**
 * How long after a job its workers end, in milliseconds: while the browser
 * takes their memory back the page waits, and can't show a result.
 */
const AFTERWARDS = 100;

/** The file of a rehearsal. */
const REHEARSED = new Blob([
  'Song,Date,Number of Plays\n',
  '"A title, quoted",2020-01-01,12\nAnother,2020-01-02,345\n'.repeat(20),
]);

const pool = new WorkerPool();

/** Whether code that inspects files has run, and what was left is removed. */
let isWarm = false;

/** Settles when the job that was asked for last is over. */
let lastJob = Promise.resolve();

/**
 * The place that waits for the next job.
 *
 * @type {JobPlace | undefined}
 */
let nextPlace;

/**
 * Says what the first bytes of each file tell: how it is written, its
 * columns, its first records, and what is wrong with it.
 *
 * It reads at most 1 MiB of each file, and of each file in an archive what it
 * takes to unpack that much.
 *
 * @param {Source[]} files
 * @param {Options} [options]
 * @returns {Promise<Inspection[]>} one for each file, and for each table in an
 *   archive
 * @throws {TallyError} if an option doesn't exist or has a bad value, or a
 *   file can't be read
 */
export async function inspect(files, options = {}) {
  await enter();
  const found = files.map(async (source, place) => {
    const inspections = [];
    const { file, name, entry, own } = takeApart(source);
    for await (const opened of open(file, name, entry)) {
      const label = labelOf(options, withKnown(own, opened));
      const text = await readText(opened, label);
      inspections.push(inspectOpened(text, place, options, own));
    }
    return inspections;
  });
  return (await Promise.all(found)).flat();
}

/**
 * @param {Text} opened
 * @param {number} source its source's place
 * @param {Options} options
 * @param {object} [own]
 * @returns {Inspection}
 */
function inspectOpened(opened, source, options, own) {
  const { name, file, packing, head, last, error, asked } = opened;
  const settings = withKnown(own, opened);
  const found = inspectHead(head, last, options, settings, opened.encoding);
  const container = packing?.container ?? null;
  const entry = packing?.entry?.name ?? null;
  const about = { source, entry, container, name, size: file.size, asked };
  if (error) {
    const { code, message } = error;
    found.problems = [{ code, severity: 'error', message }];
  } else if (opened.isFirst && opened.leftOut.length > 0) {
    found.problems.push(leftOutNotice(opened.leftOut));
  }
  return { ...about, ...found };
}

/**
 * Totals files. Jobs run one at a time, in the order they were asked for.
 * What a job gave stays on disk until it is closed, if the browser has a
 * place for it.
 *
 * @param {Source[]} files
 * @param {Options} [options]
 * @param {Watch} [watch]
 * @returns {Promise<Result>}
 * @throws {DOMException} an `AbortError` if the signal aborts
 * @throws {TallyError} anything else, with a `code` and words for a person
 */
export async function tally(files, options = {}, { signal, onProgress } = {}) {
  const place = nextPlace ?? new JobPlace();
  nextPlace = undefined;
  const { id } = place;
  const before = lastJob;
  /** @type {(after?: Promise<void>) => void} */
  let over = () => {};
  lastJob = new Promise((resolve) => (over = resolve));
  /** @type {Promise<void> | undefined} */
  let ended;
  /** @type {Promise<JobFolder | null> | undefined} */
  let folder;
  /** @type {JobRun | undefined} */
  let run;
  const aborted = whenAborted(signal);
  try {
    const all = new Set(files.map((source) => takeApart(source).file));
    const totalBytes = [...all].reduce((sum, { size }) => sum + size, 0);
    onProgress?.({
      ...{ id, phase: 'queued', bytes: 0, totalBytes, records: 0 },
      ...{ groups: 0, rejected: 0, disk: 0, room: null, seconds: 0 },
    });
    await Promise.race([before, aborted]);
    await Promise.race([enter(), aborted]);
    // It takes as long as reading the heads, so both are done at once.
    folder = place.makeFolder();
    const begun = begin(id, files, options, folder);
    run = await Promise.race([begun, aborted]);
    const result = await Promise.race([run.run(onProgress), aborted]);
    ended = pause(AFTERWARDS).then(() => run?.end());
    return result;
  } catch (error) {
    run?.end();
    await (await folder)?.delete().catch(() => {});
    throw error;
  } finally {
    // A job that was aborted while it waited must not let the next one
    // overtake the one that runs.
    before.then(() => over(ended));
  }
}

/**
 * Lists the finished jobs on disk, those of earlier visits too.
 *
 * @returns {Promise<StoredJob[] | null>} the newest first; null if the browser
 *   has no place for them, as in some browsers' private windows
 */
export async function jobs() {
  await enter();
  return list();
}

/**
 * Starts the workers, so that they are there when a job begins, and the first
 * time removes what pages that crashed or were closed left on disk. Workers
 * that no job comes for end after a while.
 *
 * @param {Blob[]} [files] those that the job will be of, if they are known:
 *   it begins to read them
 * @returns {Promise<void>}
 */
export async function warm(files = []) {
  // Heads come while whoever chose the files is shown something.
  if (hasEntered()) readAhead(files);
  await enter();
  nextPlace ??= new JobPlace();
  pool.start(cores());
  if (isWarm) return;
  isWarm = true;
  warmInspection();
  // What goes wrong now goes wrong again in a job.
  warmWorkers(pool.idle).catch(() => {});
  await JobFolder.tidy();
}

/**
 * Has workers rehearse, and then one of them warm up for all: they share a
 * module, and with it the fast code that the browser makes.
 *
 * @param {EngineWorker[]} workers
 */
async function warmWorkers(workers) {
  await inspect([REHEARSED]);
  await Promise.all(workers.map(rehearse));
  await workers[0]?.call('warm');
}

/**
 * Takes a small job from its beginning to its end, in memory, in the page and
 * in a worker that waits for one: what runs for the first time is slow.
 *
 * @param {EngineWorker} worker
 */
async function rehearse(worker) {
  const options = { workers: 1, splitBytes: Math.ceil(REHEARSED.size / 2) };
  const none = Promise.resolve(null);
  const workers = { take: () => new Understudy(worker) };
  const run = await begin('', [REHEARSED], options, none, workers);
  await run.run().finally(() => run.end());
}

/**
 * Sets a job up: looks at the head of every file.
 *
 * @param {string} id
 * @param {Source[]} sources
 * @param {Options} options
 * @param {Promise<JobFolder | null>} created its folder
 * @param {Workers} [from] where its workers come from
 */
async function begin(id, sources, options, created, from = pool) {
  const { workers = cores(), memoryBytes = memory() } = options;
  const tally = new Tally({ ...options, workers, memoryBytes });
  // It is known soon after the job has begun.
  const room = created.then((folder) => folder && findRoom());
  room.catch(() => {});
  const files = [];
  const leftOut = new LeftOut();
  for (const source of sources) {
    const { own, ...from } = takeApart(source);
    for await (const opened of open(from.file, from.name, from.entry)) {
      if (opened.error) throw opened.error;
      leftOut.add(from.file, from.name, opened.leftOut);
      const settings = withKnown(own, opened);
      const text = await readText(opened, labelOf(options, settings));
      const { name, file, packing, head, last, encoding } = text;
      const streamed = packing !== null;
      const { size } = file;
      tally.addFile(name, size, head, last, settings, encoding, streamed);
      files.push({ file, name, packing });
    }
  }
  const settings = tally.start();
  const isPacked = files.some(({ packing }) => packing);
  const unpack = isPacked ? await getUnpackModule() : null;
  const { notices } = leftOut;
  const written = howWritten(options, settings.keys);
  const about = { settings, files, unpack, notices, written };
  return new JobRun(id, tally, about, created, room, from);
}

/**
 * How a result is written, so that whoever shows it needn't find out.
 *
 * @param {Options} options
 * @param {number} keys
 * @returns {import('./types.d.ts').Written}
 */
function howWritten(options, keys) {
  const { outputDelimiter: delimiter = ',', bom = false } = options;
  const { outputDecimalMark: decimalMark = '.' } = options;
  return { delimiter, decimalMark, bom, keys };
}

/**
 * Takes a source apart: the file, its name, the path of the one in it that is
 * meant, and the options of its own.
 *
 * @param {Source} source
 */
function takeApart(source) {
  const [file, own] =
    source instanceof Blob ? [source, undefined] : [source.file, source];
  const name = nameOf(file);
  return { file, name, entry: own?.entry, own };
}

/**
 * The settings of a file: its own, and what is known where they leave it open.
 *
 * @param {object | undefined} own
 * @param {Text} opened
 */
function withKnown(own, { known }) {
  const said = Object.entries(own ?? {});
  const isOpen = (/** @type {unknown} */ value) =>
    value === undefined || value === 'auto';
  const settled = said.filter(([name, value]) => {
    return !(name in known && isOpen(value));
  });
  return { ...known, ...Object.fromEntries(settled) };
}

/**
 * Names a file, by its path if it came in a folder.
 *
 * @param {Blob} file
 */
function nameOf(file) {
  if (!(file instanceof File)) return 'the data';
  return file.webkitRelativePath || file.name;
}

/**
 * What a person says that the encoding of a file is.
 *
 * @param {Options} options
 * @param {import('./types.d.ts').FileSettings} [own]
 */
function labelOf(options, own) {
  return own?.encoding ?? options.encoding;
}

/** How many workers suit the machine. */
function cores() {
  return navigator.hardwareConcurrency || 2;
}

/** The budget that suits the machine, in bytes. */
function memory() {
  const { deviceMemory = USUAL_MEMORY } =
    /** @type {Navigator & { deviceMemory?: number }} */ (navigator);
  return deviceMemory * MEMORY_SHARE * 2 ** 30;
}

/** @param {number} milliseconds */
function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Returns a promise that rejects when the signal aborts and never resolves.
 *
 * @param {AbortSignal} [signal]
 * @returns {Promise<never>}
 */
function whenAborted(signal) {
  /** @type {Promise<never>} */
  const aborted = new Promise((_, reject) => {
    const abort = () =>
      reject(new DOMException('The job was cancelled.', 'AbortError'));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
  });
  // It may reject when nobody is waiting any more.
  aborted.catch(() => {});
  return aborted;
}
