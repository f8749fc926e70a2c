/**
 * An upstream over real sockets that says what a test tells it, piece by piece: for what depends on the moment at
 * which something is said, and on how much was said before.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface SpokenUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  /** How many calls have come. */
  readonly calls: number;
}

/** @param speak one call's answer, to be written and ended by the test */
export async function openSpokenUpstream(
  speak: (response: ServerResponse) => void | Promise<void>,
): Promise<SpokenUpstream> {
  let calls = 0;
  const server = createServer((request, response) => {
    calls++;
    request.resume();
    request.once('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      void speak(response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    get calls() {
      return calls;
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const event = (name: string, value: object = {}): string =>
  `event: ${name}\ndata: ${JSON.stringify({ type: name, ...value })}\n\n`;

/** What the tests have it say, in the form of a Responses stream. */
export const SAYS = {
  comment: ': working\n\n',
  created: event('response.created', { response: { id: 'resp_spoken', status: 'in_progress' } }),
  inProgress: event('response.in_progress', { response: { id: 'resp_spoken' } }),
  delta: event('response.output_text.delta', { delta: 'Hello' }),
  completed: event('response.completed', {
    response: { id: 'resp_spoken', status: 'completed', usage: null },
  }),
  incomplete: (reason: string): string =>
    event('response.incomplete', {
      response: { id: 'resp_spoken', status: 'incomplete', incomplete_details: { reason }, usage: null },
    }),
  failed: (code: string): string =>
    event('response.failed', {
      response: { id: 'resp_spoken', status: 'failed', error: { code, message: 'No.' } },
    }),
  error: (code: string): string => event('error', { code, message: 'No.', param: null }),
  /** A start-up event of about so many bytes: providers repeat the question in it. */
  long: (bytes: number): string =>
    event('response.in_progress', { response: { instructions: 'x'.repeat(bytes) } }),
} as const;
