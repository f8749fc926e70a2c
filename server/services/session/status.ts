/** What anybody may know: whether there is a vault, whether it is open, and whether they are signed in. */
import type { SessionStatusView } from '../../../lib/wire/views.ts';
import type { LoginThrottle, Operator } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';

export interface SessionStatusDeps {
  readonly vault: Pick<Vault, 'state'>;
  readonly throttle: Pick<LoginThrottle, 'waitMs' | 'triesLeft'>;
  readonly version: string;
}

export function sessionStatus(deps: SessionStatusDeps, operator: Operator | null): SessionStatusView {
  return {
    vault: deps.vault.state(),
    signedIn: operator !== null,
    throttledMs: deps.throttle.waitMs(),
    triesLeft: deps.throttle.triesLeft(),
    version: deps.version,
  };
}
