// @ts-check
//# allFunctionsCalledOnLoad
/** @import { Asked, FileSettings, Inspection } from '../types.d.ts' */
/** @import { JobSettings, Role } from './job-settings.js' */

/** What the person has said of one file; the rest is found. */
export class OwnSettings {
  /** @type {FileSettings} */
  #said = {};
  /** @type {Map<Role, number>} */
  #columns = new Map();
  /** The line that was found for the table to begin on, if any was. */
  #firstLine = 0;
  /** @type {Map<Role, string>} the currencies of columns to total */
  #currencies = new Map();

  /** How the file is written, as far as it was said. */
  get said() {
    return this.#said;
  }

  /**
   * @param {Role} role
   * @param {number} index of its column
   */
  choose(role, index) {
    this.#columns.set(role, index);
    this.#currencies.delete(role);
  }

  /**
   * Uses the columns and currencies that another job used.
   *
   * @param {JobSettings} job which asks for as many
   * @param {{ keys: (number | null)[], totals: (number | null)[] }} found the
   *   columns that it used
   * @param {Asked} asked
   */
  ask(job, found, asked) {
    for (const use of /** @type {const} */ (['keys', 'totals'])) {
      // The engine knows best where the usual columns are.
      if (!asked[use] && job.isUsual(use)) continue;
      job[use].forEach((role, index) => {
        const column = found[use][index] ?? null;
        if (column !== null) this.choose(role, column);
      });
    }
    this.change({ currencies: asked.currencies }, job.totals);
  }

  /**
   * @param {FileSettings} changes currencies that are left out of their array
   *   stay as they are
   * @param {Role[]} totals the columns to total
   */
  change({ currencies, ...changes }, totals) {
    // These make other columns, which have to be found anew.
    if ('delimiter' in changes || 'firstLine' in changes) {
      this.#columns.clear();
      this.#currencies.clear();
      this.#firstLine = 0;
    }
    currencies?.forEach((currency, index) => {
      const role = totals[index];
      if (role) this.#currencies.set(role, currency);
    });
    this.#said = { ...this.#said, ...changes };
  }

  /**
   * Stays with the line that was found, whatever columns are asked for next.
   *
   * @param {Inspection} inspection
   */
  stay({ firstLine, leftOut }) {
    if (leftOut > 0) this.#firstLine = firstLine;
  }

  /**
   * The currencies of columns to total, as far as they were said.
   *
   * @param {Role[]} totals
   */
  currencies(totals) {
    return totals.map((role) => this.#currencies.get(role) ?? 'auto');
  }

  /**
   * Makes the columns that were found the person's own choice.
   *
   * @param {Role[]} roles
   * @param {Inspection | null} inspection made for these roles
   */
  keep(roles, inspection) {
    if (!inspection) return;
    const found = [...inspection.keys, ...inspection.totals];
    roles.forEach((role, index) => {
      const column = found[index] ?? null;
      if (column !== null) this.#columns.set(role, column);
    });
  }

  /**
   * What the file is read with.
   *
   * @param {JobSettings} job
   * @returns {FileSettings}
   */
  settings(job) {
    const settings = { ...this.#said };
    if (this.#firstLine > 0) settings.firstLine ??= this.#firstLine;
    for (const use of /** @type {const} */ (['keys', 'totals'])) {
      const roles = job[use];
      const isOwn = roles.some((role) => this.#columns.has(role));
      // The engine knows best where the usual columns are.
      if (job.isUsual(use) && !isOwn) continue;
      settings[use] = roles.map((role) => this.#columns.get(role) ?? role.name);
    }
    const currencies = this.currencies(job.totals);
    const isSaid = currencies.some((currency) => currency !== 'auto');
    if (isSaid) settings.currencies = currencies;
    return settings;
  }
}
