// @ts-check
import { expect, test } from '@playwright/test';
import { generated } from './data.js';
import { MemoryWatch } from './memory.js';
import { choose, figure, finish } from './page.js';

/** In megabytes. */
const SIZES = process.env.FIVE ? [250, 1000, 5000] : [250, 1000];

// Measured: 121 to 273 MB for plain data, whose result is small, and 190
// bytes for each group of typical data: its place in two workers' tables, in
// their runs and in the result. Of a file's size nothing is held.
const FIXED_BYTES = 400e6;
const GROUP_BYTES = 200;

for (const kind of /** @type {const} */ (['plain', 'typical'])) {
  for (const size of SIZES) {
    test(`the memory that ${size} MB of ${kind} data takes`, async ({
      page,
    }) => {
      const file = generated(kind, size);
      await page.goto('/');
      const watch = new MemoryWatch();
      await choose(page, file);
      const job = await finish(page);
      const most = watch.stop();
      const groups = Number(await figure(job, 'groups'));
      const time = await job.locator('[data-figure="time"]').textContent();
      console.log(`${Math.round(most / 1e6)} MB, ${groups} groups. ${time}`);
      expect(most).toBeLessThan(FIXED_BYTES + GROUP_BYTES * groups);
    });
  }
}
