/** Captured bodies: sealed when a call has ended, opened when an operator looks, gone when their time is over. */
import type { RequestId } from '../../../lib/base/id.ts';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { type Clock, HOUR_MS } from '../../../lib/base/time.ts';
import type { Config } from '../../../lib/config.ts';
import type { CapturedView } from '../../../lib/wire/usage-views.ts';
import { deleteCaptures, findCapture, insertCapture, pruneCaptures } from '../../db/captures.ts';
import type { Db } from '../../db/schema.ts';
import type { Log } from '../../log.ts';
import type { Vault } from '../../vault/vault.ts';
import { json } from '../accounts/account-row.ts';

/** What a call said and was answered, as the gateway hands it over. */
export interface Bodies {
  readonly request: Uint8Array | null;
  readonly requestBytes: number;
  readonly response: Uint8Array;
  readonly responseBytes: number;
}

export interface CaptureStore {
  keep(id: RequestId, bodies: Bodies): void;
  /** Null where nothing was captured, or its time is over. */
  get(id: string): Promise<CapturedView | null>;
  prune(): Promise<void>;
  /** Answers how many there were. */
  forgetAll(): Promise<number>;
}

export interface CaptureStoreDeps {
  readonly db: Db;
  readonly vault: Pick<Vault, 'state' | 'seal' | 'unseal'>;
  readonly config: () => Pick<Config, 'capture'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Pick<Log, 'warn'>;
}

const ROWS_MAX = 2_000;
/** Sealing takes the thread that calls run on: so many wait at most. */
const WAITING_MAX = 64;

export function createCaptureStore({ db, vault, config, clock, log }: CaptureStoreDeps): CaptureStore {
  let waiting = 0;

  async function store(id: RequestId, bodies: Bodies): Promise<void> {
    if (vault.state() !== 'unlocked') return;
    const nowMs = Math.round(clock.nowMs());
    const sealed = vault.seal(placeOf(id), new Secret(JSON.stringify(written(bodies))));
    await insertCapture(db, {
      request_id: id,
      sealed_bodies: sealed,
      captured_at_ms: nowMs,
      expires_at_ms: nowMs + config().capture.hours * HOUR_MS,
    });
  }

  return {
    keep(id, bodies) {
      if (waiting >= WAITING_MAX) return;
      waiting++;
      setImmediate(() => {
        store(id, bodies)
          .catch((error: unknown) => log.warn({ err: error }, 'what a call said could not be kept'))
          .finally(() => {
            waiting--;
          });
      });
    },
    async get(id) {
      const row = await findCapture(db, id);
      if (row === undefined || row.expires_at_ms <= clock.nowMs()) return null;
      return read(reveal(vault.unseal(placeOf(row.request_id), row.sealed_bodies)), row.expires_at_ms);
    },
    prune: () => pruneCaptures(db, clock.nowMs(), ROWS_MAX),
    forgetAll: () => deleteCaptures(db),
  };
}

export const placeOf = (id: string) => ({ table: 'captures', rowId: id, column: 'sealed_bodies' }) as const;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function written({ request, requestBytes, response, responseBytes }: Bodies) {
  return {
    request: request && text(request),
    requestCut: request !== null && request.length < requestBytes,
    response: text(response),
    responseCut: response.length < responseBytes,
  };
}

function read(stored: string, expiresAtMs: number): CapturedView | null {
  const found = json(stored);
  if (typeof found !== 'object' || found === null) return null;
  const field = (name: string): string | null => {
    const value: unknown = Reflect.get(found, name);
    return typeof value === 'string' ? value : null;
  };
  return {
    request: field('request'),
    requestCut: Reflect.get(found, 'requestCut') === true,
    response: field('response') ?? '',
    responseCut: Reflect.get(found, 'responseCut') === true,
    expiresAtMs,
  };
}
