/** Documents that say which test keeps a rule name tests that exist. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const TOKEN = /`(tests\/[^`\s*]+\.ts)`|“([^”]+)”/g;

interface Named {
  readonly file: string;
  /** Null: the file as a whole. */
  readonly test: string | null;
}

/** A path in backticks, then the names of its tests in typographic quotes. Quotes before any path are just quotes. */
function namedIn(document: string): readonly Named[] {
  return document.split('\n').flatMap((line) => {
    let file: string | null = null;
    const found: Named[] = [];
    for (const [, path, test] of line.matchAll(TOKEN)) {
      if (path !== undefined) {
        file = path;
        found.push({ file, test: null });
      } else if (file !== null && test !== undefined) found.push({ file, test });
    }
    return found;
  });
}

const isThere = ({ file, test }: Named): boolean => {
  const path = join(ROOT, file);
  if (!existsSync(path)) return false;
  if (test === null) return true;
  const source = readFileSync(path, 'utf8');
  return ["'", '"', '`'].some((quote) => source.includes(`${quote}${test}${quote}`));
};

describe('What keeps a rule', () => {
  it.each(['docs/gate.md', 'docs/promises.md'])('is there, as %s names it', (document) => {
    const named = namedIn(readFileSync(join(ROOT, document), 'utf8'));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((one) => !isThere(one))).toEqual([]);
  });

  it('would be missed', () => {
    const [file, test] = namedIn('| `tests/launch/named-tests.test.ts` “there is no such test”');
    expect(file && isThere(file)).toBe(true);
    expect(test && isThere(test)).toBe(false);
  });
});
