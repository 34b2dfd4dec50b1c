// @ts-check
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { newest, processButton, reaches } from './page.js';
/** @import { Locator, Page } from '@playwright/test' */

const FILE = 'Song,Date,Plays\na,2020-01-01,1\na,2020-01-01,x\n';

test('from choosing to the download by keyboard alone', async ({
  page,
}, testInfo) => {
  // Asked for now, since a key may overtake the request to be told of it.
  const choosers = page.waitForEvent('filechooser');
  await page.goto('/');
  await tabTo(page, page.getByLabel('CSV files'));
  await page.keyboard.press('Enter');
  const chooser = await choosers;
  await chooser.setFiles(written(testInfo, 'plays.csv', FILE));
  await expect(processButton(page)).toBeEnabled();

  const format = page.locator('summary').filter({ hasText: 'Format' });
  await tabTo(page, format);
  await page.keyboard.press('Enter');
  await tabTo(page, page.getByLabel('Delimiter'));
  const header = page.getByLabel('First record is a header');
  await tabTo(page, header);
  await page.keyboard.press('Space');
  await expect(header).not.toBeChecked();
  await page.keyboard.press('Space');
  await expect(header).toBeChecked();
  await expect(processButton(page)).toBeEnabled();

  await tabTo(page, processButton(page));
  await page.keyboard.press('Enter');
  const job = newest(page);
  await reaches(job, 'done');
  // The focus goes along with what was begun.
  await expect(job.getByRole('heading').first()).toBeFocused();

  for (const name of ['Download CSV', 'Download rejects']) {
    await tabTo(page, job.getByRole('link', { name }));
    const downloads = page.waitForEvent('download');
    await page.keyboard.press('Enter');
    expect((await downloads).suggestedFilename()).toMatch(/^plays .*\.csv$/);
  }
});

/**
 * Presses the tab key until an element has the focus, which must be seen.
 *
 * @param {Page} page
 * @param {Locator} element
 */
async function tabTo(page, element) {
  const has = () => element.evaluate((e) => e === document.activeElement);
  for (let presses = 0; presses < 30; presses += 1) {
    await page.keyboard.press('Tab');
    if (await has()) break;
  }
  await expect(element).toBeFocused();
  const outline = await element.evaluate(
    (element) => getComputedStyle(element).outlineStyle,
  );
  expect(outline).not.toBe('none');
}
