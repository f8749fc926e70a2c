/** When a process of ours has to end: by a signal, or because what started it has gone. */
import { watchParents } from './launch/parents.mjs';

/**
 * Resolves with the reason. A second signal calls `atOnce`.
 * @param hangUp whether SIGHUP ends it too
 */
export function untilToldToStop(
  atOnce: () => void,
  { hangUp }: { readonly hangUp: boolean } = { hangUp: true },
): Promise<string> {
  return new Promise((resolve) => {
    let told = false;
    const stop = (why: string): void => {
      if (told) {
        atOnce();
        return;
      }
      told = true;
      stopWatching();
      resolve(why);
    };
    const signals = ['SIGTERM', 'SIGINT', ...(hangUp ? (['SIGHUP'] as const) : [])] as const;
    for (const signal of signals) process.on(signal, () => stop(signal));
    // npm dies first when it is killed, and would leave us orphaned on the port.
    const startedByNpm = process.env.npm_lifecycle_event !== undefined;
    const stopWatching = startedByNpm ? watchParents(() => stop('the parent process has gone')) : () => {};
  });
}
