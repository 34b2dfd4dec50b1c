// @ts-check

/** The ways by which a script may send something out. */
export const WAYS = [
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'import',
  'Worker',
  'module-Worker',
  'Blob-Worker',
  'Blob-Worker-import',
];
/** Those that only a page has. */
export const PAGE_WAYS = ['beacon', 'Image', 'prefetch', 'script', 'frame'];
/** Those that only a worker has. */
export const WORKER_WAYS = ['importScripts'];

/**
 * Tries one way to send something to a server. It is run in a page or in a
 * worker, and so uses nothing from outside itself.
 *
 * @param {{ way: string, to: string }} attempt the way, and the address
 *   that is to be asked for
 * @returns {Promise<void>} resolves when it has succeeded or failed
 */
export async function trySending({ way, to }) {
  /**
   * Waits until something has happened to it, whatever it is.
   *
   * @param {EventTarget} target
   */
  function settled(target) {
    return new Promise((resolve) => {
      for (const type of ['load', 'open', 'message', 'error', 'close']) {
        target.addEventListener(type, resolve, { once: true });
      }
    });
  }

  /**
   * @param {string} source
   * @param {WorkerOptions} [options]
   */
  function blobWorker(source, options) {
    const blob = new Blob([source], { type: 'text/javascript' });
    return new Worker(URL.createObjectURL(blob), options);
  }

  /**
   * @param {string} tag
   * @param {Record<string, string>} attributes
   */
  function inserted(tag, attributes) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      made.setAttribute(name, value);
    }
    document.head.append(made);
    return made;
  }

  /** @type {Record<string, () => unknown>} */
  const ways = {
    fetch: () => fetch(to, { method: 'POST', body: 'secret' }),
    XMLHttpRequest: () => {
      const request = new XMLHttpRequest();
      request.open('POST', to);
      request.send('secret');
      return settled(request);
    },
    WebSocket: () => settled(new WebSocket(to.replace('http', 'ws'))),
    EventSource: () => settled(new EventSource(to)),
    import: () => import(to),
    Worker: () => settled(new Worker(to)),
    'module-Worker': () => settled(new Worker(to, { type: 'module' })),
    'Blob-Worker': () => {
      const body = `fetch('${to}').finally(() => postMessage(0))`;
      return settled(blobWorker(body));
    },
    'Blob-Worker-import': () => {
      const body = `import '${to}'; postMessage(0)`;
      return settled(blobWorker(body, { type: 'module' }));
    },
    importScripts: () => /** @type {any} */ (self).importScripts(to),
    beacon: () => navigator.sendBeacon(to, 'secret'),
    Image: () => {
      const image = new Image();
      image.src = to;
      return settled(image);
    },
    prefetch: () => settled(inserted('link', { rel: 'prefetch', href: to })),
    script: () => settled(inserted('script', { src: to })),
    frame: () => settled(inserted('iframe', { src: to })),
  };
  try {
    await ways[way]();
  } catch {
    // Whether anything was sent is for the server to say.
  }
}
