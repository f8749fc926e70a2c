'use client';
/**
 * One call at a time through our own `/v1`, exactly as a client would make it: what was asked, every event as it
 * came, and what became of it. Events are shown a frame at a time, however fast they come.
 */
import { useCallback, useEffect, useRef, useState } from 'react';
import { createEventReader } from '../../../../lib/metering/sse-read.ts';
import { type Answer, NO_ANSWER, readEvent, readWhole } from '../../../../lib/playground/answer.ts';
import { callBody, type PlaygroundCall, pathOf } from '../../../../lib/playground/call-body.ts';
import { api } from '../../../_data/api.ts';
import { readProblem } from '../../../_data/problem.ts';
import { useSession } from '../../../_data/session.tsx';

export interface RawEvent {
  /** Since the call was sent. */
  readonly atMs: number;
  readonly type: string;
  readonly data: string;
}

export interface Run {
  /** asking: nothing of the answer yet · writing · the other three are the ends. */
  readonly phase: 'asking' | 'writing' | 'done' | 'stopped' | 'failed';
  readonly call: PlaygroundCall;
  readonly answer: Answer;
  readonly events: readonly RawEvent[];
  readonly requestId: string | null;
  readonly accountName: string | null;
  readonly firstTokenMs: number | null;
  readonly lastMs: number;
  /** Why there is no answer, or not the whole of it. */
  readonly problem: { readonly message: string; readonly code: string | null } | null;
}

export interface Runner {
  readonly run: Run | null;
  /** Resolves when the call is over, with how it ended. */
  readonly send: (call: PlaygroundCall, account: string | null) => Promise<Run>;
  readonly stop: () => void;
  readonly forget: () => void;
}

const EVENTS_MAX = 5_000;
const DATA_CHARACTERS_MAX = 2_000;
/** A key is renewed a little before its end, so that a call never starts with one that ends on the way. */
const RENEW_MS = 60_000;

interface HeldKey {
  readonly account: string | null;
  readonly key: string;
  readonly expiresAtMs: number;
}

export function useRunner(): Runner {
  const { endedBy } = useSession();
  const [run, setRun] = useState<Run | null>(null);
  const control = useRef<AbortController | null>(null);
  const held = useRef<HeldKey | null>(null);

  const keyFor = useCallback(async (account: string | null): Promise<string> => {
    const now = held.current;
    if (now?.account === account && now.expiresAtMs - Date.now() > RENEW_MS) return now.key;
    held.current = { account, ...(await api.playground.key.mutate({ account })) };
    return held.current.key;
  }, []);

  const send = useCallback(
    async (call: PlaygroundCall, account: string | null): Promise<Run> => {
      control.current?.abort();
      const mine = new AbortController();
      control.current = mine;
      const watched = createWatched(call, (next) => {
        if (control.current === mine) setRun(next);
      });
      try {
        const key = await keyFor(account);
        await perform(call, key, watched, mine.signal);
      } catch (error) {
        if (mine.signal.aborted) watched.end('stopped', null);
        else if (error instanceof Refused) {
          if (error.code === 'invalid_client_key') held.current = null;
          watched.end('failed', { message: error.message, code: error.code });
        } else {
          endedBy(error);
          const { message, code } = readProblem(error);
          watched.end('failed', { message, code });
        }
      }
      return watched.now();
    },
    [keyFor, endedBy],
  );
  const stop = useCallback(() => control.current?.abort(), []);
  const forget = useCallback(() => {
    control.current?.abort();
    control.current = null;
    setRun(null);
  }, []);
  useEffect(() => stop, [stop]);
  return { run, send, stop, forget };
}

/** What the gateway or the provider said instead of an answer. */
class Refused extends Error {
  readonly code: string | null;
  constructor(message: string, code: string | null) {
    super(message);
    this.code = code;
  }
}

interface Watched {
  now(): Run;
  note(type: string, data: string): void;
  change(patch: Partial<Run>): void;
  end(phase: 'done' | 'stopped' | 'failed', problem: Run['problem']): void;
}

function createWatched(call: PlaygroundCall, show: (run: Run) => void): Watched {
  const sentAt = performance.now();
  const sinceMs = () => Math.round(performance.now() - sentAt);
  const events: RawEvent[] = [];
  let frame = 0;
  let run: Run = {
    phase: 'asking',
    call,
    answer: NO_ANSWER,
    events,
    requestId: null,
    accountName: null,
    firstTokenMs: null,
    lastMs: 0,
    problem: null,
  };
  const draw = () => {
    frame = 0;
    show({ ...run, events: [...events] });
  };
  const change = (patch: Partial<Run>) => {
    run = { ...run, ...patch, lastMs: sinceMs() };
    if (frame === 0) frame = requestAnimationFrame(draw);
  };
  draw();
  return {
    now: () => run,
    note(type, data) {
      if (events.length < EVENTS_MAX) {
        const cut = data.length > DATA_CHARACTERS_MAX;
        events.push({ atMs: sinceMs(), type, data: cut ? `${data.slice(0, DATA_CHARACTERS_MAX)}…` : data });
      }
    },
    change,
    end(phase, problem) {
      cancelAnimationFrame(frame);
      run = { ...run, phase, problem, lastMs: sinceMs() };
      draw();
    },
  };
}

async function perform(
  call: PlaygroundCall,
  key: string,
  watched: Watched,
  signal: AbortSignal,
): Promise<void> {
  const path = pathOf(call.api);
  const body = JSON.stringify(callBody(call));
  watched.note('request', `POST ${path} · ${body}`);
  const response = await fetch(path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'session-id': call.conversation,
    },
    body,
    signal,
    credentials: 'omit',
  });
  const { headers } = response;
  const accountName = headers.get('x-cam-account-name');
  const servedBy = accountName === null ? null : decodeURIComponent(accountName);
  watched.note(
    'cam.plan',
    JSON.stringify({
      status: response.status,
      account: servedBy,
      attempts: Number(headers.get('x-cam-attempts')) || null,
      overhead_us: Number(headers.get('x-cam-overhead-us')) || null,
    }),
  );
  watched.change({ requestId: headers.get('x-cam-request-id'), accountName: servedBy });
  if (!response.ok) throw await refusal(response, watched);
  const streamed = headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  if (streamed && response.body) await readStream(call, response.body, watched);
  else readBody(call, await response.text(), watched);
}

async function refusal(response: Response, watched: Watched): Promise<Refused> {
  const text = await response.text();
  watched.note('error', text);
  try {
    const { error } = JSON.parse(text) as { error?: { message?: unknown; code?: unknown } };
    if (typeof error?.message === 'string')
      return new Refused(error.message, typeof error.code === 'string' ? error.code : null);
  } catch {
    // Not JSON: the status is all there is to say.
  }
  return new Refused(`It was answered with the status ${response.status}.`, null);
}

async function readStream(
  call: PlaygroundCall,
  body: ReadableStream<Uint8Array>,
  watched: Watched,
): Promise<void> {
  const events = createEventReader(({ name, data, json }) => {
    if (data === '[DONE]') return watched.note('done', data);
    watched.note(name ?? typeOf(json), data);
    const before = watched.now();
    const answer = readEvent(before.answer, call.api, json);
    if (answer === before.answer) return;
    const first = before.firstTokenMs === null && answer.text !== '';
    watched.change({
      answer,
      phase: 'writing',
      ...(first ? { firstTokenMs: before.events.at(-1)?.atMs ?? null } : {}),
    });
  });
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    events.feed(value);
  }
  finish(watched);
}

function readBody(call: PlaygroundCall, text: string, watched: Watched): void {
  watched.note('answer', text);
  watched.change({ answer: readWhole(call.api, parse(text)) });
  finish(watched);
}

function finish(watched: Watched): void {
  const { end, why } = watched.now().answer;
  if (end === 'whole') watched.end('done', null);
  else if (end === 'cut') watched.end('done', { message: why ?? '', code: null });
  else watched.end('failed', { message: why ?? 'The answer broke off before its end.', code: null });
}

function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}

function typeOf(event: unknown): string {
  const type = (event as { type?: unknown; object?: unknown } | null)?.type;
  const object = (event as { object?: unknown } | null)?.object;
  return typeof type === 'string' ? type : typeof object === 'string' ? object : 'event';
}
