/** The terminal UI as a whole: on a screen of its own, which is given back however it ends; or one frame of it. */
import { render, renderToString } from 'ink';
import type { Connection } from '../cli/connection.ts';
import { App } from './app.tsx';
import { Frame } from './frame.tsx';
import { askAll } from './use-data.ts';

/** Ends when the user leaves. Rejects with what went wrong in it. */
export async function runTui(connection: Connection): Promise<void> {
  const { waitUntilExit } = render(<App connection={connection} />, {
    alternateScreen: true,
    exitOnCtrlC: false,
    patchConsole: false,
  });
  await waitUntilExit();
}

/** The first tab as it is now. */
export async function oneFrame(connection: Connection, columns: number): Promise<string> {
  const shown = await connection.call(askAll);
  return renderToString(<Frame shown={shown} columns={columns} local={connection.via === 'in_process'} />, {
    columns,
  });
}
