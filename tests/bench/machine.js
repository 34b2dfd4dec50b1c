// @ts-check
import { cpus, totalmem } from 'node:os';
import { inBrowser } from './browser.js';

/** Says what the figures are measured on. */
export async function describeMachine() {
  const version = await inBrowser(async (page) => {
    return page.context().browser()?.version();
  });
  const [core] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB of memory`;
  const model = core?.model.trim() ?? 'cores';
  return `${cpus().length} × ${model}, ${memory}, Chromium ${version}`;
}
