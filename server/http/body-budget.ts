/**
 * How many bytes of request bodies may be in memory at once, over all calls. A body is kept for as long as its
 * call lives, because another account may need it again.
 */
import { CamError } from '../../lib/errors.ts';

export interface BodyBudget {
  /** Throws `memory_exhausted` when there is no room. */
  take(bytes: number): void;
  give(bytes: number): void;
  readonly used: number;
}

/** @param bytesMax a quarter of the machine's memory */
export function createBodyBudget(bytesMax: number): BodyBudget {
  let used = 0;
  return {
    take: (bytes) => {
      if (used + bytes > bytesMax) {
        throw new CamError('memory_exhausted', 'Too many large request bodies are under way at once.', {
          retryAfterMs: 1_000,
        });
      }
      used += bytes;
    },
    give: (bytes) => {
      used -= bytes;
    },
    get used() {
      return used;
    },
  };
}
