/**
 * What may be handed to somebody who helps: figures and words of our own, nothing that a person typed. Every field
 * is named here; what is not named is not in it. Names and addresses are counted through instead of told.
 */
import type { Severity } from './finding.ts';

export interface DiagnosticsBundle {
  readonly bundle: 1;
  readonly madeAt: string;
  readonly program: {
    readonly version: string;
    readonly node: string;
    readonly openssl: string;
    readonly platform: string;
    readonly arch: string;
    readonly osRelease: string;
    readonly processors: number;
    readonly memoryMib: number;
    readonly heapUsedMib: number;
  };
  readonly server: {
    readonly inProcess: boolean;
    readonly upSeconds: number;
    readonly vault: string;
    readonly network: string;
    readonly inFlight: number;
    readonly queued: number;
    readonly callsPerSecond: number;
  };
  /** By setting; text that could name something is told only as `set` or `not set`. */
  readonly configuration: Readonly<
    Record<string, { readonly value: number | boolean | string; readonly origin: string }>
  >;
  readonly accounts: readonly BundledAccount[];
  readonly clientKeys: readonly BundledClientKey[];
  /** How often each kind of event is among the latest. */
  readonly events: Readonly<Record<string, number>>;
  readonly findings: readonly { readonly check: string; readonly severity: Severity }[];
  /** From the end of the log: how serious, which code, how often. No message is in it. */
  readonly log: readonly { readonly level: string; readonly code: string; readonly times: number }[];
}

export interface BundledAccount {
  /** e.g. `account 1` */
  readonly name: string;
  readonly provider: string;
  /** `default`, or e.g. `address 1`: the same number is the same address. */
  readonly address: string;
  readonly local: boolean;
  readonly enabled: boolean;
  readonly state: string;
  readonly priority: number;
  readonly weight: number;
  readonly limits: readonly string[];
  readonly modelPatterns: number;
  readonly modelsKnown: number | null;
  readonly marks: number;
  readonly sharesLimitsWith: number;
  readonly inFlight: number;
  readonly requestsToday: number;
  readonly limitedToday: number;
  readonly p95Ms: number | null;
}

export interface BundledClientKey {
  readonly name: string;
  readonly guessable: boolean;
  readonly revoked: boolean;
  readonly expires: boolean;
  readonly intact: boolean;
  readonly scopes: readonly string[];
  readonly accounts: number | null;
  readonly modelPatterns: number;
  readonly limits: number;
  readonly requestsToday: number;
}
