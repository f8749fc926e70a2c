/** The dashboard before it is built, and the files that are served from the root. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createNext, type Pages } from '../../../server/http/next.ts';
import { createLogger } from '../../../server/log.ts';
import { exchange, openGate, requestHead, statusOf } from './harness.ts';

let dir: string;
let lines: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cam-next-'));
  lines = [];
});
afterEach(() => rmSync(dir, { recursive: true }));

const create = (): Pages =>
  createNext({
    dir,
    log: createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
  });

test('a dashboard that is not built says so, and the rest of the server works', async () => {
  const pages = create();
  await using gate = await openGate({ pages });
  const page = await exchange(
    gate,
    requestHead('GET', '/admin', [`Host: ${gate.host}`, 'Connection: close']),
  );
  expect(statusOf(page)).toBe(503);
  expect(page).toContain('The dashboard is not built');
  expect(page).toMatch(/content-security-policy: .*frame-ancestors 'none'/);
  expect(await pages.ready).toBe(false);
  const call = await exchange(gate, requestHead('GET', '/v1/models', [`Host: ${gate.host}`]));
  expect(statusOf(call)).toBe(200);
  await pages.close();
});

test('a build that cannot be loaded is reported, and does not take the server down', async () => {
  mkdirSync(join(dir, '.next'));
  writeFileSync(join(dir, '.next', 'BUILD_ID'), 'broken');
  const pages = create();
  expect(await pages.ready).toBe(false);
  expect(lines.join('')).toContain('the dashboard could not be loaded');
  await pages.close();
});

test('public files and icons are served from the root, and nothing else is', () => {
  mkdirSync(join(dir, 'public', 'img'), { recursive: true });
  mkdirSync(join(dir, 'app'));
  writeFileSync(join(dir, 'public', 'favicon.svg'), '');
  writeFileSync(join(dir, 'public', 'img', 'a.png'), '');
  writeFileSync(join(dir, 'app', 'icon.svg'), '');
  const { isAsset } = create();
  expect(['/favicon.svg', '/img/a.png', '/icon.svg'].every(isAsset)).toBe(true);
  expect(['/', '/favicon.ico', '/img/b.png', '/package.json', '/app/icon.svg'].some(isAsset)).toBe(false);
});
