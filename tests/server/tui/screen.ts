/** `cam` at a real pseudo-terminal: keys go in, and what a person would see on the screen comes out. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import xterm from '@xterm/headless';

const BIN = fileURLToPath(new URL('../../../dist/cam.js', import.meta.url));
const SEEN_MS = 15_000;
const STEP_MS = 25;

export interface Screen {
  /** With its cells and their colours, for pictures. */
  readonly terminal: InstanceType<typeof xterm.Terminal>;
  /** The lines as they stand, without what is blank at their ends. */
  text(): string;
  /** Waits until the screen shows this; throws with the screen when it does not. */
  shows(what: string | RegExp): Promise<string>;
  /** Waits until it does not. */
  hides(what: string): Promise<void>;
  type(keys: string): void;
  /** As a terminal hands over what was pasted. */
  paste(text: string): void;
  resize(columns: number, rows: number): void;
  /** All that was written, escape sequences and all. */
  written(): string;
  kill(signal: NodeJS.Signals): void;
  /** Ends what is still there, however it is. */
  close(): Promise<void>;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

export const ENTER = '\r';
export const ESC = '\u001b';
export const DOWN = '\u001b[B';

/** `script` (of util-linux) gives the program a terminal of its own. */
export function openScreen(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  [columns, rows]: readonly [number, number] = [110, 34],
): Screen {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const command = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
  const child: ChildProcess = spawn(
    'script',
    ['-qefc', `stty cols ${columns} rows ${rows}; exec ${command}`, '/dev/null'],
    { env: { PATH: process.env.PATH, TERM: 'xterm-256color', NODE_ENV: 'production', ...env } },
  );
  let written = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    written += chunk.toString();
    terminal.write(chunk);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const text = (): string => {
    const { active } = terminal.buffer;
    const lines = Array.from({ length: terminal.rows }, (_, at) =>
      (active.getLine(active.viewportY + at)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.join('\n').trimEnd();
  };
  const until = async (holds: () => boolean, what: string): Promise<void> => {
    for (const endMs = Date.now() + SEEN_MS; !holds(); ) {
      if (Date.now() > endMs) throw new Error(`the screen does not ${what}:\n${text()}`);
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
  };
  const matches = (what: string | RegExp): boolean =>
    typeof what === 'string' ? text().includes(what) : what.test(text());
  return {
    terminal,
    text,
    shows: async (what) => {
      await until(() => matches(what), `show ${what}`);
      return text();
    },
    hides: (what) => until(() => !matches(what), `hide ${what}`),
    type: (keys) => void child.stdin?.write(keys),
    paste: (pasted) => void child.stdin?.write(`${ESC}[200~${pasted}${ESC}[201~`),
    resize: (cols, lines) => {
      terminal.resize(cols, lines);
      const device = readlinkSync(`/proc/${programOf(child)}/fd/0`);
      execFileSync('stty', ['-F', device, 'cols', String(cols), 'rows', String(lines)]);
    },
    written: () => written,
    kill: (signal) => void process.kill(programOf(child), signal),
    close: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        child.stdin?.end();
      }
      await ended;
    },
    ended,
  };
}

/** The built `cam` without a terminal. */
export function runBuilt(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }> {
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}

/** What runs in the terminal: the one child of `script`. */
function programOf({ pid }: ChildProcess): number {
  const [program] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ');
  if (!program) throw new Error('nothing runs in the terminal any more');
  return Number(program);
}
