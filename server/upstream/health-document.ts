/**
 * Health as it is stored, so that breakers and cooldowns survive a restart. Reading never fails: a document that
 * is not ours, or a part of one, is read as "nothing known", which costs at most one failed call.
 */
import type { BreakerState } from '../../lib/resilience/breaker.ts';
import type { Cooldown } from '../../lib/resilience/cooldown.ts';
import { type Health, WELL } from '../../lib/resilience/health.ts';
import type { HeaderLimit, Mark } from '../../lib/routing/upstream.ts';

const VERSION = 1;
const DOCUMENT_LENGTH_MAX = 262_144;

/** What is remembered of an account besides what it is. */
export interface MemberHealth {
  readonly health: Health;
  /** Why its credential is disabled; null while it is not. */
  readonly credentialRefused: string | null;
  /** That it can list models does not disprove it: the account was closed, or is not paid for. */
  readonly refusalLasts: boolean;
  readonly headerLimits: Readonly<Record<string, HeaderLimit>>;
  readonly lastUsedAtMs: number | null;
}

const NOTHING_KNOWN: MemberHealth = {
  health: WELL,
  credentialRefused: null,
  refusalLasts: false,
  headerLimits: {},
  lastUsedAtMs: null,
};

export function writeHealth({ health, ...rest }: MemberHealth): string {
  return JSON.stringify({ version: VERSION, ...health, ...rest });
}

export function readHealth(document: string | null): MemberHealth {
  if (document === null || document.length > DOCUMENT_LENGTH_MAX) return NOTHING_KNOWN;
  const parsed = parse(document);
  if (!isRecord(parsed) || parsed.version !== VERSION) return NOTHING_KNOWN;
  return {
    health: {
      breakers: entries(parsed.breakers, isBreaker),
      cooldowns: entries(parsed.cooldowns, isCooldown),
      marks: Array.isArray(parsed.marks) ? parsed.marks.filter(isMark) : [],
    },
    credentialRefused: typeof parsed.credentialRefused === 'string' ? parsed.credentialRefused : null,
    // A document from before this was told apart: then only a human ends it.
    refusalLasts: typeof parsed.credentialRefused === 'string' && parsed.refusalLasts !== false,
    headerLimits: entries(parsed.headerLimits, isHeaderLimit),
    lastUsedAtMs: isNumber(parsed.lastUsedAtMs) ? parsed.lastUsedAtMs : null,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function parse(document: string): unknown {
  try {
    return JSON.parse(document);
  } catch {
    return null;
  }
}

function entries<T>(value: unknown, is: (entry: unknown) => entry is T): Record<string, T> {
  const result: Record<string, T> = {};
  if (!isRecord(value)) return result;
  for (const [key, entry] of Object.entries(value)) if (is(entry)) result[key] = entry;
  return result;
}

function isBreaker(value: unknown): value is BreakerState {
  if (!isRecord(value)) return false;
  switch (value.state) {
    case 'closed':
      return Array.isArray(value.failuresAtMs) && value.failuresAtMs.every(isNumber);
    case 'open':
      return isNumber(value.openedAtMs) && isNumber(value.untilMs) && isNumber(value.streak);
    case 'half_open':
      return (value.probeAtMs === null || isNumber(value.probeAtMs)) && isNumber(value.streak);
    case 'isolated':
      return isNumber(value.sinceMs);
    default:
      return false;
  }
}

function isCooldown(value: unknown): value is Cooldown {
  return (
    isRecord(value) &&
    (value.cause === 'rate_limit' || value.cause === 'quota') &&
    isNumber(value.untilMs) &&
    isNumber(value.sinceMs) &&
    typeof value.guessed === 'boolean' &&
    isNumber(value.streak) &&
    typeof value.code === 'string' &&
    (value.probeAtMs === null || isNumber(value.probeAtMs))
  );
}

function isMark(value: unknown): value is Mark {
  return (
    isRecord(value) &&
    (value.kind === 'model' || value.kind === 'family') &&
    typeof value.subject === 'string' &&
    typeof value.reason === 'string' &&
    isNumber(value.untilMs)
  );
}

function isHeaderLimit(value: unknown): value is HeaderLimit {
  const orNull = (figure: unknown): boolean => figure === null || isNumber(figure);
  return (
    isRecord(value) &&
    orNull(value.limit) &&
    orNull(value.remaining) &&
    orNull(value.fullAtMs) &&
    isNumber(value.readAtMs)
  );
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}
