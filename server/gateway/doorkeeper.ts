/**
 * Who is in: counts the calls under way, refuses more than there may be, and brings them to an end when the
 * server shuts down or the vault is locked. Each call has one signal for everything it waits for: it is aborted
 * when the client leaves, and when the door is closed for good.
 */
import type { Config } from '../../lib/config.ts';
import { CamError } from '../../lib/errors.ts';
import type { Relay } from './relay.ts';

export interface Visit {
  /** Aborted when the client has gone, or when we end the call. */
  readonly signal: AbortSignal;
  /** Why we ended it; null while we did not. */
  endedBy(): CamError | null;
  /** The call now shows its answer through this relay; the returned function says that it is over. */
  relaying(relay: Relay): () => void;
  leave(): void;
}

export interface Doorkeeper {
  /** Throws `too_many_in_flight` or `shutting_down`. */
  enter(client: AbortSignal): Visit;
  drain(ms: number): Promise<void>;
}

interface Inside extends Visit {
  end(error: CamError): void;
}

const RETRY_AFTER_MS = 1_000;

export function createDoorkeeper(config: () => Pick<Config, 'server'>): Doorkeeper {
  const inside = new Set<Inside>();
  let draining = 0;
  let onEmpty: (() => void)[] = [];

  function left(visit: Inside): void {
    inside.delete(visit);
    if (inside.size > 0) return;
    const waiting = onEmpty;
    onEmpty = [];
    for (const wake of waiting) wake();
  }

  function empty(ms: number | null): Promise<void> {
    if (inside.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = ms === null ? null : setTimeout(resolve, ms);
      onEmpty.push(() => {
        if (timer) clearTimeout(timer);
        resolve();
      });
    });
  }

  return {
    enter(client) {
      if (draining > 0) throw shuttingDown();
      const { in_flight_max: most } = config().server;
      if (inside.size >= most) {
        throw new CamError(
          'too_many_in_flight',
          `There are ${most} calls under way, which is the most allowed.`,
          {
            retryAfterMs: RETRY_AFTER_MS,
          },
        );
      }
      const visit = createVisit(client, left);
      inside.add(visit);
      return visit;
    },
    async drain(ms) {
      draining++;
      try {
        await empty(ms);
        for (const visit of [...inside]) visit.end(shuttingDown());
        // Each has at most the second that its last words may take.
        await empty(LAST_WORDS_MS);
      } finally {
        draining--;
      }
    },
  };
}

const LAST_WORDS_MS = 2_000;

function createVisit(client: AbortSignal, onLeave: (visit: Inside) => void): Inside {
  const life = new AbortController();
  let error: CamError | null = null;
  let relay: Relay | null = null;
  const onGone = (): void => life.abort();
  client.addEventListener('abort', onGone, { once: true });
  if (client.aborted) life.abort();
  const visit: Inside = {
    signal: life.signal,
    endedBy: () => error,
    relaying(next) {
      relay = next;
      return () => {
        relay = null;
      };
    },
    leave() {
      client.removeEventListener('abort', onGone);
      onLeave(visit);
    },
    end(why) {
      error = why;
      if (relay) relay.interrupt(why.code);
      else life.abort();
    },
  };
  return visit;
}

function shuttingDown(): CamError {
  return new CamError(
    'shutting_down',
    'Codex Account Manager is shutting down. Please send the call again.',
    {
      retryAfterMs: RETRY_AFTER_MS,
    },
  );
}
