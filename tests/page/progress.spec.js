// @ts-check
import { expect, test } from '@playwright/test';

/** How long a figure stays at least, in milliseconds. */
const INTERVAL = 200;

test('progress is shown now and then, and the last of it soon', async ({
  page,
}) => {
  await page.goto('/');
  await page.clock.install();
  const records = await page.evaluateHandle(async () => {
    /** @type {string} */
    const module = '/ui/running.js';
    const { Running } = await import(module);
    const container = document.createElement('div');
    const running = new Running(container, 'a file');
    const figures = { phase: 'reading', bytes: 0, totalBytes: 1, groups: 0 };
    const rest = { rejected: 0, disk: 0, room: null, seconds: 0 };
    return {
      /** @param {number} records */
      update: (records) => running.update({ ...figures, ...rest, records }),
      get shown() {
        return container.querySelector('[data-progress=records]')?.textContent;
      },
    };
  });
  /** @param {number} count */
  const update = (count) =>
    records.evaluate((records, count) => records.update(count), count);
  const shown = () => records.evaluate((records) => records.shown);

  await update(1);
  expect(await shown()).toBe('1');
  await update(2);
  await update(3);
  expect(await shown()).toBe('1');
  await page.clock.runFor(INTERVAL);
  expect(await shown()).toBe('3');
  await update(4);
  expect(await shown()).toBe('3');
  await page.clock.runFor(INTERVAL);
  expect(await shown()).toBe('4');
  await page.clock.runFor(INTERVAL);
  await update(5);
  expect(await shown()).toBe('5');
});
