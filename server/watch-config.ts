/**
 * The configuration file while the server runs: it is read again when it changes, and on SIGHUP where that is not the
 * sign that the terminal was closed. What cannot be taken changes nothing and is said.
 */
import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import { SERVER } from '../lib/audit/actor.ts';
import { asCamError } from '../lib/errors.ts';
import type { Log } from './log.ts';
import type { Services } from './services/services.ts';

export interface WatchConfigDeps {
  readonly file: string;
  readonly local: Pick<Services['local'], 'rereadSettings'>;
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** To a person at the terminal. */
  readonly say: (line: string) => void;
}

/** Editors write a file in several steps. */
const SETTLED_MS = 150;

/** @returns what ends it */
export function watchConfig(deps: WatchConfigDeps): () => void {
  const name = basename(deps.file);
  let timer: NodeJS.Timeout | undefined;
  const soon = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => void readAgain(deps), SETTLED_MS);
  };
  let watcher: FSWatcher | null = null;
  try {
    // The folder: many editors put another file in the place of the old one.
    watcher = watch(dirname(deps.file), { persistent: false }, (_event, changed) => {
      if (changed === null || changed === name) soon();
    });
    watcher.on('error', (error) =>
      deps.log.warn({ err: error }, 'the configuration file is not watched any more'),
    );
  } catch (error) {
    deps.log.warn({ err: error }, 'the configuration file cannot be watched');
  }
  const onHangUp = (): void => void readAgain(deps);
  const hangUpReads = !hasTerminal();
  if (hangUpReads) process.on('SIGHUP', onHangUp);
  return () => {
    clearTimeout(timer);
    watcher?.close();
    if (hangUpReads) process.off('SIGHUP', onHangUp);
  };
}

/** Whose SIGHUP means that the terminal is gone. */
export const hasTerminal = (): boolean =>
  process.stdin.isTTY === true || process.stdout.isTTY === true || process.stderr.isTTY === true;

async function readAgain({ file, local, log, say }: WatchConfigDeps): Promise<void> {
  try {
    const { changed, restartNeeded } = await local.rereadSettings(SERVER);
    if (changed.length === 0) return;
    log.info({ changed, restartNeeded }, 'the configuration file was read again');
    say(`${basename(file)}: ${changed.join(', ')} changed.`);
    if (restartNeeded.length > 0) say(`${restartNeeded.join(', ')} will hold from the next start.`);
  } catch (thrown) {
    const { message, hint } = asCamError(thrown);
    log.warn({ why: message }, 'the configuration file was not taken');
    say(`${basename(file)} is not taken, what held before still does. ${message}${hint ? ` ${hint}` : ''}`);
  }
}
