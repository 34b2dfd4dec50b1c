// @ts-check
import {
  appendFileSync,
  copyFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { expect } from '@playwright/test';
import { generated, written } from './data.js';
import { NOTHING, onDisk, test } from './disk.js';
import { choose, processButton, reaches, start } from './page.js';
/** @import { Locator } from '@playwright/test' */

/** @type {{ how: string, change: (path: string) => void }[]} */
const CHANGES = [
  { how: 'shortened', change: (path) => truncateSync(path, 50_000_000) },
  { how: 'continued', change: (path) => appendFileSync(path, 'x,y,1\n') },
  { how: 'replaced', change: (path) => writeFileSync(path, 'Song,Date,Plays') },
  { how: 'removed', change: (path) => rmSync(path) },
];

for (const { how, change } of CHANGES) {
  test(`a file that is ${how} while it is read fails the job`, async ({
    page,
  }, testInfo) => {
    const path = testInfo.outputPath('plays.csv');
    copyFileSync(generated('high', 200), path);
    await choose(page, path);
    const job = await start(page);
    const records = job.locator('[data-progress="records"]');
    await expect(records).toHaveText(/[1-9]/);
    change(path);
    await fails(job);
  });
}

test('a file that changes after it was chosen fails the job', async ({
  page,
}, testInfo) => {
  const content = `Song,Date,Plays\n${'a,2020-01-01,1\n'.repeat(4e6)}`;
  for (const { how, change } of CHANGES) {
    await test.step(how, async () => {
      const path = written(testInfo, 'plays.csv', content);
      await choose(page, path);
      await expect(processButton(page)).toBeEnabled();
      change(path);
      await fails(await start(page));
    });
  }
});

/**
 * Expects that a job names its file and gives no total.
 *
 * @param {Locator} job
 */
async function fails(job) {
  await reaches(job, 'failed');
  await expect(job.locator('.failure')).toContainText('plays.csv');
  await expect(job.locator('[data-figure]')).toHaveCount(0);
  await expect(job.getByRole('link')).toHaveCount(0);
  expect(await onDisk(job.page())).toEqual(NOTHING);
}
