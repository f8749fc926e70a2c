/** Finding the stock age tool for the tests of exports. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ageAdvice, findAge } from '../../server/launch/age.mjs';

describe('finding age', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cam-age-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('takes the one in PATH', () => {
    const file = join(folder, 'age');
    writeFileSync(file, '#!/bin/sh\n');
    chmodSync(file, 0o755);
    expect(findAge({ PATH: folder })).toBe(file);
  });

  it('says so when there is none, or one that cannot be run', () => {
    expect(findAge({ PATH: folder })).toBeNull();
    writeFileSync(join(folder, 'age'), '', { mode: 0o644 });
    expect(findAge({ PATH: folder })).toBeNull();
  });

  it('names the command that installs it', () => {
    expect(ageAdvice('darwin')).toBe('Run:  brew install age');
    expect(ageAdvice('linux')).toMatch(/^Run: {2}sudo (apt-get|dnf) install -y age$/);
  });
});
