/** What stands on the disk may have been written by anybody: a sealed value, a configuration file. */
import { createSecretKey, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LEAVES } from '../../lib/config.ts';
import { CamError } from '../../lib/errors.ts';
import { loadConfig } from '../../server/config.ts';
import { openEnvelope, sealEnvelope } from '../../server/vault/envelope.ts';
import { placeAad } from '../../server/vault/place.ts';

const RUNS = Number(process.env.CAM_FUZZ_RUNS ?? 1_500);

describe('A sealed value', () => {
  const key = { key: createSecretKey(randomBytes(32)), dekNumber: 1 };
  const aad = placeAad(randomBytes(16), { table: 'accounts', rowId: 'row-1', column: 'sealed_key' });
  const sealed = Uint8Array.from(sealEnvelope(key, aad, Buffer.from('sk-proj-secret'), randomBytes(12)));

  /** Null for a wrong tag; `vault_damaged` for a wrong form; anything else is a fault of ours. */
  const isRefused = (envelope: Uint8Array): boolean => {
    try {
      return openEnvelope(key, aad, envelope) === null;
    } catch (error) {
      if (error instanceof CamError && error.code === 'vault_damaged') return true;
      throw error;
    }
  };

  it('opens as nothing but itself, whatever bytes are put in its place', () => {
    const head = fc.uint8Array({ maxLength: 120 }).map((rest) => Uint8Array.of(1, 1, 0, 0, 0, 1, ...rest));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 120 }), head), (bytes) => {
        expect(isRefused(bytes)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });

  it('does not open with pieces of it moved, doubled, taken out or overwritten', () => {
    const change = fc.record({
      from: fc.nat({ max: sealed.length }),
      to: fc.nat({ max: sealed.length }),
      put: fc.uint8Array({ maxLength: 20 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        let bytes: Uint8Array = sealed;
        for (const { from, to, put } of changes)
          bytes = Uint8Array.of(...bytes.slice(0, from), ...put, ...bytes.slice(to));
        fc.pre(Buffer.compare(bytes, sealed) !== 0);
        expect(isRefused(bytes)).toBe(true);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('A configuration file', { timeout: 120_000 }, () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'cam-hostile-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const NAMES = Object.keys(LEAVES);
  const pieces = fc.constantFrom(
    ...NAMES.map((name) => name.split('.')[1] ?? ''),
    ...NAMES.map((name) => `[${name.split('.')[0]}]\n`),
    ...[
      '[[server]]\n',
      '[a.b]\n',
      '__proto__',
      'constructor',
      ' = ',
      '"',
      "'",
      '"""',
      '\n',
      '#',
      '{',
      '}',
      ',',
      '\\u0000',
    ],
    ...[
      '1',
      '-1',
      '1e999',
      'nan',
      'inf',
      '0x10',
      'true',
      '[]',
      '["a"]',
      '"a"',
      '1979-05-27',
      '9999999999999999999',
      'é',
    ],
  );
  const nearly = fc.array(pieces, { maxLength: 12 }).map((all) => all.join(''));
  const settings = fc
    .array(
      fc.tuple(fc.constantFrom(...NAMES), fc.oneof(fc.integer(), fc.double(), fc.string(), fc.boolean())),
      {
        maxLength: 4,
      },
    )
    .map((all) =>
      all
        .map(([name, value]) => `[${name.split('.')[0]}]\n${name.split('.')[1]} = ${JSON.stringify(value)}\n`)
        .join(''),
    );

  it('is taken only where every value is one that its setting allows, and else refused in words', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(nearly, settings, fc.string({ unit: 'binary' })), (text) => {
        writeFileSync(join(folder, 'config.toml'), text);
        try {
          const { config } = loadConfig({ env: {}, flags: {}, folders: { config: folder } });
          for (const [name, leaf] of Object.entries(LEAVES)) {
            const [section = '', key = ''] = name.split('.');
            const value: unknown = Reflect.get(Reflect.get(config, section) as object, key);
            expect(leaf.schema.safeParse(value), name).toEqual({ success: true, data: value });
          }
          expect(Object.keys(config).toSorted()).toEqual(
            [...new Set(NAMES.map((name) => name.split('.')[0]))].toSorted(),
          );
          taken++;
        } catch (error) {
          expect(error).toBeInstanceOf(CamError);
          expect(error).toMatchObject({ code: 'config_invalid' });
        }
      }),
      { numRuns: RUNS },
    );
    expect(taken).toBeGreaterThan(0);
    expect(Reflect.get({}, 'port')).toBeUndefined();
  });
});
