// @ts-check
/**
 * Put into Playtally's own page before its scripts: measures from the choice
 * of a file to a Blob whose last byte can be read, and presses Process as
 * soon as that is enabled. With `?workers=N` the page sees N cores.
 */
{
  const workers = new URLSearchParams(location.search).get('workers');
  if (workers) {
    const cores = { value: Number(workers) };
    Object.defineProperty(navigator, 'hardwareConcurrency', cores);
  }

  // The page's policy forbids to fetch what the link leads to.
  /** @type {Map<string, Blob | MediaSource>} */
  const made = new Map();
  const { createObjectURL } = URL;
  URL.createObjectURL = (blob) => {
    const url = createObjectURL(blob);
    made.set(url, blob);
    return url;
  };

  /** Settles when the job does. */
  const ended = () => {
    return new Promise((resolve, reject) => {
      let pressed = false;
      const look = () => {
        /** @type {HTMLButtonElement | null} */
        const button = document.querySelector('#process');
        if (!pressed && button && !button.disabled) {
          pressed = true;
          button.click();
        }
        const job = document.querySelector('[data-status]');
        const status = job instanceof HTMLElement && job.dataset.status;
        if (status === 'done') resolve(job);
        if (status === 'failed') reject(new Error(job?.textContent ?? ''));
      };
      new MutationObserver(look).observe(document, {
        subtree: true,
        attributeFilter: ['disabled', 'data-status'],
      });
    });
  };

  /** @type {Promise<number>} */
  const measured = new Promise((resolve, reject) => {
    const measure = async () => {
      const start = performance.now();
      const job = await ended();
      const csv = made.get(job.querySelector('a[download]').href);
      if (!(csv instanceof Blob)) throw new Error('There is no result.');
      await csv.slice(-1).arrayBuffer();
      resolve((performance.now() - start) / 1000);
    };
    const once = { capture: true, once: true };
    addEventListener('change', () => measure().catch(reject), once);
  });

  /** The bytes that the engine says each group took, keys apart. */
  const groupBytes = async () => {
    const root = await navigator.storage.getDirectory();
    const jobs = await root.getDirectoryHandle('playtally');
    for await (const job of jobs.values()) {
      if (job.kind !== 'directory') continue;
      const manifest = await job.getFileHandle('job.json');
      const text = await (await manifest.getFile()).text();
      return JSON.parse(text).report.groupBytes;
    }
  };

  Object.assign(window, { measured, groupBytes });
}
