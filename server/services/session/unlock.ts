/**
 * Signing in with the master key. A locked vault is unlocked by it and its contents are loaded; with an
 * unlocked one the key is only checked. Either way the caller gets a sign-in of its own.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import type { Secret } from '../../../lib/base/secret.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { asCamError, CamError } from '../../../lib/errors.ts';
import type { UnlockInput } from '../../../lib/wire/inputs.ts';
import type { LedgerWriter } from '../../db/ledger.ts';
import type { LoginThrottle, Sessions, SignIn } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';
import { actorOf, visitorAt } from '../audit/actor-of.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { HeaderStore } from '../vault/header-store.ts';
import { isWrongMasterKey, throttled, wrongMasterKey } from './try-master-key.ts';

export interface OpenWithDeps {
  readonly vault: Pick<Vault, 'state' | 'unlock' | 'verify' | 'lock'>;
  readonly throttle: LoginThrottle;
  readonly headers: Pick<HeaderStore, 'save'>;
  readonly ledger: Pick<LedgerWriter, 'event'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  /** Goes on with a rotation that was cut off; see `vault/rotate.ts`. */
  readonly finishRotation: () => Promise<void>;
  /** Loads what the vault guards; see `open-vault.ts`. */
  readonly openVault: () => Promise<void>;
  readonly audit: Pick<AuditLog, 'record' | 'admitWaiting'>;
}

/** Leaves the vault unlocked and its contents loaded, or throws and leaves it as it was. */
export async function openWithMasterKey(deps: OpenWithDeps, masterKey: Secret, actor: Actor): Promise<void> {
  try {
    await open(deps, masterKey, actor);
  } catch (thrown) {
    if (isWrongMasterKey(thrown)) {
      await deps.audit.record({ ...aboutVault(actor), deed: 'vault.unlock_failed', detail: {} });
    }
    throw thrown;
  }
}

function open(deps: OpenWithDeps, masterKey: Secret, actor: Actor): Promise<void> {
  return throttled(deps.throttle, async () => {
    const state = deps.vault.state();
    if (state === 'uninitialised') {
      throw new CamError(
        'vault_uninitialised',
        'Nothing has been set up here yet, so there is nothing to unlock.',
      );
    }
    if (state === 'unlocked') {
      if (!(await deps.vault.verify(masterKey))) throw wrongMasterKey();
      return;
    }
    const costlier = await deps.vault.unlock(masterKey);
    try {
      await deps.audit.admitWaiting();
      await deps.audit.record({ ...aboutVault(actor), deed: 'vault.unlocked', detail: {} });
      await deps.openVault();
    } catch (thrown) {
      deps.vault.lock();
      throw thrown;
    }
    // Neither is a reason to stay locked: the next unlock does what this one could not.
    if (costlier !== null) await toldOf(deps, 'vault.raise_failed', () => deps.headers.save(costlier));
    await toldOf(deps, 'vault.rotation_failed', deps.finishRotation);
  });
}

async function toldOf(
  { ledger, clock }: Pick<OpenWithDeps, 'ledger' | 'clock'>,
  kind: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    const { code } = asCamError(thrown);
    ledger.event({ atMs: clock.nowMs(), kind, accountId: null, requestId: null, data: { code } });
  }
}

export interface UnlockDeps extends OpenWithDeps {
  readonly sessions: Pick<Sessions, 'signIn' | 'end'>;
}

export async function unlock(deps: UnlockDeps, input: UnlockInput): Promise<SignIn> {
  await openWithMasterKey(deps, input.masterKey, visitorAt(input.want));
  return noteSignIn(deps, await deps.sessions.signIn(input.want), input.want);
}

/** A sign-in that could not be noted is not given away. */
export async function noteSignIn(
  deps: { readonly sessions: Pick<Sessions, 'end'>; readonly audit: Pick<AuditLog, 'record'> },
  signIn: SignIn,
  via: 'cookie' | 'bearer',
): Promise<SignIn> {
  const actor = actorOf({ jti: signIn.jti, via });
  try {
    await deps.audit.record({ ...aboutVault(actor), deed: 'session.began', detail: {} });
    return signIn;
  } catch (thrown) {
    deps.sessions.end(signIn.jti);
    throw thrown;
  }
}
