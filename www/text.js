// @ts-check
//# allFunctionsCalledOnLoad
import { isPlain } from './pkg/page/page.js';
import { detectEncoding, transcodeHead } from './pkg/unpack/unpack.js';
import { enterUnpack } from './code.js';

/**
 * An encoding as the engine has it, and a file whose encoding is known:
 * nothing if that is UTF-8 beyond doubt.
 *
 * @typedef {{ name: string, transcoded: boolean }} Encoding
 * @typedef {import('./archive.js').Opened & { encoding?: Encoding }} Text
 */

/**
 * Finds out how the text of a file is encoded, and transcodes its head if the
 * engine can't read it. Most files are UTF-8, and what knows all the others
 * is started only for one that isn't.
 *
 * @param {import('./archive.js').Opened} opened
 * @param {unknown} [label] what a person says that the encoding is
 * @returns {Promise<Text>}
 * @throws {TallyError} if no encoding has that label
 */
export async function readText(opened, label = 'auto') {
  const { head, last, error } = opened;
  const given = typeof label === 'string' && label !== 'auto';
  if (error || (!given && isPlain(head, last))) return opened;
  await enterUnpack();
  /** @type {Encoding} */
  const encoding = detectEncoding(head, last, given ? label : undefined);
  if (!encoding.transcoded) return { ...opened, encoding };
  const { name } = encoding;
  const packing = {
    ...{ container: null, entry: null },
    ...opened.packing,
    encoding: name,
  };
  const text = transcodeHead(head, last, name);
  return { ...opened, head: text, packing, encoding };
}
