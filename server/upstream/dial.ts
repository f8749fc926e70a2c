/**
 * One attempt: one request to one account, pushed back as it arrives. This is the only outbound call that
 * carries an account key, and the only place where a key is unsealed, for the moment of writing its header.
 * Nothing is decoded or kept here; chunks go on as the very buffers that the socket delivered.
 */
import type { Dispatcher } from 'undici';
import type { SealedAccount } from '../../lib/accounts/account.ts';
import { reveal } from '../../lib/base/secret.ts';
import type { Clock } from '../../lib/base/time.ts';
import { CamError } from '../../lib/errors.ts';
import type { Vault } from '../vault/vault.ts';
import { connectFailure, type TransportFailure, transportFailure } from './dial-failure.ts';
import type { Destination, Egress } from './egress.ts';
import type { Ticker, Ticking } from './ticker.ts';
import type { Transport } from './transport.ts';

export interface DialTimes {
  readonly firstByteMs: number;
  readonly idleMs: number;
  readonly totalMs: number;
}

export interface DialRequest {
  readonly account: SealedAccount;
  readonly method: string;
  /** Path below the base URL, beginning with a slash, with its query. */
  readonly path: string;
  /** Names and values in turn; already sifted (`request-headers.ts`), without credentials. */
  readonly headers: readonly string[];
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null;
  readonly times: DialTimes;
  /** The sealed admin key of this account, for questions about its organisation; its own key where it is not given. */
  readonly adminKey?: Uint8Array;
}

export type ResponseHeaders = Readonly<Record<string, string>>;

/** After `end` or `fail` nothing more is pushed; exactly one of the two is. */
export interface BodyEvents {
  data(chunk: Buffer): void;
  end(): void;
  fail(failure: TransportFailure): void;
}

export interface DialEvents extends BodyEvents {
  head(status: number, headers: ResponseHeaders): void;
}

export interface DialControl {
  /** The request, or some of it, has gone to the provider. */
  readonly sent: boolean;
  /** Ends the attempt and its socket. Nothing is pushed afterwards. Harmless when it has ended. */
  abort(): void;
  pause(): void;
  resume(): void;
}

export type Dial = (request: DialRequest, events: DialEvents) => DialControl;

export interface DialDeps {
  readonly vault: Pick<Vault, 'unseal'>;
  readonly egress: Egress;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly ticker: Ticker;
}

export function createDial(deps: DialDeps): Dial {
  const destinations = new WeakMap<SealedAccount, Destination>();

  function destinationOf(account: SealedAccount): Destination {
    const known = destinations.get(account);
    if (known) return known;
    const found = deps.egress.destinationOf(account);
    destinations.set(account, found);
    return found;
  }

  return (request, events) => {
    if (!request.account.intact) {
      throw new CamError('vault_damaged', 'This account is quarantined: its row was changed from outside.');
    }
    const destination = destinationOf(request.account);
    const attempt = new DialAttempt(events, deps.ticker, deps.clock.monotonicMs() + request.times.totalMs);
    const dispatcher = deps.transport.dispatcherFor(destination);
    attempt.viaProxy = deps.transport.viaProxy(destination);
    dispatcher.dispatch(
      {
        origin: destination.origin,
        path: destination.pathPrefix + request.path,
        method: request.method,
        headers: withCredentials(request, deps.vault),
        // undici takes any async iterable as a body; its published type names only streams.
        body: request.body as Buffer | null,
        headersTimeout: request.times.firstByteMs,
        bodyTimeout: request.times.idleMs,
      },
      attempt,
    );
    return attempt;
  };
}

function withCredentials(request: DialRequest, vault: Pick<Vault, 'unseal'>): string[] {
  const { account, adminKey } = request;
  const row = { table: 'accounts', rowId: account.id } as const;
  const key =
    adminKey === undefined
      ? vault.unseal({ ...row, column: 'sealed_key' }, account.sealedKey)
      : vault.unseal({ ...row, column: 'sealed_admin_key' }, adminKey);
  const headers = [...request.headers, 'authorization', `Bearer ${reveal(key)}`];
  // An admin key is its organisation's, and of no project.
  if (adminKey !== undefined) return headers;
  if (account.organizationId !== null) headers.push('openai-organization', account.organizationId);
  if (account.projectId !== null) headers.push('openai-project', account.projectId);
  return headers;
}

/** undici's handler and our control in one object, so that a chunk costs one call. */
class DialAttempt implements Dispatcher.DispatchHandler, DialControl, Ticking {
  viaProxy = false;
  readonly #events: DialEvents;
  readonly #ticker: Ticker;
  readonly #deadlineMs: number;
  #controller: Dispatcher.DispatchController | null = null;
  #paused = false;
  #ended = false;
  #answered = false;

  constructor(events: DialEvents, ticker: Ticker, deadlineMs: number) {
    this.#events = events;
    this.#ticker = ticker;
    this.#deadlineMs = deadlineMs;
    ticker.add(this);
  }

  // ---- what undici calls

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#ended) controller.abort(new Error('aborted'));
    else this.#controller = controller;
  }
  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    if (this.#ended || status < 200) return;
    this.#answered = true;
    this.#events.head(status, joined(headers));
  }
  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#ended) this.#events.data(chunk);
  }
  onResponseEnd(): void {
    if (this.#finish()) this.#events.end();
  }
  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (!this.#finish()) return;
    const failed = this.#controller
      ? transportFailure(error, this.#answered)
      : connectFailure(error, this.viaProxy);
    this.#events.fail(failed);
  }

  // ---- what the gateway calls

  get sent(): boolean {
    return this.#controller !== null;
  }
  abort(): void {
    if (this.#finish()) this.#controller?.abort(new Error('aborted'));
  }
  pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#controller?.pause();
  }
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (!this.#ended) this.#controller?.resume();
  }

  tick(nowMs: number): void {
    if (nowMs < this.#deadlineMs || !this.#finish()) return;
    this.#controller?.abort(new Error('total time-out'));
    this.#events.fail({
      code: 'CAM_TOTAL_TIMEOUT',
      sent: this.#controller !== null,
      answered: this.#answered,
    });
  }

  /** True the first time. */
  #finish(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#ticker.remove(this);
    return true;
  }
}

function joined(headers: Record<string, string | string[] | undefined>): ResponseHeaders {
  const result: Record<string, string> = {};
  for (const name in headers) {
    const value = headers[name];
    if (typeof value === 'string') result[name] = value;
    else if (value) result[name] = value.join(', ');
  }
  return result;
}
