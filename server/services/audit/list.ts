/** The audit log for reading: newest first for people, oldest first for an export. Each row is checked as it is shown. */
import type {
  AuditListInput,
  AuditListView,
  AuditPageInput,
  AuditPageView,
} from '../../../lib/wire/audit-views.ts';
import { AUDIT_PAGE_MAX } from '../../../lib/wire/audit-views.ts';
import type { Reader } from '../../db/reader.ts';
import type { ChainVault } from './audit-chain.ts';
import { auditRowView } from './audit-row-view.ts';

export interface ListAuditDeps {
  readonly reader: Pick<Reader, 'run'>;
  readonly vault: ChainVault;
}

export async function listAuditLog(deps: ListAuditDeps, input: AuditListInput): Promise<AuditListView> {
  const rows = await deps.reader.run('audit.list', {
    before: input.before ?? null,
    limit: input.limit,
    objectId: input.objectId ?? null,
    objectKind: input.objectKind ?? null,
    sinceMs: input.since ?? null,
  });
  const last = rows.at(-1);
  return {
    rows: rows.map((row) => auditRowView(deps.vault, row)),
    next: last && rows.length === input.limit ? last.number : null,
  };
}

export async function pageAuditLog(
  deps: ListAuditDeps,
  { after, since }: AuditPageInput,
): Promise<AuditPageView> {
  const rows = await deps.reader.run('audit.page', { after, limit: AUDIT_PAGE_MAX, sinceMs: since ?? null });
  return { rows: rows.map((row) => auditRowView(deps.vault, row)) };
}
