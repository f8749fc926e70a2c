/**
 * What an examination finds. A finding says what is so, why that matters, and the command that mends it; a check
 * that found nothing wrong says so too, so that a short report is not mistaken for a short look.
 */
export type Severity = 'bad' | 'warn' | 'note' | 'ok';

export const CHECKS = [
  'permissions',
  'environment',
  'disk',
  'clock',
  'database',
  'pragmas',
  'totals',
  'rows',
  'audit log',
  'client keys',
  'master key',
  'network',
  'port',
  'versions',
  'prices',
  'backups',
] as const;
export type CheckName = (typeof CHECKS)[number];

export interface Finding {
  readonly check: CheckName;
  readonly severity: Severity;
  readonly what: string;
  readonly why: string | null;
  /** A command for a terminal. */
  readonly mend: string | null;
}

export interface DoctorReport {
  readonly version: string;
  readonly atMs: number;
  /** In the order of `CHECKS`. */
  readonly findings: readonly Finding[];
  /** What could not be looked at, and why. */
  readonly unchecked: readonly { readonly check: CheckName; readonly why: string }[];
}

export const ok = (check: CheckName, what: string): Finding => ({
  check,
  severity: 'ok',
  what,
  why: null,
  mend: null,
});

/** What only an open vault can tell. */
export const needsVault = (why: string): DoctorReport['unchecked'] =>
  (['rows', 'audit log', 'client keys', 'master key'] as const).map((check) => ({ check, why }));

export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => CHECKS.indexOf(a.check) - CHECKS.indexOf(b.check));
}

export function worst(findings: readonly Finding[]): Severity {
  return (
    (['bad', 'warn', 'note'] as const).find((one) => findings.some(({ severity }) => severity === one)) ??
    'ok'
  );
}
