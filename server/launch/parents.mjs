/**
 * Noticing that whoever started us is gone. npm runs scripts through a shell, and the shell outlives npm: so
 * where our parent is one, its own parent counts too (Linux, from /proc). The server watches its parents the
 * same way; it cannot see beyond a launcher that stayed, which is why that launcher watches for it.
 */
import { readFileSync } from 'node:fs';

const POLL_MS = 500;
const SHELLS = /^(sh|dash|bash|ash|zsh|busybox)$/;

/** Calls `onLost` once when a parent is gone. @param {() => void} onLost  @returns {() => void} stops watching */
export function watchParents(onLost) {
  const before = parents();
  const watch = setInterval(() => {
    if (parents().join() === before.join()) return;
    clearInterval(watch);
    onLost();
  }, POLL_MS);
  watch.unref();
  return () => clearInterval(watch);
}

function parents() {
  const parent = process.ppid;
  try {
    // `pid (name) state ppid …`; the name may hold anything, so it ends at the last parenthesis.
    const status = readFileSync(`/proc/${parent}/stat`, 'utf8');
    const end = status.lastIndexOf(')');
    const name = status.slice(status.indexOf('(') + 1, end);
    return SHELLS.test(name) ? [parent, Number(status.slice(end + 2).split(' ')[1])] : [parent];
  } catch {
    return [parent];
  }
}
