import { createSecretKey } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dekNumberOf,
  openEnvelope,
  PLAINTEXT_BYTES_MAX,
  sealEnvelope,
} from '../../../server/vault/envelope.ts';
import { placeAad } from '../../../server/vault/place.ts';

const key = createSecretKey(Buffer.from('00112233445566778899aabbccddeeff'.repeat(2), 'hex'));
const nonce = Buffer.from('0102030405060708090a0b0c', 'hex');
const vaultId = Buffer.from('00000000000000000000000000000001', 'hex');
const aad = placeAad(vaultId, { table: 'accounts', rowId: 'row-1', column: 'sealed_key' });

/** What the first version wrote: bytes that every later version has to be able to open. */
const GOLDEN_AAD =
  '0000000d63616d2f76312f7365616c65640000001000000000000000000000000000000001000000086163636f756e74730000' +
  '0005726f772d310000000a7365616c65645f6b65790000000400000001';
const GOLDEN_ENVELOPE = '0101000000070102030405060708090a0b0c091928d48d64d1e6cc7edc88a9a481e5c90f1ed2667baa';

describe('an envelope', () => {
  it('is made with a nonce of twelve bytes and holds no more than a secret may have', () => {
    const seal = (plain: Uint8Array, by: Uint8Array) => sealEnvelope({ key, dekNumber: 7 }, aad, plain, by);
    expect(() => seal(Buffer.from('sk-test'), nonce.subarray(1))).toThrow('12 bytes');
    expect(() => seal(new Uint8Array(PLAINTEXT_BYTES_MAX + 1), nonce)).toThrow('64 KiB');
    expect(seal(new Uint8Array(PLAINTEXT_BYTES_MAX), nonce).length).toBeGreaterThan(PLAINTEXT_BYTES_MAX);
  });

  it('says under which key it was sealed, unless it is too short to be one', () => {
    expect(dekNumberOf(Buffer.from(GOLDEN_ENVELOPE, 'hex'))).toBe(7);
    expect(dekNumberOf(Buffer.from(GOLDEN_ENVELOPE, 'hex').subarray(0, 20))).toBeNull();
  });

  it('has the bytes that were fixed for version 1', () => {
    expect(Buffer.from(aad).toString('hex')).toBe(GOLDEN_AAD);
    const sealed = sealEnvelope({ key, dekNumber: 7 }, aad, Buffer.from('sk-test'), nonce);
    expect(Buffer.from(sealed).toString('hex')).toBe(GOLDEN_ENVELOPE);
    expect(openEnvelope({ key, dekNumber: 7 }, aad, Buffer.from(GOLDEN_ENVELOPE, 'hex'))?.toString()).toBe(
      'sk-test',
    );
  });

  it('gives back any bytes that were put into it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.integer({ min: 1, max: 0xffff_ffff }),
        (plain, dekNumber) => {
          const sealed = sealEnvelope({ key, dekNumber }, aad, plain, nonce);
          expect(Uint8Array.from(openEnvelope({ key, dekNumber }, aad, sealed) ?? [])).toEqual(plain);
        },
      ),
    );
  });

  it('does not open when any single bit of it is flipped', () => {
    const sealed = sealEnvelope({ key, dekNumber: 1 }, aad, Buffer.from('sk-proj-secret'), nonce);
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const flipped = Uint8Array.from(sealed);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(opened(flipped)).toBe('refused');
    }
  });

  it('does not open when it is cut short or lengthened', () => {
    const sealed = sealEnvelope({ key, dekNumber: 1 }, aad, Buffer.from('sk-proj-secret'), nonce);
    for (let length = 0; length < sealed.length; length++) {
      expect(opened(sealed.subarray(0, length))).toBe('refused');
    }
    expect(opened(Buffer.concat([sealed, Uint8Array.of(0)]))).toBe('refused');
  });

  it('keeps places apart whose names run into one another', () => {
    const one = placeAad(vaultId, { table: 'accounts', rowId: 'ab', column: 'sealed_key' });
    const other = placeAad(vaultId, { table: 'accounts', rowId: 'a', column: 'sealed_key' });
    expect(one).not.toEqual(other);
  });
});

function opened(envelope: Uint8Array): string {
  try {
    return openEnvelope({ key, dekNumber: 1 }, aad, envelope)?.toString() ?? 'refused';
  } catch {
    return 'refused';
  }
}
