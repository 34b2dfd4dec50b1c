// @ts-check
//# allFunctionsCalledOnLoad

/**
 * The encodings that files of people come in, with the labels of the Encoding
 * Standard, which takes Latin-1 for Windows-1252.
 *
 * @see https://encoding.spec.whatwg.org/#names-and-labels
 * @type {readonly (readonly [group: string, (readonly [string, string])[]])[]}
 */
export const encodings = [
  [
    'Common',
    [
      ['utf-8', 'UTF-8'],
      ['windows-1252', 'Windows-1252, Latin-1'],
      ['utf-16le', 'UTF-16 LE'],
      ['utf-16be', 'UTF-16 BE'],
    ],
  ],
  [
    'Europe',
    [
      ['windows-1250', 'Windows-1250, Central European'],
      ['windows-1251', 'Windows-1251, Cyrillic'],
      ['windows-1253', 'Windows-1253, Greek'],
      ['windows-1254', 'Windows-1254, Turkish'],
      ['windows-1257', 'Windows-1257, Baltic'],
      ['iso-8859-2', 'ISO-8859-2, Central European'],
      ['iso-8859-3', 'ISO-8859-3, South European'],
      ['iso-8859-4', 'ISO-8859-4, North European'],
      ['iso-8859-5', 'ISO-8859-5, Cyrillic'],
      ['iso-8859-7', 'ISO-8859-7, Greek'],
      ['iso-8859-10', 'ISO-8859-10, Nordic'],
      ['iso-8859-13', 'ISO-8859-13, Baltic'],
      ['iso-8859-14', 'ISO-8859-14, Celtic'],
      ['iso-8859-15', 'ISO-8859-15, Western'],
      ['iso-8859-16', 'ISO-8859-16, Romanian'],
      ['ibm866', 'IBM866, Cyrillic'],
      ['koi8-r', 'KOI8-R, Russian'],
      ['koi8-u', 'KOI8-U, Ukrainian'],
      ['macintosh', 'Macintosh, Western'],
      ['x-mac-cyrillic', 'Macintosh, Cyrillic'],
    ],
  ],
  [
    'Asia and Near East',
    [
      ['shift_jis', 'Shift_JIS, Japanese'],
      ['euc-jp', 'EUC-JP, Japanese'],
      ['iso-2022-jp', 'ISO-2022-JP, Japanese'],
      ['gb18030', 'GB18030, Chinese'],
      ['gbk', 'GBK, Chinese'],
      ['big5', 'Big5, Chinese'],
      ['euc-kr', 'EUC-KR, Korean'],
      ['windows-874', 'Windows-874, Thai'],
      ['windows-1258', 'Windows-1258, Vietnamese'],
      ['windows-1255', 'Windows-1255, Hebrew'],
      ['windows-1256', 'Windows-1256, Arabic'],
      ['iso-8859-6', 'ISO-8859-6, Arabic'],
      ['iso-8859-8', 'ISO-8859-8, Hebrew'],
    ],
  ],
];
