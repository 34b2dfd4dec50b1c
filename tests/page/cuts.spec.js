// @ts-check
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated, sameBytes } from './data.js';

const CUTS = [1, 2, 4].flatMap((workers) => [
  { workers },
  { workers, splitBytes: 2 ** 20 },
]);

// How a job is cut up never changes a byte of its result.
for (const kind of /** @type {const} */ (['typical', 'quoted'])) {
  test(`20 MB of ${kind} data, cut up in all ways`, async ({
    page,
  }, testInfo) => {
    const file = generated(kind, 20);
    const api = await Api.open(page);
    for (const options of CUTS) {
      await test.step(JSON.stringify(options), async () => {
        const { csv, report } = await api.tally([file], options, testInfo);
        sameBytes(csv, expected(file));
        expect(report.workers).toBe(options.workers);
        if (options.splitBytes) expect(report.splits).toBe(20);
      });
    }
  });
}

for (const { megabytes, splitBytes } of [
  { megabytes: 20, splitBytes: 4000 },
  { megabytes: 20, splitBytes: 60_000 },
]) {
  test(`${megabytes} MB in splits of ${splitBytes} bytes, many of whose starts are guessed wrong`, async ({
    page,
  }, testInfo) => {
    const file = generated('quoted', megabytes);
    const api = await Api.open(page);
    const options = { splitBytes };
    const { csv, report } = await api.tally([file], options, testInfo);
    sameBytes(csv, expected(file));
    const header = readFileSync(file).indexOf('\n') + 1;
    const body = statSync(file).size - header;
    expect(report.splits).toBe(Math.ceil(body / splitBytes));
    expect(report.splitsRunAgain).toBeGreaterThan(0);
  });
}

test('chunks of odd sizes', async ({ page }, testInfo) => {
  const file = generated('quoted', 5);
  const api = await Api.open(page);
  for (const chunkBytes of [4099, 65_537]) {
    const options = { chunkBytes, splitBytes: 300_000 };
    const { csv } = await api.tally([file], options, testInfo);
    sameBytes(csv, expected(file));
  }
});

test('aggregates that are spilled again and again', async ({
  page,
}, testInfo) => {
  const file = generated('typical', 20);
  const api = await Api.open(page);
  const options = { memoryBytes: 8e6 };
  const { csv } = await api.tally([file], options, testInfo);
  sameBytes(csv, expected(file));
});
