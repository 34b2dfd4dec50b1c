// @ts-check
import { expect } from '@playwright/test';
import { test } from './disk.js';
import { survive } from './ended.js';

test('workers that are ended at random moments of 50 jobs', async ({
  page,
}) => {
  const deaths = await survive(page, 50);
  console.log(`${deaths} workers were ended.`);
  expect(deaths).toBeGreaterThan(25);
});
