/** Closed-loop load: so many connections, each sending its next call when the last one has been answered. */
import { Agent, request } from 'node:http';

export interface Target {
  readonly url: string;
  readonly key: string;
}

export interface Load {
  readonly connections: number;
  readonly calls: number;
  readonly stream: boolean;
}

export interface LoadFigures {
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Answers that were not 200, or cut short. */
  readonly lost: number;
  readonly chunks: number;
}

const CALL_TIMEOUT_MS = 60_000;

/** Runs one load to its end. For streams the times are those of the first byte. */
export async function runLoad(target: Target, load: Load): Promise<LoadFigures> {
  const agent = new Agent({ keepAlive: true, maxSockets: load.connections });
  const body = JSON.stringify({
    model: 'gpt-4.1-mini',
    stream: load.stream,
    messages: [{ role: 'user', content: 'Say something short.' }],
  });
  const times: number[] = [];
  let left = load.calls;
  let lost = 0;
  let chunks = 0;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      const call = await oneCall(target, agent, body);
      times.push(call.firstByteMs);
      chunks += call.chunks;
      if (!call.whole) lost += 1;
    }
  };
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: load.connections }, worker));
  const seconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { callsPerSecond: load.calls / seconds, p50Ms: at(0.5), p99Ms: at(0.99), lost, chunks };
}

interface OneCall {
  readonly firstByteMs: number;
  readonly chunks: number;
  readonly whole: boolean;
}

function oneCall(target: Target, agent: Agent, body: string): Promise<OneCall> {
  return new Promise((resolve) => {
    const startedAt = performance.now();
    let firstByteMs = 0;
    let chunks = 0;
    const end = (whole: boolean) => resolve({ firstByteMs, chunks, whole });
    const headers = {
      authorization: `Bearer ${target.key}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const call = request(
      `${target.url}/v1/chat/completions`,
      { method: 'POST', agent, headers },
      (answer) => {
        answer.on('data', () => {
          if (chunks === 0) firstByteMs = performance.now() - startedAt;
          chunks += 1;
        });
        answer.once('close', () => end(answer.complete && answer.statusCode === 200));
      },
    );
    call.setTimeout(CALL_TIMEOUT_MS, () => call.destroy());
    call.once('error', () => end(false));
    call.end(body);
  });
}
