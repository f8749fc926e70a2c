/**
 * What the launcher tells people: progress and trouble, on stderr only, so that the output of the command
 * being launched stays clean. A LaunchError is trouble already put in words; anything else is our own fault.
 */
const CLOSING_LINES_MAX = 40;

export class LaunchError extends Error {
  /** @param {string} message in words for the person at the keyboard  @param {number} exitCode */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'LaunchError';
    this.exitCode = exitCode;
  }
}

/** @param {string} line */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** The end of a tool's output: where tools say what went wrong. @param {string} output */
export function closingLines(output, most = CLOSING_LINES_MAX) {
  const lines = output.trimEnd().split(/\r?\n/);
  return lines.slice(-most).join('\n');
}

/** Runs an entry of the launcher and turns its failure into words and an exit code. */
export async function launch(run) {
  try {
    const exitCode = await run();
    if (typeof exitCode === 'number') process.exitCode = exitCode;
  } catch (error) {
    say(inWords(error));
    process.exitCode = error instanceof LaunchError ? error.exitCode : 1;
  }
}

function inWords(error) {
  if (error instanceof LaunchError) return error.message;
  if (error?.code === 'ENOSPC') return `The disk is full${at(error)}: about 1 GB of free space is needed.`;
  if (['EACCES', 'EPERM', 'EROFS'].includes(error?.code))
    return `This checkout cannot be written to${at(error)}: make it your own.`;
  return `The launcher failed: ${error instanceof Error ? error.stack : String(error)}`;
}

function at(error) {
  return error.path ? ` (${error.path})` : '';
}
