/**
 * `x-codex-turn-state` is a value that a provider gives Codex to send back within a turn. It belongs to the
 * account that gave it: sent to another account it would be a stranger's, so it is dropped there.
 */
import type { AccountId } from '../../lib/base/id.ts';

export const TURN_STATE_HEADER = 'x-codex-turn-state';
const REMEMBERED_MAX = 4_096;
const VALUE_MAX = 4_096;

export interface TurnStates {
  remember(value: string, account: AccountId): void;
  /** Whether this value may go to this account; a value we never saw may go anywhere. */
  mayGoTo(value: string, account: AccountId): boolean;
}

export function createTurnStates(): TurnStates {
  const owners = new Map<string, AccountId>();
  return {
    remember(value, account) {
      if (value.length > VALUE_MAX) return;
      // Re-inserted, so that the map's order is from least to most recently given.
      owners.delete(value);
      owners.set(value, account);
      if (owners.size <= REMEMBERED_MAX) return;
      const oldest = owners.keys().next();
      if (!oldest.done) owners.delete(oldest.value);
    },
    mayGoTo(value, account) {
      const owner = owners.get(value);
      return owner === undefined || owner === account;
    },
  };
}
