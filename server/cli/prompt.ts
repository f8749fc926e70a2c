/**
 * Asking a person. A hidden answer is read in raw mode, so that neither the terminal's echo nor its history
 * ever holds it; the mode is restored however the question ends.
 */
import { createInterface } from 'node:readline';
import type { ReadStream } from 'node:tty';
import { CamError } from '../../lib/errors.ts';

type Input = NodeJS.ReadableStream & Partial<Pick<ReadStream, 'setRawMode'>>;

const ANSWER_MAX = 8192;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';
const BACKSPACES = new Set(['\u007f', '\b']);

export function askHidden(prompt: string, input: Input, output: NodeJS.WritableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer: string[] = [];
    output.write(`${prompt}: `);
    input.setRawMode?.(true);
    input.resume();
    const finish = (settle: () => void): void => {
      input.off('data', onData);
      input.setRawMode?.(false);
      input.pause();
      output.write('\n');
      settle();
    };
    /** Whether this character ended the question. */
    const take = (char: string): boolean => {
      const empty = answer.length === 0;
      if (char === '\r' || char === '\n') finish(() => resolve(answer.join('')));
      else if (char === CTRL_C || (char === CTRL_D && empty)) finish(() => reject(stopped()));
      else {
        if (char === CTRL_U) answer = [];
        else if (BACKSPACES.has(char)) answer.pop();
        else if (char >= ' ' && answer.length < ANSWER_MAX) answer.push(char);
        return false;
      }
      return true;
    };
    const onData = (chunk: Buffer | string): void => {
      for (const char of chunk.toString()) if (take(char)) break;
    };
    input.on('data', onData);
  });
}

export function askLine(prompt: string, input: Input, output: NodeJS.WritableStream): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, output, terminal: false });
    output.write(prompt);
    let answered = false;
    lines.once('line', (line) => {
      answered = true;
      lines.close();
      resolve(line);
    });
    lines.once('close', () => {
      if (!answered) reject(stopped());
    });
  });
}

const stopped = (): CamError =>
  new CamError('invalid_request', 'Nothing was changed: the question was not answered.');
