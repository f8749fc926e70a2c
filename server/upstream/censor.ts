/**
 * Takes the key of an attempt out of what its provider said about the failure, before anybody is told, anything is
 * logged, or anything is written down. Shapes are not enough here: some keys have none, and an answer may quote a
 * part. Only failures come here, so the key is unsealed once more for them, and for as long as the search takes.
 */
import type { SealedAccount } from '../../lib/accounts/account.ts';
import { reveal } from '../../lib/base/secret.ts';
import { findKeys } from '../../lib/redaction/key-shapes.ts';
import { findPieces } from '../../lib/redaction/pieces.ts';
import { readable, replaceSpans } from '../../lib/redaction/readable.ts';
import type { Vault } from '../vault/vault.ts';
import type { ResponseHeaders } from './dial.ts';
import type { PeekedFailure } from './peek.ts';

export interface Censor {
  /** The same failure without the key; its answer is gone where that quoted it. */
  failure(account: SealedAccount, failed: PeekedFailure): PeekedFailure;
  /** What a provider put into a stream that broke. */
  said(account: SealedAccount, text: string | null): string | null;
}

const HIDDEN = '[key]';
/** A longer refusal is shown to nobody: to search it would hold up everybody else. */
const ANSWER_BYTES_MAX = 65_536;

export function createCensor(vault: Pick<Vault, 'unseal'>): Censor {
  /** Null when it cannot be told any more: then nothing that the provider said is passed on. */
  const keyOf = (account: SealedAccount): string | null => {
    try {
      const place = { table: 'accounts', rowId: account.id, column: 'sealed_key' } as const;
      return reveal(vault.unseal(place, account.sealedKey));
    } catch {
      return null;
    }
  };
  return {
    failure(account, failed) {
      const { evidence, answer } = failed;
      if (evidence.body === '' && evidence.status === null) return failed;
      const key = keyOf(account);
      const headers = cleanHeaders(evidence.headers, key);
      return {
        ...failed,
        evidence: { ...evidence, body: key === null ? '' : clean(evidence.body, key), headers },
        answer: answer !== null && isFree(answer.body, key) ? { ...answer, headers } : null,
      };
    },
    said(account, text) {
      if (text === null) return null;
      const key = keyOf(account);
      return key === null ? '' : clean(text, key);
    },
  };
}

function clean(text: string, key: string | null): string {
  const view = readable(text);
  const pieces = key === null ? [] : findPieces(view.text, key);
  return replaceSpans(text, view, [...findKeys(view.text), ...pieces], HIDDEN);
}

function isFree(body: Buffer, key: string | null): boolean {
  if (key === null || body.length > ANSWER_BYTES_MAX) return false;
  return findPieces(readable(body.toString('utf8')).text, key).length === 0;
}

/** The very same headers where there is nothing to hide in them, which is nearly always. */
function cleanHeaders(headers: ResponseHeaders, key: string | null): ResponseHeaders {
  const all = Object.values(headers).join('\n');
  if (clean(all, key) === all) return headers;
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, clean(value, key)]));
}
