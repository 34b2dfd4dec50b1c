// @ts-check
//# allFunctionsCalledOnLoad

const RECORDS = 40_000;
const DAYS = 31;
const SONGS = [
  'Paper Lanterns',
  'Harbour Lights',
  '"Slow, Slower, Slowest"',
  'Kilometre Zero',
  '"The ""Blue"" Hour"',
  'Nachtbus',
  'Été sans toi',
  'ليل البحر',
  'שיר לדרך',
  '夜の電車',
  'Glasshouse (12" Mix)',
  'Saudade 🌊',
  'North of Nowhere',
  '"Rain, Again"',
  'Tin Roof Sermon',
  'Copper & Clay',
  'Halfway House',
  'A Long Title That Goes On and On Because Its Writer Would Not Stop (Live at the Old Corn Exchange, Third Night, Remastered)'.replaceAll(
    ',',
    ' –',
  ),
  'Fold',
  'Understudy',
];
/** What goes wrong in real reports, each at its own record. */
const BAD_RECORDS = new Map([
  [1_204, 'Harbour Lights,2026-03-05,n/a'],
  [7_031, 'Nachtbus,2026-03-11'],
  [12_850, 'Fold,2026-03-19,"1,204"'],
  [21_377, 'Understudy,2026-03-02,'],
  [29_911, 'Paper Lanterns,2026-03-28,17,DE'],
  [33_102, '"Tin Roof Sermon,2026-03-30,41'],
  [38_640, 'Kilometre Zero,2026-03-14,12.5'],
]);
const BLANK_LINES = new Set([9_000, 26_500]);

/**
 * Makes a report to try the page with. It is the same every time.
 *
 * @returns {File}
 */
export function makeSample() {
  const random = generator(20_260_301);
  const lines = ['Song,Date,Number of Plays'];
  for (let record = 1; record <= RECORDS; record += 1) {
    if (BLANK_LINES.has(record)) lines.push('');
    lines.push(BAD_RECORDS.get(record) ?? makeRecord(random));
  }
  const text = `${lines.join('\n')}\n`;
  return new File([text], 'sample-plays-march.csv', { type: 'text/csv' });
}

/** @param {() => number} random */
function makeRecord(random) {
  // The square makes few songs popular and most of them not.
  const song = SONGS[Math.floor(random() ** 2 * SONGS.length)];
  const day = String(1 + Math.floor(random() * DAYS)).padStart(2, '0');
  const plays = 1 + Math.floor(random() ** 4 * 5_000);
  return `${song},2026-03-${day},${plays}`;
}

/**
 * Gives numbers from 0 to 1 that look random and follow from the seed alone
 * (mulberry32).
 *
 * @param {number} seed
 * @returns {() => number}
 */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
