/**
 * Takes keys and the names of organisations, projects and users out of a text that came from a provider,
 * before a person or a client other than the owner sees it.
 */
import { find, findKeys } from '../redaction/key-shapes.ts';
import { type Readable, readable, replaceSpans, type Span } from '../redaction/readable.ts';

/** An id has digits or changes its case; "org-wide" and "user-provided" are words. */
const isId = (run: string): boolean => /\d|[a-z][A-Z]|[A-Z]{2}[a-z]/.test(run);

const ORGANIZATIONS = [
  { pattern: /(?<![A-Za-z0-9])org-\w{4,}/g, isKey: isId },
  // As providers write the name of one: "in organization acme-research on tokens per min".
  {
    pattern:
      /(\b(?:in|for|of|by)\s+organi[sz]ation\s+["'`]?)[a-z0-9]{1,64}(?:-[a-z0-9]{1,64}){1,8}(?=["'`]|\s+on\b|[.,;:)]|$)/gi,
  },
];
const PROJECTS = [{ pattern: /(?<![A-Za-z0-9])proj_\w{4,}/g }];
const USERS = [{ pattern: /(?<![A-Za-z0-9])user-\w{16,}/g, isKey: isId }];

const KINDS: readonly (readonly [(text: string) => readonly Span[], string])[] = [
  [findKeys, '[key]'],
  [(text) => find(text, ORGANIZATIONS), '[organization]'],
  [(text) => find(text, PROJECTS), '[project]'],
  [(text) => find(text, USERS), '[user]'],
];

export function scrub(text: string): string {
  let result = text;
  for (const [findIn, word] of KINDS) {
    const view: Readable = readable(result);
    result = replaceSpans(result, view, findIn(view.text), word);
  }
  return result;
}

/** Whether a text quotes something that must not be shown to every client. */
export function quotesAnAccount(text: string): boolean {
  const view = readable(text);
  return KINDS.some(([findIn]) => findIn(view.text).length > 0);
}
