/**
 * What the admin API takes. Every input is parsed here once, at the door, and trusted afterwards. Unknown
 * fields are refused, so that a misspelt limit is an error and not no limit.
 *
 * Secrets leave this file only as `Secret`: nothing downstream of the parser holds their text by accident,
 * and no message here repeats what was typed.
 */
import { z } from 'zod';
import { ACCOUNT_NAME_MAX } from '../accounts/account.ts';
import { nanoDollars } from '../base/money.ts';
import { Secret } from '../base/secret.ts';
import { CLIENT_SCOPES } from '../clients/client-key.ts';
import { PLAYGROUND_ID } from '../clients/playground.ts';
import { CLIENT_WINDOWS } from '../metering/client-limits.ts';
import { OUTCOMES } from '../metering/ledger.ts';
import { LIMIT_WINDOWS } from '../metering/limit.ts';
import { SEARCH_MAX } from '../requests/search.ts';

const PRINTABLE = /^[\x21-\x7e]+$/;
const CONTROL = /\p{Cc}/u;

/** A master key may be any text: spaces count. Its length is judged where one is chosen, not where it is tried. */
export const masterKeySchema = z
  .string('a master key is needed')
  .min(1, 'a master key is needed')
  .max(4096, 'a master key has at most 4,096 characters')
  .transform((text) => new Secret(text));

/** A key for a header: blanks around it come from pasting, blanks inside it mean that something else was pasted. */
const keySchema = (what: string) =>
  z
    .string(`${what} is needed`)
    .max(8192, `${what} is at most 8,192 characters long`)
    .transform((text) => text.trim())
    .refine((text) => text.length > 0, `${what} is needed`)
    .refine(
      (text) => text.length === 0 || PRINTABLE.test(text),
      `${what} is printable ASCII without blanks inside`,
    )
    .transform((text) => new Secret(text));

export const accountKeySchema = keySchema('an account key');

export const nameSchema = z
  .string('a name is needed')
  .transform((text) => text.normalize('NFC').trim())
  .refine((text) => text.length > 0, 'a name is needed')
  .refine((text) => [...text].length <= ACCOUNT_NAME_MAX, `a name has at most ${ACCOUNT_NAME_MAX} characters`)
  .refine((text) => !CONTROL.test(text), 'a name has no control characters');

const headerValue = (what: string) =>
  z
    .string()
    .trim()
    .max(200, `${what} is too long`)
    .regex(PRINTABLE, `${what} is printable ASCII without blanks`);

const modelPattern = z
  .string()
  .trim()
  .max(200, 'a model pattern has at most 200 characters')
  .regex(/^!?[\x21-\x7e]+$/, 'a model pattern is a model name, with * for any text and a leading ! to deny');

const modelPatterns = z.array(modelPattern).max(500, 'at most 500 model patterns');

const amount = (what: string) =>
  z
    .number(`${what} is a whole number`)
    .max(Number.MAX_SAFE_INTEGER, `${what} is far too large: leave it out for no limit`)
    .int(`${what} is a whole number`)
    .min(1, `${what} is at least 1`);

const limitAmounts = z.strictObject({
  requests: amount('a request limit').optional(),
  tokens: amount('a token limit').optional(),
  cost: amount('a money limit').transform(nanoDollars).optional(),
});

export const limitSetSchema = z.strictObject({
  day: limitAmounts.optional(),
  month: limitAmounts.optional(),
});

const clientWindows = {
  hour: limitAmounts.optional(),
  five_hours: limitAmounts.optional(),
  day: limitAmounts.optional(),
  week: limitAmounts.optional(),
  month: limitAmounts.optional(),
};

export const clientLimitsSchema = z.strictObject({
  ...clientWindows,
  byModel: z
    .array(
      z.strictObject({
        models: modelPatterns.min(1, 'a limit for models names at least one model pattern').readonly(),
        ...clientWindows,
      }),
    )
    .max(20, 'at most 20 limits for models')
    .readonly()
    .optional(),
});

/** Words of the provider's, which come and go: any word is taken. */
const words = (what: string) =>
  z
    .array(
      z
        .string()
        .trim()
        .regex(/^[a-z][a-z0-9_-]{0,39}$/, `${what} is a word such as those in the provider's documentation`),
    )
    .max(20, 'at most 20 of them')
    .nullable();

const refSchema = z.string().trim().min(1, 'which one?').max(200, 'a name or id is shorter than that');
export const refInput = z.strictObject({ ref: refSchema });
export type RefInput = z.output<typeof refInput>;

// Session and set-up

export const unlockInput = z.strictObject({
  masterKey: masterKeySchema,
  want: z.enum(['cookie', 'bearer']).default('cookie'),
});
export type UnlockInput = z.output<typeof unlockInput>;

export const lockInput = z.strictObject({ panic: z.boolean().default(false) }).default({ panic: false });
export type LockInput = z.output<typeof lockInput>;

const setupToken = z
  .string()
  .min(1)
  .max(200)
  .transform((text) => new Secret(text));
export const setupCheckInput = z.strictObject({ token: setupToken });
export type SetupCheckInput = z.output<typeof setupCheckInput>;
/** Told that the key is guessable, the operator wants it nevertheless. */
const acceptGuessable = z.boolean().default(false);
export const setupInitialiseInput = z.strictObject({
  token: setupToken,
  masterKey: masterKeySchema,
  acceptGuessable,
});
export type SetupInitialiseInput = z.output<typeof setupInitialiseInput>;
export const setupJudgeInput = z.strictObject({ token: setupToken, masterKey: masterKeySchema });
export type SetupJudgeInput = z.output<typeof setupJudgeInput>;

// The vault

export const vaultJudgeInput = z.strictObject({ masterKey: masterKeySchema });
export type VaultJudgeInput = z.output<typeof vaultJudgeInput>;

export const vaultRekeyInput = z.strictObject({
  /** The one in use. */
  masterKey: masterKeySchema,
  newMasterKey: masterKeySchema,
  acceptGuessable,
});
export type VaultRekeyInput = z.output<typeof vaultRekeyInput>;

export const vaultRotateInput = z.strictObject({ masterKey: masterKeySchema });
export type VaultRotateInput = z.output<typeof vaultRotateInput>;

export const vaultKeychainInput = z.strictObject({ on: z.boolean(), masterKey: masterKeySchema.optional() });
export type VaultKeychainInput = z.output<typeof vaultKeychainInput>;

// Accounts

const destination = {
  baseUrl: z
    .string()
    .trim()
    .min(1, 'a base URL is needed')
    .max(2048, 'a base URL has at most 2,048 characters')
    .optional(),
  allowLocal: z.boolean().optional(),
  organizationId: headerValue('an organisation id').nullable().optional(),
  projectId: headerValue('a project id').nullable().optional(),
};

const steering = {
  models: modelPatterns.optional(),
  priority: z
    .number()
    .int()
    .min(0, 'a priority is 0 to 1000')
    .max(1000, 'a priority is 0 to 1000')
    .optional(),
  weight: z.number().int().min(1, 'a weight is 1 to 100').max(100, 'a weight is 1 to 100').optional(),
  limits: limitSetSchema.optional(),
};

export const accountCheckInput = z.strictObject({ key: accountKeySchema, ...destination });
export type AccountCheckInput = z.output<typeof accountCheckInput>;

export const accountAddInput = z.strictObject({
  name: nameSchema,
  key: accountKeySchema,
  ...destination,
  ...steering,
  /** Ask the provider whether it accepts the key before storing it. */
  check: z.boolean().default(true),
});
export type AccountAddInput = z.output<typeof accountAddInput>;

export const accountEditInput = z.strictObject({
  ref: refSchema,
  name: nameSchema.optional(),
  key: accountKeySchema.optional(),
  ...destination,
  ...steering,
  /** Needed, together with the key, when the base URL or allow-local changes. */
  masterKey: masterKeySchema.optional(),
});
export type AccountEditInput = z.output<typeof accountEditInput>;

/** Everything that was learned, or one mark. */
export const accountClearInput = z
  .strictObject({
    ref: refSchema,
    mark: z
      .strictObject({ kind: z.enum(['model', 'family']), subject: z.string().min(1).max(500) })
      .optional(),
    /** Everything about this model: cooldown, breakers and mark. */
    model: z.string().min(1).max(4_096).optional(),
  })
  .refine(({ mark, model }) => mark === undefined || model === undefined, {
    message: 'either one mark or one model',
    path: ['model'],
  });
export type AccountClearInput = z.output<typeof accountClearInput>;

// Client keys

const grants = {
  accounts: z.array(refSchema).max(1000).nullable().optional(),
  models: modelPatterns.optional(),
  scopes: z.array(z.enum(CLIENT_SCOPES)).max(CLIENT_SCOPES.length).optional(),
  limits: clientLimitsSchema.optional(),
  serviceTiers: words('a service tier').optional(),
  reasoningEfforts: words('a reasoning effort').optional(),
  expiresAtMs: z.number().int().positive().max(Number.MAX_SAFE_INTEGER).nullable().optional(),
};

export const clientAddInput = z.strictObject({
  name: nameSchema,
  /** A value of the operator's own; without one a key is generated. */
  value: keySchema('a client key').optional(),
  ...grants,
});
export type ClientAddInput = z.output<typeof clientAddInput>;

export const clientEditInput = z.strictObject({
  ref: refSchema,
  name: nameSchema.optional(),
  ...grants,
  /** Needed when the change gives the key more than it had. */
  masterKey: masterKeySchema.optional(),
});
export type ClientEditInput = z.output<typeof clientEditInput>;

// Starting to count anew

export const clientResetInput = z.strictObject({
  ref: refSchema,
  windows: z.array(z.enum(CLIENT_WINDOWS)).min(1, 'which window?').max(CLIENT_WINDOWS.length).optional(),
  masterKey: masterKeySchema.optional(),
});
export type ClientResetInput = z.output<typeof clientResetInput>;

export const accountResetInput = z.strictObject({
  ref: refSchema,
  windows: z.array(z.enum(LIMIT_WINDOWS)).min(1, 'which window?').max(LIMIT_WINDOWS.length).optional(),
});
export type AccountResetInput = z.output<typeof accountResetInput>;

// Requests, usage, events

const requestFilter = {
  accountId: z.uuid().optional(),
  clientKeyId: z.union([z.uuid(), z.literal(PLAYGROUND_ID)]).optional(),
  outcome: z.enum(OUTCOMES).optional(),
  since: z.number().int().min(0).optional(),
  until: z.number().int().min(0).optional(),
  /** See `parseSearch`. */
  search: z.string().max(SEARCH_MAX).optional(),
};

export const requestListInput = z
  .strictObject({
    before: z.string().max(100).optional(),
    limit: z.number().int().min(1).max(200).default(50),
    ...requestFilter,
  })
  .default({ limit: 50 });
export type RequestListInput = z.output<typeof requestListInput>;

/** Without `since` the last day, without `until` up to now. */
export const requestHistogramInput = z.strictObject(requestFilter).default({});
export type RequestHistogramInput = z.output<typeof requestHistogramInput>;

export const recordedCallsInput = z.strictObject({
  since: z.number().int().min(0),
  after: z
    .strictObject({ startedAtMs: z.number().int().min(0), id: z.uuid() })
    .nullable()
    .default(null),
  limit: z.number().int().min(1).max(5_000).default(2_000),
});
export type RecordedCallsInput = z.output<typeof recordedCallsInput>;

export const requestGetInput = z.strictObject({ id: z.string().trim().min(4).max(100) });
export type RequestGetInput = z.output<typeof requestGetInput>;

export const eventListInput = z
  .strictObject({ limit: z.number().int().min(1).max(200).default(50) })
  .default({ limit: 50 });
export type EventListInput = z.output<typeof eventListInput>;
