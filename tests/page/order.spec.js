// @ts-check
import { readFileSync } from 'node:fs';
import { expect } from '@playwright/test';
import { Api } from './api.js';
import { expectedIn, generated, sameBytes, written } from './data.js';
import { onDisk, test } from './disk.js';
import { choose, download, finish, newest, unfold } from './page.js';

/** @type {('key' | 'total' | 'first')[]} */
const ORDERS = ['key', 'total', 'first'];

const FILE = `Song,Date,Plays
b,2020-01-02,5
c,2020-01-01,7
b,2020-01-01,9
a,2020-01-01,5
`;

for (const { choice, records } of [
  {
    choice: null,
    records: 'a,2020-01-01,5 b,2020-01-01,9 b,2020-01-02,5 c,2020-01-01,7',
  },
  {
    choice: 'By Song, then Date',
    records: 'a,2020-01-01,5 b,2020-01-01,9 b,2020-01-02,5 c,2020-01-01,7',
  },
  {
    choice: 'Largest Plays first',
    records: 'b,2020-01-01,9 c,2020-01-01,7 a,2020-01-01,5 b,2020-01-02,5',
  },
  {
    choice: 'By Song as it comes in the files',
    records: 'b,2020-01-01,9 b,2020-01-02,5 c,2020-01-01,7 a,2020-01-01,5',
  },
]) {
  test(`a result in the order: ${choice ?? 'none chosen'}`, async ({
    page,
  }, testInfo) => {
    await choose(page, written(testInfo, 'plays.csv', FILE));
    await unfold(page, 'The result');
    const order = page.getByLabel('Order of the result');
    if (choice) await order.selectOption(choice);
    const job = await finish(page);
    const csv = await download(job, 'Download CSV', testInfo);
    const [, ...lines] = readFileSync(csv, 'utf8').trimEnd().split('\n');
    expect(lines.join(' ')).toBe(records);
    const shown = job.locator('.result-records tbody tr').first();
    await expect(shown).toHaveText(String(lines[0]).replaceAll(',', ''));
  });
}

test('another record limit keeps the order', async ({ page }, testInfo) => {
  const long = 'x'.repeat(2 ** 20);
  const file = `${FILE}"${long}\nz",2020-01-01,8\n`;
  await choose(page, written(testInfo, 'plays.csv', file));
  await unfold(page, 'The result');
  await page.getByLabel('Order of the result').selectOption('total');
  const job = await finish(page);
  await job.getByRole('button', { name: 'Run again' }).click();
  const again = newest(page);
  await expect(again).toHaveAttribute('data-status', 'done', { timeout: 0 });
  const csv = await download(again, 'Download CSV', testInfo);
  const plays = readFileSync(csv, 'utf8').match(/(?<=,)\d+$/gm);
  expect(plays).toEqual(['9', '8', '7', '5', '5']);
});

// However a job is cut up and however often it spills.
for (const kind of /** @type {const} */ (['typical', 'quoted', 'high'])) {
  test(`20 MB of ${kind} data in any order, cut up and spilled`, async ({
    page,
  }, testInfo) => {
    const file = generated(kind, 20);
    const api = await Api.open(page);
    for (const order of ORDERS) {
      for (const options of [
        { workers: 1 },
        { workers: 3, splitBytes: 100_000 },
        { workers: 2, splitBytes: 2 ** 20, memoryBytes: 4e6 },
      ]) {
        await test.step(JSON.stringify({ order, ...options }), async () => {
          const all = { order, ...options };
          const { csv } = await api.tally([file], all, testInfo);
          sameBytes(csv, expectedIn(order, file));
        });
      }
    }
  });
}

test('only the result stays on disk', async ({ page }, testInfo) => {
  const file = generated('high', 20);
  const api = await Api.open(page);
  const options = { order: /** @type {const} */ ('total'), memoryBytes: 4e6 };
  const { csv } = await api.tally([file], options, testInfo);
  sameBytes(csv, expectedIn('total', file));
  // One for each range of the merge.
  await expect.poll(async () => (await onDisk(page)).length).toBeLessThan(10);
});

test('several files in the order they were chosen in', async ({
  page,
}, testInfo) => {
  const files = [
    generated('typical', 5, 3),
    generated('plain', 5),
    generated('typical', 5, 2),
  ];
  const api = await Api.open(page);
  const options = { order: /** @type {const} */ ('first'), splitBytes: 50_000 };
  const { csv } = await api.tally(files, options, testInfo);
  sameBytes(csv, expectedIn('first', ...files));
});
