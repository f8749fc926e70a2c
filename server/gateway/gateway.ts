/**
 * The gateway, put together: what outlives a single call (who is in, who is waiting, what was learned) and the
 * one function that a call goes through. `handle.ts` is the story of a call; this is the house it happens in.
 */
import type { Clock } from '../../lib/base/time.ts';
import type { Config } from '../../lib/config.ts';
import { createEstimateBook } from '../../lib/metering/estimate.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import type { LedgerWriter, LimitBook } from '../db/ledger.ts';
import type { SessionHomes } from '../db/session-homes.ts';
import type { Log } from '../log.ts';
import { createCheckAccount } from '../upstream/check-account.ts';
import type { Dial } from '../upstream/dial.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import type { Pool } from '../upstream/pool.ts';
import { createTicker } from '../upstream/ticker.ts';
import type { ClientKeyring } from '../vault/client-keyring.ts';
import type { Vault } from '../vault/vault.ts';
import { createDoorkeeper } from './doorkeeper.ts';
import { createFeedback } from './feedback.ts';
import { createHandle } from './handle.ts';
import { createPatience } from './patience.ts';
import { createPlanner } from './plan-call.ts';
import { createRequestHeaderRule } from './request-headers.ts';
import { createResponseHeaderRule } from './response-headers.ts';
import { createTurnStates } from './turn-state.ts';
import type { HandleCall } from './values.ts';

export interface GatewayDeps {
  readonly pool: Pool;
  readonly ledger: LedgerWriter;
  readonly limitBook: LimitBook;
  readonly keyring: Pick<ClientKeyring, 'check' | 'list'>;
  readonly vault: Pick<Vault, 'state'>;
  readonly homes: Pick<SessionHomes, 'get' | 'set'>;
  readonly inFlight: InFlight;
  readonly prices: PriceBook;
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
  readonly log: Log;
  readonly config: () => Config;
  readonly dial: Dial;
}

export interface Gateway {
  readonly handle: HandleCall;
  /**
   * Lets in no new calls, waits up to `ms` for those under way, then ends the rest: calls that have shown
   * nothing with 503 `shutting_down`, streams by the broken ending. Afterwards new calls are let in again: who
   * shuts down closes the door, who locks the vault has locked it.
   */
  drain(ms: number): Promise<void>;
  close(): void;
}

export function createGateway(deps: GatewayDeps): Gateway {
  const { clock, config, pool, log } = deps;
  const ticker = createTicker(clock);
  const doorkeeper = createDoorkeeper(config);
  const handle = createHandle({
    ...deps,
    ticker,
    doorkeeper,
    estimates: createEstimateBook(),
    patience: createPatience({ clock, random: deps.random }),
    feedback: createFeedback({
      pool,
      log,
      clock,
      checkAccount: createCheckAccount({ dial: deps.dial, clock }),
    }),
    planner: createPlanner({
      upstreams: () => pool.snapshot(),
      homes: deps.homes,
      prices: deps.prices,
      config,
    }),
    headerRule: createResponseHeaderRule(),
    turnStates: createTurnStates(),
    sift: createRequestHeaderRule(),
  });
  return { handle, drain: (ms) => doorkeeper.drain(ms), close: () => ticker.close() };
}
