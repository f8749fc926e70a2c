/**
 * From the commit point to the last byte. Chunks go to the client as the buffers that came in, one write each;
 * the meter sees every one and touches none. However it ends, it ends once: complete, broken (the truth is told
 * in the stream and the socket destroyed, never a clean end), or gone (the client left first).
 */
import type { EndpointFamily } from '../../lib/calls/endpoint.ts';
import type { ErrorCode } from '../../lib/errors.ts';
import { brokenEnding } from '../../lib/metering/broken-ending.ts';
import { createMeter, type Meter, type MeterReading } from '../../lib/metering/meter.ts';
import { createUsageChunkFilter, type UsageChunkFilter } from '../../lib/metering/usage-chunk-filter.ts';
import { tellsTokens } from '../../lib/metering/usage-shapes.ts';
import { shortHash } from '../short-hash.ts';
import type { BodyEvents, DialControl } from '../upstream/dial.ts';
import type { TransportFailure } from '../upstream/dial-failure.ts';
import type { PeekedAnswer } from '../upstream/peek.ts';
import type { Ticker, Ticking } from '../upstream/ticker.ts';
import type { EncodedEnd } from './encoded-end.ts';
import type { HeaderList } from './response-headers.ts';
import type { ResponseSink } from './values.ts';

/** How it ended for the client. */
export type Ending =
  | { readonly kind: 'complete' }
  /** `code` is the upstream's transport code, or ours for why the answer is not whole. */
  | { readonly kind: 'broken'; readonly code: string; readonly error: ErrorCode }
  | { readonly kind: 'gone' };

export interface Relayed {
  readonly ending: Ending;
  readonly reading: MeterReading;
  /** Of an answer without usage the beginning of its output, to count it by; null otherwise. */
  readonly shown: readonly Buffer[] | null;
}

export interface RelayOptions {
  readonly family: EndpointFamily;
  readonly answer: PeekedAnswer;
  readonly headers: HeaderList;
  readonly sink: ResponseSink;
  readonly control: DialControl;
  readonly ticker: Ticker;
  /** How many answers were asked for at once. */
  readonly choices: number;
  /** What tells whether an answer that is no stream is whole, beside the transport. */
  readonly bodyEnd: 'brackets' | EncodedEnd | null;
  /** We asked for the usage chunk, the client did not. */
  readonly dropUsageChunk: boolean;
  readonly wallClockMs: () => number;
  /** Now and then, while it streams. */
  readonly onProgress: (outputEvents: number) => void;
}

const SIGN_OF_LIFE_MS = 15_000;
const SIGN_OF_LIFE = Buffer.from(': keep-alive\n\n');
const PROGRESS_MS = 1_000;
/** After the last event the upstream gets this long to end cleanly, so that its socket can be used again. */
const LINGER_MS = 1_000;
/** Of the output so much is kept (by reference, to a chunk) in case that nobody tells what it cost. */
const SHOWN_BYTES_MAX = 16_384;

export class Relay implements BodyEvents, Ticking {
  readonly done: Promise<Relayed>;
  readonly #o: RelayOptions;
  readonly #meter: Meter;
  readonly #filter: UsageChunkFilter | null;
  #resolve: (relayed: Relayed) => void = () => {};
  #lastMs: number;
  #progressMs: number;
  readonly #encoded: EncodedEnd | null;
  #lingerUntilMs: number | null = null;
  #shown: Buffer[] | null = null;
  #shownBytes = 0;
  #over = false;
  #paused = false;
  readonly #drained = (): void => {
    if (!this.#paused) return;
    this.#paused = false;
    this.#o.control.resume();
  };

  constructor(options: RelayOptions) {
    this.#o = options;
    this.#meter = createMeter(options.family, {
      stream: options.answer.eventStream,
      hash: shortHash,
      choices: options.choices,
      endsByBrackets: options.bodyEnd === 'brackets',
    });
    this.#encoded = options.bodyEnd === 'brackets' ? null : options.bodyEnd;
    this.#filter = options.dropUsageChunk && options.answer.eventStream ? createUsageChunkFilter() : null;
    this.#lastMs = this.#progressMs = options.ticker.nowMs();
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Sends the head and what was held. Nothing of the upstream may be pushed before this has returned. */
  start(): void {
    const { answer, headers, sink } = this.#o;
    const held = answer.held.length === 1 ? (answer.held[0] ?? null) : Buffer.concat(answer.held);
    if (answer.complete) {
      const body = held ?? Buffer.alloc(0);
      headers.push(['content-length', String(body.length)]);
      sink.head(answer.status, headers);
      this.#meter.push(body);
      sink.end(body);
      this.#finish({ kind: 'complete' });
      return;
    }
    const length = answer.headers['content-length'];
    // A promised length that was kept makes an answer whole for its client, whatever we find out at its end.
    if (length !== undefined && !answer.eventStream && this.#o.bodyEnd === null)
      headers.push(['content-length', length]);
    sink.head(answer.status, headers);
    this.#o.ticker.add(this);
    if (held && held.length > 0) this.data(held);
  }

  data(chunk: Buffer): void {
    if (this.#over) return;
    this.#meter.push(chunk);
    this.#encoded?.push(chunk);
    if (this.#shownBytes < SHOWN_BYTES_MAX) this.#keep(chunk);
    this.#lastMs = this.#o.ticker.nowMs();
    const out = this.#filter ? this.#filter.push(chunk) : chunk;
    if (out.length > 0 && !this.#o.sink.write(out)) this.#pause();
  }

  end(): void {
    if (this.#over) this.#stopLingering();
    else if (!this.#meter.sawTerminal()) this.#break('CAM_EARLY_END', 'upstream_interrupted');
    else if (this.#encoded) this.#endWhenDecoded(this.#encoded);
    else this.#endCleanly();
  }

  fail(failure: TransportFailure): void {
    if (this.#over) this.#stopLingering();
    // After the surface's last event the answer is whole, whatever the transport does next.
    else if (this.#o.answer.eventStream && this.#meter.sawTerminal()) this.#endCleanly();
    else this.#break(failure.code, 'upstream_interrupted');
  }

  /** The client has gone. After the surface's last event that is how some clients say thank you. */
  clientGone(): void {
    if (this.#over) return;
    const whole = this.#o.answer.eventStream && this.#meter.sawTerminal();
    this.#finish(whole ? { kind: 'complete' } : { kind: 'gone' });
    if (!whole) {
      this.#o.control.abort();
      return;
    }
    this.#lingerUntilMs = this.#o.ticker.nowMs() + LINGER_MS;
    this.#o.control.resume();
    this.#o.ticker.add(this);
  }

  /** We end it ourselves: shutting down, or the vault was locked in a hurry. */
  interrupt(error: ErrorCode): void {
    if (!this.#over) this.#break('CAM_INTERRUPTED', error);
  }

  tick(nowMs: number): void {
    if (this.#over) {
      if (this.#lingerUntilMs === null || nowMs < this.#lingerUntilMs) return;
      this.#stopLingering();
      this.#o.control.abort();
      return;
    }
    if (nowMs - this.#progressMs >= PROGRESS_MS) {
      this.#progressMs = nowMs;
      this.#o.onProgress(this.#meter.outputEvents());
    }
    if (nowMs - this.#lastMs < SIGN_OF_LIFE_MS || !this.#o.answer.eventStream) return;
    if (this.#paused || !this.#atBoundary()) return;
    this.#lastMs = nowMs;
    if (!this.#o.sink.write(SIGN_OF_LIFE)) this.#pause();
  }

  /** What comes before the first piece of output is not output, and may be long: a provider repeats the question. */
  #keep(chunk: Buffer): void {
    if (this.#meter.outputEvents() === 0) return;
    this.#shown ??= [];
    this.#shown.push(chunk);
    this.#shownBytes += chunk.length;
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.#o.control.pause();
    this.#o.sink.onDrain(this.#drained);
  }

  #endCleanly(): void {
    const rest = this.#filter?.end();
    this.#o.sink.end(rest && rest.length > 0 ? rest : undefined);
    // The upstream's own `response.failed` is a complete answer in form, and not one in substance.
    this.#finish(
      this.#meter.sawError() ? broken('CAM_STREAM_ERROR', 'upstream_error') : { kind: 'complete' },
    );
  }

  /** Only who decodes a compressed answer knows whether it is whole. */
  #endWhenDecoded(encoded: EncodedEnd): void {
    void encoded.whole().then((whole) => {
      if (this.#over) return;
      if (whole) this.#endCleanly();
      else this.#break('CAM_EARLY_END', 'upstream_interrupted');
    });
  }

  #atBoundary(): boolean {
    return this.#filter ? this.#filter.onBoundary() : this.#meter.onBoundary();
  }

  /** Tells the truth in the surface's own form where that is possible, and never ends cleanly. */
  #break(code: string, error: ErrorCode): void {
    const { family, answer, sink } = this.#o;
    const tell = answer.eventStream && this.#atBoundary() && !this.#meter.sawError();
    const last = tell
      ? brokenEnding(family, {
          responseId: this.#meter.responseId(),
          nextSequence: this.#meter.nextSequence(),
          nowMs: this.#o.wallClockMs(),
          code: error,
        })
      : undefined;
    this.#o.control.abort();
    const ending = broken(code, this.#meter.sawError() ? 'upstream_error' : error);
    this.#over = true;
    this.#o.ticker.remove(this);
    const settle = (): void => this.#settle(ending);
    sink.break(last).then(settle, settle);
  }

  #finish(ending: Ending): void {
    this.#over = true;
    this.#o.ticker.remove(this);
    this.#settle(ending);
  }

  #settle(ending: Ending): void {
    const { answer } = this.#o;
    this.#encoded?.close();
    const reading = this.#meter.end();
    const shown = answer.complete ? answer.held : this.#shown;
    this.#resolve({ ending, reading, shown: tellsTokens(reading.usage) ? null : shown });
  }

  #stopLingering(): void {
    this.#lingerUntilMs = null;
    this.#o.ticker.remove(this);
  }
}

function broken(code: string, error: ErrorCode): Ending {
  return { kind: 'broken', code, error };
}
