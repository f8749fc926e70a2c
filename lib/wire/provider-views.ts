/** What providers say of their own, and what we say beside it. */
import { z } from 'zod';
import { Secret } from '../base/secret.ts';

const secret = z
  .string()
  .min(1)
  .max(1_024)
  .transform((text) => new Secret(text));

export const adminKeySetInput = z.strictObject({
  ref: z.string().trim().min(1).max(100),
  /** Null takes it away. */
  adminKey: secret.nullable(),
  masterKey: secret,
});
export type AdminKeySetInput = z.output<typeof adminKeySetInput>;

export const refreshInput = z.strictObject({ ref: z.string().trim().min(1).max(100).optional() }).default({});
export type RefreshInput = z.output<typeof refreshInput>;

export const reconcileInput = z
  .strictObject({ days: z.number().int().min(1).max(90).default(14) })
  .default({ days: 14 });
export type ReconcileInput = z.output<typeof reconcileInput>;

export const SOURCES = ['models', 'usage', 'costs', 'key', 'rate_limits', 'spend_limit', 'billing'] as const;
export type Source = (typeof SOURCES)[number];

export interface SourceView {
  readonly source: Source;
  readonly okAtMs: number | null;
  /** Since the last answer; null when that was well. */
  readonly error: string | null;
  readonly errorAtMs: number | null;
  /** What it said; null where it never answered. */
  readonly data?: unknown;
}

export interface ProviderAccountView {
  readonly id: string;
  readonly name: string;
  readonly hasAdminKey: boolean;
  /** What the figures are about: this key, its project, or all of its organisation; null without an admin key. */
  readonly scope: 'key' | 'project' | 'organization' | null;
  readonly sources: readonly SourceView[];
}

export interface ProviderListView {
  readonly accounts: readonly ProviderAccountView[];
}

export interface SideView {
  readonly requests: number | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  /** Nano-dollars. */
  readonly cost: number | null;
}

export interface ReconciledRow {
  readonly accountId: string;
  readonly accountName: string;
  /** A UTC day. */
  readonly dayMs: number;
  readonly model: string;
  readonly ours: SideView;
  readonly theirs: SideView;
  /** Theirs less ours; null where either is unknown. */
  readonly difference: { readonly tokens: number | null; readonly cost: number | null };
  /** Why they differ, as far as we can tell; null where they do not, or nobody knows. */
  readonly cause: string | null;
}

export interface ReconciliationView extends ProviderListView {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rows: readonly ReconciledRow[];
  readonly totals: { readonly ours: SideView; readonly theirs: SideView };
}
