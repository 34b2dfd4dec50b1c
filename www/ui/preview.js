// @ts-check
import { element } from './element.js';
import { FilePreview } from './file-preview.js';
import { format } from './format.js';
import { OrderChoice } from './order.js';
/** @import { Inspection } from '../types.d.ts' */
/** @import { FileSource } from './file-preview.js' */
/** @import { Order } from './order.js' */

/** The chosen files before they are processed. */
export class Preview {
  #container;
  #inspect;
  #onReady;
  /** @type {FilePreview[]} */
  #files = [];
  #title = element('h2', { id: 'preview-title', tabindex: -1 });
  #list = element('div', { class: 'files' });
  #orderPlace = element('p', { class: 'order' });
  #order = new OrderChoice(this.#orderPlace);
  #summary = element('p', { class: 'preview-summary' });
  #reason = element('p', { class: 'reason', id: 'process-reason' });
  #process = element(
    'button',
    {
      id: 'process',
      type: 'button',
      class: 'button primary',
      'aria-describedby': 'process-reason',
    },
    'Process',
  );

  /**
   * @param {HTMLElement} container
   * @param {object} actions
   * @param {(source: FileSource) => Promise<Inspection>} actions.inspect
   * @param {(errors: string) => void} actions.onReady called once all chosen
   *   files are inspected, with what stands against processing them or ''
   * @param {(sources: FileSource[], order: Order) => void} actions.onProcess
   * @param {() => void} actions.onClear
   */
  constructor(container, { inspect, onReady, onProcess, onClear }) {
    this.#container = container;
    this.#inspect = inspect;
    this.#onReady = onReady;
    this.#process.addEventListener('click', () => {
      const sources = this.#files.map(({ source }) => source);
      onProcess(sources, this.#order.value);
    });
    this.#reason.addEventListener('click', (event) => {
      if (event.target instanceof HTMLButtonElement) this.#wrong?.reveal();
    });
    const clear = element(
      'button',
      { type: 'button', class: 'button' },
      'Clear',
    );
    clear.addEventListener('click', onClear);
    container.setAttribute('aria-labelledby', this.#title.id);
    container.append(
      this.#title,
      this.#list,
      this.#orderPlace,
      element(
        'div',
        { class: 'preview-bar' },
        element('div', {}, this.#summary, this.#reason),
        clear,
        this.#process,
      ),
    );
  }

  /** @param {File[]} files shown in place of the earlier ones */
  open(files) {
    this.close();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const count = format.plural(files.length, 'file');
    this.#title.textContent = 'Check the columns';
    this.#summary.textContent = `${count}, ${format.size(size)}`;
    this.#container.hidden = false;
    for (const [index, file] of files.entries()) this.#add(file, index === 0);
    this.#update();
  }

  close() {
    this.#files = [];
    this.#list.replaceChildren();
    this.#container.hidden = true;
  }

  /**
   * @param {File} file
   * @param {boolean} open
   */
  #add(file, open) {
    const container = element('details', { class: 'file', open });
    container.dataset.file = file.name;
    this.#list.append(container);
    const preview = new FilePreview(container, file, {
      inspect: this.#inspect,
      onChange: () => {
        // A file of an earlier choice may still answer.
        if (container.isConnected) this.#update();
      },
    });
    this.#files.push(preview);
  }

  /** The first file that can't be processed as it stands. */
  get #wrong() {
    return this.#files.find(({ errors }) => errors && errors.length > 0);
  }

  #update() {
    const wrong = this.#wrong;
    const reading = this.#files.some(({ errors }) => errors === null);
    this.#process.disabled = reading || wrong !== undefined;
    this.#reason.replaceChildren();
    if (wrong) this.#explain(wrong);
    if (!reading) this.#onReady(this.#reason.textContent ?? '');
  }

  /** @param {FilePreview} wrong */
  #explain(wrong) {
    const show = element('button', { type: 'button', class: 'link' });
    show.append('Show');
    const name = element('bdi', {}, format.cut(wrong.file.name, 40));
    this.#reason.append('Before processing, see to ', name, '. ', show);
  }
}
