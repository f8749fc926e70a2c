/**
 * The wordings that decide where a provider gives no code. Each is a question about an error's message; all
 * are loose about grammar and strict about the nouns.
 */

export function isTooLargeForLimit(message: string): boolean {
  return /request too large/i.test(message) && !/try again in/i.test(message);
}

/** "… Limit 30000, Requested 36055 …" */
export function requestedTokens(message: string): number | null {
  return numberAfter(message, /requested:?\s+([\d,]+)/i);
}

export function limitTokens(message: string): number | null {
  return numberAfter(message, /limit:?\s+([\d,]+)/i);
}

function numberAfter(message: string, pattern: RegExp): number | null {
  const digits = pattern.exec(message)?.[1]?.replaceAll(',', '');
  const value = digits ? Number(digits) : Number.NaN;
  return Number.isSafeInteger(value) ? value : null;
}

export function isQuota(message: string): boolean {
  return /exceeded your (?:current )?quota|check your plan and billing|credit balance|insufficient (?:balance|credits?|quota|funds)|billing hard limit|(?:spend|spending|usage|monthly|budget) limit (?:has been |was |is )?(?:reached|exceeded)|(?:reached|exceeded) (?:its|your|the) (?:\w+ )?(?:spend|spending|usage|monthly|budget) limit|out of credits?/i.test(
    message,
  );
}

export function isCapacity(message: string): boolean {
  return /at capacity|overloaded|over capacity|insufficient capacity|resource unavailable|currently unavailable|no capacity|server is busy/i.test(
    message,
  );
}

/** A feature or a model that the provider gives to verified organisations only. */
export function isUnverified(message: string): boolean {
  return /organi[sz]ation must be verified|must be verified to|verify (?:your )?organi[sz]ation/i.test(
    message,
  );
}

/** Reasoning or compaction that another organisation sealed; the code of this error is sometimes null. */
export function isSealedElsewhere(message: string): boolean {
  return (
    /encrypted[ _]content/i.test(message) &&
    /could not be (?:verified|decrypted|parsed)|cannot be (?:verified|decrypted)|can't be (?:verified|decrypted)|did not match|failed to (?:verify|decrypt)|invalid_encrypted_content|unable to (?:verify|decrypt)/i.test(
      message,
    )
  );
}

/** A stored object that this account does not have. */
export function isStoredElsewhere(message: string): boolean {
  return /\b(?:response|conversation|item|file|container|vector store|prompt)\b (?:object )?(?:with id )?['"`]?[\w-]*['"`]? ?(?:was |could )?not (?:be )?found|no such (?:file|container|vector store|response|conversation)/i.test(
    message,
  );
}

export function isPolicy(message: string): boolean {
  return /usage polic(?:y|ies)|safety system|content[ _]policy|flagged (?:as|for|by)|limited access to this content for safety/i.test(
    message,
  );
}

export function isModelMissing(message: string): boolean {
  return (
    /\bmodel\b/i.test(message) &&
    /does not exist|do(?:es)? not have access|don't have access|not available (?:to|for|in) your|is not (?:enabled|allowed) for|not found|has been (?:deprecated|retired|shut down)|unknown model|not supported when using/i.test(
      message,
    )
  );
}

/** The endpoint itself does not exist at this account's base URL. */
export function isPathMissing(message: string): boolean {
  return /invalid url|^\W*not found\W*$|cannot (?:get|post)|404 page not found|unknown (?:url|path|endpoint|request url)|no route|unrecognized request url|resource not found/i.test(
    message,
  );
}

export function isMissingScope(message: string): boolean {
  return /missing scopes?|insufficient permissions?|not have (?:the )?(?:sufficient |required )?permissions?|insufficient scopes?/i.test(
    message,
  );
}

export function isWrongKey(message: string): boolean {
  return /(?:incorrect|invalid|expired|unknown|revoked) api[ -]?key|api[ -]?key (?:is )?(?:not valid|invalid|incorrect|expired|not found|has expired|has been revoked)|invalid (?:authentication|credentials|token)|must be a member of an organi[sz]ation|ip (?:address )?(?:is )?not (?:authorized|allowed)|account is not active/i.test(
    message,
  );
}

export function isDeactivated(message: string): boolean {
  return /(?:account|organi[sz]ation|user|workspace)[^.]{0,60} (?:has been |was |is )?(?:deactivated|banned|suspended|terminated)/i.test(
    message,
  );
}

/** Which of its limits a throttle is about, in plain words; null when it does not say. */
export function limitSaid(message: string, type: string | null): string | null {
  if (/\bTPM\b|tokens per min/i.test(message) || type === 'tokens') return 'tokens per minute';
  if (/\bRPD\b|requests per day/i.test(message)) return 'requests per day';
  if (/\bTPD\b|tokens per day/i.test(message)) return 'tokens per day';
  if (/\bRPM\b|requests per min/i.test(message) || type === 'requests') return 'requests per minute';
  if (/images per min/i.test(message) || type === 'images') return 'images per minute';
  return null;
}
