/**
 * What keys look like: those of providers, our own, and the ways in which any key is carried. Found in a readable
 * text. A shape is as exact as it can be: a sentence about risk-based or user-provided things is no secret.
 *
 * Each pattern takes a run and never looks further ahead, so that a hostile text costs no more than its length.
 */
import type { Span } from './readable.ts';

interface Shape {
  /** What its first group takes stays readable. */
  readonly pattern: RegExp;
  /** Told the match without its first group. */
  readonly isKey?: (run: string) => boolean;
}

const hasDigit = (run: string): boolean => /\d/.test(run);
const isMixed = (run: string): boolean => hasDigit(run) || /[a-z][A-Z]|[A-Z]{2}[a-z]|\*{3}|…/.test(run);

/** Letters and digits by turns, or all three kinds of characters: no word, no slug, no hexadecimal id. */
export function looksRandom(run: string): boolean {
  if (!hasDigit(run) || /^[0-9a-f_-]+$/.test(run)) return false;
  if (/[A-Z]/.test(run) && /[a-z]/.test(run)) return true;
  return (run.match(/[a-zA-Z]\d/g)?.length ?? 0) >= 3;
}

/** "Bearer authentication" is a sentence. */
const isCredential = (run: string): boolean =>
  isMixed(run) || !/^(?:auth|token|scheme|header|credential|key|access|instrument)/i.test(run);

/** With a beginning that words have too: they count where they begin, or where what follows is no word. */
const PREFIXED: readonly Shape[] = [
  // Whole, or shortened by the provider with stars or dots.
  { pattern: /(?<![A-Za-z0-9_])sk-[\w*.…-]{4,}/g, isKey: (run) => run.length >= 11 || /[*…]/.test(run) },
  {
    pattern: /(?<![A-Za-z0-9_])(?:sess|rk|pk|ek|ak|cam|xai|csk|pplx|nvapi|glpat|xox[abeprs])-[\w*.…-]{8,}/g,
    isKey: isMixed,
  },
  {
    pattern: /(?<![A-Za-z0-9])(?:gsk|hf|r8|fw|tgp_v1|sk|rk|pk|gh[opusr]|github_pat)_\w{16,}/g,
    isKey: isMixed,
  },
  { pattern: /sk-(?:proj|svcacct|admin|service|None|ant|or-v1)-[\w-]{16,}/g, isKey: isMixed },
  {
    pattern:
      /(?:sk|sess|[rpea]k|cam|xai|csk|pplx|nvapi|glpat)-[\w-]{20,}|(?:gsk|hf|r8|fw|tgp_v1|gh[opusr]|github_pat)_\w{20,}/g,
    isKey: looksRandom,
  },
  { pattern: /AIza[\w-]{20,}/g },
  { pattern: /ya29\.[\w-]{20,}/g },
  { pattern: /(?:AKIA|ASIA)[A-Z0-9]{16}/g },
  { pattern: /dapi[0-9a-f]{32}/g },
];

/** Without a beginning of their own, but carried where secrets are. */
const CARRIED: readonly Shape[] = [
  { pattern: /eyJ[\w-]{6,}\.[\w-]{6,}(?:\.[\w-]*)?/g },
  { pattern: /(\bBearer\s+)[\w.~+/=-]{8,}/gi, isKey: isCredential },
  { pattern: /(\bBasic\s+)[\w+/=-]{8,}/gi, isKey: (run) => isMixed(run) || run.endsWith('=') },
  { pattern: /(\/\/[^/\s:@"'<>]{0,64}:)[^/\s@"'<>]{1,256}(?=@)/g },
  { pattern: /((?<![A-Za-z])(?:api[-_]?key|access[-_]?token|token|key|secret)=)[^&\s"'\\]{6,}/gi },
  {
    pattern:
      /("(?:x-)?(?:api[-_]?key|goog-api-key|authorization|access_token|refresh_token|client_secret|password)"\s*:\s*")[^"]{6,}/gi,
  },
  { pattern: /((?:api-key|authorization):\s*)[^\s"',;]{8,}/gi, isKey: hasDigit },
];

export function findKeys(text: string): Span[] {
  return [...find(text, PREFIXED), ...find(text, CARRIED)];
}

/** `resp_…`, `req_…`: a name and hexadecimal digits. */
const isId = (run: string): boolean => /^[a-z]{1,12}[-_][0-9a-f]+$/.test(run);
const LONG_RUN: readonly Shape[] = [
  { pattern: /[\w-]{40,}/g, isKey: (run) => looksRandom(run) && !isId(run) },
];

/** Anything long that nobody would read: too wide for what is shown to a client, right for a log. */
export function findLongRuns(text: string): Span[] {
  return find(text, LONG_RUN);
}

export function find(text: string, shapes: readonly Shape[]): Span[] {
  const spans: Span[] = [];
  for (const { pattern, isKey } of shapes) {
    for (const match of text.matchAll(pattern)) {
      const [all, kept = ''] = match;
      if (isKey && !isKey(all.slice(kept.length))) continue;
      spans.push({ start: match.index + kept.length, end: match.index + all.length });
    }
  }
  return spans;
}
