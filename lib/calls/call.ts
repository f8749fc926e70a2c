/**
 * A Call is what a client asked, as far as routing and metering need to know it. The body stays bytes:
 * we look at a few top-level fields and forward it untouched.
 */
import type { RequestId } from '../base/id.ts';
import type { Endpoint } from './endpoint.ts';

/** What a body says about itself in its top-level fields; `null` where it says nothing. */
export interface BodyFacts {
  readonly model: string | null;
  readonly stream: boolean;
  readonly background: boolean;
  /** `store` is false: the provider keeps nothing of the answer. */
  readonly storesNothing: boolean;
  /** `stream_options.include_usage` as the client set it. */
  readonly includeUsage: boolean;
  readonly previousResponseId: string | null;
  readonly conversation: string | null;
  /** Ids of files named anywhere in the body, each once, at most `NAMED_IDS_MAX`. */
  readonly fileIds: readonly string[];
  readonly promptCacheKey: string | null;
  readonly serviceTier: string | null;
  /** Every `reasoning.effort` and `reasoning_effort` that is named. */
  readonly reasoningEfforts: readonly string[];
  /** How many answers are asked for at once: the largest of `n` and `best_of` (1 where neither is named), for each prompt. */
  readonly choices: number;
  /** The largest of `max_output_tokens`, `max_completion_tokens` and `max_tokens`. */
  readonly outputTokensMax: number | null;
  /** An assistant or tool item is present: this call continues a conversation. */
  readonly continues: boolean;
  /** The last `encrypted_content` of a reasoning item, hashed (hex, 32 characters), if there is one. */
  readonly sealedReasoning: string | null;
  /** A compaction item is present: its encrypted content is the history and cannot be dropped. */
  readonly hasCompaction: boolean;
  /** The last `encrypted_content` of a compaction item, hashed likewise; null too when it carries none. */
  readonly sealedCompaction: string | null;
  /** Hash of model, first system/developer item and first user item (hex, 32 characters). */
  readonly prefixHash: string | null;
}

/** Where a conversation is recognised by, already mixed with the caller's id and hashed (hex, 32 characters). */
export interface SessionKey {
  readonly hash: string;
  /** Which header or field it was read from; 'prefix' for the hash of the opening items. */
  readonly source: string;
  /** The session this one was started by (a sub-agent's parent), hashed alike. */
  readonly parentHash: string | null;
}

export interface Call {
  readonly requestId: RequestId;
  readonly endpoint: Endpoint;
  readonly method: string;
  /** Path below `/v1`, beginning with a slash, without the query. */
  readonly path: string;
  /** With its leading `?`, or empty. */
  readonly query: string;
  readonly model: string | null;
  readonly stream: boolean;
  readonly facts: BodyFacts | null;
  readonly session: SessionKey | null;
  readonly bodyBytes: number;
  readonly userAgent: string | null;
  readonly receivedAtMs: number;
}
