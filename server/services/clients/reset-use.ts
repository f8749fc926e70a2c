/**
 * Counting a client key's use anew. It gives the key more to use, so it needs the master key, as raising a limit
 * does. The ledger keeps every call; they only no longer count in these windows.
 */
import type { Actor } from '../../../lib/audit/actor.ts';
import { aboutClientKey } from '../../../lib/audit/deeds.ts';
import { CLIENT_WINDOWS } from '../../../lib/metering/client-limits.ts';
import type { ClientResetInput } from '../../../lib/wire/inputs.ts';
import type { ClientKeyView } from '../../../lib/wire/views.ts';
import type { UseResetStore } from '../limits/use-reset-store.ts';
import { type StepUpDeps, stepUp } from '../session/try-master-key.ts';
import { type ChangeClientDeps, findLivingClient } from './living-client.ts';

export interface ResetClientUseDeps extends ChangeClientDeps {
  readonly vault: ChangeClientDeps['vault'] & StepUpDeps['vault'];
  readonly throttle: StepUpDeps['throttle'];
  readonly audit: StepUpDeps['audit'];
  readonly useResets: Pick<UseResetStore, 'reset'>;
  readonly viewOf: (id: string) => Promise<ClientKeyView>;
}

export async function resetClientUse(
  deps: ResetClientUseDeps,
  { ref, windows = [...CLIENT_WINDOWS], masterKey }: ClientResetInput,
  actor: Actor,
): Promise<ClientKeyView> {
  const row = await findLivingClient(deps, ref);
  const subject = aboutClientKey(actor, row);
  await stepUp(deps, masterKey, "To count a client key's use anew", subject);
  await deps.useResets.reset(row.id, windows, {
    ...subject,
    deed: 'client_key.use_reset',
    detail: { windows },
  });
  deps.ledger.event({
    atMs: deps.clock.nowMs(),
    kind: 'client_key.use_reset',
    accountId: null,
    requestId: null,
    data: { name: row.name, windows },
  });
  deps.changes.made();
  return deps.viewOf(row.id);
}
