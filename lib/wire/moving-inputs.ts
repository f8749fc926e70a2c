/**
 * What exporting, importing and backing up take. A file comes as base64, because the admin API speaks JSON; how much
 * it may be is decided here, before anything is decoded.
 */
import { z } from 'zod';
import { Secret } from '../base/secret.ts';
import {
  IMPORT_ACCOUNTS_MAX,
  IMPORT_BYTES_MAX,
  PASSPHRASE_LENGTH_MAX,
  PASSPHRASE_LENGTH_MIN,
  RECIPIENTS_MAX,
} from '../moving/sizes.ts';
import { masterKeySchema } from './inputs.ts';

const passphrase = z
  .string('a passphrase is needed')
  .max(PASSPHRASE_LENGTH_MAX, `a passphrase has at most ${PASSPHRASE_LENGTH_MAX} characters`);

export const exportInput = z
  .strictObject({
    masterKey: masterKeySchema.optional(),
    passphrase: passphrase
      .min(PASSPHRASE_LENGTH_MIN, `a passphrase has at least ${PASSPHRASE_LENGTH_MIN} characters`)
      .transform((text) => new Secret(text))
      .optional(),
    /** age's public keys. */
    recipients: z
      .array(
        z
          .string()
          .trim()
          .max(4_096, 'that is too long for a recipient')
          .regex(/^age1[0-9a-z]+$/, 'a recipient is a public key of age and begins with age1'),
      )
      .min(1, 'name at least one recipient')
      .max(RECIPIENTS_MAX, `at most ${RECIPIENTS_MAX} recipients`)
      .optional(),
  })
  .refine(
    ({ passphrase: text, recipients }) => (text === undefined) !== (recipients === undefined),
    'either a passphrase or recipients: age knows no file with both',
  );
export type ExportInput = z.output<typeof exportInput>;

const BASE64_MAX = Math.ceil(IMPORT_BYTES_MAX / 3) * 4;
const TOO_LARGE = `no import is larger than ${IMPORT_BYTES_MAX / 1024} KiB`;

const opening = z
  .string()
  .min(1)
  .max(4_096)
  .transform((text) => new Secret(text))
  .optional();

const source = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('export'),
    /** The file, base64. */
    file: z
      .string()
      .min(1, 'the file is empty')
      .max(BASE64_MAX, TOO_LARGE)
      .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'the file is to be sent as base64'),
    passphrase: opening,
    /** age's secret key, `AGE-SECRET-KEY-1…`. */
    identity: opening,
  }),
  z.strictObject({
    kind: z.literal('list'),
    format: z.enum(['csv', 'json']),
    /** The file as text. It holds keys, so it becomes a Secret at once. */
    text: z
      .string()
      .min(1, 'the file is empty')
      .max(IMPORT_BYTES_MAX, TOO_LARGE)
      .transform((text) => new Secret(text)),
  }),
]);
export type ImportSource = z.output<typeof source>;

const wish = {
  source,
  /** merge: what is only here stays · replace: it goes. */
  mode: z.enum(['merge', 'replace']).default('merge'),
  /** Client keys whose values this vault cannot know get new ones, under the rules of the old. */
  newClientKeys: z.boolean().default(false),
};

export const importPreviewInput = z.strictObject(wish);
export type ImportPreviewInput = z.output<typeof importPreviewInput>;

export const importApplyInput = z.strictObject({
  ...wish,
  /** `seen` of the difference that a person looked at. */
  seen: z.string().max(100),
  /** Names of the accounts whose new or changed base URL was ticked. */
  acceptBaseUrls: z.array(z.string().max(200)).max(IMPORT_ACCOUNTS_MAX).default([]),
  masterKey: masterKeySchema.optional(),
});
export type ImportApplyInput = z.output<typeof importApplyInput>;
