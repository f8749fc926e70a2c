/** Finding a browser for the browser tests. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findChromium } from '../../server/launch/chromium.mjs';

describe('finding a Chromium', () => {
  let folder = '';
  const program = (path: string) => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    return file;
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cam-chromium-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const nowhere = () => ({ PATH: join(folder, 'bin'), PLAYWRIGHT_BROWSERS_PATH: join(folder, 'playwright') });

  it('takes the one that CHROME_PATH names before any other', () => {
    program('bin/chromium');
    const own = program('own/chrome');
    expect(findChromium({ ...nowhere(), CHROME_PATH: own }, 'linux')).toBe(own);
  });

  it('refuses a CHROME_PATH that leads nowhere rather than quietly using another', () => {
    program('bin/chromium');
    expect(() => findChromium({ ...nowhere(), CHROME_PATH: join(folder, 'gone') }, 'linux')).toThrow(
      /CHROME_PATH/,
    );
  });

  it('finds an installed one in PATH', () => {
    const chromium = program('bin/chromium');
    expect(findChromium(nowhere(), 'linux')).toBe(chromium);
  });

  it("finds the newest of Playwright's own", () => {
    program('playwright/chromium-999/chrome-linux/chrome');
    const newest = program('playwright/chromium-1200/chrome-linux64/chrome');
    expect(findChromium(nowhere(), 'linux')).toBe(newest);
  });

  it('says so when there is none', () => {
    expect(findChromium(nowhere(), 'linux')).toBeNull();
  });
});
