/**
 * The commit point of one attempt. It stands between the dial and the client and decides, from the first bytes
 * of an answer, whether this attempt is the answer or another account should be tried. Until it has decided,
 * nothing has been shown and everything is held here, bounded; after `handOver` it is a straight pipe.
 *
 * Four ways of looking, chosen by the head: an error answer is collected whole; an event stream of inference is
 * held over its start-up events; a JSON answer of inference is held until complete (≤ 1 MiB), so that one cut in
 * the middle can still be replaced; anything else commits with its head. A head can lie: a web page is no answer
 * of a model, and an error object is an error whatever status and type it comes with.
 */
import type { EndpointFamily } from '../../lib/calls/endpoint.ts';
import { JsonEnd } from '../../lib/metering/json-end.ts';
import { createEventPeek, type EventPeek } from '../../lib/metering/peek-events.ts';
import type { FailureEvidence, FailurePhase } from '../../lib/resilience/failure.ts';
import type { BodyEvents, DialControl, DialEvents, ResponseHeaders } from './dial.ts';
import type { TransportFailure } from './dial-failure.ts';
import type { Ticker, Ticking } from './ticker.ts';

/** An answer that may be given to the client. `complete`: all of it is in `held` and nothing follows. */
export interface PeekedAnswer {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: ResponseHeaders;
  readonly eventStream: boolean;
  readonly held: readonly Buffer[];
  readonly complete: boolean;
}

/**
 * What went wrong, with the body as it came if there was one: it may have to be returned unchanged. Of a stream
 * that said so inside HTTP 200, that is everything up to and with the error.
 */
export interface PeekedFailure {
  readonly kind: 'failure';
  readonly evidence: Omit<FailureEvidence, 'nowMs'>;
  readonly answer: {
    readonly status: number;
    readonly headers: ResponseHeaders;
    readonly body: Buffer;
  } | null;
}

/** Nobody waited any longer before anything was decided; with what there was of an answer by then. */
export interface PeekedNothing {
  readonly kind: 'abandoned';
  /** The request, or some of it, had gone to the provider. */
  readonly sent: boolean;
  /** Null when no answer had begun. */
  readonly status: number | null;
  readonly headers: ResponseHeaders;
  readonly held: readonly Buffer[];
}

export type Peeked = PeekedAnswer | PeekedFailure | PeekedNothing;

export interface PeekOptions {
  readonly family: EndpointFamily;
  /** False for what is neither routed inference nor makes an object: then a good head commits at once. */
  readonly hold: boolean;
  /** Whether what is held tells the id of what the answer makes: until then silence does not commit. */
  readonly tellsId?: (held: readonly Buffer[]) => boolean;
  readonly ticker: Ticker;
  readonly monotonicMs: () => number;
}

const HELD_BYTES_MAX = 1_048_576;
const EVIDENCE_BYTES_MAX = 65_536;
/** After the last start-up event: whoever has said that work began and then nothing is at work. */
const SILENCE_COMMITS_MS = 2_000;
/** Comments are no events, and say nothing of the work; but the client needs a sign of life too. */
const COMMENTS_COMMIT_MS = 15_000;

type Mode = 'head' | 'error' | 'events' | 'whole' | 'decided';

export class Peek implements DialEvents, Ticking {
  readonly decided: Promise<Peeked>;
  /** Set right after dialling. */
  control: DialControl | null = null;
  /** When the head of the answer came; null before. */
  headAtMs: number | null = null;
  readonly #options: PeekOptions;
  #decide: (peeked: Peeked) => void = () => {};
  #mode: Mode = 'head';
  #status = 0;
  #headers: ResponseHeaders = {};
  #held: Buffer[] = [];
  #bytes = 0;
  #events: EventPeek | null = null;
  /** Since the first chunk, even of a comment. */
  #heldSinceMs: number | null = null;
  #lastEventMs: number | null = null;
  #saidEvents = 0;
  #next: BodyEvents | null = null;
  /** An end that came between the decision and the hand-over. */
  #pendingEnd: TransportFailure | 'end' | null = null;

  constructor(options: PeekOptions) {
    this.#options = options;
    this.decided = new Promise((resolve) => {
      this.#decide = resolve;
    });
  }

  head(status: number, headers: ResponseHeaders): void {
    this.headAtMs = this.#options.monotonicMs();
    this.#status = status;
    this.#headers = headers;
    const type = headers['content-type'] ?? '';
    if (status >= 300 || (this.#options.hold && type.startsWith('text/html'))) this.#mode = 'error';
    else if (!this.#options.hold || isEncoded(headers)) this.#answer(false);
    else if (type.startsWith('text/event-stream')) {
      this.#mode = 'events';
      this.#events = createEventPeek(this.#options.family);
    } else if (type === '' || type.includes('json')) this.#mode = 'whole';
    else this.#answer(false);
  }

  data(chunk: Buffer): void {
    if (this.#next) {
      this.#next.data(chunk);
      return;
    }
    this.#held.push(chunk);
    this.#bytes += chunk.length;
    if (this.#mode === 'events') this.#lookAtEvents(chunk);
    else if (this.#bytes > HELD_BYTES_MAX) {
      if (this.#mode === 'whole') this.#answer(false);
      else if (this.#mode === 'error') this.#fail('first_event', this.#text(), null, false);
    }
  }

  end(): void {
    if (this.#next) this.#next.end();
    else if (this.#mode === 'decided') this.#pendingEnd = 'end';
    else if (this.#mode === 'error') this.#fail('first_event', this.#text(), null, this.#isWholeError());
    else if (beginsWithError(this.#held)) this.#fail('first_event', this.#text(), null);
    else if (this.#mode === 'whole' && looksWhole(this.#held)) this.#answer(true);
    else this.#fail('first_event', '', 'CAM_EARLY_END');
  }

  fail(failure: TransportFailure): void {
    if (this.#next) this.#next.fail(failure);
    else if (this.#mode === 'decided') this.#pendingEnd = failure;
    else if (this.#mode === 'error') {
      // An error answer whose body was cut says enough by its status.
      this.#fail('first_event', this.#text(), null, false);
    } else this.#fail(failure.sent ? 'first_event' : 'connect', '', failure.code, false);
  }

  /** Nobody waits for the answer any more. */
  abandon(): void {
    if (this.#mode === 'decided') return;
    this.#close();
    this.#decide({
      kind: 'abandoned',
      sent: this.control?.sent ?? false,
      status: this.#status === 0 ? null : this.#status,
      headers: this.#headers,
      held: this.#held,
    });
    this.#held = [];
    this.control?.abort();
  }

  /** From here on chunks go straight to `next`; what came since the decision goes first. */
  handOver(next: BodyEvents, alreadyTaken: number): void {
    this.#next = next;
    const late = this.#held.slice(alreadyTaken);
    this.#held = [];
    for (const chunk of late) next.data(chunk);
    const ended = this.#pendingEnd;
    this.#pendingEnd = null;
    if (ended === 'end') next.end();
    else if (ended) next.fail(ended);
  }

  tick(nowMs: number): void {
    if (this.#mode !== 'events' || this.#heldSinceMs === null) return;
    const silentMs = nowMs - (this.#lastEventMs ?? this.#heldSinceMs);
    if (silentMs < (this.#lastEventMs === null ? COMMENTS_COMMIT_MS : SILENCE_COMMITS_MS)) return;
    if (this.#options.tellsId?.(this.#held) ?? true) this.#answer(false);
  }

  #lookAtEvents(chunk: Buffer): void {
    const verdict = this.#events?.push(chunk) ?? 'commit';
    if (verdict === 'commit') this.#answer(false);
    else if (verdict !== 'hold') this.#fail('first_event', verdict.error, null);
    else this.#hold();
  }

  #hold(): void {
    const { ticker } = this.#options;
    if (this.#heldSinceMs === null) {
      ticker.add(this);
      this.#heldSinceMs = ticker.nowMs();
    }
    const said = this.#events?.saidEvents() ?? 0;
    if (said === this.#saidEvents) return;
    this.#saidEvents = said;
    this.#lastEventMs = ticker.nowMs();
  }

  #answer(complete: boolean): void {
    const type = this.#headers['content-type'] ?? '';
    const eventStream = type.startsWith('text/event-stream') && !isEncoded(this.#headers);
    this.#close();
    this.#decide({
      kind: 'answer',
      status: this.#status,
      headers: this.#headers,
      eventStream,
      held: complete ? this.#held : [...this.#held],
      complete,
    });
  }

  #fail(phase: FailurePhase, body: string, transportCode: string | null, whole = true): void {
    // A page in the place of an answer is nobody's error answer.
    const isPage = this.#mode === 'error' && this.#status < 300;
    const answered = whole && transportCode === null && !isPage;
    this.#close();
    this.#decide({
      kind: 'failure',
      evidence: {
        phase,
        status: this.#status === 0 ? null : this.#status,
        headers: this.#headers,
        body,
        transportCode,
      },
      answer: answered
        ? { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#held) }
        : null,
    });
    // What is still on its way (an error inside 200, an over-long error body) is nobody's any more.
    this.control?.abort();
  }

  #close(): void {
    this.#mode = 'decided';
    if (this.#heldSinceMs !== null) this.#options.ticker.remove(this);
  }

  /** A refusal that stops in the middle says enough by its status, and is not shown as it is. */
  #isWholeError(): boolean {
    const isJson = (this.#headers['content-type'] ?? '').includes('json') && !isEncoded(this.#headers);
    return !isJson || this.#bytes === 0 || looksWhole(this.#held);
  }

  #text(): string {
    const body = this.#held.length === 1 ? (this.#held[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#held);
    return body.toString('utf8', 0, Math.min(body.length, EVIDENCE_BYTES_MAX));
  }
}

/** We ask for plain bytes; who compresses all the same is passed through unread. */
function isEncoded(headers: ResponseHeaders): boolean {
  const coding = headers['content-encoding'];
  return coding !== undefined && coding !== 'identity';
}

const ERROR_OBJECT = /^\s*\{\s*"error"\s*:\s*\{/;
const ERROR_LOOK_BYTES = 64;

/** `{"error":{…}}` and nothing before it: no answer of a model begins like this. */
function beginsWithError([first]: readonly Buffer[]): boolean {
  return first !== undefined && ERROR_OBJECT.test(first.toString('latin1', 0, ERROR_LOOK_BYTES));
}

/** A JSON answer that stops in the middle can end "cleanly" where no length was promised. */
function looksWhole(held: readonly Buffer[]): boolean {
  const end = new JsonEnd();
  for (const chunk of held) end.push(chunk);
  return end.whole();
}
