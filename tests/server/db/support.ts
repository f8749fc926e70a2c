/** A database in a folder of its own (or in memory), and records to put into it. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accountId, clientKeyId, requestId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import type { Clock } from '../../../lib/base/time.ts';
import type { OpenedRecord, SettledRecord } from '../../../lib/metering/ledger.ts';
import type { Usage } from '../../../lib/metering/usage.ts';
import { type Database, openDatabase } from '../../../server/db/open-database.ts';
import type { AccountRow, ClientKeyRow } from '../../../server/db/schema.ts';

/** 2026-11-18T11:06:40Z, a Wednesday. */
export const NOW_MS = 1_795_000_000_000;
export const WORK = accountId('a0000000-0000-4000-8000-000000000001');
export const HOME = accountId('a0000000-0000-4000-8000-000000000002');
export const CODEX = clientKeyId('c0000000-0000-4000-8000-000000000001');

export interface TestClock extends Clock {
  set(nowMs: number): void;
}

export function testClock(startMs = NOW_MS): TestClock {
  let nowMs = startMs;
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    set(to) {
      nowMs = to;
    },
  };
}

export interface TestFolder extends Disposable {
  readonly path: string;
  readonly file: string;
}

export function testFolder(): TestFolder {
  const path = mkdtempSync(join(tmpdir(), 'cam-db-'));
  return {
    path,
    file: join(path, 'cam.db'),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

export function openTestDatabase(file = ':memory:'): Promise<Database> {
  return openDatabase({ file, version: '0.1.0', clock: testClock() });
}

/** Fingerprint of a database as it lies on the disk, its write-ahead log included. */
export function fileHash(file: string): string {
  const hash = createHash('sha256').update(readFileSync(file));
  if (existsSync(`${file}-wal`)) hash.update(readFileSync(`${file}-wal`));
  return hash.digest('hex');
}

/** The n-th request of a test; ids sort as they are numbered. */
export const nthRequest = (n: number) =>
  requestId(`01a20000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`);

export function opened(n: number, over: Partial<OpenedRecord> = {}): OpenedRecord {
  return {
    id: nthRequest(n),
    startedAtMs: NOW_MS,
    clientKeyId: CODEX,
    endpoint: 'POST /responses',
    model: 'gpt-5.1-codex',
    stream: true,
    sessionHash: null,
    parentHash: null,
    userAgent: 'codex_cli_rs',
    requestBytes: 2_000,
    firstAccountId: WORK,
    reservedTokens: 5_000,
    reservedCost: nanoDollars(7_000),
    ...over,
  };
}

export const usage = (over: Partial<Usage> = {}): Usage => ({
  inputTokens: 1_000,
  cachedTokens: 600,
  cacheWriteTokens: null,
  outputTokens: 100,
  reasoningTokens: 40,
  audioInputTokens: null,
  audioOutputTokens: null,
  imageInputTokens: null,
  imageOutputTokens: null,
  totalTokens: 1_100,
  serviceTier: 'default',
  flagged: false,
  ...over,
});

export function settled(n: number, over: Partial<SettledRecord> = {}): SettledRecord {
  return {
    id: nthRequest(n),
    endedAtMs: NOW_MS + 2_000,
    outcome: 'delivered',
    status: 200,
    errorCode: null,
    accountId: WORK,
    attempts: 1,
    usage: usage(),
    estimated: false,
    servedModel: null,
    cost: nanoDollars(4_000),
    assumedCost: null,
    prices: null,
    firstTokenMs: 300,
    durationMs: 2_000,
    overheadUs: 400,
    responseBytes: 9_000,
    reasoningDropped: false,
    explanation: JSON.stringify({ plan: null, attempts: [{ accountId: WORK, failure: null }] }),
    ...over,
  };
}

/** An explanation in which the named accounts failed with these classes before `served` answered. */
export function explained(failures: readonly (readonly [string, string])[], served: string | null): string {
  const attempts = failures.map(([account, failure]) => ({
    accountId: account,
    failure: { class: failure },
  }));
  return JSON.stringify({
    plan: null,
    attempts: served === null ? attempts : [...attempts, { accountId: served, failure: null }],
  });
}

export function accountRow(id: string, name: string, over: Partial<AccountRow> = {}): AccountRow {
  return {
    id,
    name,
    name_key: name.toLowerCase(),
    provider: 'openai',
    base_url: 'https://api.openai.com/v1',
    allow_local: 0,
    organization_id: null,
    project_id: null,
    models: '[]',
    priority: 100,
    weight: 1,
    enabled: 1,
    limits: '{}',
    price_multiplier: 1,
    sealed_key: Uint8Array.of(1),
    sealed_admin_key: null,
    key_fingerprint: Uint8Array.of(2),
    key_last_four: 'abcd',
    created_at_ms: NOW_MS,
    updated_at_ms: NOW_MS,
    deleted_at_ms: null,
    mac: Uint8Array.of(3),
    ...over,
  };
}

export function clientKeyRow(id: string, name: string, over: Partial<ClientKeyRow> = {}): ClientKeyRow {
  return {
    id,
    name,
    name_key: name.toLowerCase(),
    digest: new TextEncoder().encode(id),
    prefix: 'cam-1234',
    guessable: 0,
    accounts: null,
    models: '[]',
    scopes: '["inference"]',
    limits: '{}',
    service_tiers: null,
    reasoning_efforts: null,
    expires_at_ms: null,
    revoked_at_ms: null,
    created_at_ms: NOW_MS,
    mac: Uint8Array.of(3),
    ...over,
  };
}

export const silentLog = { warn: () => {}, error: () => {} };
