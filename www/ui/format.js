// @ts-check
//# allFunctionsCalledOnLoad

const SIZE_UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Writes numbers for people. Totals come and go as text. */
export const format = {
  /**
   * Groups the digits of a decimal number of any length in threes.
   *
   * @param {string} text for example `'-1234567.50'`
   */
  digits(text) {
    const [whole = '', ...fraction] = text.split('.');
    const grouped = whole.replace(/\B(?=(?:\d{3})+$)/g, ',');
    return [grouped, ...fraction].join('.');
  },

  /**
   * Writes a whole number that is safely a JavaScript number.
   *
   * @param {number} value
   */
  count(value) {
    return format.digits(String(value));
  },

  /**
   * Writes a number and its noun.
   *
   * @param {number} value
   * @param {string} one
   * @param {string} many
   */
  plural(value, one, many = `${one}s`) {
    return `${format.count(value)} ${value === 1 ? one : many}`;
  },

  /**
   * Writes a size in decimal units, as file managers and disks do.
   *
   * @param {number} bytes
   */
  size(bytes) {
    if (bytes < 1000) return format.plural(bytes, 'byte');
    let value = bytes / 1000;
    let unit = 0;
    while (value >= 999.5 && unit < SIZE_UNITS.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return `${value.toFixed(value < 9.95 ? 1 : 0)} ${SIZE_UNITS[unit]}`;
  },

  /**
   * Writes a length of time in its two largest units.
   *
   * @param {number} seconds
   */
  duration(seconds) {
    if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
    const whole = Math.round(seconds);
    if (whole < 60) return `${whole} s`;
    const minutes = Math.floor(whole / 60);
    if (minutes < 60) return `${minutes} min ${whole % 60} s`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  },

  /**
   * Writes a day and a time as people where the browser is do.
   *
   * @param {Date} time
   */
  time(time) {
    return time.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  },

  /**
   * Writes a speed, or a dash before there is one.
   *
   * @param {number} bytes
   * @param {number} seconds
   */
  speed(bytes, seconds) {
    if (seconds <= 0) return '–';
    const speed = bytes / 1e6 / seconds;
    if (speed < 0.05) return 'under 0.1 MB/s';
    return `${speed < 9.95 ? speed.toFixed(1) : format.count(Math.round(speed))} MB/s`;
  },

  /**
   * Cuts a text for show, never through a character.
   *
   * @param {string} text
   * @param {number} length in characters
   */
  cut(text, length) {
    if (text.length <= length) return text;
    const characters = Array.from(text.slice(0, 2 * length));
    return `${characters.slice(0, length).join('')}…`;
  },

  /**
   * Names several files in a few words.
   *
   * @param {string[]} names
   */
  names(names) {
    const [first = 'no file'] = names;
    return names.length < 2 ? first : `${first} and ${names.length - 1} more`;
  },
};
