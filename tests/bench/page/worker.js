// @ts-check
/** Calls functions of modules. It isn't a module, so that they can import
 * scripts that aren't either. */
self.onmessage = async ({ data: { id, url, name, args } }) => {
  try {
    const module = await import(url);
    self.postMessage({ id, result: await module[name](...args) });
  } catch (error) {
    self.postMessage({ id, error: String(error) });
  }
};
