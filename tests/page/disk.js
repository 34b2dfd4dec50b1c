// @ts-check
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, expect, test as base } from '@playwright/test';
/** @import { BrowserContextOptions, LaunchOptions, Page } from '@playwright/test' */

/**
 * Tests about what is on disk: the browser has a profile there. Playwright's
 * usual contexts are off the record, where everything is in memory.
 *
 * @type {typeof base}
 */
export const test = base.extend({
  // A browser for each test is hundreds of launches, of which one in a great
  // many hangs: a second is tried, in time that isn't the test's.
  context: [
    async ({ baseURL, launchOptions }, use) => {
      const options = { ...launchOptions, baseURL, timeout: 15_000 };
      const { context, profile } = await launch(options).catch((error) => {
        console.warn(`The browser is launched again: ${error}`);
        return launch(options);
      });
      await use(context);
      await context.close();
      rmSync(profile, { recursive: true });
    },
    { scope: 'test', timeout: 60_000 },
  ],
  page: async ({ context }, use) => {
    await use(await context.newPage());
  },
});

/**
 * A browser with a new profile.
 *
 * @param {LaunchOptions & BrowserContextOptions} options
 */
async function launch(options) {
  const profile = mkdtempSync(join(tmpdir(), 'playtally-'));
  try {
    const context = await chromium.launchPersistentContext(profile, options);
    return { context, profile };
  } catch (error) {
    rmSync(profile, { recursive: true, force: true });
    throw error;
  }
}

/** What is there when no job is: the folder in which jobs have theirs. */
export const NOTHING = ['playtally/'];

/**
 * What is in the origin private file system, with paths.
 *
 * @param {Page} page
 * @returns {Promise<string[]>} the files, and the folders that are empty
 */
export function onDisk(page) {
  return page.evaluate(async () => {
    /** @type {string[]} */
    const found = [];
    /**
     * @param {FileSystemDirectoryHandle} folder
     * @param {string} path
     */
    const look = async (folder, path) => {
      const before = found.length;
      for await (const [name, entry] of folder.entries()) {
        if (entry.kind === 'file') found.push(`${path}${name}`);
        else {
          const directory = /** @type {FileSystemDirectoryHandle} */ (entry);
          // A folder that is deleted meanwhile isn't there any more.
          await look(directory, `${path}${name}/`).catch((error) => {
            if (error.name !== 'NotFoundError') throw error;
          });
        }
      }
      if (found.length === before) found.push(path);
    };
    await look(await navigator.storage.getDirectory(), '');
    return found;
  });
}

/**
 * Expects that nothing is there but what belongs to a finished job.
 *
 * @param {Page} page
 */
export async function nothingUnlisted(page) {
  await expect.poll(() => page.evaluate(unlisted)).toEqual([]);
}

/** The paths of files that no manifest speaks of. */
async function unlisted() {
  const origin = await navigator.storage.getDirectory();
  const root = await origin.getDirectoryHandle('playtally');
  const found = [];
  for await (const entry of root.values()) {
    const folder = /** @type {FileSystemDirectoryHandle} */ (entry);
    const names = [];
    for await (const name of folder.keys()) names.push(name);
    /** @type {string[]} */
    const listed = [];
    try {
      const manifest = await folder.getFileHandle('job.json');
      const text = await (await manifest.getFile()).text();
      const { parts, rejects } = JSON.parse(text);
      for (const { name } of [...parts, rejects ?? {}]) listed.push(name);
      listed.push('job.json');
    } catch {
      // There is none, or it wasn't written to its end.
      found.push(folder.name);
    }
    found.push(...names.filter((name) => !listed.includes(name)));
  }
  return found;
}

/**
 * Changes a file in the origin private file system.
 *
 * @param {Page} page
 * @param {string} path
 * @param {{ length?: number, flip?: number }} change the length it is cut to,
 *   and the place of a byte that is made another
 */
export function damage(page, path, change) {
  return page.evaluate(
    async ({ path, change }) => {
      let folder = await navigator.storage.getDirectory();
      const names = path.split('/');
      const last = names.pop() ?? '';
      for (const name of names) folder = await folder.getDirectoryHandle(name);
      const handle = await folder.getFileHandle(last);
      const file = await handle.getFile();
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (change.flip !== undefined) bytes[change.flip] ^= 1;
      const stream = await handle.createWritable();
      await stream.write(bytes.subarray(0, change.length));
      await stream.close();
    },
    { path, change },
  );
}
