/** A row of the audit log as people see it. What cannot be read is shown as nobody and nothing, unverified. */
import type { Actor } from '../../../lib/audit/actor.ts';
import type { AuditRowView } from '../../../lib/wire/audit-views.ts';
import type { LinkedAuditRow } from '../../db/audit.ts';
import { type ChainVault, isRowSound } from './audit-chain.ts';

export function auditRowView(vault: ChainVault, row: LinkedAuditRow): AuditRowView {
  return {
    number: row.number,
    atMs: row.at_ms,
    actor: actorOf(row.actor),
    deed: row.deed,
    objectKind: row.object_kind,
    objectId: row.object_id,
    objectName: row.object_name,
    detail: objectOf(row.detail) ?? {},
    whileLocked: row.while_locked === 1,
    times: row.times,
    verified: isRowSound(vault, row),
    mac: Buffer.from(row.mac).toString('hex'),
  };
}

/** Only this program writes the column, and only actors; a changed row shows as unverified beside it. */
function actorOf(text: string): Actor {
  const value = objectOf(text);
  const known = value !== null && typeof value.kind === 'string';
  return known ? (value as unknown as Actor) : { kind: 'visitor', via: 'command_line' };
}

function objectOf(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
