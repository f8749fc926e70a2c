/** The one-time setup link: good once, for half an hour, and seen by its owner only. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MINUTE_MS } from '../../../lib/base/time.ts';
import type { CamError } from '../../../lib/errors.ts';
import {
  announceSetupLink,
  createSetupLink,
  removeSetupLinkFile,
  type SetupLink,
} from '../../../server/vault/setup-link.ts';
import { createLoginThrottle } from '../../../server/vault/throttle.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

let clock: FakeClock;
let link: SetupLink;
let token: string;
let folder: string;

beforeEach(() => {
  clock = createFakeClock();
  link = createSetupLink({ clock, random: randomBytes, throttle: createLoginThrottle({ clock }) });
  token = link.url('http://127.0.0.1:8080').replace('http://127.0.0.1:8080/admin/setup#', '');
  folder = mkdtempSync(join(tmpdir(), 'cam-setup-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const codeOf = (act: () => void): string => {
  try {
    act();
    return 'accepted';
  } catch (error) {
    return (error as CamError).code;
  }
};

test('the token is 256 bits in the fragment, and right until it is spent', () => {
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(codeOf(() => link.check(token))).toBe('accepted');
  link.spend();
  expect(codeOf(() => link.check(token))).toBe('setup_link_invalid');
});

test('the token is right for half an hour', () => {
  clock.advance(30 * MINUTE_MS);
  expect(codeOf(() => link.check(token))).toBe('accepted');
  clock.advance(1);
  expect(codeOf(() => link.check(token))).toBe('setup_link_invalid');
});

test('guesses are throttled like sign-ins, and the right token has to wait then too', () => {
  for (let i = 0; i < 5; i++) expect(codeOf(() => link.check('guess'))).toBe('setup_link_invalid');
  expect(codeOf(() => link.check(token))).toBe('login_throttled');
  clock.advance(2_000);
  expect(codeOf(() => link.check(token))).toBe('accepted');
});

test('the link is shown on a terminal, and put into a private file otherwise', () => {
  const url = link.url('http://127.0.0.1:8080');
  const shown: string[] = [];
  const write = (text: string): void => void shown.push(text);
  announceSetupLink(url, { dataFolder: folder, isTerminal: false, write });
  const path = join(folder, 'setup-link');
  expect(shown.join('')).toContain(path);
  expect(shown.join('')).not.toContain(token);
  expect(readFileSync(path, 'utf8')).toBe(`${url}\n`);
  expect(statSync(path).mode & 0o777).toBe(0o600);

  announceSetupLink(url, { dataFolder: folder, isTerminal: true, write });
  expect(shown.at(-1)).toContain(url);
  expect(() => statSync(path)).toThrow();
  removeSetupLinkFile(folder);
});
