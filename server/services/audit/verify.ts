/**
 * Walks the whole audit log and says where it is not what was written. It reads in pages off the event loop, so
 * that a long log holds nobody up, and ends at the head as it stood when the walk began.
 */

import type { AuditBreak, AuditVerdictView, AuditVerifyInput } from '../../../lib/wire/audit-views.ts';
import { AUDIT_PAGE_MAX } from '../../../lib/wire/audit-views.ts';
import { type LinkedAuditRow, lastAuditRow, readAuditHead } from '../../db/audit.ts';
import type { Reader } from '../../db/reader.ts';
import type { Db } from '../../db/schema.ts';
import { equalBytes } from '../../vault/keyring.ts';
import type { Vault } from '../../vault/vault.ts';
import { isRowSound, NOTHING_YET } from './audit-chain.ts';
import { type AuditLog, headTrouble } from './audit-log.ts';

export interface VerifyAuditDeps {
  readonly db: Db;
  readonly reader: Pick<Reader, 'run'>;
  readonly vault: Pick<Vault, 'state' | 'auditMac'>;
  readonly audit: Pick<AuditLog, 'written'>;
}

const BREAKS_MAX = 20;

export async function verifyAuditLog(
  deps: VerifyAuditDeps,
  { anchor }: AuditVerifyInput,
): Promise<AuditVerdictView> {
  const written = deps.audit.written();
  const head = await readAuditHead(deps.db);
  const last = (await lastAuditRow(deps.db)) ?? NOTHING_YET;
  const breaks: AuditBreak[] = [];
  const found = (number: number | null, message: string): void => void breaks.push({ number, message });
  const walk = createWalk(deps.vault, found, anchor);

  for (let after = 0; ; ) {
    const rows = await deps.reader.run('audit.page', { after, limit: AUDIT_PAGE_MAX, sinceMs: null });
    for (const row of rows) if (row.number <= last.number) walk.see(row);
    const end = rows.at(-1);
    if (!end || end.number >= last.number) break;
    after = end.number;
  }
  walk.end();
  const trouble = headTrouble(deps.vault, head, last, written);
  if (trouble !== null) found(null, HEAD_WORDS[trouble]);
  else if (head && head.number > last.number) found(last.number + 1, gap(last.number + 1, head.number));
  else if (head && last.mac && !equalBytes(head.mac, last.mac)) found(last.number, HEAD_WORDS.changed);

  return {
    intact: breaks.length === 0,
    rows: walk.rows(),
    beganAtMs: walk.beganAtMs(),
    head: last.mac ? `${last.number}:${Buffer.from(last.mac).toString('hex')}` : null,
    breaks: breaks.slice(0, BREAKS_MAX),
  };
}

const HEAD_WORDS = {
  missing: 'The sealed end of the log is gone: rows at the end may be missing.',
  changed: 'The sealed end of the log was changed: rows at the end may be missing.',
  rolled_back: 'The log says less than this server wrote: it was put back to an earlier state.',
  rows_added: 'There are rows behind the sealed end of the log that were not written by this program.',
} as const;

function createWalk(
  vault: VerifyAuditDeps['vault'],
  found: (number: number | null, message: string) => void,
  anchor: string | undefined,
) {
  const [anchorNumber, anchorMac] = anchor?.split(':') ?? [];
  let anchored = anchor === undefined;
  let rows = 0;
  let expected = 1;
  let beganAtMs: number | null = null;
  return {
    see(row: LinkedAuditRow): void {
      rows++;
      beganAtMs ??= row.at_ms;
      if (row.number > expected) found(expected, gap(expected, row.number - 1));
      else if (!isRowSound(vault, row)) found(row.number, `Row ${row.number} is not what was written.`);
      if (row.deed === 'audit.head_lost') {
        found(row.number, `Row ${row.number} notes that the end of the log had been tampered with.`);
      }
      if (String(row.number) === anchorNumber) anchored = Buffer.from(row.mac).toString('hex') === anchorMac;
      expected = row.number + 1;
    },
    end(): void {
      if (!anchored) found(Number(anchorNumber), `Row ${anchorNumber} is not the one that was noted.`);
    },
    rows: () => rows,
    beganAtMs: () => beganAtMs,
  };
}

const gap = (from: number, to: number): string =>
  from === to ? `Row ${from} is missing.` : `Rows ${from} to ${to} are missing.`;
