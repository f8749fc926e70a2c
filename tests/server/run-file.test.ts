/** How commands find the running server, and that they are not led to another one. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  findRunningServer,
  type RunFile,
  readRunFile,
  removeRunFile,
  writeRunFile,
} from '../../server/run-file.ts';

let folder: string;
let server: Server;
let run: RunFile;
let answer: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cam-run-'));
  answer = JSON.stringify({ status: 'ok', startId: 'start-1' });
  server = createServer((_req, res) => void res.end(answer));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  run = { pid: process.pid, host: '127.0.0.1', port, startId: 'start-1', version: '0.1.0' };
  writeRunFile(folder, run);
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await new Promise((resolve) => server.close(resolve));
});

test('the file is private and says what was written', () => {
  expect(statSync(join(folder, 'run.json')).mode & 0o777).toBe(0o600);
  expect(readRunFile(folder)).toEqual(run);
});

test('a server that lives and answers with the same start id is found', async () => {
  expect(await findRunningServer(folder)).toEqual(run);
});

test.each([
  ['another start id', '{"startId":"start-2"}'],
  ['something else', 'hello'],
  ['no start id', '{}'],
  ['far too much', 'x'.repeat(100_000)],
])('a server that answers with %s is not ours', async (_name, text) => {
  answer = text;
  expect(await findRunningServer(folder)).toBeNull();
});

test('a process that is gone, or a port where nobody listens, is not found', async () => {
  writeRunFile(folder, { ...run, pid: 2 ** 30 });
  expect(await findRunningServer(folder)).toBeNull();
  writeRunFile(folder, { ...run, port: 1 });
  expect(await findRunningServer(folder)).toBeNull();
});

test('a file that makes no sense counts as none', () => {
  for (const text of ['', 'null', '[]', '{"pid":"1"}', JSON.stringify({ ...run, port: 0 })]) {
    writeFileSync(join(folder, 'run.json'), text);
    expect(readRunFile(folder)).toBeNull();
  }
});

test('only the server that wrote the file removes it', () => {
  removeRunFile(folder, 'start-0');
  expect(readRunFile(folder)).toEqual(run);
  removeRunFile(folder, 'start-1');
  expect(readRunFile(folder)).toBeNull();
});
