// @ts-check
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { choose, finish, reaches, start, unfold } from './page.js';
/** @import { Page } from '@playwright/test' */

const LONG = 'x'.repeat(150);

test.use({ viewport: { width: 360, height: 700 } });

test('an empty page fits a narrow window', async ({ page }) => {
  await page.goto('/');
  await page.getByText('How do I know?').click();
  await fits(page);
});

test('files and results with long words fit a narrow window', async ({
  page,
}, testInfo) => {
  const columns = Array.from({ length: 30 }, (_, n) => `${LONG}${n}`);
  const header = `Song,Date,Plays,${columns.join(',')}\n`;
  const end = ','.repeat(columns.length);
  const record = (/** @type {string} */ plays) =>
    `${LONG},2020-01-01,${plays}${end}\n`;
  const content = header + record('9'.repeat(90)) + record(LONG);
  await choose(page, written(testInfo, `${LONG}.csv`, content));
  await expect(page.locator('#preview td').first()).toBeVisible();
  await fits(page);
  const job = await finish(page);
  await expect(job.getByText('1 record', { exact: true })).toBeVisible();
  await fits(page);
});

test('settings fit a narrow window', async ({ page }, testInfo) => {
  const content = `Song,Date,Plays,${LONG}\na,03/04/2024,"1,234",b\n`;
  await choose(page, written(testInfo, 'plays.csv', content));
  await unfold(page, 'What to total');
  await page.getByRole('button', { name: 'Add a key' }).click();
  await page.getByLabel('How Song is read').selectOption('text');
  await page.getByLabel('How Date is read').selectOption('month');
  await page.getByRole('checkbox', { name: 'Mean' }).check();
  await expect(page.getByText('What does')).toHaveCount(2);
  await unfold(page, 'Format');
  await unfold(page, 'The result');
  await fits(page);
});

test('jobs on disk fit a narrow window', async ({ page }, testInfo) => {
  const content = 'Song,Date,Plays\na,2020-01-01,1\nb,2020-01-01,x\n';
  const path = written(testInfo, `${LONG}.csv`, content);
  for (const _ of [1, 2]) {
    await choose(page, path);
    await finish(page);
  }
  await page.reload();
  await expect(page.getByText('Show details')).toHaveCount(2);
  await fits(page);
  await page.getByRole('button', { name: 'Delete all' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await fits(page);
});

test('problems and failures fit a narrow window', async ({
  page,
}, testInfo) => {
  const wrong = `${LONG},${LONG}1,${LONG}2\na,b,1\n`;
  await choose(page, written(testInfo, `${LONG}.csv`, wrong));
  await expect(page.locator('#preview .problems li').first()).toBeVisible();
  await fits(page);

  const [first, second] = ['a', 'b'].map((letter) => {
    const name = `${letter}${LONG}.csv`;
    return written(testInfo, name, 'Song,Date,Plays\na,2020-01-01,1\n');
  });
  await choose(page, first, second);
  await expect(page.getByText('Ready', { exact: true })).toHaveCount(2);
  written(testInfo, `a${LONG}.csv`, 'Song,Date,Plays\n');
  const job = await start(page);
  await reaches(job, 'failed');
  await expect(job.locator('.failure')).toBeVisible();
  await fits(page);
});

/**
 * Expects that nothing makes the page wider than the window.
 *
 * @param {Page} page
 */
async function fits(page) {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBe(360);
}
