/** A path as a POSIX shell reads it back. */
export function shellQuote(path: string): string {
  return /^[\w./@:-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
