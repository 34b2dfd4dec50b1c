// @ts-check
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { choose, finish } from './page.js';
/** @import { Page } from '@playwright/test' */

const RECORDS = 'Song,Date,Number of Plays\nUmbrella,2020-01-02,200\n';

/**
 * Collects the titles that the page gets, its clock being so much faster.
 *
 * @param {Page} page
 * @param {number} speed
 */
async function watchTitles(page, speed) {
  await page.addInitScript((speed) => {
    const { performance } = window;
    const now = performance.now.bind(performance);
    performance.now = () => now() * speed;
    /** @type {string[]} */
    const titles = [];
    Object.assign(window, { titles });
    new MutationObserver(() => {
      if (titles.at(-1) !== document.title) titles.push(document.title);
    }).observe(document, { childList: true, subtree: true });
  }, speed);
  return () => page.evaluate(() => /** @type {any} */ (window).titles);
}

test('the title of a long job has its progress', async ({ page }, testInfo) => {
  const titles = await watchTitles(page, 1e6);
  await choose(page, written(testInfo, 'plays.csv', RECORDS));
  await finish(page);
  await expect(page).toHaveTitle('Playtally');
  const progress = expect.stringMatching(/^\d+ % · Playtally$/);
  expect(await titles()).toContainEqual(progress);
});

test('a short job leaves the title alone', async ({ page }, testInfo) => {
  const titles = await watchTitles(page, 1e-6);
  await choose(page, written(testInfo, 'plays.csv', RECORDS));
  await finish(page);
  expect(await titles()).toEqual(['Playtally']);
});
