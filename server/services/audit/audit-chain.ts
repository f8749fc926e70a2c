/**
 * How rows of the audit log hang together. A row's MAC covers everything in it and the MAC that is stored with the
 * row before; the head says under a MAC of its own which row is the last.
 */
import type { AuditHeadRow, AuditRow, LinkedAuditRow } from '../../db/audit.ts';
import { equalBytes } from '../../vault/keyring.ts';
import type { Vault } from '../../vault/vault.ts';

export type ChainVault = Pick<Vault, 'auditMac'>;
export type AuditDraft = Omit<AuditRow, 'mac'>;

/** The end of the chain: what the next row follows. */
export interface ChainEnd {
  readonly number: number;
  /** Null before the first row. */
  readonly mac: Uint8Array | null;
}

export const NOTHING_YET: ChainEnd = { number: 0, mac: null };

export function auditRowMac(vault: ChainVault, draft: AuditDraft, previous: Uint8Array | null): Uint8Array {
  return vault.auditMac(
    String(draft.number),
    {
      number: draft.number,
      at_ms: draft.at_ms,
      actor: draft.actor,
      deed: draft.deed,
      object_kind: draft.object_kind,
      object_id: draft.object_id,
      object_name: draft.object_name,
      detail: draft.detail,
      while_locked: draft.while_locked,
      times: draft.times,
    },
    previous,
  );
}

export function headOf(vault: ChainVault, row: Pick<AuditRow, 'number' | 'mac'>): AuditHeadRow {
  return { number: row.number, mac: row.mac, seal: headSeal(vault, row) };
}

export function isHeadSound(vault: ChainVault, head: AuditHeadRow): boolean {
  return equalBytes(headSeal(vault, head), head.seal);
}

/** A row whose predecessor is gone cannot be told from a forged one. */
export function isRowSound(vault: ChainVault, row: LinkedAuditRow): boolean {
  if (row.number !== 1 && row.previous_mac === null) return false;
  const previous = row.number === 1 ? null : row.previous_mac;
  return equalBytes(auditRowMac(vault, row, previous), row.mac);
}

const headSeal = (vault: ChainVault, { number, mac }: Pick<AuditRow, 'number' | 'mac'>): Uint8Array =>
  vault.auditMac('head', { number, mac }, null);
