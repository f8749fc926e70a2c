/** What may follow in a search where the caret stands: the filters there are, then the values that are known. */
import { RESULTS, SEARCH_KEYS, type SearchKey, wordsOf } from './search.ts';

export interface Vocabulary {
  readonly models: readonly string[];
  readonly accounts: readonly string[];
  readonly clients: readonly string[];
}

export interface Completion {
  /** What takes the word's place. */
  readonly text: string;
  readonly note: string;
}

export interface Completions {
  /** The word that is being written is `[from, to)` of the search. */
  readonly from: number;
  readonly to: number;
  readonly options: readonly Completion[];
}

const OPTIONS_MAX = 8;
const NOTES: Readonly<Record<SearchKey, string>> = {
  status: '429, 4xx, 5xx',
  result: 'delivered, failed, refused, …',
  model: 'part of a name',
  account: 'asked first, or answered',
  client: 'the client key’s name',
  error: 'part of an error’s code',
  cost: 'dollars: >0.05, 0.01..0.10',
  tokens: 'all together: >20k',
  took: 'seconds: >5, <300ms',
  moved: 'answered by another account',
};

export function complete(text: string, caret: number, known: Vocabulary): Completions {
  const word = wordsOf(text).find(({ at, word: one }) => at < caret && caret <= at + one.length);
  const from = word?.at ?? caret;
  const to = word === undefined ? caret : word.at + word.word.length;
  const written = text.slice(from, caret);
  const sign = written.startsWith('-') ? '-' : '';
  const colon = written.indexOf(':');
  const options =
    colon < 0
      ? keysLike(sign, written.slice(sign.length))
      : valuesLike(sign, written.slice(sign.length, colon).toLowerCase(), written.slice(colon + 1), known);
  // What is written out already is no suggestion.
  return { from, to, options: options.filter((option) => option.text !== text.slice(from, to)) };
}

function keysLike(sign: string, begun: string): readonly Completion[] {
  return SEARCH_KEYS.filter((key) => key.startsWith(begun.toLowerCase())).map((key) => ({
    text: `${sign}${key}:`,
    note: NOTES[key],
  }));
}

function valuesLike(sign: string, named: string, begun: string, known: Vocabulary): readonly Completion[] {
  const key = SEARCH_KEYS.find((one) => one === named);
  if (key === undefined) return [];
  const typed = begun.replaceAll('"', '').toLowerCase();
  return valuesOf(key, known)
    .filter((value) => value.toLowerCase().includes(typed))
    .slice(0, OPTIONS_MAX)
    .map((value) => ({ text: `${sign}${key}:${quoted(value)}`, note: '' }));
}

function valuesOf(key: SearchKey, known: Vocabulary): readonly string[] {
  switch (key) {
    case 'model':
      return known.models;
    case 'account':
      return known.accounts;
    case 'client':
      return known.clients;
    case 'status':
      return ['200', '4xx', '429', '5xx'];
    case 'result':
      return RESULTS;
    case 'moved':
      return ['yes', 'no'];
    case 'cost':
      return ['>0.01', '>0.10', '>1'];
    case 'tokens':
      return ['>10k', '>100k'];
    case 'took':
      return ['>5', '>30'];
    case 'error':
      return [];
  }
}

const quoted = (value: string): string => (/[\s"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value);
