// @ts-check
//# allFunctionsCalledOnLoad
import { clash } from './clash.js';
import { element } from './element.js';
import { FilePreview } from './file-preview.js';
import { format } from './format.js';
import { JobSettings } from './job-settings.js';
import { Queue } from './queue.js';
import { ResultChoice } from './result-choice.js';
import { What } from './what.js';
/** @import { Inspection, Options, Problem } from '../types.d.ts' */
/** @import { Actions, Chosen, FileSource } from './file-preview.js' */

/** How many files are looked at at once: each may be a megabyte in memory. */
const AT_ONCE = 4;

/** With more files than this only those with problems are listed at first. */
const FEW = 8;

/** No more cards than this open by themselves. */
const MOST_OPEN = 5;

/**
 * How long files are read until that is shown, in milliseconds: most are read
 * sooner, and what is shown in between is a flicker.
 */
const PATIENCE = 100;

/** The chosen files before they are processed. */
export class Preview {
  #container;
  #inspect;
  #onShow;
  #onReady;
  #queue = new Queue(AT_ONCE);
  #job = new JobSettings();
  /** @type {Map<FilePreview, HTMLDetailsElement>} in their order */
  #files = new Map();
  /** Cards that have opened by themselves. */
  #opened = 0;
  /** Whether the person has set nothing yet. */
  #isNew = true;
  /** Whether the usual settings are there that no file has had. */
  #isUnused = false;
  #timer = 0;
  #title = element('h2', { id: 'preview-title', tabindex: -1 });
  #list = element('div', { class: 'files' });
  #all = element('button', { type: 'button', class: 'button all' });
  #whatPlace = element('div');
  /** @type {What | null} */
  #what = null;
  #result;
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
   * @param {(source: FileSource, options: Options) => Promise<Inspection[]>} actions.inspect
   * @param {() => void} actions.onShow called when the files are to be seen
   * @param {(errors: string) => void} actions.onReady called once all chosen
   *   files are inspected, with what stands against processing them or ''
   * @param {(sources: FileSource[], options: Options) => void} actions.onProcess
   * @param {() => void} actions.onClear
   */
  constructor(container, { inspect, onShow, onReady, onProcess, onClear }) {
    this.#container = container;
    this.#inspect = inspect;
    this.#onShow = onShow;
    this.#onReady = onReady;
    this.#process.addEventListener('click', () => {
      const sources = this.#previews.map(({ source }) => source);
      onProcess(sources, { ...this.#job.options, ...this.#result.options });
    });
    this.#reason.addEventListener('click', (event) => {
      if (event.target instanceof HTMLButtonElement) this.#inTheWay?.reveal();
    });
    this.#all.addEventListener('click', () => this.#unfold());
    const result = element('details', { class: 'fold' });
    this.#result = new ResultChoice(result);
    container.setAttribute('aria-labelledby', this.#title.id);
    container.append(
      this.#title,
      this.#list,
      this.#all,
      element('div', { class: 'options' }, this.#whatPlace, result),
      this.#bar(onClear),
    );
    this.#openWhat();
  }

  /** @param {File[]} files shown in place of the earlier ones */
  open(files) {
    this.#empty();
    this.#title.textContent = 'Check the columns';
    this.#timer = setTimeout(() => this.#show(), PATIENCE);
    this.#list.toggleAttribute('data-folded', files.length > FEW);
    if (!this.#isUnused) this.#openWhat();
    this.#isUnused = false;
    this.#isNew = true;
    for (const [index, file] of files.entries()) {
      const name = file.webkitRelativePath || file.name;
      const isOpen = index === 0 && files.length <= FEW;
      this.#list.append(this.#add({ file, name }, isOpen));
    }
    this.#update();
  }

  close() {
    this.#empty();
    this.#container.hidden = true;
  }

  get #previews() {
    return [...this.#files.keys()];
  }

  /** The files that can't be processed as they stand. */
  get #wrong() {
    return this.#previews.filter(({ errors }) => errors?.length);
  }

  /** The first file that keeps the others from being processed. */
  get #inTheWay() {
    return this.#wrong[0] ?? clash(this.#previews)?.preview;
  }

  #empty() {
    clearTimeout(this.#timer);
    this.#files.clear();
    this.#opened = 0;
    this.#list.replaceChildren();
  }

  #show() {
    clearTimeout(this.#timer);
    this.#container.hidden = false;
    this.#onShow();
  }

  /** @param {() => void} onClear */
  #bar(onClear) {
    const attributes = { type: 'button', class: 'button' };
    const clear = element('button', attributes, 'Clear');
    clear.addEventListener('click', onClear);
    return element(
      'div',
      { class: 'preview-bar' },
      element('div', {}, this.#summary, this.#reason),
      clear,
      this.#process,
    );
  }

  /** Begins with the usual settings. */
  #openWhat() {
    this.#isUnused = true;
    this.#job = new JobSettings();
    const container = element('details', { class: 'fold' });
    this.#whatPlace.replaceChildren(container);
    this.#what = new What(container, this.#job, {
      columns: () => this.#unused(),
      onChange: () => this.#refresh(),
    });
  }

  /**
   * @param {Chosen} chosen
   * @param {boolean} open
   * @returns {HTMLElement} its card
   */
  #add(chosen, open) {
    const card = element('details', { class: 'file', open });
    card.dataset.file = chosen.name;
    /** @type {FilePreview} */
    const preview = new FilePreview(
      card,
      chosen,
      this.#job,
      this.#actions(card, () => preview),
    );
    this.#files.set(preview, card);
    return card;
  }

  /**
   * What a card can ask for. A file of an earlier choice may still answer.
   *
   * @param {HTMLDetailsElement} card
   * @param {() => FilePreview} preview
   * @returns {Actions}
   */
  #actions(card, preview) {
    const job = this.#job;
    return {
      inspect: (source) => {
        return this.#queue.run(() => this.#inspect(source, job.reading));
      },
      onChange: () => {
        if (card.isConnected) this.#changed(preview());
      },
      onArchive: (inside) => {
        if (card.isConnected) this.#split(preview(), inside);
      },
      onColumn: (role, column) => {
        this.#isNew = false;
        for (const other of this.#previews) other.offer(role, column);
      },
      onAsk: () => this.#ask(preview()),
      onDecide: (problem, settings) => {
        for (const each of this.#previews) each.decide(problem, settings);
      },
      onPlaces: (places) => {
        job.places = Math.max(job.places, places);
        this.#refresh();
      },
      onLeaveOut: () => this.#leaveOut(preview()),
      isOne: () => this.#files.size === 1,
    };
  }

  /**
   * Puts a card for each of the files in an archive in the place of its own.
   *
   * @param {FilePreview} archive
   * @param {Inspection[]} inside
   */
  #split(archive, inside) {
    const { file } = archive.chosen;
    const before = this.#previews;
    const after = before.slice(before.indexOf(archive) + 1);
    const card = this.#files.get(archive);
    const rest = after.map((preview) => {
      return /** @type {const} */ ([preview, this.#files.get(preview)]);
    });
    for (const preview of [archive, ...after]) this.#files.delete(preview);
    const cards = inside.map((found) => {
      const { name, entry } = found;
      return this.#add({ file, name, entry: entry ?? undefined, found }, false);
    });
    card?.replaceWith(...cards);
    for (const [preview, card] of rest) {
      if (card) this.#files.set(preview, card);
    }
    const isMany = this.#files.size > FEW;
    this.#list.toggleAttribute('data-folded', isMany);
    this.#update();
    for (const preview of this.#files.keys()) this.#openIfWrong(preview);
  }

  /** @param {FilePreview} preview */
  #leaveOut(preview) {
    const previews = this.#previews;
    const next = previews[previews.indexOf(preview) + 1] ?? previews[0];
    this.#files.get(preview)?.remove();
    this.#files.delete(preview);
    next?.focus();
    this.#update();
  }

  /**
   * Begins with what the job asked for that rejects come from, if they do and
   * it isn't what everybody asks for, and shows it.
   *
   * @returns {boolean} whether files are looked at again for that
   */
  #begin() {
    const isFirst = this.#isNew;
    this.#isNew = false;
    const all = this.#previews.filter(({ asked }) => asked);
    const unusual = all.find(({ asked }) => asked?.isUnusual);
    if (!isFirst || !all[0] || !unusual) return false;
    this.#ask(all[0]);
    unusual.open();
    return true;
  }

  /**
   * Asks for what a job asked for that rejects come from.
   *
   * @param {FilePreview} of its rejects
   */
  #ask({ asked }) {
    if (!asked) return;
    this.#job.ask(asked.before, asked.columns);
    for (const preview of this.#previews) preview.useAsked();
    this.#refresh();
  }

  #refresh() {
    this.#isNew = false;
    this.#what?.update();
    this.#result.update(this.#job);
    for (const preview of this.#files.keys()) void preview.refresh();
  }

  #unfold() {
    this.#list.toggleAttribute('data-folded');
    this.#update();
  }

  /** The names of columns that are used for nothing, each once. */
  #unused() {
    const columns = this.#previews.flatMap(({ unused }) => unused);
    return [
      ...new Map(columns.map((column) => [column.name, column])).values(),
    ];
  }

  /** @param {FilePreview} preview */
  #changed(preview) {
    this.#update();
    this.#openIfWrong(preview);
  }

  /** @param {FilePreview} preview */
  #openIfWrong(preview) {
    const card = this.#files.get(preview);
    if (!card || card.open || !preview.errors?.length) return;
    if (this.#opened >= MOST_OPEN) return;
    this.#opened += 1;
    preview.open();
  }

  #update() {
    const wrong = this.#wrong;
    const isReading = this.#previews.some(({ errors }) => errors === null);
    const clashing = clash(this.#previews);
    this.#process.disabled = isReading || wrong.length > 0 || clashing !== null;
    this.#showSummary();
    this.#reason.replaceChildren();
    if (wrong.length > 0) this.#explain(wrong);
    else if (clashing) this.#reason.append(...clashing.words);
    if (isReading || this.#begin()) return;
    this.#show();
    this.#what?.update();
    this.#result.update(this.#job);
    this.#onReady(this.#reason.textContent ?? '');
  }

  #showSummary() {
    const files = this.#previews.map(({ chosen }) => chosen.file);
    // Files in one archive share its bytes.
    const size = [...new Set(files)].reduce((sum, { size }) => sum + size, 0);
    const count = format.plural(files.length, 'file');
    this.#summary.textContent = `${count}, ${format.size(size)}`;
    const isFolded = this.#list.hasAttribute('data-folded');
    this.#all.hidden = files.length <= FEW;
    this.#all.textContent = isFolded ? `Show all ${count}` : 'Show fewer';
  }

  /** @param {FilePreview[]} wrong */
  #explain(wrong) {
    const [first, ...more] = wrong;
    if (!first) return;
    const show = element('button', { type: 'button', class: 'link' });
    show.append('Show');
    const name = element('bdi', {}, format.cut(first.chosen.name, 40));
    this.#reason.append('Before processing, see to ', name);
    if (more.length > 0) {
      this.#reason.append(` and ${format.plural(more.length, 'more file')}`);
    }
    this.#reason.append('. ', show);
  }
}
