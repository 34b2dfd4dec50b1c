// @ts-check
import { mkdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { figure, finish, processButton } from './page.js';
/** @import { Page, TestInfo } from '@playwright/test' */

const FILE = 'Song,Date,Plays\na,2020-01-01,1\n';

test('a folder is chosen', async ({ page }, testInfo) => {
  await page.goto('/');
  const choosers = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a folder' }).click();
  await (await choosers).setFiles(folder(testInfo));
  await gives(page);
});

test('a folder is dropped', async ({ page }, testInfo) => {
  await page.goto('/');
  await drop(page, folder(testInfo));
  await gives(page);
});

test('a folder without CSV files', async ({ page }, testInfo) => {
  mkdirSync(testInfo.outputPath('empty'));
  written(testInfo, 'empty/notes.pdf', '%PDF');
  await page.goto('/');
  await drop(page, testInfo.outputPath('empty'));
  await expect(page.locator('#chooser-notice')).toHaveText(
    'There is no CSV file in the folder. Left out: 1 file of other kinds.',
  );
  await expect(page.locator('#preview')).toBeHidden();
});

test('a folder of hundreds of files, one of them bad', async ({
  page,
}, testInfo) => {
  mkdirSync(testInfo.outputPath('many'));
  // More than a browser lists at once.
  for (let n = 100; n < 350; n += 1) {
    written(testInfo, `many/${n}.csv`, n === 333 ? 'Song,Date\na,b\n' : FILE);
  }
  await page.goto('/');
  await drop(page, testInfo.outputPath('many'));
  const cards = page.locator('#preview .file');
  await expect(cards).toHaveCount(250);
  await expect(page.locator('#process-reason')).toContainText('many/333.csv');
  await expect(cards.filter({ visible: true })).toHaveCount(1);
  await page.getByRole('button', { name: 'Show all 250 files' }).click();
  await expect(cards.filter({ visible: true })).toHaveCount(250);
  const bad = page.locator('[data-file="many/333.csv"]');
  await bad.getByRole('button', { name: 'Leave this file out' }).click();
  await expect(processButton(page)).toBeEnabled();
  const job = await finish(page);
  expect(await figure(job, 'total-written')).toBe('249');
});

/**
 * Makes a folder with two files of one name in it, and other things.
 *
 * @param {TestInfo} testInfo
 */
function folder(testInfo) {
  const path = testInfo.outputPath('reports');
  for (const name of ['january', 'february', '.git']) {
    mkdirSync(`${path}/${name}`, { recursive: true });
    written(testInfo, `reports/${name}/plays.csv`, FILE);
  }
  written(testInfo, 'reports/cover.png', 'PNG');
  written(testInfo, 'reports/.DS_Store', 'x');
  return path;
}

/**
 * Expects what `folder` gives.
 *
 * @param {Page} page
 */
async function gives(page) {
  await expect(page.locator('#chooser-notice')).toHaveText(
    'Left out: 2 hidden files and 1 file of other kinds.',
  );
  const job = await finish(page);
  const table = job.getByRole('region', { name: 'What each file gave' });
  await expect(table.getByRole('row')).toHaveCount(3);
  for (const name of ['january', 'february']) {
    await expect(table).toContainText(`reports/${name}/plays.csv`);
  }
  expect(await figure(job, 'total-written')).toBe('2');
}

/**
 * Drops a file or a folder from the disk on the page.
 *
 * @param {Page} page
 * @param {string} path
 */
async function drop(page, path) {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
    await session.send('Input.dispatchDragEvent', {
      ...{ type, x: 100, y: 100, data },
    });
  }
}
