/** A stamp changes with names and contents, and with nothing else. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stampOf } from '../../server/launch/stamp.mjs';

describe('a stamp over sources', () => {
  let root = '';
  const stamp = (facts: string[] = []) => stampOf(['lib', 'package.json'], facts, root);
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'cam-stamp-'));
    mkdirSync(join(root, 'lib', 'base'), { recursive: true });
    writeFileSync(join(root, 'lib', 'base', 'id.ts'), 'export {};');
    writeFileSync(join(root, 'package.json'), '{}');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('stays when files are merely touched or nothing happens', () => {
    const before = stamp();
    utimesSync(join(root, 'package.json'), new Date(0), new Date(0));
    expect(stamp()).toBe(before);
  });

  it('ignores installed packages and hidden files', () => {
    const before = stamp();
    mkdirSync(join(root, 'lib', 'node_modules'));
    writeFileSync(join(root, 'lib', 'node_modules', 'x.js'), 'x');
    writeFileSync(join(root, 'lib', '.swp'), 'x');
    expect(stamp()).toBe(before);
  });

  it.each([
    ['a content changes', () => writeFileSync(join(root, 'lib', 'base', 'id.ts'), 'export { };')],
    ['a file appears', () => writeFileSync(join(root, 'lib', 'new.ts'), '')],
    [
      'a file gets another name',
      () => renameSync(join(root, 'lib', 'base', 'id.ts'), join(root, 'lib', 'base', 'it.ts')),
    ],
    ['a file goes', () => rmSync(join(root, 'package.json'))],
  ])('changes when %s', (_what, change) => {
    const before = stamp();
    change();
    expect(stamp()).not.toBe(before);
  });

  it('changes with the facts it was made under', () => {
    expect(stamp(['linux'])).not.toBe(stamp(['darwin']));
  });
});
