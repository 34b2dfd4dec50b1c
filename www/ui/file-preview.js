// @ts-check
//# allFunctionsCalledOnLoad
import { asked } from './asked.js';
import { ColumnFields } from './column-fields.js';
import { decimals } from './decimals.js';
import { doubt } from './doubt.js';
import { element } from './element.js';
import { FormatFields } from './format-fields.js';
import { format } from './format.js';
import { leftOutLines } from './left-out-lines.js';
import { OwnSettings } from './own-settings.js';
import { problemList } from './problems.js';
import { recordTable } from './record-table.js';
/** @import { FileSettings, Inspection, Problem } from '../types.d.ts' */
/** @import { JobSettings, Role } from './job-settings.js' */

/** @typedef {FileSettings & { file: File, entry?: string }} FileSource */

/**
 * A file that was chosen, or one in an archive that was.
 *
 * @typedef {object} Chosen
 * @property {File} file
 * @property {string} name
 * @property {string} [entry] its path in the archive
 * @property {Inspection} [found] what is known of it already
 */

/**
 * @typedef {object} Actions
 * @property {(source: FileSource) => Promise<Inspection[]>} inspect
 * @property {() => void} onChange called when `errors` may differ
 * @property {(inside: Inspection[]) => void} onArchive called in place of
 *   `onChange` if the file is an archive of several
 * @property {(role: Role, column: string) => void} onColumn called when the
 *   person has chosen a column
 * @property {(problem: Problem, settings: FileSettings) => void} onDecide
 *   called when the person has decided for all files that have a problem
 * @property {() => void} onAsk called when the same is to be asked for as in
 *   the job that the file is of the rejects of
 * @property {(places: number) => void} onPlaces called when totals need as
 *   many decimal places
 * @property {() => void} onLeaveOut
 * @property {() => boolean} isOne whether it is the only file
 */

/** One chosen file: its first records, and how they are read. */
export class FilePreview {
  /** @readonly */
  chosen;
  #container;
  #job;
  #actions;
  #own = new OwnSettings();
  /** @type {Inspection | null} null until the latest inspection is there */
  #inspection = null;
  /** @type {Problem[]} */
  #problems = [];
  #isBusy = true;
  /** The number of the latest inspection; what an earlier one says is stale. */
  #latest = 0;

  #flag = element('span', { class: 'flag' }, 'Reading…');
  #size = element('span', { class: 'file-size' });
  #body = element('div', { class: 'file-body' });
  #problemPlace = element('div');
  #recordPlace = element('div');
  #columnPlace = element('fieldset', { class: 'columns' });
  #formatPlace = element('details', { class: 'fold' });
  #leaveOut = element('button', { type: 'button', class: 'link' });
  #columnFields;
  #format;

  /**
   * @param {HTMLDetailsElement} container
   * @param {Chosen} chosen
   * @param {JobSettings} job
   * @param {Actions} actions
   */
  constructor(container, chosen, job, actions) {
    this.chosen = chosen;
    this.#container = container;
    this.#job = job;
    this.#actions = actions;
    const { name } = chosen;
    this.#columnFields = new ColumnFields(
      this.#columnPlace,
      name,
      (role, index) => this.#choose(role, index),
    );
    this.#format = new FormatFields(this.#formatPlace, name, (changes) => {
      this.#change(changes);
    });
    this.#build();
    if (chosen.found) this.#take(chosen.found);
    else void this.refresh();
  }

  /** What stands against processing the file, or null before it is known. */
  get errors() {
    if (this.#isBusy) return null;
    return this.#problems.filter(({ severity }) => severity === 'error');
  }

  /**
   * The file with what the person and the job say of it: the preview shows
   * what is found out with that, and so will the job.
   */
  get source() {
    const { file, entry } = this.chosen;
    /** @type {FileSource} */
    const source = { file, ...this.#own.settings(this.#job) };
    if (entry !== undefined) source.entry = entry;
    return source;
  }

  /** What its columns to total are called, each with its currency or `''`. */
  get currencies() {
    const { currencies = [], totals = [], columns } = this.#inspection ?? {};
    return currencies.map((currency, index) => {
      return { column: columns?.[totals[index] ?? -1] ?? '', currency };
    });
  }

  /** The columns that are used for nothing, with what they look like. */
  get unused() {
    if (!this.#inspection) return [];
    const { columns, types, keys, totals } = this.#inspection;
    return columns
      .map((name, index) => ({ name, index, type: types[index] ?? 'text' }))
      .filter(({ name, index }) => {
        return name && ![...keys, ...totals].includes(index);
      });
  }

  /**
   * What the job asked of it that rejected some of it, and the names of its
   * columns; null if it isn't in a rejects CSV.
   */
  get asked() {
    const found = this.#inspection;
    const before = found && asked.of(found);
    if (!before) return null;
    const isUnusual = !asked.isUsual(before);
    return { before, columns: found.columns, isUnusual };
  }

  /** Uses what that job used, as far as as much is asked for. */
  useAsked() {
    const [found, before] = [this.#inspection, this.asked?.before];
    if (!found || !before) return;
    const keys = before.keys ?? found.keys;
    const totals = before.totals ?? found.totals;
    const fits =
      keys.length === this.#job.keys.length &&
      totals.length === this.#job.totals.length;
    if (fits) this.#own.ask(this.#job, { keys, totals }, before);
  }

  /** Brings what has to be set into view. */
  reveal() {
    this.open();
    this.#columnFields.focus();
  }

  open() {
    this.#container.open = true;
    this.#showBody();
  }

  focus() {
    this.#container.querySelector('summary')?.focus();
  }

  /**
   * Uses a column of this name if nothing was found for the role.
   *
   * @param {Role} role
   * @param {string} column
   */
  offer(role, column) {
    if (!this.#inspection) return;
    const { columns, keys, totals } = this.#inspection;
    const found = [...keys, ...totals][this.#job.roles.indexOf(role)];
    const index = columns.findIndex((name) => fold(name) === fold(column));
    if (found !== null || index < 0) return;
    this.#own.choose(role, index);
    void this.refresh();
  }

  /**
   * Takes over how a problem was decided in another file, if it is here too.
   *
   * @param {Problem} problem
   * @param {FileSettings} settings
   */
  decide(problem, settings) {
    const has = this.#problems.some(({ code }) => code === problem.code);
    if (has) this.#change(settings);
  }

  /** Looks at the file again, after something has been set. */
  async refresh() {
    const mine = (this.#latest += 1);
    this.#setBusy(true);
    this.#actions.onChange();
    try {
      const found = await this.#actions.inspect(this.source);
      if (mine === this.#latest) this.#sort(found);
    } catch (error) {
      if (mine === this.#latest) this.#fail(error);
    }
  }

  /** @param {Inspection[]} found */
  #sort(found) {
    const [first] = found;
    const { entry } = this.chosen;
    if (!first) {
      this.#fail(new Error('There is no file in it that could be read.'));
    } else if (found.length > 1 && entry === undefined) {
      this.#actions.onArchive(found);
    } else {
      this.#take(first);
    }
  }

  /** @param {Inspection} found */
  #take(found) {
    this.#inspection = found;
    this.#own.stay(found);
    const { places } = this.#job;
    this.#problems = [
      ...found.problems,
      ...decimals.problems(found, places),
      ...asked.problems(found, this.#job),
    ];
    this.#settle();
  }

  /** @param {unknown} error */
  #fail(error) {
    this.#inspection = null;
    this.#problems = [unreadable(error)];
    this.#settle();
  }

  #settle() {
    this.#setBusy(false);
    this.#show();
    this.#actions.onChange();
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.#isBusy = isBusy;
    this.#container.setAttribute('aria-busy', String(isBusy));
  }

  #build() {
    const { file, name } = this.chosen;
    const title = element('bdi', { class: 'file-name' }, name);
    this.#size.textContent = format.size(file.size);
    this.#container.append(
      element('summary', {}, element('h3', {}, title), this.#size, this.#flag),
      this.#body,
    );
    const waits = 'Reading the first records…';
    this.#body.append(element('p', { class: 'hint' }, waits));
    this.#leaveOut.append('Leave this file out');
    this.#leaveOut.addEventListener('click', this.#actions.onLeaveOut);
    this.#container.addEventListener('toggle', () => this.#showBody());
  }

  /**
   * @param {Role} role
   * @param {number} index
   */
  #choose(role, index) {
    this.#own.choose(role, index);
    const name = this.#inspection?.columns[index];
    void this.refresh();
    if (name) this.#actions.onColumn(role, name);
  }

  /** @param {FileSettings} changes */
  #change(changes) {
    const roles = this.#job.roles;
    if ('header' in changes) this.#own.keep(roles, this.#inspection);
    this.#own.change(changes, this.#job.totals);
    void this.refresh();
  }

  #show() {
    const errors = this.errors ?? [];
    const isWrong = errors.length > 0;
    this.#flag.textContent = isWrong
      ? format.plural(errors.length, 'problem')
      : 'Ready';
    this.#container.dataset.state = isWrong ? 'error' : 'ready';
    this.#showBody();
  }

  /** Fills the card, if it is open: there may be hundreds. */
  #showBody() {
    if (this.#isBusy || !this.#container.open) return;
    if (!this.#recordPlace.isConnected) {
      this.#body.replaceChildren(
        this.#problemPlace,
        this.#columnPlace,
        this.#formatPlace,
        this.#recordPlace,
        this.#leaveOut,
      );
    }
    this.#showProblems();
    this.#recordPlace.replaceChildren();
    if (this.#inspection) this.#showInspection(this.#inspection);
  }

  /** @param {Inspection} found */
  #offerPlaces(found) {
    return decimals.offer(found, (places) => {
      this.focus();
      this.#actions.onPlaces(places);
    });
  }

  #showProblems() {
    const found = this.#inspection;
    const isOne = this.#actions.isOne();
    const list = problemList(this.#problems, (problem) => {
      if (!found) return null;
      if (problem.code === decimals.code) return this.#offerPlaces(found);
      if (problem.code === 'preamble') {
        return leftOutLines(found, () => this.#format.askFirstLine());
      }
      const offer = asked.offer(problem, () => {
        this.focus();
        this.#actions.onAsk();
      });
      if (offer) return offer;
      return doubt(problem, found, {
        isOne,
        onDecide: ({ settings, places }, everywhere) => {
          this.focus();
          if (everywhere) this.#actions.onDecide(problem, settings);
          else this.#change(settings);
          if (places) this.#actions.onPlaces(places);
        },
      });
    });
    this.#problemPlace.replaceChildren(list);
  }

  /** @param {Inspection} found */
  #showInspection(found) {
    const { roles, places, hasDates } = this.#job;
    this.#columnFields.show(roles, found);
    const currencies = this.#own.currencies(this.#job.totals);
    const said = { ...this.#own.said, currencies };
    this.#format.show(found, said, {
      numbers: places > 0 || areDressed(found, said),
      dates: hasDates,
    });
    this.#recordPlace.append(recordTable(found, roles));
  }
}

/**
 * Whether numbers have more to them than digits, or the person said so.
 *
 * @param {Inspection} found
 * @param {FileSettings} said
 */
function areDressed(found, said) {
  return (
    found.decimalMark === ',' ||
    found.thousandsMark !== '' ||
    found.brackets ||
    found.allCurrencies.flat().length > 0 ||
    'decimalMark' in said ||
    'brackets' in said ||
    said.currencies?.some((currency) => currency !== 'auto') === true
  );
}

/**
 * A column name as the engine compares it.
 *
 * @param {string} name
 */
function fold(name) {
  return name.trim().toLowerCase();
}

/**
 * @param {unknown} error
 * @returns {Problem}
 */
function unreadable(error) {
  const message =
    error instanceof Error
      ? error.message
      : 'The file can’t be read. Choose it again.';
  return { code: 'unreadable', severity: 'error', message };
}
