// @ts-check
/**
 * @import { JSHandle, Page, TestInfo } from '@playwright/test'
 * @import { Inspection, Options, Report } from '../../www/types.d.ts'
 * @import * as Playtally from '../../www/playtally.js'
 */

const MODULE = '/playtally.js';

/** What crosses from the page of an error. */
/** @typedef {{ name: string, code?: string, file?: string | null, message: string }} Failure */

/** @typedef {'queued' | 'reading' | 'merging' | 'finishing'} Phase */

/** Calls the page's API in the page, with files from the disk. */
export class Api {
  #page;
  #module;

  /**
   * @param {Page} page
   * @param {JSHandle<typeof Playtally>} module
   */
  constructor(page, module) {
    this.#page = page;
    this.#module = module;
  }

  /**
   * Opens the page, which forbids imports once files are read.
   *
   * @param {Page} page
   */
  static async open(page) {
    await page.goto('/');
    /** @type {JSHandle<typeof Playtally>} */
    const module = await page.evaluateHandle(importModule, MODULE);
    return new Api(page, module);
  }

  /**
   * @param {string[]} paths
   * @param {Options} [options]
   * @returns {Promise<Inspection[]>}
   */
  async inspect(paths, options = {}) {
    const [module, files] = [this.#module, await this.#files(paths)];
    return this.#page.evaluate(
      ({ module, files, options }) => module.inspect(files, options),
      { module, files, options },
    );
  }

  /**
   * @param {string[]} paths
   * @param {Options} options
   * @param {TestInfo} testInfo
   * @returns {Promise<{ csv: string, report: Report }>} the path of the
   *   result, and the report
   */
  async tally(paths, options, testInfo) {
    const [module, files] = [this.#module, await this.#files(paths)];
    const downloads = this.#page.waitForEvent('download', { timeout: 0 });
    const report = await this.#page.evaluate(
      async ({ module, files, options }) => {
        const { csv, report } = await module.tally(files, options);
        const link = document.createElement('a');
        link.href = URL.createObjectURL(csv);
        link.download = 'result.csv';
        link.click();
        return report;
      },
      { module, files, options },
    );
    const csv = testInfo.outputPath('result.csv');
    await (await downloads).saveAs(csv);
    return { csv, report };
  }

  /**
   * Tallies, which must fail.
   *
   * @param {string[]} paths
   * @param {object} options also such as don't exist
   * @param {number | Phase} [abortAt] the phase in which it is aborted, or
   *   the bytes read; at 0 that is before it begins
   * @returns {Promise<Failure>}
   */
  async failure(paths, options, abortAt = Infinity) {
    const [module, files] = [this.#module, await this.#files(paths)];
    return this.#page.evaluate(
      async ({ module, files, options, abortAt }) => {
        const abortion = new AbortController();
        if (abortAt === 0) abortion.abort();
        try {
          await module.tally(files, options, {
            signal: abortion.signal,
            onProgress: ({ phase, bytes }) => {
              const reached =
                typeof abortAt === 'number' ? bytes >= abortAt : phase;
              if (reached === true || reached === abortAt) abortion.abort();
            },
          });
        } catch (error) {
          const { name, code, file, message } = /** @type {Failure} */ (error);
          return { name, code, file, message };
        }
        throw new Error('It succeeded.');
      },
      { module, files, options, abortAt },
    );
  }

  /**
   * Tallies and returns what was told of the progress.
   *
   * @param {string[]} paths
   * @param {Options} options
   * @returns {Promise<{ bytes: number, totalBytes: number }[]>}
   */
  async progress(paths, options) {
    const [module, files] = [this.#module, await this.#files(paths)];
    return this.#page.evaluate(
      async ({ module, files, options }) => {
        /** @type {{ bytes: number, totalBytes: number }[]} */
        const told = [];
        await module.tally(files, options, {
          onProgress: ({ bytes, totalBytes }) => {
            told.push({ bytes, totalBytes });
          },
        });
        return told;
      },
      { module, files, options },
    );
  }

  /**
   * Starts a job and waits until it is in some phase.
   *
   * @param {string[]} paths
   * @param {Options} options
   * @param {Phase} phase
   */
  async start(paths, options, phase) {
    const [module, files] = [this.#module, await this.#files(paths)];
    await this.#page.evaluate(
      ({ module, files, options, phase }) =>
        new Promise((resolve, reject) => {
          const onProgress = (/** @type {{ phase: Phase }} */ progress) => {
            if (progress.phase === phase) resolve(undefined);
          };
          module.tally(files, options, { onProgress }).catch(reject);
        }),
      { module, files, options, phase },
    );
  }

  /**
   * Tallies, ending workers at some moments, and closes the result.
   *
   * @param {string[]} paths
   * @param {Options} options
   * @param {{ after: number, which: number }[]} moments in milliseconds; see
   *   `allowEnding`
   * @returns {Promise<{ digest: string, deaths: number }>} the SHA-256 of the
   *   result in hexadecimal, and how many workers died
   */
  async tallyWhile(paths, options, moments) {
    const [module, files] = [this.#module, await this.#files(paths)];
    return this.#page.evaluate(
      async ({ module, files, options, moments }) => {
        const { endWorker } = /** @type {any} */ (globalThis);
        const timers = moments.map(({ after, which }) => {
          return setTimeout(() => endWorker(which), after);
        });
        const { csv, report, close } = await module.tally(files, options);
        timers.forEach(clearTimeout);
        const bytes = await csv.arrayBuffer();
        const digest = await crypto.subtle.digest('SHA-256', bytes);
        await close();
        const digits = [...new Uint8Array(digest)].map((byte) => {
          return byte.toString(16).padStart(2, '0');
        });
        return { digest: digits.join(''), deaths: report.deaths };
      },
      { module, files, options, moments },
    );
  }

  /**
   * The finished jobs on disk, the newest first.
   */
  jobs() {
    return this.#page.evaluate(async (module) => {
      const jobs = await module.jobs();
      return jobs?.map(({ id, files, status, bytes, report }) => {
        return { id, files, status, bytes, report };
      });
    }, this.#module);
  }

  /**
   * Opens the newest job on disk.
   *
   * @returns {Promise<{ csv: string, rejects?: string } | Failure>} its texts
   */
  openNewest() {
    return this.#page.evaluate(async (module) => {
      const [job] = (await module.jobs()) ?? [];
      try {
        const { csv, rejects } = (await job?.open()) ?? {};
        return {
          csv: (await csv?.text()) ?? '',
          rejects: await rejects?.text(),
        };
      } catch (error) {
        const { name, code, message } = /** @type {Failure} */ (error);
        return { name, code, message };
      }
    }, this.#module);
  }

  /**
   * Files from the disk, as the page gets them from a person.
   *
   * @param {string[]} paths
   * @returns {Promise<JSHandle<File[]>>}
   */
  async #files(paths) {
    const input = await this.#page.evaluateHandle(() => {
      const input = document.createElement('input');
      input.type = 'file';
      input.multiple = true;
      return input;
    });
    await input.setInputFiles(paths);
    return input.evaluateHandle((input) => [...(input.files ?? [])]);
  }
}

/**
 * @param {string} path
 * @returns {Promise<typeof Playtally>}
 */
function importModule(path) {
  return import(path);
}
