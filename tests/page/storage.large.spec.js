// @ts-check
import { expect } from '@playwright/test';
import { Api } from './api.js';
import { generated, sameBytes, sorted } from './data.js';
import { test } from './disk.js';
import { MemoryWatch } from './memory.js';
/** @import { Page, TestInfo } from '@playwright/test' */

/** Of records of which nearly each has a group of its own: 21 million. */
const MEGABYTES = 680;

/** Enough that nothing is spilled early. */
const UNLIMITED = 8e9;

// Measured: 311 MB beside a budget of 256 MB.
const BESIDE = 450e6;

test('20 million groups under a budget of 256 MB', async ({
  page,
}, testInfo) => {
  const little = await run(page, testInfo, 256e6);
  expect(little.most).toBeLessThan(256e6 + BESIDE);
  const much = await run(page, testInfo, UNLIMITED);
  console.log(`${(little.seconds / much.seconds).toFixed(2)} × the time.`);
});

test('20 million groups under a budget of 16 MB, in passes', async ({
  page,
}, testInfo) => {
  const { most, passes } = await run(page, testInfo, 16e6);
  expect(passes).toBeGreaterThan(1);
  expect(most).toBeLessThan(16e6 + BESIDE);
});

/**
 * @param {Page} page
 * @param {TestInfo} testInfo
 * @param {number} memoryBytes the budget
 */
async function run(page, testInfo, memoryBytes) {
  const file = generated('high', MEGABYTES);
  const api = await Api.open(page);
  const watch = new MemoryWatch();
  const { csv, report } = await api.tally([file], { memoryBytes }, testInfo);
  const most = watch.stop();
  const { groups, seconds, passes } = report;
  console.log(
    `A budget of ${memoryBytes / 1e6} MB: ${groups} groups, ` +
      `${passes} passes, ${seconds.toFixed(1)} s, ` +
      `${Math.round(most / 1e6)} MB in use.`,
  );
  expect(groups).toBeGreaterThan(20e6);
  sameBytes(csv, sorted(file));
  return { most, seconds, passes };
}
