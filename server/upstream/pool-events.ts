/**
 * What changed between two states of an account's health that people should hear of: a cooldown that began, a
 * breaker that opened or closed, a credential that was refused. Ordinary ups and downs are no news.
 */
import type { AccountId } from '../../lib/base/id.ts';
import { countedBy, type Health } from '../../lib/resilience/health.ts';

export interface PoolEvent {
  /** `account.cooling_down`, `account.out_of_quota`, `account.unwell`, `account.well`, … */
  readonly kind: string;
  readonly accountId: AccountId | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export function healthEvents(id: AccountId, before: Health, after: Health): PoolEvent[] {
  const events: PoolEvent[] = [];
  const tell = (kind: string, data: Readonly<Record<string, unknown>>): void => {
    events.push({ kind, accountId: id, data });
  };
  if (before.cooldowns !== after.cooldowns) {
    for (const [model, cooldown] of Object.entries(after.cooldowns)) {
      const known = before.cooldowns[model];
      if (known && known.sinceMs === cooldown.sinceMs && known.cause === cooldown.cause) continue;
      const kind = cooldown.cause === 'quota' ? 'account.out_of_quota' : 'account.cooling_down';
      tell(kind, { model: model || null, untilMs: cooldown.untilMs, code: cooldown.code });
    }
  }
  if (before.breakers !== after.breakers) {
    for (const key of new Set([...Object.keys(before.breakers), ...Object.keys(after.breakers)])) {
      const was = before.breakers[key]?.state ?? 'closed';
      const is = after.breakers[key]?.state ?? 'closed';
      if (is === 'open' && was === 'closed') tell('account.unwell', countedBy(key));
      if (is === 'closed' && (was === 'open' || was === 'half_open')) tell('account.well', countedBy(key));
    }
  }
  if (before.marks !== after.marks) {
    for (const mark of after.marks) {
      if (before.marks.includes(mark)) continue;
      tell('account.marked', {
        kind: mark.kind,
        subject: mark.subject,
        reason: mark.reason,
        untilMs: mark.untilMs,
      });
    }
  }
  return events;
}
