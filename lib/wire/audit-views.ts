/** The audit log over the wire. */
import { z } from 'zod';
import type { Actor } from '../audit/actor.ts';

export interface AuditRowView {
  readonly number: number;
  readonly atMs: number;
  readonly actor: Actor;
  /** One of `lib/audit/deeds`, or one that a later version added. */
  readonly deed: string;
  readonly objectKind: string | null;
  readonly objectId: string | null;
  readonly objectName: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Noted while the vault was locked and protected only since the next unlock. */
  readonly whileLocked: boolean;
  readonly times: number;
  /** The row is as it was written, and stands behind the row that stood before it then. */
  readonly verified: boolean;
  /** Hexadecimal. */
  readonly mac: string;
}

export interface AuditListView {
  /** Newest first. */
  readonly rows: readonly AuditRowView[];
  /** What to ask for next as `before`; null at the end. */
  readonly next: number | null;
}

export interface AuditPageView {
  /** Oldest first. */
  readonly rows: readonly AuditRowView[];
}

export interface AuditBreak {
  /** The first row that it is about; null where it is about none. */
  readonly number: number | null;
  readonly message: string;
}

export interface AuditVerdictView {
  readonly intact: boolean;
  readonly rows: number;
  readonly beganAtMs: number | null;
  /** `412:9f3a…`: noted elsewhere, it proves later that the log still holds everything up to there. */
  readonly head: string | null;
  /** In the order of the log, at most twenty. */
  readonly breaks: readonly AuditBreak[];
}

export const AUDIT_PAGE_MAX = 500;

export const auditListInput = z
  .strictObject({
    before: z.number().int().min(1).optional(),
    limit: z.number().int().min(1).max(200).default(50),
    /** Only about this account or client key: its id. */
    objectId: z.uuid().optional(),
    objectKind: z.enum(['account', 'client_key', 'setting', 'vault']).optional(),
    since: z.number().int().min(0).optional(),
  })
  .default({ limit: 50 });
export type AuditListInput = z.output<typeof auditListInput>;

export const auditPageInput = z.strictObject({
  /** The last number that one has; 0 to begin. */
  after: z.number().int().min(0).default(0),
  since: z.number().int().min(0).optional(),
});
export type AuditPageInput = z.output<typeof auditPageInput>;

export const auditVerifyInput = z
  .strictObject({
    /** A head noted earlier. */
    anchor: z
      .string()
      .regex(/^\d{1,15}:[0-9a-f]{64}$/, 'an anchor is the head that `cam audit verify` printed')
      .optional(),
  })
  .default({});
export type AuditVerifyInput = z.output<typeof auditVerifyInput>;
