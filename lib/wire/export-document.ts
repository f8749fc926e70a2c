/**
 * What is inside an export: one JSON document, version 1, described in `docs/moving.md`. The head is judged whole,
 * each row by itself, so that one bad row is named and the others can still be brought. Messages never repeat what a
 * file says, because that may be a key.
 */
import { z } from 'zod';
import { CLIENT_SCOPES } from '../clients/client-key.ts';
import { CamError } from '../errors.ts';
import { IMPORT_ACCOUNTS_MAX, IMPORT_CLIENT_KEYS_MAX } from '../moving/sizes.ts';
import { accountAddInput, accountKeySchema, clientAddInput, limitSetSchema, nameSchema } from './inputs.ts';

export const EXPORT_FORMAT = 'codex-account-manager/export';
export const EXPORT_VERSION = 1;

const { baseUrl, organizationId, projectId, models, priority, weight } = accountAddInput.shape;
const { limits: clientLimits, serviceTiers, reasoningEfforts, expiresAtMs } = clientAddInput.shape;

const timeMs = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const exportedAccount = z.strictObject({
  id: z.uuid(),
  name: nameSchema,
  key: accountKeySchema,
  adminKey: accountKeySchema.nullable(),
  baseUrl: baseUrl.unwrap(),
  allowLocal: z.boolean(),
  organizationId: organizationId.unwrap(),
  projectId: projectId.unwrap(),
  models: models.unwrap(),
  priority: priority.unwrap(),
  weight: weight.unwrap(),
  enabled: z.boolean(),
  limits: limitSetSchema,
  priceMultiplier: z.number().positive().max(1_000),
});
export type ExportedAccount = z.output<typeof exportedAccount>;

const exportedClientKey = z.strictObject({
  id: z.uuid(),
  name: nameSchema,
  prefix: z
    .string()
    .max(16)
    .regex(/^[\x21-\x7e]*$/, 'a prefix is printable'),
  guessable: z.boolean(),
  /** HMAC under the vault's own key: means something in the vault that made it and nowhere else. */
  digest: z.string().regex(/^[0-9a-f]{64}$/, 'a digest is 64 hexadecimal digits'),
  /** Names of accounts in this export; null is all accounts. */
  accounts: z.array(nameSchema).max(1_000).nullable(),
  models: models.unwrap(),
  scopes: z.array(z.enum(CLIENT_SCOPES)).max(CLIENT_SCOPES.length),
  limits: clientLimits.unwrap(),
  serviceTiers: serviceTiers.unwrap(),
  reasoningEfforts: reasoningEfforts.unwrap(),
  expiresAtMs: expiresAtMs.unwrap(),
  revokedAtMs: timeMs.nullable(),
  createdAtMs: timeMs,
});
export type ExportedClientKey = z.output<typeof exportedClientKey>;

const head = z.strictObject({
  format: z.literal(EXPORT_FORMAT),
  version: z.literal(EXPORT_VERSION),
  madeBy: z.string().max(40),
  madeAtMs: timeMs,
  vaultId: z.string().regex(/^[0-9a-f]{32}$/),
  accounts: z.array(z.unknown()).max(IMPORT_ACCOUNTS_MAX),
  clientKeys: z.array(z.unknown()).max(IMPORT_CLIENT_KEYS_MAX),
  settings: z.record(z.string().max(100), z.unknown()),
});

/** A row that can be used, or why not. */
export type ReadRow<T> =
  | { readonly name: string; readonly at: string | null; readonly value: T }
  | { readonly name: string; readonly at: string | null; readonly why: string };

export interface ExportDocument {
  readonly madeBy: string;
  readonly madeAtMs: number;
  readonly vaultId: string;
  readonly accounts: readonly ReadRow<ExportedAccount>[];
  readonly clientKeys: readonly ReadRow<ExportedClientKey>[];
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Throws `import_unreadable`, `import_newer`. */
export function readExportDocument(text: string): ExportDocument {
  const whole = parsed(text);
  if (!isRecord(whole) || whole.format !== EXPORT_FORMAT) {
    throw new CamError('import_unreadable', 'The file opens, but it is no export of Codex Account Manager.', {
      hint: 'A list of accounts is imported as CSV or JSON.',
    });
  }
  if (typeof whole.version === 'number' && whole.version > EXPORT_VERSION) throw newer(whole.madeBy);
  const read = head.safeParse(whole);
  if (!read.success) {
    throw new CamError('import_unreadable', `The export is damaged: ${firstFault(read.error)}.`, {
      hint: 'Make it again where it came from.',
    });
  }
  const { accounts, clientKeys, ...facts } = read.data;
  return {
    ...facts,
    accounts: accounts.map((row, at) => readRow(exportedAccount, row, `account ${at + 1}`)),
    clientKeys: clientKeys.map((row, at) => readRow(exportedClientKey, row, `client key ${at + 1}`)),
  };
}

function readRow<T>(schema: z.ZodType<T>, row: unknown, fallback: string): ReadRow<T> {
  const read = schema.safeParse(row);
  const name = nameSchema.safeParse(isRecord(row) ? row.name : null);
  const known = name.success ? name.data : fallback;
  return read.success
    ? { name: known, at: null, value: read.data }
    : { name: known, at: null, why: `${firstFault(read.error)}.` };
}

/** The field and what is wrong with it: from the schema, never from the file. */
export function firstFault(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it is not as it should be';
  const field = issue.path.filter((part) => typeof part !== 'symbol').join('.');
  const what =
    issue.code === 'unrecognized_keys' ? 'it has a field that does not belong here' : issue.message;
  return field === '' ? what : `${field}: ${what}`;
}

function newer(madeBy: unknown): CamError {
  const version = typeof madeBy === 'string' && /^[\w.+-]{1,40}$/.test(madeBy) ? madeBy : null;
  return new CamError(
    'import_newer',
    `The export was made by Codex Account Manager ${version ?? 'of a later version'} and is newer than this one can read. Nothing was changed.`,
    {
      hint: version === null ? 'Import it with that version.' : `Import it with version ${version} or later.`,
    },
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
