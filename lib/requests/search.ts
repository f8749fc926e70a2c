/**
 * Searching the calls by words: `status:429 model:gpt-5 account:"Side project" -client:ci cost:>0.05`. Every term has to
 * hold; `-` in front turns one around; a word without a key is looked for in names, models, errors and ids. The same terms
 * are a question to the database and a test of a single row, so that a list that is live stays the list that was asked for.
 */
import { NANO_PER_DOLLAR } from '../base/money.ts';
import { OUTCOMES, type Outcome } from '../metering/ledger.ts';
import type { RequestRowView } from '../wire/views.ts';

export const SEARCH_KEYS = [
  'status',
  'result',
  'model',
  'account',
  'client',
  'error',
  'cost',
  'tokens',
  'took',
  'moved',
] as const;
export type SearchKey = (typeof SEARCH_KEYS)[number];
export const RESULTS = [...OUTCOMES, 'running'] as const;

/** What one term asks. Amounts are inclusive bounds: nano-dollars, tokens, milliseconds. */
export type SearchTerm = { readonly not: boolean } & (
  | { readonly key: 'any' | 'model' | 'account' | 'client' | 'error'; readonly text: string }
  | { readonly key: 'status'; readonly from: number; readonly to: number }
  | { readonly key: 'result'; readonly outcome: Outcome | 'running' }
  | { readonly key: 'moved'; readonly moved: boolean }
  | { readonly key: 'cost' | 'tokens' | 'took'; readonly least: number; readonly most: number }
);

export interface Search {
  readonly terms: readonly SearchTerm[];
  /** What could not be understood, each in a sentence; such a search asks nothing. */
  readonly faults: readonly string[];
}

export const SEARCH_MAX = 500;
const WORDS = /-?(?:[^\s"]|"[^"]*"?)+/g;

/** The words of a search and where each stands. */
export function wordsOf(text: string): readonly { readonly word: string; readonly at: number }[] {
  return [...text.matchAll(WORDS)].map((match) => ({ word: match[0], at: match.index }));
}

export function parseSearch(text: string): Search {
  const terms: SearchTerm[] = [];
  const faults: string[] = [];
  for (const { word } of wordsOf(text)) {
    const read = readWord(word);
    if (typeof read === 'string') faults.push(read);
    else if (read !== null) terms.push(read);
  }
  return { terms, faults };
}

/** A term, what is wrong with it, or null where nothing stands yet behind its key. */
function readWord(word: string): SearchTerm | string | null {
  const not = word.startsWith('-') && word.length > 1;
  const positive = not ? word.slice(1) : word;
  const colon = positive.startsWith('"') ? -1 : positive.indexOf(':');
  const value = positive
    .slice(colon + 1)
    .replaceAll('"', '')
    .trim();
  if (colon < 0) return value === '' ? null : { key: 'any', not, text: value };
  const named = positive.slice(0, colon).toLowerCase();
  const key = SEARCH_KEYS.find((one) => one === named);
  if (key === undefined) {
    return `There is no filter “${named}”. There are ${SEARCH_KEYS.join(', ')}; put quotes around it to look for the text.`;
  }
  return value === '' ? null : readValue(key, not, value);
}

function readValue(key: SearchKey, not: boolean, value: string): SearchTerm | string {
  switch (key) {
    case 'model':
    case 'account':
    case 'client':
    case 'error':
      return { key, not, text: value.replace(/^\*|\*$/g, '') };
    case 'status':
      return readStatus(not, value);
    case 'result': {
      const outcome = RESULTS.find((one) => one === value.toLowerCase());
      return outcome === undefined
        ? `“${value}” is no result. There are ${RESULTS.join(', ')}.`
        : { key, not, outcome };
    }
    case 'moved': {
      const moved = { yes: true, no: false }[value.toLowerCase()];
      return moved === undefined ? 'moved is yes or no.' : { key, not, moved };
    }
    case 'cost':
      return readAmount(key, not, value, (text) => wholeOf(text.replace(/^\$/, ''), NANO_PER_DOLLAR));
    case 'tokens':
      return readAmount(key, not, value, (text) => withUnit(text, { '': 1, k: 1_000, m: 1_000_000 }));
    case 'took':
      return readAmount(key, not, value, (text) => withUnit(text, { ms: 1, '': 1_000, s: 1_000, m: 60_000 }));
  }
}

function readStatus(not: boolean, value: string): SearchTerm | string {
  const family = /^([1-5])xx$/i.exec(value);
  if (family) {
    const from = Number(family[1]) * 100;
    return { key: 'status', not, from, to: from + 99 };
  }
  if (!/^[1-5]\d\d$/.test(value)) return `“${value}” is no status: three digits, or 4xx.`;
  return { key: 'status', not, from: Number(value), to: Number(value) };
}

const BOUND = /^(>=|<=|>|<|)(.+?)(?:\.\.(.+))?$/;

function readAmount(
  key: 'cost' | 'tokens' | 'took',
  not: boolean,
  value: string,
  read: (text: string) => number | null,
): SearchTerm | string {
  const [, sign = '', first = '', second] = BOUND.exec(value) ?? [];
  const from = read(first);
  const to = second === undefined ? from : read(second);
  if (from === null || to === null || (second !== undefined && sign !== '')) {
    return `“${value}” is no amount for ${key}: ${AMOUNTS[key]}.`;
  }
  const [least, most] = boundsOf(sign, from, to);
  return { key, not, least, most };
}

const AMOUNTS = {
  cost: 'dollars, like >0.05 or 0.01..0.10',
  tokens: 'a number, like >20k',
  took: 'seconds, like >5 or <300ms',
} as const;

function boundsOf(sign: string, from: number, to: number): readonly [number, number] {
  switch (sign) {
    case '>':
      return [from + 1, Number.MAX_SAFE_INTEGER];
    case '>=':
      return [from, Number.MAX_SAFE_INTEGER];
    case '<':
      return [0, from - 1];
    case '<=':
      return [0, from];
    default:
      return [from, to];
  }
}

function withUnit(text: string, units: Readonly<Record<string, number>>): number | null {
  const [, digits = '', unit = ''] = /^([\d.]+)([a-z]*)$/i.exec(text) ?? [];
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
  return factor === undefined ? null : wholeOf(digits, factor);
}

function wholeOf(text: string, factor: number): number | null {
  if (!/^(\d+\.?\d*|\.\d+)$/.test(text)) return null;
  const amount = Math.round(Number(text) * factor);
  return Number.isSafeInteger(amount) ? amount : null;
}

/** Models, errors and ids are compared without regard to the case of ASCII letters, as the database does it. */
export const plain = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
/** Names are people's words, in any script. */
export const nameHas = (name: string, text: string): boolean =>
  name.toLowerCase().includes(text.toLowerCase());

export function matchesSearch(terms: readonly SearchTerm[], row: RequestRowView): boolean {
  return terms.every((term) => holds(term, row) !== term.not);
}

function holds(term: SearchTerm, row: RequestRowView): boolean {
  switch (term.key) {
    case 'any':
      return (
        (['model', 'account', 'client', 'error'] as const).some((key) => holds({ ...term, key }, row)) ||
        plain(row.id).startsWith(plain(term.text))
      );
    case 'model':
      return plain(row.model ?? '').includes(plain(term.text));
    case 'error':
      return plain(row.errorCode ?? '').includes(plain(term.text));
    case 'client':
      return nameHas(row.clientName, term.text);
    case 'account':
      return (
        (row.firstAccountId !== '' && nameHas(row.firstAccountName, term.text)) ||
        (row.accountName !== null && nameHas(row.accountName, term.text))
      );
    case 'status':
      return isWithin(row.status, term.from, term.to);
    case 'result':
      return (row.outcome ?? 'running') === term.outcome;
    case 'moved':
      return isMoved(row) === term.moved;
    case 'cost':
      return isWithin(row.cost, term.least, term.most);
    case 'tokens':
      return isWithin(row.usage?.totalTokens ?? null, term.least, term.most);
    case 'took':
      return isWithin(row.durationMs, term.least, term.most);
  }
}

/** Unknown is within nothing. */
const isWithin = (value: number | null, least: number, most: number): boolean =>
  value !== null && value >= least && value <= most;

const isMoved = ({ accountId, firstAccountId }: RequestRowView): boolean =>
  accountId !== null && firstAccountId !== '' && accountId !== firstAccountId;
