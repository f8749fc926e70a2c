/**
 * Branded identifiers: a string that has been told apart from every other string by the type checker.
 * Accounts, client keys and calls are UUIDs (RFC 9562); calls use version 7 so that they sort by time.
 */
declare const brand: unique symbol;
export type Id<Name extends string> = string & { readonly [brand]: Name };

export type AccountId = Id<'account'>;
export type ClientKeyId = Id<'client-key'>;
/** One client call; what `x-cam-request-id` carries and what the ledger row is keyed by. */
export type RequestId = Id<'request'>;

export const accountId = (text: string): AccountId => text as AccountId;
export const clientKeyId = (text: string): ClientKeyId => text as ClientKeyId;
export const requestId = (text: string): RequestId => text as RequestId;

/**
 * UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.
 * @param nowMs wall-clock milliseconds @param random 10 random bytes
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  const time = Math.trunc(nowMs).toString(16).padStart(12, '0');
  let tail = '';
  for (let i = 0; i < 10; i++) {
    let byte = random[i] ?? 0;
    if (i === 0) byte = 0x70 | (byte & 0x0f);
    if (i === 2) byte = 0x80 | (byte & 0x3f);
    tail += byte.toString(16).padStart(2, '0');
  }
  return `${time.slice(0, 8)}-${time.slice(8)}-${tail.slice(0, 4)}-${tail.slice(4, 8)}-${tail.slice(8)}`;
}
