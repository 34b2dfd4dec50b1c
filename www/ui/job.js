// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
import { Result } from './result.js';
import { Running } from './running.js';
/** @import { Inspection, Progress, StoredJob, Tally } from '../types.d.ts' */
/** @import { Again } from './result.js' */
/** @typedef {'queued' | 'processing' | 'done' | 'failed' | 'cancelled' | 'damaged'} Status */

/** How much of an id is shown, as Git does: enough to tell jobs apart. */
const SHORT_ID = 8;

/** Numbers the cards, whose titles need names before jobs have ids. */
let cards = 0;

/** The card of one job, from its place in the queue to its result. */
export class Job {
  /** @readonly a few words for the files */
  name;
  #container;
  /** @type {Running | null} */
  #running = null;
  /** @type {Result | null} */
  #result = null;
  /** @type {Tally | null} */
  #tally = null;
  /** @type {StoredJob | null} */
  #stored = null;
  #title;
  #facts = element('p', { class: 'job-facts' });
  #status = element('span', { class: 'status' });
  #body = element('div', { class: 'job-body' });
  #cancel = element('button', { type: 'button', class: 'button' }, 'Cancel');
  #remove = element('button', { type: 'button', class: 'button' });

  /**
   * @param {HTMLElement} container an article of its own
   * @param {object} job
   * @param {{ name: string, size: number }[]} job.files
   * @param {() => void} [job.onCancel]
   * @param {() => void} job.onRemove
   */
  constructor(container, { files, onCancel, onRemove }) {
    this.name = format.names(files.map((file) => file.name));
    this.#container = container;
    this.#title = element('h3', { id: `job-${++cards}`, tabindex: -1 });
    this.#title.append(element('bdi', {}, this.name));
    this.#cancel.addEventListener('click', () => {
      // Nothing has the focus once the button is disabled.
      this.focus();
      this.#cancel.disabled = true;
      onCancel?.();
    });
    this.#remove.addEventListener('click', onRemove);
    this.#build(files);
    this.#setStatus('queued');
  }

  /** The id that `jobs()` knows it by, once it has one. */
  get id() {
    return this.#container.dataset.job ?? '';
  }

  /** @returns {Status} */
  get status() {
    return /** @type {Status} */ (this.#container.dataset.status);
  }

  /** Whether there is something of it on disk for good. */
  get isKept() {
    return this.status === 'done' || this.status === 'damaged';
  }

  focus() {
    this.#title.focus();
  }

  /** @param {Progress} progress */
  progress(progress) {
    this.#setId(progress.id);
    this.#running ??= new Running(this.#body, this.name);
    const waits = progress.phase === 'queued';
    this.#setStatus(waits ? 'queued' : 'processing');
    this.#running.update(progress);
  }

  /**
   * @param {Tally} tally
   * @param {Again | null} again
   */
  done(tally, again) {
    this.#tally = tally;
    this.#end('done');
    this.#result = new Result(this.#body, tally, again);
  }

  /**
   * Shows a job of an earlier visit, in few words.
   *
   * @param {StoredJob} stored
   * @param {object} details
   * @param {Tally | null} details.tally its result, unless it is damaged
   * @param {() => void} details.onShow called when all of it is asked for
   */
  restore(stored, { tally, onShow }) {
    this.#stored = stored;
    this.#tally = tally;
    this.#setId(stored.id);
    const { finished, bytes } = stored;
    const time = { datetime: finished.toISOString() };
    this.#facts.append(
      ' · ',
      element('time', time, format.time(finished)),
      ` · ${format.size(bytes)} on disk`,
    );
    this.#end(stored.status);
    if (!tally) {
      const text =
        'The result on disk is not as it was written any more, so it can’t ' +
        'be downloaded. Delete this job and process its files again.';
      this.#body.append(element('p', { class: 'failure' }, text));
      return;
    }
    const show = element('button', { type: 'button', class: 'button' });
    show.append('Show details');
    show.addEventListener('click', () => {
      this.#result?.close();
      this.done(tally, null);
      this.focus();
      onShow();
    });
    this.#result = new Result(this.#body, tally, null, show);
  }

  /** @param {Inspection} inspection of the result of `done` */
  showRecords(inspection) {
    if (!this.#tally) return;
    this.#result?.showRecords(inspection, this.#tally);
  }

  /**
   * @param {string} message what went wrong and what to do
   */
  fail(message) {
    this.#end('failed');
    this.#body.append(
      element('p', { class: 'failure', role: 'alert' }, message),
      element(
        'p',
        { class: 'hint' },
        'There is no result. Your files are as they were.',
      ),
    );
  }

  cancelled() {
    this.#end('cancelled');
    const text = 'You cancelled this job. There is no result.';
    this.#body.append(element('p', { class: 'hint' }, text));
  }

  /** Deletes what the job left and empties the card. */
  async close() {
    this.#running?.close();
    this.#result?.close();
    this.#container.replaceChildren();
    await this.#tally?.close();
    await this.#stored?.delete();
  }

  /** @param {{ name: string, size: number }[]} files */
  #build(files) {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (files.length > 1) {
      this.#facts.append(`${format.count(files.length)} files, `);
    }
    this.#facts.append(format.size(size));
    this.#container.setAttribute('aria-labelledby', this.#title.id);
    this.#container.append(
      element(
        'header',
        { class: 'job-head' },
        element('div', { class: 'job-title' }, this.#title, this.#facts),
        this.#status,
        this.#cancel,
        this.#remove,
      ),
      this.#body,
    );
  }

  /** @param {string} id */
  #setId(id) {
    if (this.id === id) return;
    this.#container.dataset.job = id;
    const code = element('code', { title: id }, id.slice(0, SHORT_ID));
    this.#facts.append(' · Job ', code);
  }

  /** @param {Status} status */
  #end(status) {
    const focused = document.activeElement === this.#cancel;
    this.#running?.close();
    this.#running = null;
    this.#body.replaceChildren();
    this.#setStatus(status);
    // The button that had the focus has gone.
    if (focused) this.focus();
  }

  /** @param {Status} status */
  #setStatus(status) {
    if (this.status === status) return;
    const active = status === 'queued' || status === 'processing';
    this.#container.dataset.status = status;
    this.#status.textContent = status;
    this.#cancel.hidden = !active;
    this.#remove.hidden = active;
    this.#remove.textContent = this.isKept ? 'Delete' : 'Remove';
  }
}
