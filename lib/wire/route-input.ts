/** What `routing.dryRun` takes: a call described by what routing reads of it. Bodies themselves are not sent. */
import { z } from 'zod';
import type { BodyFacts } from '../calls/call.ts';
import { NAMED_IDS_MAX } from '../calls/named-ids.ts';

const text = (max: number) => z.string().max(max);
const HASH = /^[0-9a-f]{32}$/;
const hashed = z.string().regex(HASH, 'a hash of 32 hexadecimal digits').nullable();

/** As `readBodyFacts` gives it: the body stays where it is. */
const bodyFacts = z.strictObject({
  model: text(500).nullable(),
  stream: z.boolean(),
  background: z.boolean(),
  includeUsage: z.boolean(),
  previousResponseId: text(500).nullable(),
  conversation: text(500).nullable(),
  promptCacheKey: text(2_000).nullable(),
  serviceTier: text(100).nullable(),
  reasoningEfforts: z.array(text(100)).max(2).readonly(),
  choices: z.number().int().min(1),
  outputTokensMax: z.number().int().min(0).nullable(),
  storesNothing: z.boolean(),
  fileIds: z.array(text(500)).max(NAMED_IDS_MAX).readonly(),
  continues: z.boolean(),
  sealedReasoning: hashed,
  hasCompaction: z.boolean(),
  sealedCompaction: hashed,
  prefixHash: hashed,
}) satisfies z.ZodType<BodyFacts>;

/** What a client writes into a session header. */
const sessionId = z
  .string()
  .trim()
  .min(1, 'a session id is needed')
  .max(500, 'a session id has at most 500 characters')
  .regex(/^[\x20-\x7e]+$/, 'a session id is printable ASCII, as headers are');

export const dryRunInput = z.strictObject({
  /** `responses`, `chat`, `embeddings`, …, or a method and a path: `POST /v1/files`. */
  endpoint: z.string().trim().min(1).max(500).default('responses'),
  model: z.string().trim().min(1, 'a model is needed').max(500).optional(),
  session: sessionId.optional(),
  /** The client key whose call it would be, by name or id. */
  client: z.string().trim().min(1).max(200).optional(),
  body: z.strictObject({ facts: bodyFacts, bytes: z.number().int().min(0) }).optional(),
});
export type DryRunInput = z.output<typeof dryRunInput>;
