/** The operator behind a call, as the audit log names them. */
import type { Actor } from '../../../lib/audit/actor.ts';
import { shortHash } from '../../short-hash.ts';
import type { Operator } from '../../vault/sessions.ts';

const SESSION_CHARACTERS = 8;

export function actorOf({ jti, via }: Operator): Actor {
  if (via === 'in_process') return { kind: 'in_process' };
  const session = shortHash(jti).slice(0, SESSION_CHARACTERS);
  return { kind: via === 'cookie' ? 'browser' : 'command_line', session };
}

/** Who knocks at a door before having proved anything. */
export const visitorAt = (want: 'cookie' | 'bearer'): Actor => ({
  kind: 'visitor',
  via: want === 'cookie' ? 'browser' : 'command_line',
});
