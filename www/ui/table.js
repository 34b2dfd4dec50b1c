// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';

/**
 * @typedef {object} TableColumn
 * @property {string} name
 * @property {boolean} [number] whether its fields stand on the right
 * @property {string} [role] what the column is used for
 */

/** Longer fields are cut for show: a record may have a megabyte. */
const FIELD_LENGTH = 200;

/**
 * Shows records in a table that scrolls inside its own frame.
 *
 * @param {object} content
 * @param {string} content.caption
 * @param {TableColumn[]} content.columns
 * @param {(string | Node)[][]} content.records
 * @returns {HTMLElement}
 */
export function table({ caption, columns, records }) {
  const head = element('tr', {}, ...columns.map(heading));
  const body = records.map((record) => {
    return element(
      'tr',
      {},
      ...record.map((text, i) => field(text, columns[i])),
    );
  });
  return element(
    'div',
    { class: 'table', role: 'region', tabindex: 0, 'aria-label': caption },
    element(
      'table',
      {},
      element('caption', { class: 'visually-hidden' }, caption),
      element('thead', {}, head),
      element('tbody', {}, ...body),
    ),
  );
}

/** @param {TableColumn} column */
function heading({ name, number, role }) {
  const made = element('th', { scope: 'col', class: classes(number, role) });
  made.append(element('bdi', {}, format.cut(name, FIELD_LENGTH)));
  if (role) made.append(element('span', { class: 'role' }, role));
  return made;
}

/**
 * @param {string | Node} content
 * @param {TableColumn} [column]
 */
function field(content, column) {
  const shown =
    typeof content === 'string' ? format.cut(content, FIELD_LENGTH) : content;
  const names = classes(column?.number, column?.role);
  return element('td', { class: names }, shown);
}

/**
 * @param {boolean} [number]
 * @param {string} [role]
 */
function classes(number, role) {
  const names = [number && 'number', role && 'used'].filter(Boolean);
  return names.length > 0 ? names.join(' ') : undefined;
}
