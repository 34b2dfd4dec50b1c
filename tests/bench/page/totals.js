// @ts-check
/** Records of the result that make one piece of it. */
const PIECE = 1 << 16;

/**
 * Totals as one would keep them in JavaScript: in a Map, whose keys hold song
 * and date with a NUL between them.
 */
export class Totals {
  /** @type {Map<string, number>} */
  #totals = new Map();

  /**
   * @param {string} song
   * @param {string} date
   * @param {number} plays
   */
  add(song, date, plays) {
    const key = `${song}\0${date}`;
    this.#totals.set(key, (this.#totals.get(key) ?? 0) + plays);
  }

  /** The result, in order of first appearance. */
  csv() {
    const parts = [];
    let records = ['Song,Date,Total Number of Plays for Date\n'];
    for (const [key, total] of this.#totals) {
      const [song = '', date = ''] = key.split('\0');
      records.push(`${field(song)},${field(date)},${total}\n`);
      if (records.length < PIECE) continue;
      parts.push(new Blob([records.join('')]));
      records = [];
    }
    return new Blob([...parts, records.join('')]);
  }
}

/** @param {string} text */
function field(text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
