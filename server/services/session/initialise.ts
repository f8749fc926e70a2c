/**
 * Making the vault, once: by the holder of the set-up link, or by a master key from a file or the environment.
 * The header is stored before anything else, so that a vault in memory is never one that cannot be found again.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutVault } from '../../../lib/audit/deeds.ts';
import type { StrengthView } from '../../../lib/base/key-strength.ts';
import type { Secret } from '../../../lib/base/secret.ts';
import { reveal } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import type { SetupCheckInput, SetupInitialiseInput, SetupJudgeInput } from '../../../lib/wire/inputs.ts';
import type { Sessions, SignIn } from '../../vault/sessions.ts';
import type { SetupLink } from '../../vault/setup-link.ts';
import type { Vault } from '../../vault/vault.ts';
import { visitorAt } from '../audit/actor-of.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { HeaderStore } from '../vault/header-store.ts';
import { type AcceptKeyDeps, acceptMasterKey } from './master-key-rules.ts';
import { noteSignIn } from './unlock.ts';

export interface InitialiseDeps extends AcceptKeyDeps {
  readonly vault: Pick<Vault, 'state' | 'initialise' | 'attach' | 'lock'>;
  readonly headers: Pick<HeaderStore, 'insert'>;
  readonly openVault: () => Promise<void>;
  readonly setupLink: Pick<SetupLink, 'check' | 'spend'>;
  readonly audit: Pick<AuditLog, 'record'>;
}

export async function initialiseVault(
  deps: Omit<InitialiseDeps, 'setupLink'>,
  masterKey: Secret,
  actor: Actor,
  acceptGuessable: boolean,
): Promise<void> {
  if (deps.vault.state() !== 'uninitialised') {
    throw new CamError('vault_exists', 'A vault exists here already.', {
      hint: 'Unlock it with its master key.',
    });
  }
  const strength = await acceptMasterKey(deps, masterKey, acceptGuessable);
  const header = await deps.vault.initialise(masterKey, strength);
  try {
    await deps.headers.insert(header);
  } catch (thrown) {
    deps.vault.attach(null);
    throw thrown;
  }
  await deps.audit.record({ ...aboutVault(actor), deed: 'vault.set_up', detail: {} });
  await deps.openVault();
}

/** Counts as a try of the link, so that nobody else has keys judged here. */
export async function judgeKeyOfSetup(
  deps: Pick<InitialiseDeps, 'setupLink' | 'keyJudge'>,
  input: SetupJudgeInput,
): Promise<StrengthView> {
  deps.setupLink.check(reveal(input.token));
  return deps.keyJudge.judge(input.masterKey);
}

export function checkSetupLink(
  { setupLink }: Pick<InitialiseDeps, 'setupLink'>,
  input: SetupCheckInput,
): { ok: true } {
  setupLink.check(reveal(input.token));
  return { ok: true };
}

export interface SetUpDeps extends InitialiseDeps {
  readonly sessions: Pick<Sessions, 'signIn' | 'end'>;
}

export async function setUp(deps: SetUpDeps, input: SetupInitialiseInput): Promise<SignIn> {
  deps.setupLink.check(reveal(input.token));
  await initialiseVault(deps, input.masterKey, visitorAt('cookie'), input.acceptGuessable);
  deps.setupLink.spend();
  return noteSignIn(deps, await deps.sessions.signIn('cookie'), 'cookie');
}
