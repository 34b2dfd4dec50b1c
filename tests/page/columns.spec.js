// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import {
  add,
  choose,
  download,
  finish,
  processButton,
  remove,
  unfold,
} from './page.js';
/** @import { Page } from '@playwright/test' */

const FILE = `Song,Date,Plays,Country,Skips
a,2020-01-01,1,DE,4
b,2020-01-01,2,DE,5
a,2020-01-02,3,FR,6
a,2020-01-01,10,DE,7
`;

for (const { name, change, result } of [
  {
    name: 'a key more',
    change: async (/** @type {Page} */ page) => add(page, 'key', 'Country'),
    result:
      'Song,Date,Country,Total Plays\n' +
      'a,2020-01-01,DE,11\na,2020-01-02,FR,3\nb,2020-01-01,DE,2\n',
  },
  {
    name: 'a key less',
    change: async (/** @type {Page} */ page) => remove(page, 'Date'),
    result: 'Song,Total Plays\na,14\nb,2\n',
  },
  {
    name: 'other keys',
    change: async (/** @type {Page} */ page) => {
      await add(page, 'key', 'Country');
      await remove(page, 'Song');
      await remove(page, 'Date');
    },
    result: 'Country,Total Plays\nDE,13\nFR,3\n',
  },
  {
    name: 'a total more',
    change: async (/** @type {Page} */ page) => {
      await remove(page, 'Date');
      await add(page, 'total', 'Skips');
    },
    result: 'Song,Total Plays,Total Skips\na,14,17\nb,2,5\n',
  },
]) {
  test(`${name} than usual`, async ({ page }, testInfo) => {
    await choose(page, written(testInfo, 'plays.csv', FILE));
    await unfold(page, 'What to total');
    await change(page);
    const job = await finish(page);
    const csv = await download(job, 'Download CSV', testInfo);
    expect(readFileSync(csv, 'utf8')).toBe(result);
  });
}

test('the last key and the last total stay', async ({ page }, testInfo) => {
  await choose(page, written(testInfo, 'plays.csv', FILE));
  await unfold(page, 'What to total');
  await remove(page, 'Song');
  const last = { includeHidden: true, exact: true };
  for (const name of ['Remove Date', 'Remove Plays']) {
    const button = page.getByRole('button', { name, ...last });
    await expect(button).toBeDisabled();
  }
});

test('a column that is added is found in each file by its name', async ({
  page,
}, testInfo) => {
  const first = written(testInfo, 'first.csv', FILE);
  const other = 'country;plays;day;song\nDE;100;2020-01-01;a\n';
  const second = written(testInfo, 'second.csv', other);
  await choose(page, first, second);
  await unfold(page, 'What to total');
  await add(page, 'key', 'Country');
  await remove(page, 'Date');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    'Song,Country,Total Plays\na,DE,111\na,FR,3\nb,DE,2\n',
  );
});

test('a column is chosen once for all files that lack it', async ({
  page,
}, testInfo) => {
  const files = ['a', 'b', 'c'].map((name) => {
    const record = `${name},2020-01-01,1\n`;
    return written(testInfo, `${name}.csv`, `Song,Date,Listens\n${record}`);
  });
  await choose(page, ...files);
  await expect(page.locator('#process-reason')).toContainText(
    'see to a.csv and 2 more files',
  );
  const card = page.locator('[data-file="b.csv"]');
  await card.getByLabel('Plays', { exact: true }).selectOption('Listens');
  const job = await finish(page);
  const csv = await download(job, 'Download CSV', testInfo);
  expect(readFileSync(csv, 'utf8')).toBe(
    'Song,Date,Total Listens\n' +
      'a,2020-01-01,1\nb,2020-01-01,1\nc,2020-01-01,1\n',
  );
});

test('a file is left out', async ({ page }, testInfo) => {
  const good = written(testInfo, 'good.csv', FILE);
  const bad = written(testInfo, 'bad.csv', 'x\n1\n');
  await choose(page, good, bad);
  await expect(processButton(page)).toBeDisabled();
  const card = page.locator('[data-file="bad.csv"]');
  await card.getByRole('button', { name: 'Leave this file out' }).click();
  await expect(card).toHaveCount(0);
  await expect(processButton(page)).toBeEnabled();
  const leaveOut = page.getByRole('button', { name: 'Leave this file out' });
  await expect(leaveOut).toBeHidden();
});
