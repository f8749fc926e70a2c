/**
 * What is noted in the audit log, and which facts go with each deed. The list is closed and each fact is plain
 * text, a number or a list of names: a `Secret` does not fit, and no deed has a field that an account key, a client
 * key or a master key could belong in.
 */
import type { Actor } from './actor.ts';

type Nothing = Readonly<Record<string, never>>;
/** Names of fields or settings, never what they hold. */
type Changed = { readonly changed: readonly string[] };
type Windows = { readonly windows: readonly string[] };
type Verdict = { readonly verdict: string };
/** e.g. `To give a client key more than it had`. */
type Purpose = { readonly purpose: string };

export interface DeedDetails {
  'vault.set_up': Nothing;
  'vault.unlocked': Nothing;
  'vault.unlock_failed': Nothing;
  'vault.locked': Nothing;
  'vault.panicked': Nothing;
  'vault.rekeyed': Nothing;
  'vault.rotated': { readonly dekNumber: number };
  'vault.exported': { readonly accounts: number; readonly clientKeys: number };
  'vault.imported': { readonly added: number; readonly changed: number };
  'backup.made': { readonly file: string };
  'backup.restored': { readonly file: string };
  'session.began': Nothing;
  'session.ended': Nothing;
  'step_up.passed': Purpose;
  'step_up.failed': Purpose;
  'account.added': Verdict & { readonly baseUrl: string };
  /** `movedTo`: where its key goes from now on; null where that stayed. */
  'account.edited': Changed & { readonly movedTo: string | null };
  'account.removed': Nothing;
  'account.enabled': Nothing;
  'account.disabled': Nothing;
  'account.tested': Verdict;
  'account.paused': Nothing;
  'account.resumed': Nothing;
  'account.cleared': { readonly mark: string | null; readonly model: string | null };
  'account.use_reset': Windows;
  'client_key.added': { readonly guessable: boolean };
  'client_key.edited': Changed & { readonly raised: readonly string[] };
  'client_key.use_reset': Windows;
  'client_key.revoked': Nothing;
  /**
   * e.g. `routing.strategy: sticky → priority`. `before`, `after`: what the file says of each, by name, as JSON,
   * null for what it does not say; missing where a value may hold a credential.
   */
  'settings.changed': Changed & { readonly before?: string; readonly after?: string };
  /** The log itself found its end other than it left it. */
  'audit.head_lost': { readonly reason: HeadTrouble };
}

/** missing, changed: the sealed head is gone or does not verify · rolled_back: it says less than this process
 * wrote · rows_added: there are rows behind it. */
export type HeadTrouble = 'missing' | 'changed' | 'rolled_back' | 'rows_added';

export type Deed = keyof DeedDetails;
export type AuditedKind = 'account' | 'client_key' | 'setting' | 'vault';

/** Who, and about what. */
export interface AuditSubject {
  readonly actor: Actor;
  readonly objectKind: AuditedKind | null;
  readonly objectId: string | null;
  readonly objectName: string | null;
}

export type AuditEntry = {
  [Name in Deed]: AuditSubject & { readonly deed: Name; readonly detail: DeedDetails[Name] };
}[Deed];

export const aboutVault = (actor: Actor): AuditSubject => ({
  actor,
  objectKind: 'vault',
  objectId: null,
  objectName: null,
});

export const aboutAccount = (
  actor: Actor,
  account: { readonly id: string; readonly name: string },
): AuditSubject => ({ actor, objectKind: 'account', objectId: account.id, objectName: account.name });

export const aboutClientKey = (
  actor: Actor,
  clientKey: { readonly id: string; readonly name: string },
): AuditSubject => ({ actor, objectKind: 'client_key', objectId: clientKey.id, objectName: clientKey.name });
