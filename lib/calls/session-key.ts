/**
 * By what a conversation is recognised from one call to the next, so that it can stay on its account.
 * The caller's id is part of every key: one client key never reaches another's conversations.
 * Where a key came from is not part of it: a client that names its session in a header today and in the body
 * tomorrow keeps its home.
 */
import type { Hash } from '../base/hash.ts';
import type { ClientKeyId } from '../base/id.ts';
import type { BodyFacts, SessionKey } from './call.ts';

/** First that exists wins. `session-id` stands apart: a differing `thread-id` makes a sub-agent of it. */
const SESSION_HEADERS = [
  'session-id',
  'x-session-affinity',
  'x-session-id',
  'session_id',
  'thread-id',
  'x-claude-code-session-id',
] as const;

/** Providers cache prompts from 1,024 tokens on; below that a pin would save nothing. */
const CACHED_PREFIX_TOKENS_MIN = 1_024;
/** Ordinary English text and code. */
const BYTES_PER_TOKEN = 4;

interface Found {
  readonly source: string;
  readonly value: string;
  readonly parent: string | null;
}

/**
 * @param headers lower-case names
 * @param facts null for bodies that were not read (multipart)
 * @param bodyBytes size of the whole body, from which its tokens are estimated
 */
export function readSessionKey(
  headers: Readonly<Record<string, string>>,
  facts: BodyFacts | null,
  callerId: ClientKeyId,
  bodyBytes: number,
  hash: Hash,
): SessionKey | null {
  const found = fromHeaders(headers) ?? (facts === null ? null : fromBody(facts, bodyBytes));
  if (found === null) return null;
  const keyOf = (value: string) => hash(`${callerId}\n${value}`);
  const named = headers['x-parent-session-id']?.trim() || null;
  const parent = found.parent ?? (named === found.value ? null : named);
  return {
    hash: keyOf(found.value),
    source: found.source,
    parentHash: parent === null ? null : keyOf(parent),
  };
}

function fromHeaders(headers: Readonly<Record<string, string>>): Found | null {
  for (const source of SESSION_HEADERS) {
    const value = headers[source]?.trim();
    if (!value) continue;
    const thread = source === 'session-id' ? headers['thread-id']?.trim() : undefined;
    if (!thread || thread === value) return { source, value, parent: null };
    return { source: 'session-id+thread-id', value: `${value}\n${thread}`, parent: value };
  }
  return null;
}

function fromBody(facts: BodyFacts, bodyBytes: number): Found | null {
  if (facts.conversation) return { source: 'conversation', value: facts.conversation, parent: null };
  if (facts.promptCacheKey) return { source: 'prompt_cache_key', value: facts.promptCacheKey, parent: null };
  const cacheable = bodyBytes / BYTES_PER_TOKEN >= CACHED_PREFIX_TOKENS_MIN;
  if (facts.prefixHash === null || !(facts.continues || cacheable)) return null;
  // Set apart from what clients can write, so that no header value equals a prefix key.
  return { source: 'prefix', value: `prefix\n${facts.prefixHash}`, parent: null };
}
