/** What exporting, importing and backing up show. No key is in any of it but in the answer to making client keys. */

export interface ExportView {
  /** The age file, base64. */
  readonly file: string;
  /** What to call it, e.g. `cam-export-2026-11-25.age`. */
  readonly name: string;
  readonly accounts: number;
  readonly clientKeys: number;
  readonly settings: number;
  /** What is not in it, and why. */
  readonly leftOut: readonly LeftOut[];
}

export interface LeftOut {
  readonly kind: MovedKind;
  readonly name: string;
  readonly why: string;
}

export type MovedKind = 'account' | 'client_key' | 'setting';

/** new, changed and removed are what an import would do; same and refused are what it would not. */
export type MoveState = 'new' | 'changed' | 'same' | 'removed' | 'refused';

export interface FieldChange {
  readonly field: string;
  readonly from: string | null;
  readonly to: string | null;
}

export interface MoveRow {
  readonly kind: MovedKind;
  readonly name: string;
  /** e.g. `line 3`; null where the file has no lines. */
  readonly at: string | null;
  readonly state: MoveState;
  readonly changes: readonly FieldChange[];
  /** Why it is refused; for other states a remark, or null. */
  readonly why: string | null;
}

/** One base URL that is new or changed: it decides who gets the key, so it is ticked by itself. */
export interface BaseUrlTick {
  /** The account's. */
  readonly name: string;
  /** Null for a new account. */
  readonly from: string | null;
  readonly to: string;
  /** Plain http and addresses of this computer are allowed with it. */
  readonly allowLocal: boolean;
}

export interface DifferenceView {
  readonly source: 'export' | 'list';
  readonly mode: 'merge' | 'replace';
  /** The version that wrote the export. */
  readonly madeBy: string | null;
  readonly madeAtMs: number | null;
  /** Made by this very vault: its client keys are known here. */
  readonly sameVault: boolean;
  readonly rows: readonly MoveRow[];
  readonly baseUrls: readonly BaseUrlTick[];
  /** Stands for this difference: `import` refuses when it is not what it would do any more. */
  readonly seen: string;
}

export interface ImportedView {
  readonly new: number;
  readonly changed: number;
  readonly removed: number;
  readonly same: number;
  readonly leftOut: readonly LeftOut[];
  /** Shown this once. */
  readonly newClientKeys: readonly { readonly name: string; readonly key: string }[];
}

export interface BackupView {
  /** File name, e.g. `cam-backup-20261125T225600Z.db`. */
  readonly name: string;
  readonly atMs: number;
  readonly bytes: number;
  /** Made before the database was converted for a newer version. */
  readonly beforeConversion: boolean;
}

export interface BackupListView {
  /** Null while everything is in memory: then there is nothing to back up. */
  readonly folder: string | null;
  /** Newest first. */
  readonly backups: readonly BackupView[];
  /** 0 when none are made by themselves. */
  readonly everyHours: number;
  readonly kept: number;
  /** The last try that failed, if none succeeded since. */
  readonly failure: { readonly atMs: number; readonly message: string } | null;
}

export interface BackupMadeView extends BackupView {
  readonly path: string;
  readonly accounts: number;
  readonly clientKeys: number;
  /** Rows that were changed from outside: as quarantined in the copy as they are here. */
  readonly damaged: readonly string[];
  /** False while the vault is locked: then the MACs and sealed keys could not be tried. */
  readonly triedWithKey: boolean;
}
