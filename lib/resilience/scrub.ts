/**
 * Takes keys and the names of organisations, projects and users out of a text that came from a provider,
 * before a person or a client other than the owner sees it.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Whole or already shortened by the provider with stars or dots.
  [/\b(?:sk|rk|pk|ek|ak|cam|gsk|xai)-[A-Za-z0-9_*.…-]{4,}/g, '[key]'],
  [/\bBearer\s+[A-Za-z0-9._~+/=-]{8,}/gi, 'Bearer [key]'],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, '[key]'],
  [/\borg-[A-Za-z0-9_-]{4,}/g, '[organization]'],
  [/\bproj_[A-Za-z0-9_-]{4,}/g, '[project]'],
  [/\buser-[A-Za-z0-9_-]{6,}/g, '[user]'],
  [
    /\b(organi[sz]ation)\s+["'`]?(?!must\b|has\b|is\b|was\b|of\b|and\b|does\b|in\b|on\b)[a-z0-9]+(?:-[a-z0-9]+)+["'`]?/gi,
    '$1 [organization]',
  ],
];

export function scrub(text: string): string {
  let result = text;
  for (const [pattern, replacement] of PATTERNS) result = result.replace(pattern, replacement);
  return result;
}

/** Whether a text quotes something that must not be shown to every client. */
export function quotesAnAccount(text: string): boolean {
  return scrub(text) !== text;
}
