/**
 * The upstream of the benchmark, a process of its own: answers at once and as cheaply as Node can, so that what
 * is measured is the proxy. `stream: true` in the body gets a hundred events, ten milliseconds apart.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const EVENTS = 100;
const EVENT_GAP_MS = 10;

const usage = { prompt_tokens: 12, completion_tokens: EVENTS, total_tokens: 12 + EVENTS };
const about = { id: 'chatcmpl-bench', created: 0, model: 'gpt-4.1-mini' };
const message = { role: 'assistant', content: 'A short answer.' };
const whole = Buffer.from(
  JSON.stringify({
    ...about,
    object: 'chat.completion',
    choices: [{ index: 0, message, finish_reason: 'stop' }],
    usage,
  }),
);
const event = (fields: object) =>
  `data: ${JSON.stringify({ ...about, object: 'chat.completion.chunk', ...fields })}\n\n`;
const delta = event({ choices: [{ index: 0, delta: { content: 'word ' }, finish_reason: null }] });
const last = `${event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}${event({ choices: [], usage })}data: [DONE]\n\n`;

function stream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  let sent = 0;
  const timer = setInterval(() => {
    sent += 1;
    if (sent <= EVENTS) response.write(delta);
    else response.end(last);
  }, EVENT_GAP_MS);
  response.once('close', () => clearInterval(timer));
}

const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text: string) => {
    body += text;
  });
  request.once('end', () => {
    if (body.includes('"stream":true')) return stream(response);
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': whole.length });
    response.end(whole);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
