// @ts-check
//# allFunctionsCalledOnLoad
import { element } from './element.js';
import { format } from './format.js';
/** @import { Progress } from '../types.d.ts' */

/** Five times a second is as often as figures can be read. */
const INTERVAL_MILLISECONDS = 200;
/** Sooner than this a guess of the time left jumps about. */
const GUESS_AFTER_SECONDS = 1;

const PHASES = {
  queued: 'Waits for the job before it',
  reading: 'Reading and adding',
  merging: 'Putting the totals in order',
  finishing: 'Checking the balance',
};

/** What is seen of a job that waits or runs. */
export class Running {
  /** @type {Progress | null} */
  #progress = null;
  #timer = 0;
  #phase = element('p', { class: 'phase' }, PHASES.queued);
  #bar = element('progress', { max: 1000, value: 0 });
  #percent = element('p', { class: 'percent' });
  #figures = {
    bytes: figure('bytes', 'Read'),
    speed: figure('speed', 'Speed'),
    left: figure('left', 'Time left'),
    records: figure('records', 'Records'),
    groups: figure('groups', 'Groups so far'),
    rejected: figure('rejected', 'Rejected'),
    disk: figure('disk', 'On disk'),
  };

  /**
   * @param {HTMLElement} container
   * @param {string} name what the job works on
   */
  constructor(container, name) {
    this.#bar.setAttribute('aria-label', `Progress of ${name}`);
    container.append(
      element('div', { class: 'phase-line' }, this.#phase, this.#percent),
      this.#bar,
      element(
        'dl',
        { class: 'figures' },
        ...Object.values(this.#figures).map(({ line }) => line),
      ),
    );
  }

  /** @param {Progress} progress shown soon, unless a later one comes first */
  update(progress) {
    this.#progress = progress;
    if (!this.#timer) this.#showLatest();
  }

  /** Stops what may still be pending. */
  close() {
    clearTimeout(this.#timer);
  }

  /** Shows what has come since this was done last, and then waits a little. */
  #showLatest() {
    this.#timer = 0;
    if (!this.#progress) return;
    this.#show(this.#progress);
    this.#progress = null;
    this.#timer = setTimeout(() => this.#showLatest(), INTERVAL_MILLISECONDS);
  }

  /** @param {Progress} progress */
  #show(progress) {
    const { phase, bytes, totalBytes, seconds } = progress;
    const share = totalBytes > 0 ? bytes / totalBytes : 0;
    write(this.#phase, PHASES[phase]);
    write(this.#percent, `${Math.floor(share * 100)} %`);
    this.#bar.value = Math.floor(share * 1000);
    // How long merging takes is not known beforehand.
    if (phase === 'merging') this.#bar.removeAttribute('value');
    const figures = this.#figures;
    const read = `${format.size(bytes)} of ${format.size(totalBytes)}`;
    write(figures.bytes.value, read);
    write(figures.speed.value, format.speed(bytes, seconds));
    write(figures.left.value, timeLeft(progress));
    write(figures.records.value, format.count(progress.records));
    write(figures.groups.value, format.count(progress.groups));
    write(figures.rejected.value, format.count(progress.rejected));
    write(figures.disk.value, onDisk(progress));
  }
}

/**
 * @param {string} name
 * @param {string} text
 */
function figure(name, text) {
  const value = element('dd', { 'data-progress': name }, '–');
  const line = element('div', {}, element('dt', {}, text), value);
  return { line, value };
}

/**
 * Changes a text if it is another: one that stays costs no layout.
 *
 * @param {HTMLElement} place
 * @param {string} text
 */
function write(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** @param {Progress} progress */
function onDisk({ disk, room }) {
  if (room === null) return disk > 0 ? format.size(disk) : '–';
  return `${format.size(disk)} of ${format.size(room)} free`;
}

/** @param {Progress} progress */
function timeLeft({ phase, bytes, totalBytes, seconds }) {
  if (phase === 'merging' || phase === 'finishing') return 'Nearly done';
  if (bytes === 0 || seconds < GUESS_AFTER_SECONDS) return '–';
  const left = ((totalBytes - bytes) * seconds) / bytes;
  return format.duration(Math.max(1, Math.round(left)));
}
