// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { Job } from './job.js';

/** All jobs, the newest first: those of this visit and those kept on disk. */
export class Jobs {
  #container;
  /** @type {Map<Job, HTMLElement>} */
  #jobs = new Map();
  #list = element('div', { class: 'job-list' });
  #hint = element('p', { class: 'hint', hidden: true });
  #clear = element('button', { type: 'button', class: 'button' }, 'Delete all');
  #sure;

  /**
   * @param {HTMLElement} container
   * @param {object} actions
   * @param {() => void} actions.onClear called when every finished job is to
   *   be deleted
   */
  constructor(container, { onClear }) {
    this.#container = container;
    this.#sure = dialog(onClear);
    this.#clear.addEventListener('click', () => this.#sure.showModal());
    container.setAttribute('aria-labelledby', 'jobs-title');
    container.append(
      element(
        'div',
        { class: 'jobs-head' },
        element('h2', { id: 'jobs-title' }, 'Jobs'),
        this.#clear,
        this.#hint,
      ),
      this.#list,
      this.#sure,
    );
    // Cards come to have a result, and lose it, by themselves.
    new MutationObserver(() => this.#update()).observe(this.#list, {
      attributeFilter: ['data-status'],
      childList: true,
      subtree: true,
    });
  }

  get size() {
    return this.#jobs.size;
  }

  /** @param {string} id */
  has(id) {
    return [...this.#jobs.keys()].some((job) => job.id === id);
  }

  /** Those with a result that is kept. */
  get kept() {
    return [...this.#jobs.keys()].filter((job) => job.isKept);
  }

  /** @param {string} text how long finished jobs last */
  hint(text) {
    this.#hint.textContent = text;
    this.#hint.hidden = false;
  }

  /**
   * @param {object} details
   * @param {{ name: string, size: number }[]} details.files
   * @param {() => void} [details.onCancel]
   * @param {(job: Job) => void} details.onRemove
   * @param {boolean} [details.isOld] whether it comes after the others
   */
  add({ files, onCancel, onRemove, isOld = false }) {
    const article = element('article', { class: 'job' });
    const job = new Job(article, {
      ...{ files, onCancel },
      onRemove: () => onRemove(job),
    });
    this.#jobs.set(job, article);
    if (isOld) this.#list.append(article);
    else this.#list.prepend(article);
    this.#container.hidden = false;
    return job;
  }

  /** @param {Job} job */
  async remove(job) {
    this.#jobs.get(job)?.remove();
    this.#jobs.delete(job);
    this.#container.hidden = this.#jobs.size === 0;
    await job.close();
  }

  /** Gives the focus to the newest job, if there is one. */
  focus() {
    const newest = this.#list.querySelector('h3');
    newest?.focus();
  }

  #update() {
    this.#clear.hidden = this.kept.length < 2;
  }
}

/**
 * Asks whether all is to be deleted.
 *
 * @param {() => void} onYes
 */
function dialog(onYes) {
  const yes = element('button', { class: 'button danger', value: 'yes' });
  yes.append('Delete all');
  const made = element(
    'dialog',
    { 'aria-labelledby': 'sure-title' },
    element(
      'form',
      { method: 'dialog' },
      element('h2', { id: 'sure-title' }, 'Delete all finished jobs?'),
      element(
        'p',
        {},
        'Their results are removed from this machine and can’t be downloaded ' +
          'any more. Your own files stay as they are.',
      ),
      element(
        'div',
        { class: 'choices' },
        element('button', { class: 'button', autofocus: true }, 'Keep them'),
        yes,
      ),
    ),
  );
  made.addEventListener('close', () => {
    if (made.returnValue === 'yes') onYes();
    made.returnValue = '';
  });
  return made;
}
