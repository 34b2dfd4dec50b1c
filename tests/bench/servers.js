// @ts-check
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';
import { root } from './data.js';

/** A browser that is cross-origin isolated lets DuckDB-WASM have threads. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/**
 * Serves the contenders to this machine alone.
 *
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function serveContenders() {
  // With `dev` it doesn't go through all of node_modules first.
  const own = sirv(fileURLToPath(new URL('.', import.meta.url)), { dev: true });
  const packages = sirv(`${root}node_modules`, { dev: true });
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(HEADERS)) {
      response.setHeader(name, value);
    }
    const [, path] = /^\/node_modules(\/.*)$/.exec(request.url ?? '') ?? [];
    if (path) request.url = path;
    (path ? packages : own)(request, response, () => {
      response.writeHead(404).end();
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = server.address();
  const port = address && typeof address === 'object' && address.port;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/**
 * Serves Playtally as `make serve` does.
 *
 * @returns {Promise<{ url: string, close: () => void }>}
 */
export async function servePlaytally() {
  const server = spawn(process.execPath, [`${root}tools/serve.js`], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let says = '';
  for await (const text of server.stdout) {
    says += text;
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(says) ?? [];
    if (url) return { url, close: () => void server.kill() };
  }
  throw new Error('tools/serve.js ended.');
}
