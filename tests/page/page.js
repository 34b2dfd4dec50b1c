// @ts-check
import { expect } from '@playwright/test';
/** @import { Locator, Page, TestInfo } from '@playwright/test' */

/** How long to wait for a job: as long as the test may take. */
const PATIENCE = { timeout: 0 };

/**
 * Opens the page and chooses files.
 *
 * @param {Page} page
 * @param {string[]} files paths
 */
export async function choose(page, ...files) {
  await page.goto('/');
  await page.getByLabel('CSV files').setInputFiles(files);
}

/**
 * Opens settings that are folded away.
 *
 * @param {Page | Locator} where
 * @param {'Format' | 'What to total' | 'The result'} title
 */
export async function unfold(where, title) {
  await where.locator('summary').filter({ hasText: title }).click();
}

/**
 * Asks for another column.
 *
 * @param {Page} page
 * @param {'key' | 'total'} use
 * @param {string} column
 */
export async function add(page, use, column) {
  const name = `Add a ${use}`;
  await page.getByLabel(`${name}: column`).selectOption(column);
  await page.getByRole('button', { name, exact: true }).click();
}

/**
 * Doesn't ask for a column any more.
 *
 * @param {Page} page
 * @param {string} name
 */
export async function remove(page, name) {
  await page.getByRole('button', { name: `Remove ${name}` }).click();
}

/**
 * Processes what was chosen.
 *
 * @param {Page} page
 * @returns {Promise<Locator>} the job, running
 */
export async function start(page) {
  await processButton(page).click();
  const id = await newest(page).getAttribute('data-job');
  return page.locator(`article[data-job="${id}"]`);
}

/** @param {Page} page */
export function processButton(page) {
  return page.getByRole('button', { name: 'Process', exact: true });
}

/**
 * The job that was started last.
 *
 * @param {Page} page
 */
export function newest(page) {
  return page.locator('article[data-job]').first();
}

/**
 * Waits until a job is in some state.
 *
 * @param {Locator} job
 * @param {'queued' | 'processing' | 'done' | 'failed' | 'cancelled'} status
 */
export async function reaches(job, status) {
  const end = /done|failed|cancelled/;
  if (end.test(status)) {
    await expect(job).toHaveAttribute('data-status', end, PATIENCE);
  }
  await expect(job).toHaveAttribute('data-status', status);
}

/**
 * Processes what was chosen, which must succeed.
 *
 * @param {Page} page
 * @returns {Promise<Locator>} the job, done
 */
export async function finish(page) {
  const job = await start(page);
  await reaches(job, 'done');
  return job;
}

/**
 * A figure of a finished job, in plain digits.
 *
 * @param {Locator} job
 * @param {string} name its `data-figure`
 */
export async function figure(job, name) {
  return job.locator(`[data-figure="${name}"]`).getAttribute('value');
}

/**
 * Downloads what a link of a job offers.
 *
 * @param {Locator} job
 * @param {'Download CSV' | 'Download rejects'} link
 * @param {TestInfo} testInfo
 * @returns {Promise<string>} its path
 */
export async function download(job, link, testInfo) {
  const downloads = job.page().waitForEvent('download');
  await job.getByRole('link', { name: link }).click();
  const path = testInfo.outputPath(`${link}.csv`);
  await (await downloads).saveAs(path);
  return path;
}
