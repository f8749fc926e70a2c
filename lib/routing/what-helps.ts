/**
 * What a person can do when no account may take a call, in one sentence. Where only a person helps it must hold no
 * word that an agent takes for something that passes by itself ("try again", "rate limit", "overloaded"): it would
 * go on asking in silence.
 */
import type { ErrorCode } from '../errors.ts';
import type { LeftOut } from './plan.ts';

const BY_CODE: { readonly [Code in ErrorCode]?: string } = {
  all_accounts_cooling_down: 'It passes by itself; an account of another organization would help meanwhile.',
  all_accounts_exhausted:
    'Add credit or raise the limit at the provider, then "cam clear NAME"; or add another account.',
  limit_reached: 'Raise the limit on the page /admin/accounts, or add another account.',
  model_not_found:
    'Check the name of the model, or let an account serve it on the page /admin/accounts; "cam clear NAME" forgets what was learned.',
  no_account_for_call: 'Give a key that permission at the provider, then "cam clear NAME".',
  reasoning_elsewhere:
    'Begin the conversation anew, or set routing.reasoning_failover to "strip" to go on without that reasoning.',
  account_pinned_unusable: 'Only that account can serve it; its page /admin/accounts says how it is.',
};

/** Of several accounts that only a person mends, the first decides: it is the one that is wanted most. */
export function whatHelps(code: ErrorCode, leftOut: readonly LeftOut[], passes: boolean): string {
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (passes) return 'It passes by itself; "cam status" tells how the accounts are.';
  for (const one of leftOut) {
    const help = mends(one);
    if (help !== null) return help;
  }
  return 'The page /admin/accounts says how each of them is.';
}

function mends({ reason, detail }: LeftOut): string | null {
  switch (reason) {
    case 'disabled':
      return detail === null
        ? 'Switch one on with "cam enable NAME".'
        : 'Put in a new key on the page /admin/accounts, or ask with "cam test NAME" whether the old one is accepted.';
    case 'quarantined':
      return 'Remove it and add it again on the page /admin/accounts.';
    case 'price_unknown':
      return 'Ask for a model whose price is known, or set limits.unknown_price to "assume".';
    case 'breaker_open':
      return detail === 'paused' ? 'End the pause with "cam resume NAME".' : null;
    default:
      return null;
  }
}
