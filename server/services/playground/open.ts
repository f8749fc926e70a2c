/** A key for the dashboard's own page: for who is looking at it, for a quarter of an hour. */
import { accountId } from '../../../lib/base/id.ts';
import { reveal } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import type { PlaygroundKeyInput, PlaygroundKeyView } from '../../../lib/wire/playground-views.ts';
import type { PlaygroundKeys } from '../../vault/playground-keys.ts';
import type { Operator } from '../../vault/sessions.ts';
import type { AccountStore } from '../accounts/account-store.ts';
import { findByRef } from '../find-by-ref.ts';

export interface OpenPlaygroundDeps {
  readonly accounts: Pick<AccountStore, 'list'>;
  readonly playground: Pick<PlaygroundKeys, 'mint'>;
}

/** Throws `account_not_found`; `invalid_request` to who is not a page: nobody else could use the key. */
export async function openPlayground(
  { accounts, playground }: OpenPlaygroundDeps,
  { account }: PlaygroundKeyInput,
  { jti, via }: Operator,
): Promise<PlaygroundKeyView> {
  if (via !== 'cookie') {
    throw new CamError('invalid_request', 'The key of the Playground is for its page in a browser.', {
      hint: 'Make a client key for anything else: `cam keys add NAME`.',
    });
  }
  const row =
    account === null ? null : findByRef(await accounts.list(), account, 'account', 'account_not_found');
  const { key, expiresAtMs } = playground.mint(jti, row && accountId(row.id));
  return { key: reveal(key), expiresAtMs };
}
