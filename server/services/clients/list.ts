/** The client keys as people see them, the revoked ones too. No key is in it: none is stored. */
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { ClientKeyView } from '../../../lib/wire/views.ts';
import type { ClientKeyring, KeyringEntry } from '../../vault/client-keyring.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';
import type { ClientFigures, Readings } from '../readings.ts';

export interface ListClientsDeps {
  readonly keyring: Pick<ClientKeyring, 'list'>;
  readonly readings: Pick<Readings, 'clientFigures'>;
  readonly windows: LimitWindows;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function listClients(deps: ListClientsDeps): Promise<ClientKeyView[]> {
  const figuresOf = await deps.readings.clientFigures(deps.windows(deps.clock.nowMs(), 'day').fromMs);
  return deps.keyring.list().map((entry) => clientView(entry, figuresOf(entry.clientKey.id)));
}

export async function viewOfClient(deps: ListClientsDeps, id: string): Promise<ClientKeyView> {
  const view = (await listClients(deps)).find((key) => key.id === id);
  if (!view) throw new CamError('not_found', 'That client key is gone.');
  return view;
}

function clientView({ clientKey, intact }: KeyringEntry, figures: ClientFigures): ClientKeyView {
  return {
    id: clientKey.id,
    name: clientKey.name,
    prefix: clientKey.prefix,
    guessable: clientKey.guessable,
    accounts: clientKey.accounts,
    models: clientKey.models,
    scopes: clientKey.scopes,
    limits: clientKey.limits,
    expiresAtMs: clientKey.expiresAtMs,
    revokedAtMs: clientKey.revokedAtMs,
    createdAtMs: clientKey.createdAtMs,
    intact,
    lastUsedAtMs: figures.lastUsedAtMs,
    today: figures.today,
  };
}
