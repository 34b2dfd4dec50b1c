// @ts-check
//# allFunctionsCalledOnLoad
import { inspect, jobs, tally, warm } from './playtally.js';
import { makeSample } from './sample.js';
import { Announcer } from './ui/announcer.js';
import { Chooser } from './ui/chooser.js';
import { DropTarget } from './ui/drop-target.js';
import { filterFiles } from './ui/file-filter.js';
import { Jobs } from './ui/jobs.js';
import { Preview } from './ui/preview.js';
/** @import { Options, Progress, Report, StoredJob, Tally } from './types.d.ts' */
/** @import { FileSource } from './ui/file-preview.js' */
/** @import { Job } from './ui/job.js' */

const NAME = 'Playtally';

/**
 * How long a job runs until its progress is in the title, and then until that
 * is written anew, in milliseconds: the title is for those who look at other
 * tabs meanwhile, and browsers draw all of their window again for it.
 */
const TITLE_MILLISECONDS = 2000;

/** How long results last. */
const KEPT =
  'Finished jobs stay in this browser, on this machine, until you delete ' +
  'them. A private window forgets them when it is closed.';
const NOT_KEPT =
  'This browser keeps nothing on disk here, so results last only as long as ' +
  'this tab. Download what you need.';

/** The only part that knows all the others, and the API. */
class Page {
  #announcer = new Announcer(container('announcer'));
  #jobs = new Jobs(container('jobs'), { onClear: () => this.#removeAll() });
  /** @type {Set<Job>} those that wait or run */
  #active = new Set();
  /** When progress is next to be in the title. */
  #titleDue = 0;
  #chooser = new Chooser(container('chooser'), {
    onFiles: (files) => this.#choose(files),
    onFolder: (files) => this.#chooseFolder(files),
    onSample: () => this.#choose([makeSample()]),
  });
  #preview = new Preview(container('preview'), {
    inspect: (source, options) => inspect([source], options),
    onShow: () => this.#setView(true),
    onReady: (errors) => this.#announcer.say(errors || 'Ready to process.'),
    onProcess: (sources, options) => this.#process(sources, options),
    onClear: () => this.#clear(),
  });

  constructor() {
    new DropTarget(container('drop'), {
      onFiles: (files) => this.#choose(files),
      onFolders: (inside, beside) => this.#chooseFolder(inside, beside),
      onUnreadable: () => {
        this.#chooser.notice(
          'The folder can’t be read. Open it and drop the files in it.',
        );
      },
    });
    void this.#restore();
  }

  /** Shows the jobs of earlier visits. */
  async #restore() {
    const stored = await jobs().catch(() => []);
    this.#jobs.hint(stored ? KEPT : NOT_KEPT);
    for (const job of stored ?? []) await this.#show(job);
    if (this.#jobs.size > 0) this.#setView(true);
  }

  /** @param {StoredJob} stored */
  async #show(stored) {
    // It may have been done in this visit already.
    if (this.#jobs.has(stored.id)) return;
    const { files } = stored;
    const tally =
      stored.status === 'done' ? await stored.open().catch(() => null) : null;
    const card = this.#jobs.add({
      files,
      isOld: true,
      onRemove: (card) => this.#remove(card),
    });
    card.restore(stored, {
      tally,
      onShow: () => void (tally && showRecords(card, tally)),
    });
  }

  /** @param {File[]} files */
  #choose(files) {
    getReady(files);
    this.#chooser.notice('');
    this.#preview.open(files);
  }

  /**
   * @param {File[]} inside the folder
   * @param {File[]} [beside] chosen with it
   */
  #chooseFolder(inside, beside = []) {
    const { files, notice } = filterFiles(inside);
    const all = [...beside, ...files];
    if (all.length > 0) this.#choose(all);
    this.#chooser.notice(notice);
  }

  #clear() {
    this.#preview.close();
    this.#setView(this.#jobs.size > 0);
    this.#chooser.focus();
  }

  /**
   * @param {FileSource[]} sources
   * @param {Options} options
   */
  async #process(sources, options) {
    const cancel = new AbortController();
    const job = this.#jobs.add({
      files: filesOf(sources),
      onCancel: () => cancel.abort(),
      onRemove: (job) => this.#remove(job),
    });
    this.#preview.close();
    this.#setView(true);
    this.#start(job);
    const over = this.#run(job, sources, options, cancel.signal);
    // The browser lays the page out for that, as it does for the next frame.
    requestAnimationFrame(() => job.focus());
    await over;
    this.#stop(job);
  }

  /**
   * @param {Job} job
   * @param {FileSource[]} sources
   * @param {Options} options
   * @param {AbortSignal} signal
   */
  async #run(job, sources, options, signal) {
    /** @param {Progress} progress */
    const onProgress = (progress) => {
      job.progress(progress);
      this.#setTitle(progress);
    };
    try {
      const result = await tally(sources, options, { signal, onProgress });
      job.done(result, {
        options,
        run: (changes, own = {}) => {
          const next = sources.map((source, n) => ({ ...source, ...own[n] }));
          void this.#process(next, { ...options, ...changes });
        },
      });
      void showRecords(job, result);
      this.#announcer.say(`${job.name}: done. ${inWords(result.report)}`);
    } catch (error) {
      if (error instanceof Error && error.name === 'AbortError') {
        job.cancelled();
        this.#announcer.say(`${job.name}: cancelled.`);
        return;
      }
      // Announces itself: it is an alert.
      job.fail(explain(error));
    }
  }

  /** @param {Job} job */
  #start(job) {
    if (this.#active.size === 0) {
      this.#titleDue = performance.now() + TITLE_MILLISECONDS;
    }
    this.#active.add(job);
    addEventListener('beforeunload', askFirst);
  }

  /** @param {Job} job */
  #stop(job) {
    this.#active.delete(job);
    if (this.#active.size > 0) return;
    removeEventListener('beforeunload', askFirst);
    if (document.title !== NAME) document.title = NAME;
  }

  /** @param {Job} job */
  async #remove(job) {
    const freed = this.#jobs.remove(job);
    this.#focus();
    await freed;
  }

  async #removeAll() {
    const freed = this.#jobs.kept.map((job) => this.#jobs.remove(job));
    this.#focus();
    await Promise.all(freed);
    this.#announcer.say('All finished jobs are deleted.');
  }

  #focus() {
    if (this.#jobs.size > 0) this.#jobs.focus();
    else this.#chooser.focus();
  }

  /** @param {Progress} progress of the job that runs */
  #setTitle({ phase, bytes, totalBytes }) {
    if (phase === 'queued' || totalBytes === 0) return;
    const now = performance.now();
    if (now < this.#titleDue) return;
    this.#titleDue = now + TITLE_MILLISECONDS;
    document.title = `${Math.floor((bytes / totalBytes) * 100)} % · ${NAME}`;
  }

  /** @param {boolean} busy whether there is something to work on */
  #setView(busy) {
    document.body.dataset.view = busy ? 'busy' : 'empty';
  }
}

/**
 * Gets a head start. What goes wrong here goes wrong again in the job.
 *
 * @param {File[]} [files] those that were chosen
 */
function getReady(files) {
  warm(files).catch(() => {});
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
function container(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found;
}

/**
 * The files that sources come from: an archive is one, whatever is in it.
 *
 * @param {FileSource[]} sources
 */
function filesOf(sources) {
  return [...new Set(sources.map(({ file }) => file))];
}

/**
 * Shows the beginning of a result, if it is still there to be read.
 *
 * @param {Job} job
 * @param {Tally} tally
 */
async function showRecords(job, { csv, written }) {
  const { delimiter = 'auto' } = written ?? {};
  /** @type {Options} */
  const known = { delimiter, header: true, firstLine: 1, encoding: 'utf-8' };
  try {
    const [head] = await inspect([csv], known);
    if (head) job.showRecords(head);
  } catch {
    // The job was removed meanwhile, and its result with it.
  }
}

/** @param {Report} report */
function inWords({ records, rejected, groups }) {
  return `${records} records read, ${rejected} rejected, ${groups} totals.`;
}

/**
 * Says what went wrong. Only the API's own errors, which have a code, are in
 * plain words; another one is a fault of the page.
 *
 * @param {unknown} error
 */
function explain(error) {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Error && 'code' in error) return message;
  return `Something went wrong in the page itself (${message}). Reload the page and try again.`;
}

/** @param {BeforeUnloadEvent} event */
function askFirst(event) {
  event.preventDefault();
}

new Page();
getReady();
