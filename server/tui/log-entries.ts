/** Alerts and deeds in one list, newest first. */
import { sayActor, sayDeed } from '../../lib/audit/words.ts';
import type { AlertView } from '../../lib/wire/alert-views.ts';
import type { AuditRowView } from '../../lib/wire/audit-views.ts';
import type { Tone } from './blocks.ts';

export interface LogEntry {
  readonly key: string;
  readonly atMs: number;
  readonly tone: Tone | null;
  readonly what: string;
  readonly who: string;
}

export function logOf(alerts: readonly AlertView[], deeds: readonly AuditRowView[]): readonly LogEntry[] {
  const raised = alerts.map(
    ({ id, raisedAtMs, endedAtMs, severity, text }): LogEntry => ({
      key: `alert ${id}`,
      atMs: raisedAtMs,
      tone: endedAtMs === null ? severity : 'dim',
      what: endedAtMs === null ? text : `${text} (over)`,
      who: endedAtMs === null ? 'alert' : 'past alert',
    }),
  );
  const done = deeds.map(
    ({ number, atMs, actor, deed, objectName, times, verified }): LogEntry => ({
      key: `deed ${number}`,
      atMs,
      tone: verified ? null : 'bad',
      what: `${sayDeed(deed)}${objectName === null ? '' : `: ${objectName}`}${times > 1 ? ` (${times} times)` : ''}`,
      who: sayActor(actor),
    }),
  );
  return [...raised, ...done].sort((a, b) => b.atMs - a.atMs);
}
