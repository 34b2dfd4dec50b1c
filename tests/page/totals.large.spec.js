// @ts-check
import { expect, test } from '@playwright/test';
import { Api } from './api.js';
import { expected, generated, sameBytes } from './data.js';

for (const workers of [1, 2, 4]) {
  for (const splitBytes of [undefined, 2 ** 20]) {
    const cut = splitBytes ? 'splits of 1 MiB' : 'usual splits';
    test(`1 GB of typical data, ${workers} workers, ${cut}`, async ({
      page,
    }, testInfo) => {
      const file = generated('typical', 1000);
      const api = await Api.open(page);
      const options = { workers, splitBytes };
      const { csv, report } = await api.tally([file], options, testInfo);
      sameBytes(csv, expected(file));
      expect(report.workers).toBe(workers);
      if (splitBytes) expect(report.splits).toBe(954);
    });
  }
}

test('1 GB of quoted data, with records that look like others', async ({
  page,
}, testInfo) => {
  const file = generated('quoted', 1000);
  const api = await Api.open(page);
  const { csv } = await api.tally([file], {}, testInfo);
  sameBytes(csv, expected(file));
});
