/**
 * The terminal as the commands meet it: data goes to stdout, talk to stderr, secrets come from a prompt that
 * does not echo. Nothing that came from outside may steer the terminal, so control characters never pass.
 */
import type { ReadStream, WriteStream } from 'node:tty';
import { Secret } from '../../lib/base/secret.ts';
import { CamError } from '../../lib/errors.ts';
import { askHidden, askLine } from './prompt.ts';

export interface Terminal {
  readonly env: NodeJS.ProcessEnv;
  /** True when a person can be asked something. */
  readonly canAsk: boolean;
  /** True when a person reads the output. */
  readonly outIsPerson: boolean;
  /** Columns available for output; null when it does not go to a terminal. */
  readonly columns: number | null;
  readonly paint: (style: Style, text: string) => string;
  /** Data: one line on stdout. */
  out(line: string): void;
  /** Data for programs: one JSON document on stdout. */
  json(value: unknown): void;
  /** Talk: one line on stderr. */
  say(line: string): void;
  /** What the user could do next, on stderr. */
  hint(line: string): void;
  askSecret(prompt: string): Promise<Secret>;
  askYesNo(prompt: string): Promise<boolean>;
  /** All of stdin, for secrets that are piped in; bounded. */
  readStdin(): Promise<string>;
}

export type Style = 'dim' | 'bold' | 'ok' | 'warn' | 'bad';

const CODES: Record<Style, readonly [number, number]> = {
  dim: [2, 22],
  bold: [1, 22],
  ok: [32, 39],
  warn: [33, 39],
  bad: [31, 39],
};

const STDIN_BYTES_MAX = 64 * 1024;

export interface TerminalStreams {
  readonly stdin: NodeJS.ReadableStream & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
  readonly stdout: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY' | 'columns'>>;
  readonly stderr: NodeJS.WritableStream & Partial<Pick<WriteStream, 'isTTY'>>;
}

/** Control characters as a visible dot: a model's name may come from anyone who can send a request. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '·');
}

export function createTerminal(env: NodeJS.ProcessEnv, streams: TerminalStreams): Terminal {
  const { stdin, stdout, stderr } = streams;
  const outIsPerson = stdout.isTTY === true;
  const colored = outIsPerson && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
  const canAsk = stdin.isTTY === true && stderr.isTTY === true;
  const mustAsk = (what: string): void => {
    if (canAsk) return;
    throw new CamError('invalid_request', `${what} is needed, and nobody can be asked: this is no terminal.`);
  };
  return {
    env,
    canAsk,
    outIsPerson,
    columns: outIsPerson ? (stdout.columns ?? 80) : null,
    paint: (style, text) => (colored ? `\u001b[${CODES[style][0]}m${text}\u001b[${CODES[style][1]}m` : text),
    out: (line) => void stdout.write(`${line}\n`),
    json: (value) => void stdout.write(`${JSON.stringify(value, null, 2)}\n`),
    say: (line) => void stderr.write(`${line}\n`),
    hint: (line) => void stderr.write(`hint: ${line}\n`),
    async askSecret(prompt) {
      mustAsk(prompt);
      return new Secret(await askHidden(prompt, stdin, stderr));
    },
    async askYesNo(prompt) {
      mustAsk('A confirmation');
      const answer = await askLine(`${prompt} [y/N] `, stdin, stderr);
      return /^y(es)?$/i.test(answer.trim());
    },
    readStdin: () => readAll(stdin),
  };
}

async function readAll(stdin: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > STDIN_BYTES_MAX) {
      throw new CamError('invalid_request', 'What was piped in is longer than any key (64 KiB).');
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
