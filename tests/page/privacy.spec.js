// @ts-check
import { expect, test } from '@playwright/test';
import { written } from './data.js';
import { download, finish, processButton } from './page.js';
import { Server, hostBehind, plainHost, welcome } from './servers.js';
import { PAGE_WAYS, WAYS, WORKER_WAYS, trySending } from './ways-out.js';
/** @import { Page } from '@playwright/test' */

/**
 * A page or a worker.
 *
 * @typedef {object} Place
 * @property {(run: typeof trySending, attempt: { way: string, to: string }) => Promise<void>} evaluate
 */

const FILE = 'Song,Date,Plays\na,2020-01-01,1\na,2020-01-01,x\n';

/** Belongs to somebody else, and takes whatever it gets. */
const foreign = new Server(welcome);
let foreignOrigin = '';

test.beforeAll(async () => {
  foreignOrigin = await foreign.start();
});
test.beforeEach(() => {
  foreign.received = [];
});
test.afterAll(() => foreign.stop());

for (const { about, answer } of [
  {
    about: 'with headers',
    answer: (/** @type {string} */ baseURL) => hostBehind(baseURL),
  },
  { about: 'without headers', answer: () => plainHost },
]) {
  test.describe(`a host ${about}`, () => {
    /** @type {Server} */
    let host;
    let origin = '';

    test.beforeAll(async ({ baseURL }) => {
      host = new Server(answer(baseURL ?? ''));
      origin = await host.start();
    });
    test.afterAll(() => host.stop());

    test('nothing is asked for once a file is chosen', async ({
      context,
      page,
    }, testInfo) => {
      await page.goto(origin);
      await page.waitForLoadState('networkidle');
      expect(host.received).toContain('/pkg/engine/engine_bg.wasm');
      host.received = [];
      /** @type {string[]} */
      const asked = [];
      context.on('request', (request) => asked.push(request.url()));
      await choose(page, written(testInfo, 'plays.csv', FILE));
      const job = await finish(page);
      await download(job, 'Download CSV', testInfo);
      await download(job, 'Download rejects', testInfo);
      await context.close();
      expect(asked.filter((url) => !url.startsWith('blob:'))).toEqual([]);
      expect(host.received).toEqual([]);
      expect(foreign.received).toEqual([]);
    });

    test('nothing can be sent once a file is chosen', async ({
      context,
      page,
    }, testInfo) => {
      // Without the policy the host would receive it.
      await page.goto(`${origin}/received/page.html`);
      await tryAll(page, ['fetch'], origin);
      expect(host.received).toContain('/received/fetch.js');
      await page.goto(origin);
      await choose(page, written(testInfo, 'plays.csv', FILE));
      await expect(processButton(page)).toBeEnabled();
      const [worker] = page.workers();
      host.received = [];
      for (const to of [foreignOrigin, origin]) {
        // The beacon is first: if it left, it has arrived by the end.
        await tryAll(page, [...PAGE_WAYS, ...WAYS], to);
        await tryAll(worker, [...WAYS, ...WORKER_WAYS], to);
      }
      // The page works as before.
      await finish(page);
      await context.close();
      expect(host.received).toEqual([]);
      expect(foreign.received).toEqual([]);
    });
  });
}

test('what a page without the policy can send, the server receives', async ({
  page,
}) => {
  await page.goto(`${foreignOrigin}/page.html`);
  await page.evaluate(() => void new Worker('/worker.js'));
  await expect.poll(() => page.workers().length).toBe(1);
  const [worker] = page.workers();
  const fromPage = [...PAGE_WAYS, ...WAYS];
  await tryAll(page, fromPage, foreignOrigin);
  await expect.poll(receivedWays).toEqual(fromPage.sort());
  foreign.received = [];
  const fromWorker = [...WAYS, ...WORKER_WAYS];
  await tryAll(worker, fromWorker, foreignOrigin);
  await expect.poll(receivedWays).toEqual(fromWorker.sort());
});

/** The ways by which something came to the foreign server. */
function receivedWays() {
  const ways = foreign.received.map((path) => /received\/(.*)\.js/.exec(path));
  // Some ask twice.
  return [...new Set(ways.flatMap((way) => way?.[1] ?? []))].sort();
}

/**
 * @param {Place} place
 * @param {readonly string[]} ways
 * @param {string} origin of the server that must not receive it
 */
async function tryAll(place, ways, origin) {
  for (const way of ways) {
    const attempt = { way, to: `${origin}/received/${way}.js` };
    await place.evaluate(trySending, attempt);
  }
}

/**
 * @param {Page} page
 * @param {string} file
 */
async function choose(page, file) {
  await page.getByLabel('CSV files').setInputFiles(file);
}
