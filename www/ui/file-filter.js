// @ts-check
//# allFunctionsCalledOnLoad
import { format } from './format.js';

/** Ends of names of files that are surely no CSV. */
const OTHERS = new Set(
  (
    'avi bmp css db dll doc docx dmg eml exe flac gif heic htm html ini jpeg ' +
    'jpg js json key lnk m4a md mkv mov mp3 mp4 msg numbers ods odt ogg pages ' +
    'parquet pdf php png ppt pptx psd py rtf sql sqlite svg tif tiff ttf wav ' +
    'webm webp wma wmv xls xlsb xlsm xlsx xml yaml yml'
  ).split(' '),
);

/**
 * Leaves out what lies in folders beside CSV files, by its name alone.
 *
 * @param {File[]} files with their paths
 * @returns {{ files: File[], notice: string }} the others, and what to tell
 */
export function filterFiles(files) {
  /** @param {File} file */
  const isHidden = ({ webkitRelativePath }) => {
    return webkitRelativePath.split('/').some(isHiddenName);
  };
  const seen = files.filter((file) => !isHidden(file));
  const kept = seen.filter(({ name }) => !isOther(name));
  const hidden = files.length - seen.length;
  const others = seen.length - kept.length;
  return { files: kept, notice: words(kept.length, hidden, others) };
}

/** @param {string} name of a file or folder */
function isHiddenName(name) {
  return name.startsWith('.') || name.startsWith('~$') || name === '__MACOSX';
}

/** @param {string} name */
function isOther(name) {
  const [, end = ''] = /\.([^.]+)$/.exec(name) ?? [];
  return OTHERS.has(end.toLowerCase());
}

/**
 * @param {number} kept
 * @param {number} hidden
 * @param {number} others
 */
function words(kept, hidden, others) {
  const parts = [
    hidden > 0 && format.plural(hidden, 'hidden file'),
    others > 0 && `${format.plural(others, 'file')} of other kinds`,
  ].filter(Boolean);
  const skipped = parts.length > 0 ? `Left out: ${parts.join(' and ')}.` : '';
  if (kept > 0) return skipped;
  return `There is no CSV file in the folder. ${skipped}`.trim();
}
