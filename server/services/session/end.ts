/** Ending one sign-in: it is over before anything else, and then that is noted. */
import { aboutVault } from '../../../lib/audit/deeds.ts';
import type { Operator, Sessions } from '../../vault/sessions.ts';
import { actorOf } from '../audit/actor-of.ts';
import type { AuditLog } from '../audit/audit-log.ts';

export interface EndSessionDeps {
  readonly sessions: Pick<Sessions, 'end'>;
  readonly audit: Pick<AuditLog, 'record'>;
}

export async function endSession(deps: EndSessionDeps, operator: Operator): Promise<void> {
  deps.sessions.end(operator.jti);
  await deps.audit.record({ ...aboutVault(actorOf(operator)), deed: 'session.ended', detail: {} });
}
