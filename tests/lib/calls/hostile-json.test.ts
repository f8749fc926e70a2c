/** The walk over JSON bytes, against the engine's parser, on what is nearly JSON and on what is nothing at all. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBodyFacts } from '../../../lib/calls/body-facts.ts';
import { skipSpace, skipValue } from '../../../lib/calls/json-scan.ts';
import { JsonEnd } from '../../../lib/metering/json-end.ts';

const RUNS = Number(process.env.CAM_FUZZ_RUNS ?? 3_000);
const hash = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex').slice(0, 32);
const bytesOf = (text: string) => new TextEncoder().encode(text);

const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"a"',
  '"model"',
  '"input"',
  '"',
  '\\',
  '\\"',
  '"\\\\"',
  '"\\u00e9"',
  '"é👋"',
];
const SCALARS = [
  '1',
  '-',
  '.',
  'e',
  'E+',
  '0',
  '00',
  '-0',
  '1e5',
  'true',
  'false',
  'null',
  'nul',
  'NaN',
  ' ',
  '\n',
  '\t',
  '\u0000',
  '\ufeff',
  '\u00a0',
];
const nearlyJson = fc
  .array(fc.constantFrom(...TOKENS, ...SCALARS), { maxLength: 14 })
  .map((tokens) => tokens.join(''));

/** A whole document with one token put in, taken out or doubled. */
const damagedJson = fc
  .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.nat({ max: 3 }), fc.constantFrom(...TOKENS, ...SCALARS))
  .map(([text, place, out, put]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + put + text.slice(at + out);
  });

/** Fields that are read, twice, escaped, and below others. */
const whole = fc
  .oneof(
    fc.json(),
    fc
      .array(
        fc.tuple(fc.constantFrom('model', 'input', 'mo\\u0064el', 'stream', 'x'), fc.json({ maxDepth: 2 })),
        { maxLength: 6 },
      )
      .map((members) => `{${members.map(([name, value]) => `"${name}" : ${value}`).join(',')}}`),
  )
  .filter((text) => text.isWellFormed());

const anyText = fc.oneof(nearlyJson, damagedJson, fc.json(), fc.string({ unit: 'binary' }));

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What stands inside strings is not looked at by the walk, so the parser is not shown it. */
function withoutStrings(text: string): string {
  return text.replace(/"(?:[^"\\]|\\[\s\S])*"/g, '""');
}

function isTaken(text: string): boolean {
  const bytes = bytesOf(text);
  const end = skipValue(bytes, skipSpace(bytes, 0));
  return end >= 0 && skipSpace(bytes, end) === bytes.length;
}

const TIME_MS = 60_000;

describe('The walk over JSON', { timeout: TIME_MS }, () => {
  it('takes what the parser takes, and nothing else but what only its strings make wrong', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        // Half of a character is replaced when it becomes bytes.
        fc.pre(text.isWellFormed());
        const taken = isTaken(text);
        if (parses(text)) expect(taken).toBe(true);
        if (taken) expect(parses(withoutStrings(text))).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('ends inside any bytes, and reads facts from nothing that is no object', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const end = skipValue(bytes, skipSpace(bytes, 0));
        expect(end).toBeGreaterThanOrEqual(-1);
        expect(end).toBeLessThanOrEqual(bytes.length);
        const facts = readBodyFacts(bytes, hash);
        if (!('error' in facts)) expect(bytes[skipSpace(bytes, 0)]).toBe(0x7b);
      }),
      { numRuns: RUNS },
    );
  });

  it('reads facts from every object that the parser reads, and the same ones', () => {
    fc.assert(
      fc.property(whole, (text) => {
        const value: unknown = JSON.parse(text);
        const facts = readBodyFacts(bytesOf(text), hash);
        const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
        expect('error' in facts).toBe(!isObject);
        if ('error' in facts || !isObject) return;
        const model: unknown = Reflect.get(value, 'model');
        expect(facts.model).toBe(typeof model === 'string' ? model : null);
      }),
      { numRuns: RUNS },
    );
  });

  it('and the search for its end agree on what is whole', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        fc.pre(text.isWellFormed());
        const end = new JsonEnd();
        for (const byte of bytesOf(text)) end.push(Uint8Array.of(byte));
        if (isTaken(text)) expect(end.whole()).toBe(/^[ \n\r\t]*[[{]/.test(text));
      }),
      { numRuns: RUNS },
    );
  });
});
