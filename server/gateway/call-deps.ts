/**
 * What a call needs of the world. `GatewayDeps` is handed in by who puts the program together; `CallDeps` adds
 * what the gateway makes once for all calls.
 */
import type { Clock } from '../../lib/base/time.ts';
import type { Config } from '../../lib/config.ts';
import type { EstimateBook } from '../../lib/metering/estimate.ts';
import type { PriceBook } from '../../lib/metering/price-book.ts';
import type { LastInput } from '../db/last-input.ts';
import type { LedgerWriter, LimitBook } from '../db/ledger.ts';
import type { ObjectOwners } from '../db/object-owners.ts';
import type { SessionHomes } from '../db/session-homes.ts';
import type { Log } from '../log.ts';
import type { Censor } from '../upstream/censor.ts';
import type { CheckAccount } from '../upstream/check-account.ts';
import type { Dial } from '../upstream/dial.ts';
import type { InFlight } from '../upstream/in-flight.ts';
import type { Pool } from '../upstream/pool.ts';
import type { Ticker } from '../upstream/ticker.ts';
import type { ClientKeyring } from '../vault/client-keyring.ts';
import type { PlaygroundKeys } from '../vault/playground-keys.ts';
import type { Vault } from '../vault/vault.ts';
import type { CallMetrics } from './call-metrics.ts';
import type { Captures } from './capture.ts';
import type { Doorkeeper } from './doorkeeper.ts';
import type { Feedback } from './feedback.ts';
import type { Patience } from './patience.ts';
import type { Planner } from './plan-call.ts';
import type { Refusals } from './refusals.ts';
import type { SiftRequestHeaders } from './request-headers.ts';
import type { ResponseHeaderRule } from './response-headers.ts';
import type { SessionTally } from './session-tally.ts';
import type { TokenCounter } from './token-counter.ts';
import type { TurnStates } from './turn-state.ts';
import type { WaitingRoom } from './waiting-room.ts';

export interface GatewayDeps {
  readonly pool: Pool;
  readonly ledger: LedgerWriter;
  readonly limitBook: LimitBook;
  readonly keyring: Pick<ClientKeyring, 'check' | 'list'>;
  readonly playground: Pick<PlaygroundKeys, 'check'>;
  readonly vault: Pick<Vault, 'state'>;
  readonly homes: Pick<SessionHomes, 'get' | 'set'>;
  readonly owners: ObjectOwners;
  readonly inFlight: InFlight;
  readonly prices: PriceBook;
  readonly clock: Clock;
  readonly random: (size: number) => Uint8Array;
  readonly log: Log;
  readonly config: () => Config;
  readonly dial: Dial;
  readonly checkAccount: CheckAccount;
  readonly censor: Censor;
  readonly ticker: Ticker;
  readonly tokenCounter: Pick<TokenCounter, 'count' | 'prepare'>;
  readonly lastInput: LastInput;
  readonly captures: Captures;
}

export interface CallDeps extends GatewayDeps {
  readonly doorkeeper: Doorkeeper;
  readonly estimates: EstimateBook;
  readonly patience: Patience;
  readonly feedback: Feedback;
  readonly planner: Planner;
  readonly sessions: SessionTally;
  readonly refusals: Refusals;
  readonly metrics: CallMetrics;
  readonly headerRule: ResponseHeaderRule;
  readonly turnStates: TurnStates;
  readonly waitingRoom: WaitingRoom;
  readonly sift: SiftRequestHeaders;
}
