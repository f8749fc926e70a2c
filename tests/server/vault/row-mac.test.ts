import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowMacBytes } from '../../../server/vault/row-mac.ts';
import type { MacFields, Vault } from '../../../server/vault/vault.ts';
import { MASTER_KEY, newVault } from './new-vault.ts';

const ROW: MacFields = {
  base_url: 'https://api.openai.com/v1',
  allow_local: 0,
  organization_id: null,
  limits: '{}',
  price_multiplier: 1.25,
  digest: Uint8Array.of(1, 2, 3),
};

describe('a row MAC', () => {
  let vault: Vault;
  let mac: Uint8Array;

  beforeAll(async () => {
    vault = newVault();
    vault.attach(null);
    await vault.initialise(MASTER_KEY);
    mac = vault.rowMac('accounts', 'id-1', ROW);
  });
  afterAll(() => vault.close());

  it('matches the row it was made for, in whatever order its columns come', () => {
    const turned = Object.fromEntries(Object.entries(ROW).toReversed());
    expect(vault.rowMacMatches('accounts', 'id-1', turned, mac)).toBe(true);
  });

  it('is not made for a row of which a column is missing', () => {
    const { limits: _, ...rest } = ROW;
    const incomplete: Partial<MacFields> = { ...rest, limits: undefined };
    // As a caller without types could.
    expect(() => rowMacBytes(new Uint8Array(16), 'accounts', 'id-1', incomplete as MacFields)).toThrow(
      'column limits has no value',
    );
  });

  it('matches a number whether SQLite stored it as INTEGER or as REAL', () => {
    expect(vault.rowMacMatches('t', 'r', { n: 1.0 }, vault.rowMac('t', 'r', { n: 1 }))).toBe(true);
    expect(vault.rowMacMatches('t', 'r', { n: -0 }, vault.rowMac('t', 'r', { n: 0 }))).toBe(true);
  });

  it.each([
    ['a changed base URL', { ...ROW, base_url: 'https://evil.example/v1' }],
    ['a switch turned on', { ...ROW, allow_local: 1 }],
    ['an empty text for nothing', { ...ROW, organization_id: '' }],
    ['a text for a number', { ...ROW, allow_local: '0' }],
    ['a changed byte', { ...ROW, digest: Uint8Array.of(1, 2, 4) }],
    ['one column more', { ...ROW, extra: null }],
    ['one column less', Object.fromEntries(Object.entries(ROW).filter(([name]) => name !== 'limits'))],
  ])('does not match %s', (_, fields) => {
    expect(vault.rowMacMatches('accounts', 'id-1', fields, mac)).toBe(false);
  });

  it('does not match another row, another table or another length', () => {
    expect(vault.rowMacMatches('accounts', 'id-2', ROW, mac)).toBe(false);
    expect(vault.rowMacMatches('client_keys', 'id-1', ROW, mac)).toBe(false);
    expect(vault.rowMacMatches('accounts', 'id-1', ROW, mac.subarray(0, 16))).toBe(false);
    expect(vault.rowMacMatches('accounts', 'id-1', ROW, new Uint8Array(0))).toBe(false);
  });

  it('covers the bytes that were fixed for version 1', () => {
    const bytes = rowMacBytes(Uint8Array.of(9), 't', 'r', { b: null, a: 1, c: 'x', d: Uint8Array.of(7) });
    expect(bytes.toString('hex')).toBe(
      [
        '0000000a63616d2f76312f726f77', // cam/v1/row
        '0000000109', // vault id
        '0000000174', // table
        '0000000172', // row
        '0000000400000004', // four columns
        '00000001610000000101000000083ff0000000000000', // a: number 1
        '0000000162000000010000000000', // b: null
        '000000016300000001020000000178', // c: text x
        '000000016400000001030000000107', // d: blob 07
      ].join(''),
    );
  });

  it('is not made over a value that has no one form', () => {
    expect(() => vault.rowMac('t', 'r', { n: Number.NaN })).toThrow(TypeError);
  });
});
