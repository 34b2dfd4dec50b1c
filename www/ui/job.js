// @ts-check
import { element } from './element.js';
import { format } from './format.js';
import { Result } from './result.js';
import { Running } from './running.js';
/** @import { Inspection, Progress, Tally } from '../types.d.ts' */
/** @import { Again } from './result.js' */
/** @typedef {'queued' | 'processing' | 'done' | 'failed' | 'cancelled'} Status */

/** The card of one job, from its place in the queue to its result. */
export class Job {
  /** @readonly */
  id;
  /** @readonly a few words for the files */
  name;
  #container;
  /** @type {Running | null} */
  #running;
  /** @type {Result | null} */
  #result = null;
  /** @type {Tally | null} */
  #tally = null;
  #title;
  #status = element('span', { class: 'status' });
  #body = element('div', { class: 'job-body' });
  #cancel = element('button', { type: 'button', class: 'button' }, 'Cancel');
  #remove = element('button', { type: 'button', class: 'button' }, 'Remove');

  /**
   * @param {HTMLElement} container an article of its own
   * @param {object} job
   * @param {string} job.id
   * @param {File[]} job.files
   * @param {() => void} job.onCancel
   * @param {() => void} job.onRemove
   */
  constructor(container, { id, files, onCancel, onRemove }) {
    this.id = id;
    this.name = format.names(files.map((file) => file.name));
    this.#container = container;
    this.#title = element('h3', { id: `job-${id}`, tabindex: -1 });
    this.#title.append(element('bdi', {}, this.name));
    this.#cancel.addEventListener('click', () => {
      this.#cancel.disabled = true;
      onCancel();
    });
    this.#remove.addEventListener('click', onRemove);
    this.#build(files);
    this.#running = new Running(this.#body, this.name);
    this.#setStatus('queued');
  }

  /** @returns {Status} */
  get status() {
    return /** @type {Status} */ (this.#container.dataset.status);
  }

  focus() {
    this.#title.focus();
  }

  /** @param {Progress} progress */
  progress(progress) {
    const waits = progress.phase === 'queued';
    this.#setStatus(waits ? 'queued' : 'processing');
    this.#running?.update(progress);
  }

  /**
   * @param {Tally} tally
   * @param {Again} again
   */
  done(tally, again) {
    this.#tally = tally;
    this.#end('done');
    this.#result = new Result(this.#body, tally, again);
  }

  /** @param {Inspection} inspection of the result of `done` */
  showRecords(inspection) {
    if (!this.#tally) return;
    this.#result?.showRecords(inspection, this.#tally.report);
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

  /** Frees what the result holds and empties the card. */
  async close() {
    this.#running?.close();
    this.#result?.close();
    this.#container.replaceChildren();
    await this.#tally?.close();
  }

  /** @param {File[]} files */
  #build(files) {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const facts = element('p', { class: 'job-facts' });
    if (files.length > 1) facts.append(`${format.count(files.length)} files, `);
    facts.append(`${format.size(size)} · Job `, element('code', {}, this.id));
    this.#container.dataset.job = this.id;
    this.#container.setAttribute('aria-labelledby', this.#title.id);
    this.#container.append(
      element(
        'header',
        { class: 'job-head' },
        element('div', { class: 'job-title' }, this.#title, facts),
        this.#status,
        this.#cancel,
        this.#remove,
      ),
      this.#body,
    );
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
  }
}
