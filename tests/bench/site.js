// @ts-check
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { inBrowser } from './browser.js';
import { root } from './data.js';

/**
 * What it takes until the page is there.
 *
 * @typedef {object} Site
 * @property {number} gzipped bytes of the wasm files that every visit needs
 * @property {number[]} loads seconds that cold loads took
 */

const READY_SCRIPT = fileURLToPath(new URL('page/ready.js', import.meta.url));

/** Milliseconds after which a page that isn't ready never will be. */
const PATIENCE = 30_000;

/** The wasm files without which no file is tallied. */
const MODULES = ['page', 'engine'];

/** The bytes of the wasm files as a host sends them. */
export function gzippedSize() {
  const sizes = MODULES.map((name) => {
    const wasm = readFileSync(`${root}www/pkg/${name}/${name}_bg.wasm`);
    return gzipSync(wasm, { level: 9 }).length;
  });
  return sizes.reduce((sum, size) => sum + size, 0);
}

/**
 * Loads Playtally's page in a fresh browser, which has nothing of it in its
 * caches.
 *
 * @param {string} url
 * @returns {Promise<number>} seconds from the navigation until the page is
 *   ready; see page/ready.js
 */
export function coldLoad(url) {
  return inBrowser(async (page) => {
    await page.addInitScript({ path: READY_SCRIPT });
    await page.goto(url);
    /** @type {Promise<number>} */
    const ready = page.evaluate(() => /** @type {any} */ (window).ready);
    return Promise.race([ready, page.waitForTimeout(PATIENCE).then(late)]);
  });
}

/** @returns {never} */
function late() {
  throw new Error(`The page was not ready after ${PATIENCE / 1000} s.`);
}
