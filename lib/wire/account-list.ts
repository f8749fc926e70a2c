/**
 * A plain list of accounts, as CSV with a line of headings or as JSON with objects of the same names. An unknown
 * heading is refused, so that a misspelt limit is an error and not no limit. Messages never repeat a value.
 */
import { z } from 'zod';
import { DEFAULT_BASE_URL } from '../accounts/account.ts';
import { fromDollars } from '../base/money.ts';
import { CamError } from '../errors.ts';
import type { LimitAmounts, LimitSet } from '../metering/limit.ts';
import { CsvFault, readCsv } from '../moving/csv.ts';
import { IMPORT_ACCOUNTS_MAX } from '../moving/sizes.ts';
import { type ExportedAccount, firstFault, isRecord, type ReadRow } from './export-document.ts';
import { accountAddInput } from './inputs.ts';

/** An account of a list or of an export; one of a list has no id yet. */
export type IncomingAccount = Omit<ExportedAccount, 'id'> & { readonly id: string | null };

/** The headings, in the order in which documents name them. Only the first two are needed. */
export const LIST_HEADINGS = [
  'name',
  'key',
  'base_url',
  'allow_local',
  'organization_id',
  'project_id',
  'models',
  'priority',
  'weight',
  'enabled',
  'limit_day_usd',
  'limit_day_tokens',
  'limit_day_requests',
  'limit_month_usd',
  'limit_month_tokens',
  'limit_month_requests',
] as const;
type Heading = (typeof LIST_HEADINGS)[number];
type Cells = Partial<Record<Heading, unknown>>;

const PRIORITY = 100;
const WEIGHT = 1;

/** Throws `import_unreadable` where the list as a whole cannot be read. */
export function readAccountList(format: 'csv' | 'json', text: string): readonly ReadRow<IncomingAccount>[] {
  const lines = format === 'csv' ? csvLines(text) : jsonItems(text);
  if (lines.length === 0) throw unreadable('There is no account in the file.');
  return lines.map(({ at, cells }) => readLine(cells, at));
}

interface Line {
  readonly at: string;
  readonly cells: Cells;
}

function csvLines(text: string): readonly Line[] {
  const [head, ...records] = csvRecords(text);
  if (head === undefined) throw unreadable('The file is empty.');
  const headings = head.values.map((value) => headingOf(value, 'line 1'));
  const twice = headings.find((heading, at) => headings.indexOf(heading) !== at);
  if (twice !== undefined) throw unreadable(`The heading ${twice} stands there twice.`);
  for (const needed of ['name', 'key'] as const) {
    if (!headings.includes(needed)) {
      throw unreadable(
        `The first line has no heading "${needed}".`,
        `Headings: ${LIST_HEADINGS.join(', ')}.`,
      );
    }
  }
  return records.map(({ line, values }) => {
    // More values than headings: a separator inside a value that lacks its quotes. Any column may then be wrong.
    if (values.slice(headings.length).some((value) => value.trim() !== ''))
      return { at: `line ${line}`, cells: {} };
    const cells: Cells = {};
    for (const [at, heading] of headings.entries()) {
      const value = values[at]?.trim() ?? '';
      if (value !== '') cells[heading] = value;
    }
    return { at: `line ${line}`, cells };
  });
}

function csvRecords(text: string) {
  try {
    return readCsv(text, IMPORT_ACCOUNTS_MAX + 1);
  } catch (thrown) {
    if (!(thrown instanceof CsvFault)) throw thrown;
    throw unreadable(`The list cannot be read: line ${thrown.line}, ${thrown.message}.`);
  }
}

function jsonItems(text: string): readonly Line[] {
  let whole: unknown;
  try {
    whole = JSON.parse(text.startsWith('\ufeff') ? text.slice(1) : text);
  } catch {
    // JSON.parse quotes what it stumbles over, and that may be a key.
    throw unreadable('The file is not JSON.');
  }
  if (isRecord(whole) && 'format' in whole) {
    throw unreadable(
      'This is an export that was decrypted, with every key in it readable.',
      'Import the encrypted file itself, or encrypt this one again (`age -p`), and delete it.',
    );
  }
  const items = isRecord(whole) && Object.keys(whole).join() === 'accounts' ? whole.accounts : whole;
  if (!Array.isArray(items))
    throw unreadable('The file is not a list of accounts: [{"name": …, "key": …}, …].');
  if (items.length > IMPORT_ACCOUNTS_MAX)
    throw unreadable(`The list has more than ${IMPORT_ACCOUNTS_MAX} items.`);
  return items.map((item: unknown, at) => {
    const place = `item ${at + 1}`;
    if (!isRecord(item)) return { at: place, cells: {} };
    const cells: Cells = {};
    for (const [name, value] of Object.entries(item)) {
      if (value !== null && value !== undefined) cells[headingOf(name, place)] = value;
    }
    return { at: place, cells };
  });
}

function headingOf(text: string, where: string): Heading {
  const name = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');
  const known = LIST_HEADINGS.find((heading) => heading === name);
  if (known !== undefined) return known;
  // Where a heading should be there may be a key, if the line of headings was left out: it is not repeated.
  throw unreadable(
    `There is a heading in ${where} that is not known here.`,
    `Headings: ${LIST_HEADINGS.join(', ')}.`,
  );
}

function readLine(cells: Cells, at: string): ReadRow<IncomingAccount> {
  const name = accountAddInput.shape.name.safeParse(cells.name);
  const known = name.success ? name.data : at;
  if (Object.keys(cells).length === 0) {
    return { name: known, at, why: 'It has more values than there are headings, or none.' };
  }
  const read = listed.safeParse(cells);
  return read.success
    ? { name: known, at, value: toAccount(read.data) }
    : { name: known, at, why: `${firstFault(read.error)}.` };
}

const yesNo = z.union([
  z.boolean(),
  z
    .string()
    .regex(/^(true|yes|1|false|no|0)$/i, 'yes or no')
    .transform((text) => /^(true|yes|1)$/i.test(text)),
]);

/** A cell of CSV is text, a value of JSON may be a number; a thousand may be parted. */
const figure = (pattern: RegExp, what: string) =>
  z
    .union([z.number(), z.string()], what)
    .transform((value) => String(value).replaceAll(/[_,'](?=\d{3})/g, ''))
    .refine((text) => pattern.test(text), what)
    .transform(Number);
const whole = (what: string) => figure(/^\d{1,15}$/, what);
const atLeastOne = whole('a whole number, at least 1').refine((value) => value >= 1, 'at least 1');
const dollars = figure(/^\d{1,7}(\.\d{1,9})?$/, 'an amount in dollars, e.g. 25 or 2.50')
  .transform(fromDollars)
  .refine((amount) => amount >= 1, 'more than 0');

const shape = accountAddInput.shape;
const listed = z.strictObject({
  name: shape.name,
  key: shape.key,
  base_url: shape.baseUrl,
  allow_local: yesNo.optional(),
  organization_id: shape.organizationId,
  project_id: shape.projectId,
  models: z
    .union([z.array(z.string()), z.string().transform((text) => text.split(/[\s,]+/).filter(Boolean))])
    .pipe(shape.models.unwrap())
    .optional(),
  priority: whole('a priority is 0 to 1000').pipe(shape.priority.unwrap()).optional(),
  weight: whole('a weight is 1 to 100').pipe(shape.weight.unwrap()).optional(),
  enabled: yesNo.optional(),
  limit_day_usd: dollars.optional(),
  limit_day_tokens: atLeastOne.optional(),
  limit_day_requests: atLeastOne.optional(),
  limit_month_usd: dollars.optional(),
  limit_month_tokens: atLeastOne.optional(),
  limit_month_requests: atLeastOne.optional(),
});

function toAccount(row: z.output<typeof listed>): IncomingAccount {
  return {
    id: null,
    name: row.name,
    key: row.key,
    adminKey: null,
    baseUrl: row.base_url ?? DEFAULT_BASE_URL,
    allowLocal: row.allow_local ?? false,
    organizationId: row.organization_id ?? null,
    projectId: row.project_id ?? null,
    models: row.models ?? [],
    priority: row.priority ?? PRIORITY,
    weight: row.weight ?? WEIGHT,
    enabled: row.enabled ?? true,
    limits: limitsOf(row),
    priceMultiplier: 1,
  };
}

function limitsOf(row: z.output<typeof listed>): LimitSet {
  const day = amounts(row.limit_day_requests, row.limit_day_tokens, row.limit_day_usd);
  const month = amounts(row.limit_month_requests, row.limit_month_tokens, row.limit_month_usd);
  return { ...(day ? { day } : {}), ...(month ? { month } : {}) };
}

function amounts(
  requests: number | undefined,
  tokens: number | undefined,
  cost: LimitAmounts['cost'] | undefined,
): LimitAmounts | null {
  if (requests === undefined && tokens === undefined && cost === undefined) return null;
  return {
    ...(requests === undefined ? {} : { requests }),
    ...(tokens === undefined ? {} : { tokens }),
    ...(cost === undefined ? {} : { cost }),
  };
}

function unreadable(message: string, hint?: string): CamError {
  return new CamError('import_unreadable', message, hint === undefined ? {} : { hint });
}
