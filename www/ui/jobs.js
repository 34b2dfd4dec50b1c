// @ts-check
import { element } from './element.js';
import { Job } from './job.js';

/** All jobs of this visit, the newest first. */
export class Jobs {
  #container;
  /** @type {Map<string, { job: Job, article: HTMLElement }>} */
  #jobs = new Map();
  #list = element('div', { class: 'job-list' });

  /** @param {HTMLElement} container */
  constructor(container) {
    this.#container = container;
    container.setAttribute('aria-labelledby', 'jobs-title');
    container.append(element('h2', { id: 'jobs-title' }, 'Jobs'), this.#list);
  }

  get size() {
    return this.#jobs.size;
  }

  /**
   * @param {object} details
   * @param {string} details.id
   * @param {File[]} details.files
   * @param {() => void} details.onCancel
   * @param {() => void} details.onRemove
   */
  add(details) {
    const article = element('article', { class: 'job' });
    const job = new Job(article, details);
    this.#jobs.set(job.id, { job, article });
    this.#list.prepend(article);
    this.#container.hidden = false;
    return job;
  }

  /** @param {string} id */
  async remove(id) {
    const entry = this.#jobs.get(id);
    if (!entry) return;
    this.#jobs.delete(id);
    entry.article.remove();
    this.#container.hidden = this.#jobs.size === 0;
    await entry.job.close();
  }

  /** Gives the focus to the newest job, if there is one. */
  focus() {
    const newest = Array.from(this.#jobs.values()).at(-1);
    newest?.job.focus();
  }
}
