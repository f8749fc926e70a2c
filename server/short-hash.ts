/** 32 hexadecimal characters that identify a text without telling it: session keys, ids and sealed contents. */
import { hash as digest } from 'node:crypto';

export function shortHash(data: string | Uint8Array): string {
  return digest('sha256', data, 'hex').slice(0, 32);
}
