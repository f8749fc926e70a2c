/**
 * Who is in: counts the calls under way, refuses more than there may be, and brings them to an end when the
 * server shuts down or the vault is locked. Each call has one signal for everything it waits for: it is aborted
 * when the client leaves, and when the door is closed for good.
 */
import type { ClientKeyId } from '../../lib/base/id.ts';
import type { Config } from '../../lib/config.ts';
import { CamError } from '../../lib/errors.ts';
import { fairShare, isCrowded } from '../../lib/routing/fair-share.ts';
import type { PeekedNothing } from '../upstream/peek.ts';
import type { Relay } from './relay.ts';

export interface Visit {
  /** It waits for an account, or to be counted after its end, and takes up nobody's room meanwhile. */
  waiting: boolean;
  /** Whose call it is; null until that is known. */
  key: ClientKeyId | null;
  /** What the attempt that was under way when it ended had come to; null when none was. */
  left: PeekedNothing | null;
  /** The client has gone, or we ended the call. */
  readonly over: boolean;
  /** For waits that want a signal; made when somebody asks, which an ordinary call never does. */
  readonly signal: AbortSignal;
  /** Why we ended it; null while we did not. */
  endedBy(): CamError | null;
  /** What to do when it is over, instead of what was to be done before; null for nothing. */
  whenOver(action: (() => void) | null): void;
  /** The call now shows its answer through this relay; null when that is done. */
  relaying(relay: Relay | null): void;
  /** Ends the call with this error. */
  end(why: CamError): void;
  leave(): void;
}

export interface Doorkeeper {
  /** Throws `too_many_in_flight` or `shutting_down`. */
  enter(client: AbortSignal): Visit;
  /** Throws `client_share_reached`: it is crowded, and this client key has its share under way. */
  claim(visit: Visit, key: ClientKeyId): void;
  drain(ms: number): Promise<void>;
}

/** OpenCode gives up after eight such waits, and calls of agents take longer than that many seconds. */
const RETRY_AFTER_MS = 3_000;

/** @param slots how many calls all accounts together may have under way; 0 while there is none */
export function createDoorkeeper(config: () => Pick<Config, 'server'>, slots: () => number): Doorkeeper {
  const inside = new Set<OneVisit>();
  let draining = 0;
  let onEmpty: (() => void)[] = [];

  function left(visit: OneVisit): void {
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

  function requireShare(key: ClientKeyId, room: number): void {
    const active = new Set([key]);
    let inUse = 0;
    let held = 0;
    for (const visit of inside) {
      if (visit.key === null) continue;
      active.add(visit.key);
      if (visit.waiting) continue;
      inUse++;
      if (visit.key === key) held++;
    }
    const share = fairShare(room, active.size);
    // Its own visit is not among those held yet.
    if (!isCrowded(inUse + 1, room) || held < share) return;
    throw new CamError(
      'client_share_reached',
      `This client key has ${held} calls under way, its share while ${active.size} keys want the ${room} there may be. The limit is Codex Account Manager's, not the provider's.`,
      { retryAfterMs: RETRY_AFTER_MS, details: { held, share, slots: room, activeKeys: active.size } },
    );
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
      const visit = new OneVisit(client, left);
      inside.add(visit);
      return visit;
    },
    claim(visit, key) {
      const most = config().server.in_flight_max;
      const room = Math.min(most, slots() || most);
      if (isCrowded(inside.size, room)) requireShare(key, room);
      visit.key = key;
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

/** One listener on the client's signal and no controller of its own: this is made for every call. */
class OneVisit implements Visit {
  over = false;
  waiting = false;
  key: ClientKeyId | null = null;
  left: PeekedNothing | null = null;
  readonly #onLeave: (visit: OneVisit) => void;
  #error: CamError | null = null;
  #relay: Relay | null = null;
  #action: (() => void) | null = null;
  #controller: AbortController | null = null;

  constructor(client: AbortSignal, onLeave: (visit: OneVisit) => void) {
    this.#onLeave = onLeave;
    if (client.aborted) this.over = true;
    else client.addEventListener('abort', () => this.#finish(), { once: true });
  }
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController();
      if (this.over) this.#controller.abort();
    }
    return this.#controller.signal;
  }
  endedBy(): CamError | null {
    return this.#error;
  }
  whenOver(action: (() => void) | null): void {
    this.#action = action;
    if (action && this.over) action();
  }
  relaying(relay: Relay | null): void {
    this.#relay = relay;
  }
  leave(): void {
    this.#action = null;
    this.#onLeave(this);
  }
  /** What is being shown is interrupted in words; what is still waited for is given up. */
  end(why: CamError): void {
    this.#error = why;
    if (this.#relay) this.#relay.interrupt(why.code);
    else this.#finish();
  }
  #finish(): void {
    if (this.over) return;
    this.over = true;
    this.#controller?.abort();
    this.#action?.();
  }
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
