/**
 * A conversation with OpenCode through its own server (`opencode serve`), which is what its terminal talks to as
 * well: it starts once for all turns, and it tells in events what the terminal would show.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { OpenSession, SessionOptions, Turn } from './agent-session.ts';
import {
  CHAT,
  endGroup,
  type OpenCodeSetUp,
  openCodeBinary,
  openCodeEnvironment,
  RESPONSES,
} from './spawn-agent.ts';

const START_MS = 60_000;
const TURN_MS = 120_000;
const CALL_MS = 10_000;
const TROUBLES_MAX = 1_000;

export const openCodeSession = openBy(RESPONSES);
export const openCodeChatSession = openBy(CHAT);

function openBy(setUp: OpenCodeSetUp): OpenSession {
  return async (options) => {
    const { child, origin } = await serve(setUp, options);
    const watch = new AbortController();
    try {
      const troubles = await watchTroubles(origin, watch.signal);
      const { id } = await post(`${origin}/session`, {}, CALL_MS);
      const [providerID, modelID] = setUp.model.split('/');
      return {
        async turn(prompt) {
          const before = troubles.length;
          const body = { model: { providerID, modelID }, parts: [{ type: 'text', text: prompt }] };
          const answer = await post(`${origin}/session/${id}/message`, body, TURN_MS);
          return turnOf(answer, troubles.slice(before));
        },
        async compact() {
          await post(`${origin}/session/${id}/summarize`, { providerID, modelID }, TURN_MS);
        },
        async close() {
          watch.abort();
          await end(child);
        },
      };
    } catch (error) {
      watch.abort();
      await end(child);
      throw error;
    }
  };
}

function turnOf(answer: Answer, troubles: readonly string[]): Turn {
  const text = (answer.parts ?? []).map((part) => part.text ?? '').join('\n');
  const error = answer.info?.error;
  return { text, troubles: error === undefined ? troubles : [...troubles, JSON.stringify(error)] };
}

interface Answer {
  readonly id?: string;
  readonly info?: { readonly error?: unknown };
  readonly parts?: readonly { readonly text?: string }[];
}

async function post(url: string, body: object, timeoutMs: number): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 500)}`);
  const answer: unknown = JSON.parse(text);
  return typeof answer === 'object' && answer !== null ? answer : {};
}

/** Errors, and that it is trying again: its terminal shows both. */
async function watchTroubles(origin: string, signal: AbortSignal): Promise<string[]> {
  const troubles: string[] = [];
  const { body } = await fetch(`${origin}/event`, { signal });
  if (body === null) throw new Error('OpenCode told no events');
  const lines = createInterface({ input: Readable.from(body) });
  // Its end is that of the session, by our own hand.
  lines.once('error', () => undefined);
  lines.on('line', (line) => {
    const isTrouble = line.includes('"session.error"') || /"session\.status".*"retry"/.test(line);
    if (isTrouble && troubles.length < TROUBLES_MAX) troubles.push(line.slice(0, 1_000));
  });
  return troubles;
}

async function serve(setUp: OpenCodeSetUp, options: SessionOptions) {
  const work = join(options.home, 'work');
  await mkdir(work, { recursive: true });
  const port = await freePort();
  const child = spawn(openCodeBinary(), ['serve', '--hostname', '127.0.0.1', '--port', String(port)], {
    cwd: work,
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH ?? '',
      ...openCodeEnvironment(options.home),
      ...setUp.environment(options),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  try {
    await listening(child);
  } catch (error) {
    await end(child);
    throw error;
  }
  return { child, origin: `http://127.0.0.1:${port}` };
}

/** OpenCode prefers a port of its own to "any", so it is given one that is free. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(() => reject(new Error(`OpenCode did not start: ${said}`)), START_MS);
    const settle = (outcome: () => void) => {
      clearTimeout(late);
      outcome();
    };
    child.once('error', (error) => settle(() => reject(error)));
    child.once('exit', (code) => settle(() => reject(new Error(`OpenCode ended with ${code}: ${said}`))));
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-5_000);
        if (said.includes('listening on')) settle(resolve);
      });
    }
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('exit', resolve));
  endGroup(child.pid);
  await closed;
}
