// @ts-check
//# allFunctionsCalledOnLoad

/** An error with a code for programs and words for a person. */
export class TallyError extends Error {
  name = 'TallyError';

  /**
   * @param {string} code
   * @param {string} message
   * @param {string | null} [file] the file it belongs to
   */
  constructor(code, message, file = null) {
    super(message);
    this.code = code;
    this.file = file;
  }

  /**
   * The error of a file that the browser refuses to read.
   *
   * @param {string} file
   * @param {unknown} cause
   */
  static unreadable(file, cause) {
    const says = cause instanceof Error ? cause.message : String(cause);
    return new TallyError(
      'unreadable',
      `${file}: The browser could not read this file. It may have been ` +
        'changed, moved or taken away since it was chosen. Choose it ' +
        `again. (The browser says: ${says})`,
      file,
    );
  }

  /**
   * The error of a job for which there is no room on disk.
   *
   * @param {string} found what was found to be so, in a sentence
   */
  static noSpace(found) {
    return new TallyError(
      'no_space',
      `The browser has no room left on disk for the job. ${found} Free some ` +
        'space, delete finished jobs or give fewer files at once, and start ' +
        'again. Nothing of this job is left on disk.',
    );
  }
}
