/** In place of Argon2id where hashing is not what a test is about: as deterministic, and a million times faster. */
import { createHash } from 'node:crypto';
import type { Kdf } from '../../../server/vault/kdf.ts';

export function createFastKdf(): Kdf {
  return {
    derive: async (password, salt, { memoryKib, passes, lanes }) => {
      const hash = createHash('sha256').update(password).update(salt);
      const answer = Uint8Array.from(hash.update(`${memoryKib} ${passes} ${lanes}`).digest());
      password.fill(0);
      return answer;
    },
    close: async () => {},
  };
}
