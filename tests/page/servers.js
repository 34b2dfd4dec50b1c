// @ts-check
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { root } from './data.js';
/** @import { IncomingMessage, ServerResponse } from 'node:http' */
/** @typedef {(request: IncomingMessage, response: ServerResponse) => void} Answer */

const TYPES = /** @type {Record<string, string>} */ ({
  '.css': 'text/css',
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
});

/** A server on this machine that notes all it is asked for. */
export class Server {
  #server;

  /**
   * The paths that were asked for.
   *
   * @type {string[]}
   */
  received = [];

  /** @param {Answer} answer */
  constructor(answer) {
    this.#server = createServer((request, response) => {
      this.received.push(request.url ?? '');
      answer(request, response);
    });
    // What a WebSocket asks for.
    this.#server.on('upgrade', (request, socket) => {
      this.received.push(request.url ?? '');
      socket.destroy();
    });
  }

  /** @returns {Promise<string>} its origin */
  async start() {
    await new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => resolve(undefined));
    });
    const address = this.#server.address();
    const port = typeof address === 'object' && address?.port;
    return `http://127.0.0.1:${port}`;
  }

  stop() {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

const SCRIPT = 'if (!globalThis.document) postMessage(0);';

/**
 * Answers everything, and lets any page read it. A script says that it has
 * run, if it is a worker's.
 *
 * @type {Answer}
 */
export function welcome(request, response) {
  const path = new URL(request.url ?? '/', 'http://localhost').pathname;
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', '*');
  response.setHeader('Content-Type', TYPES[extname(path)] ?? 'text/plain');
  response.end(path.endsWith('.js') ? SCRIPT : '');
}

/**
 * Serves www/ as the plainest host does, with no header about policies.
 *
 * @type {Answer}
 */
export function plainHost(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname.startsWith('/received/')) return welcome(request, response);
  const path = pathname === '/' ? '/index.html' : pathname;
  try {
    const content = readFileSync(`${root}www${path}`);
    response.setHeader('Content-Type', TYPES[extname(path)] ?? 'text/plain');
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}

/**
 * Returns what serves www/ with the headers of another server.
 *
 * @param {string} origin the other server
 * @returns {Answer}
 */
export function hostBehind(origin) {
  return async (request, response) => {
    if (request.url?.startsWith('/received/')) {
      return welcome(request, response);
    }
    const answer = await fetch(new URL(request.url ?? '/', origin));
    const headers = Object.fromEntries(answer.headers);
    delete headers['transfer-encoding'];
    response.writeHead(answer.status, headers);
    response.end(new Uint8Array(await answer.arrayBuffer()));
  };
}
