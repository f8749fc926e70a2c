/**
 * What a provider's rate limits leave for one model at one account: the figures of an answer, filled up again as time
 * passes, less what was sent after the call that was answered. A call that does not fit would be refused, so it goes
 * elsewhere first. An estimate against an estimate: it orders accounts and never leaves one out.
 */
import { HOUR_MS, MINUTE_MS } from '../base/time.ts';
import type { Call } from '../calls/call.ts';
import type { HeaderLimit } from './header-limit.ts';

/** All that was sent so far. */
export interface Sent {
  readonly tokens: number;
  readonly requests: number;
}

export interface ModelRoom {
  readonly tokens: HeaderLimit | null;
  readonly requests: HeaderLimit | null;
  readonly sent: Sent;
  /** What had been sent when the call left whose answer told the figures; it is in them. */
  readonly told: Sent;
  /** The smallest call that was refused as larger than all that may be sent in a minute: its bulk. */
  readonly tooLarge?: { readonly bulk: number; readonly atMs: number };
}

export type Rooms = Readonly<Record<string, ModelRoom>>;

/** What is too little for a call. */
export type Shortage = 'tokens' | 'requests';

const MODELS_MAX = 32;
const NOTHING: Sent = { tokens: 0, requests: 0 };
const UNTOLD: ModelRoom = { tokens: null, requests: null, sent: NOTHING, told: NOTHING };
/** Limits are raised now and then, and estimates become better: like other marks, it holds for an hour. */
const TOO_LARGE_MS = HOUR_MS;
const BYTES_PER_TOKEN = 3;

/** One more call is on its way; `rooms[model].sent` is then its place in the order. */
export function withSent(rooms: Rooms, model: string, tokens: number): Rooms {
  const room = rooms[model] ?? UNTOLD;
  const sent = { tokens: room.sent.tokens + tokens, requests: room.sent.requests + 1 };
  return put(rooms, model, { ...room, sent });
}

/** @param place of the call that was answered; answers come in any order, and an older one tells nothing new */
export function withFigures(
  rooms: Rooms,
  model: string,
  limits: Readonly<Record<string, HeaderLimit>>,
  place: Sent,
): Rooms {
  const room = rooms[model];
  const tokens = limits.tokens ?? null;
  const requests = limits.requests ?? null;
  if (room === undefined || place.requests < room.told.requests || (tokens === null && requests === null))
    return rooms;
  return put(rooms, model, { ...room, tokens, requests, told: place });
}

/**
 * How large a call is by what stands in it, in tokens at a guess. Unlike what it is expected to use, nothing that is
 * learned meanwhile changes this, so that like calls compare alike.
 */
export function bulkOf({ bodyBytes, facts }: Pick<Call, 'bodyBytes' | 'facts'>): number {
  return Math.ceil(bodyBytes / BYTES_PER_TOKEN) + (facts?.outputTokensMax ?? 0);
}

/** A call was refused because it alone is more than the limit. */
export function withTooLarge(rooms: Rooms, model: string, bulk: number, nowMs: number): Rooms {
  const room = rooms[model] ?? UNTOLD;
  const known = isTooLarge(room, bulk, nowMs) ? room.tooLarge?.bulk : undefined;
  return put(rooms, model, { ...room, tooLarge: { bulk: known ?? bulk, atMs: nowMs } });
}

/** Nothing is known to be too large any more; the same object where nothing was. */
export function withoutTooLarge(rooms: Rooms): Rooms {
  if (!Object.values(rooms).some(({ tooLarge }) => tooLarge !== undefined)) return rooms;
  return Object.fromEntries(
    Object.entries(rooms).map(([model, { tooLarge: _forgotten, ...room }]) => [model, room]),
  );
}

/** @param bulk see `bulkOf` */
export function isTooLarge({ tooLarge }: ModelRoom, bulk: number, nowMs: number): boolean {
  if (tooLarge === undefined || bulk < tooLarge.bulk) return false;
  const ageMs = nowMs - tooLarge.atMs;
  return ageMs > -MINUTE_MS && ageMs < TOO_LARGE_MS;
}

/** Null when the call fits, or when nobody knows. @param tokens what the call is expected to use */
export function shortageOf(room: ModelRoom, tokens: number, nowMs: number): Shortage | null {
  const { sent, told } = room;
  if (isShort(room.requests, sent.requests - told.requests + 1, nowMs)) return 'requests';
  if (isShort(room.tokens, sent.tokens - told.tokens + tokens, nowMs)) return 'tokens';
  return null;
}

/** What was left when the figure was read is the least that can be left: only where that is too little time matters. */
function isShort(figure: HeaderLimit | null, amount: number, nowMs: number): boolean {
  if (figure === null || figure.remaining === null || figure.remaining >= amount) return false;
  const left = leftOf(figure, nowMs);
  return left !== null && left < amount;
}

/** When a call that is short now will fit, if nothing more is sent; null when that is not to be known, or never. */
export function fitsAtMs(room: ModelRoom, tokens: number, nowMs: number): number | null {
  const { sent, told } = room;
  const forTokens = filledAtMs(room.tokens, sent.tokens - told.tokens + tokens, nowMs);
  const forRequests = filledAtMs(room.requests, sent.requests - told.requests + 1, nowMs);
  return forTokens === null || forRequests === null ? null : Math.max(forTokens, forRequests);
}

function filledAtMs(figure: HeaderLimit | null, amount: number, nowMs: number): number | null {
  const left = leftOf(figure, nowMs);
  if (figure === null || left === null || left >= amount) return nowMs;
  const { limit, remaining, fullAtMs, readAtMs } = figure;
  if (fullAtMs === null || limit === null || remaining === null || amount > limit) return null;
  return Math.ceil(readAtMs + ((amount - remaining) * (fullAtMs - readAtMs)) / (limit - remaining));
}

function put(rooms: Rooms, model: string, room: ModelRoom): Rooms {
  if (rooms[model] !== undefined) return { ...rooms, [model]: room };
  const names = Object.keys(rooms);
  const [oldest] = names;
  if (oldest === undefined || names.length < MODELS_MAX) return { ...rooms, [model]: room };
  const { [oldest]: _forgotten, ...others } = rooms;
  return { ...others, [model]: room };
}

/** Null where the figure says nothing: there is none, it is too old, or a clock was set since. */
function leftOf(figure: HeaderLimit | null, nowMs: number): number | null {
  if (figure === null || figure.remaining === null) return null;
  const { limit, remaining, fullAtMs, readAtMs } = figure;
  const ageMs = nowMs - readAtMs;
  if (ageMs < -MINUTE_MS || ageMs >= MINUTE_MS) return null;
  if (fullAtMs === null || limit === null || limit <= remaining) return remaining;
  if (nowMs >= fullAtMs) return limit;
  // The reset is when the bucket is full again; it fills evenly until then.
  return remaining + ((limit - remaining) * Math.max(0, ageMs)) / (fullAtMs - readAtMs);
}
