/**
 * Whether a change of a client key gives it more than it had. Narrowing needs no proof, widening does: who borrows
 * a sign-in must not be able to lift a limit. When in doubt (patterns that cannot be compared) it is more.
 */
import { type ClientLimits, clientRules } from '../metering/client-limits.ts';
import { LIMIT_KINDS } from '../metering/limit.ts';
import type { ClientKey } from './client-key.ts';

export type Grants = Pick<
  ClientKey,
  'accounts' | 'models' | 'scopes' | 'limits' | 'serviceTiers' | 'reasoningEfforts' | 'expiresAtMs'
>;

/** The names of those grants that are wider than before. */
export function widened(before: Grants, after: Grants): readonly (keyof Grants)[] {
  const wider: Readonly<Record<keyof Grants, boolean>> = {
    accounts: isMore(before.accounts, after.accounts),
    models: isMoreModels(before.models, after.models),
    scopes: isMore(before.scopes, after.scopes),
    limits: isLooser(before.limits, after.limits),
    serviceTiers: isMore(before.serviceTiers, after.serviceTiers),
    reasoningEfforts: isMore(before.reasoningEfforts, after.reasoningEfforts),
    expiresAtMs: (after.expiresAtMs ?? Infinity) > (before.expiresAtMs ?? Infinity),
  };
  return (Object.keys(wider) as (keyof Grants)[]).filter((name) => wider[name]);
}

/** Null stands for everything. */
function isMore(before: readonly string[] | null, after: readonly string[] | null): boolean {
  if (before === null) return false;
  return after === null || after.some((item) => !before.includes(item));
}

function isMoreModels(before: readonly string[], after: readonly string[]): boolean {
  const [allowed, denied] = split(before);
  const [allowedNow, deniedNow] = split(after);
  if (denied.some((pattern) => !deniedNow.includes(pattern))) return true;
  if (allowed.length === 0) return false;
  return allowedNow.length === 0 || allowedNow.some((pattern) => !allowed.includes(pattern));
}

function split(patterns: readonly string[]): readonly [allowed: string[], denied: string[]] {
  const isDenial = (pattern: string) => pattern.startsWith('!');
  return [patterns.filter((pattern) => !isDenial(pattern)), patterns.filter(isDenial)];
}

/** Some ceiling is gone or higher; one that is bound to other models than before is another ceiling. */
function isLooser(before: ClientLimits, after: ClientLimits): boolean {
  const rules = clientRules(after);
  return clientRules(before).some(({ window, models, amounts }) => {
    const now = rules.filter((rule) => rule.window === window && isSame(rule.models, models));
    return LIMIT_KINDS.some((kind) => {
      const limit = amounts[kind];
      return limit !== undefined && !now.some((rule) => (rule.amounts[kind] ?? Infinity) <= limit);
    });
  });
}

function isSame(a: readonly string[] | null, b: readonly string[] | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((pattern, at) => pattern === b[at]);
}
