// @ts-check
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { download, figure, finish } from './page.js';

test('the sample balances', async ({ page }, testInfo) => {
  await page.goto('/');
  await page.getByRole('button', { name: 'Try a sample' }).click();
  const job = await finish(page);
  expect(await figure(job, 'records')).toBe('40000');
  expect(await figure(job, 'added')).toBe('39993');
  expect(await figure(job, 'rejected')).toBe('7');
  expect(await figure(job, 'blank')).toBe('2');
  const written = await figure(job, 'total-written');
  expect(await figure(job, 'total-read')).toBe(written);
  await expect(job.locator('.account[data-balanced="true"]')).toHaveCount(3);

  const csv = await download(job, 'Download CSV', testInfo);
  const records = readFileSync(csv, 'utf8').trimEnd().split('\n').slice(1);
  expect(await figure(job, 'groups')).toBe(String(records.length));
  const plays = records.map((record) => Number(record.split(',').at(-1)));
  const sum = plays.reduce((sum, number) => sum + number, 0);
  expect(String(sum)).toBe(written);

  const rejects = await download(job, 'Download rejects', testInfo);
  const lines = readFileSync(rejects, 'utf8').trimEnd().split('\n');
  // The names of the columns, the header of the file, and its rejects.
  expect(lines).toHaveLength(1 + 1 + 7);
});
