// @ts-check
import { expect } from '@playwright/test';
import { Api } from './api.js';
import { generated, sameBytes, sorted } from './data.js';
import { test } from './disk.js';
import { MemoryWatch } from './memory.js';

/** 20 million records, and nearly as many groups. */
const MEGABYTES = 680;

const BUDGET = 256e6;

// Measured: 0 MB beside the budget.
const BESIDE = 400e6;

test('20 million groups under a budget of 256 MB', async ({
  page,
}, testInfo) => {
  const file = generated('high', MEGABYTES);
  const api = await Api.open(page);
  /** @param {number} memoryBytes */
  const run = async (memoryBytes) => {
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
    return { most, seconds };
  };
  const little = await run(BUDGET);
  expect(little.most).toBeLessThan(BUDGET + BESIDE);
  // Enough that nothing is spilled early.
  const much = await run(8e9);
  console.log(`${(little.seconds / much.seconds).toFixed(2)} × the time`);
});
