/**
 * The bytes that a row's MAC covers: table, row and every granting or steering column, each with its type, in
 * an order that does not depend on how the row was read. Someone who can write to the database file can change
 * a column or move a row, but cannot make bytes that verify.
 */
import { lengthPrefixed, u32 } from './canonical-bytes.ts';

/** The columns of a row that its MAC covers, by column name. */
export type MacFields = Readonly<Record<string, string | number | null | Uint8Array>>;

const NULL = Uint8Array.of(0);
const NUMBER = Uint8Array.of(1);
const TEXT = Uint8Array.of(2);
const BLOB = Uint8Array.of(3);
const EMPTY = new Uint8Array(0);

export function rowMacBytes(vaultId: Uint8Array, table: string, rowId: string, fields: MacFields): Buffer {
  const names = Object.keys(fields).sort();
  const parts: (string | Uint8Array)[] = ['cam/v1/row', vaultId, table, rowId, u32(names.length)];
  for (const name of names) {
    const value = fields[name];
    if (value === undefined) throw new TypeError(`column ${name} has no value to authenticate`);
    parts.push(name, ...typed(value));
  }
  return lengthPrefixed(parts);
}

function typed(value: string | number | null | Uint8Array): readonly [Uint8Array, string | Uint8Array] {
  if (value === null) return [NULL, EMPTY];
  if (typeof value === 'string') return [TEXT, value];
  if (typeof value === 'number') return [NUMBER, numberBytes(value)];
  return [BLOB, value];
}

/** SQLite gives INTEGER and REAL alike as a JavaScript number, so both have one form: a big-endian double. */
function numberBytes(value: number): Buffer {
  if (!Number.isFinite(value)) throw new TypeError('only finite numbers can be authenticated');
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value === 0 ? 0 : value);
  return bytes;
}
