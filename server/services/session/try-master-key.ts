/**
 * One try of a master key, at whatever door. All doors share one throttle, asked before the expensive hash, so
 * that guessing through a step-up is no faster than guessing at the login.
 */
import type { AuditSubject } from '../../../lib/audit/deeds.ts';
import type { Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import type { LoginThrottle } from '../../vault/sessions.ts';
import type { Vault } from '../../vault/vault.ts';
import type { AuditLog } from '../audit/audit-log.ts';

/** Runs a try that throws `wrong_master_key` when it was one. */
export async function throttled<T>(throttle: LoginThrottle, attempt: () => Promise<T>): Promise<T> {
  const waitMs = throttle.waitMs();
  if (waitMs > 0) {
    throw new CamError(
      'login_throttled',
      `Too many wrong master keys. Try again in ${Math.ceil(waitMs / 1000)} s.`,
      {
        retryAfterMs: waitMs,
      },
    );
  }
  try {
    const result = await attempt();
    throttle.succeeded();
    return result;
  } catch (thrown) {
    if (isWrongMasterKey(thrown)) throttle.failed();
    throw thrown;
  }
}

export const isWrongMasterKey = (thrown: unknown): boolean =>
  thrown instanceof CamError && thrown.code === 'wrong_master_key';

export const wrongMasterKey = (): CamError => new CamError('wrong_master_key', 'That is not the master key.');

export interface StepUpDeps {
  readonly vault: Pick<Vault, 'verify'>;
  readonly throttle: LoginThrottle;
  readonly audit: Pick<AuditLog, 'record'>;
}

/**
 * Proof again, in the same request, for changes that decide where keys go. Both outcomes of a try are noted.
 * @param what e.g. `To change where…`
 */
export async function stepUp(
  deps: StepUpDeps,
  masterKey: Secret | undefined,
  what: string,
  subject: AuditSubject,
): Promise<void> {
  if (masterKey === undefined) {
    throw new CamError('step_up_required', `${what}, the master key is needed in the same request.`, {
      param: 'masterKey',
    });
  }
  await withStepUp(deps, what, subject, async () => {
    if (!(await deps.vault.verify(masterKey))) throw wrongMasterKey();
  });
}

/** The same where the deed itself tries the key: `attempt` throws `wrong_master_key` when it was wrong. */
export async function withStepUp<T>(
  deps: Omit<StepUpDeps, 'vault'>,
  what: string,
  subject: AuditSubject,
  attempt: () => Promise<T>,
): Promise<T> {
  const detail = { purpose: what };
  const result = await throttled(deps.throttle, attempt).catch(async (thrown: unknown) => {
    if (isWrongMasterKey(thrown)) await deps.audit.record({ ...subject, deed: 'step_up.failed', detail });
    throw thrown;
  });
  await deps.audit.record({ ...subject, deed: 'step_up.passed', detail });
  return result;
}
