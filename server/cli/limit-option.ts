/**
 * `--limit usd/day=5`: one ceiling of a client key, as often as there are ceilings. In front of it may stand the
 * models that it is bound to, `--limit 'gpt-5*,!gpt-5-nano:tokens/5h=2000000'`; `none` takes a ceiling away.
 */
import { fromDollars, NANO_PER_DOLLAR } from '../../lib/base/money.ts';
import { CamError } from '../../lib/errors.ts';
import { type ClientLimits, type ClientWindow, withCeiling } from '../../lib/metering/client-limits.ts';
import type { LimitKind } from '../../lib/metering/limit.ts';
import { words } from './account-options.ts';

const KINDS: Readonly<Record<string, LimitKind>> = { usd: 'cost', tokens: 'tokens', requests: 'requests' };
const WINDOWS: Readonly<Record<string, ClientWindow>> = {
  hour: 'hour',
  '5h': 'five_hours',
  day: 'day',
  week: 'week',
  month: 'month',
};
const FORM = /^(?:(.+):)?(usd|tokens|requests)\/(hour|5h|day|week|month)=(.+)$/;

const SHAPE = '[MODELS:]usd|tokens|requests/hour|5h|day|week|month=AMOUNT';

export const LIMIT_HELP = `${SHAPE}, e.g. usd/day=5 or gpt-5*:tokens/5h=2000000; usd/day=none takes that limit away. May be repeated`;

/** For commander: collects every `--limit`. */
export const collect = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];

export function limitsWith(current: ClientLimits, options: readonly string[]): ClientLimits {
  return options.reduce((limits, text) => {
    const match = FORM.exec(text.trim());
    const kind = KINDS[match?.[2] ?? ''];
    const window = WINDOWS[match?.[3] ?? ''];
    if (!match || kind === undefined || window === undefined) {
      throw wrong(`--limit takes ${SHAPE}, such as usd/day=5 or usd/day=none, not "${text}".`);
    }
    const models = match[1] === undefined ? null : words(match[1]);
    return withCeiling(limits, { window, kind, models }, amountOf(kind, match[4] ?? ''));
  }, current);
}

/** `hour,5h` → windows. */
export function windowsOf(text: string): ClientWindow[] {
  return words(text).map((word) => {
    const window = WINDOWS[word];
    if (window === undefined) throw wrong(`--window takes hour, 5h, day, week or month, not "${word}".`);
    return window;
  });
}

const DOLLARS_MAX = Number.MAX_SAFE_INTEGER / NANO_PER_DOLLAR;

function amountOf(kind: LimitKind, text: string): number | null {
  const typed = text.trim();
  if (typed === 'none') return null;
  // People write 2_000_000, 2,000,000 and $5.
  const plain = typed.replace(/^\$/, '').replace(/[_,](?=\d{3})/g, '');
  if (kind === 'cost') {
    const dollars = /^\d{1,7}(\.\d{1,9})?$/.test(plain) ? Number(plain) : Number.NaN;
    if (!(dollars > 0 && dollars < DOLLARS_MAX)) {
      throw wrong(`A limit in dollars is an amount above 0 such as 25 or 2.50, not "${typed}".`);
    }
    return fromDollars(dollars);
  }
  const count = /^\d{1,15}$/.test(plain) ? Number(plain) : Number.NaN;
  if (!(count >= 1)) {
    throw wrong(
      `A limit of ${kind} is a whole number of at least 1, not "${typed}". To stop a key, revoke it.`,
    );
  }
  return count;
}

const wrong = (message: string): CamError => new CamError('invalid_request', message);
