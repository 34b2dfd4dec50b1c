// @ts-check
/**
 * Serves www/ to this machine alone, as it is on disk at the moment, with the
 * headers that a careful host would send. The policy stands in index.html.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const root = fileURLToPath(new URL('../www/', import.meta.url));
const port = Number(process.env.PORT || 8080);

/**
 * Returns the policy of index.html's meta element, and what only a header can
 * say besides.
 */
function contentSecurityPolicy() {
  const html = readFileSync(`${root}index.html`, 'utf8');
  const meta = /<meta\s+http-equiv="Content-Security-Policy"[^>]*>/i.exec(html);
  const policy = meta && /content="([^"]+)"/i.exec(meta[0]);
  if (!policy) {
    throw new Error(
      'www/index.html has no <meta http-equiv="Content-Security-Policy" ' +
        'content="...">. Put it back: the page must not be served without.',
    );
  }
  const oneLine = policy[1].replace(/\s+/g, ' ').trim().replace(/;$/, '');
  return `${oneLine}; frame-ancestors 'none'`;
}

/** @param {unknown} error */
function stop(error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

// `dev` looks at the disk for each request, so a rebuild shows on reload; with
// `etag` it sends Cache-Control: no-cache.
const files = sirv(root, { dev: true, etag: true });

const server = createServer((request, response) => {
  try {
    response.setHeader('Content-Security-Policy', contentSecurityPolicy());
  } catch (error) {
    stop(error);
  }
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('X-Content-Type-Options', 'nosniff');
  files(request, response, () => {
    response.writeHead(404, { 'Content-Type': 'text/plain' });
    response.end('Not found\n');
  });
});

server.on('error', (/** @type {NodeJS.ErrnoException} */ error) => {
  stop(
    error.code === 'EADDRINUSE'
      ? `Port ${port} is taken. Choose another: make serve PORT=${port + 1}`
      : error,
  );
});

try {
  contentSecurityPolicy();
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    const actual = address && typeof address === 'object' && address.port;
    console.log(`Playtally is at http://127.0.0.1:${actual}/`);
  });
} catch (error) {
  stop(error);
}
