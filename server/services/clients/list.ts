/** The client keys as people see them, the revoked ones too. No key is in it: none is stored. */
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type { ClientKeyView } from '../../../lib/wire/views.ts';
import type { ClientActivity } from '../../db/activity.ts';
import type { LimitBook } from '../../db/ledger.ts';
import type { Reader } from '../../db/reader.ts';
import type { ClientKeyring, KeyringEntry } from '../../vault/client-keyring.ts';
import type { LimitWindows } from '../accounts/limit-windows.ts';

export interface ListClientsDeps {
  readonly keyring: Pick<ClientKeyring, 'list'>;
  readonly reader: Pick<Reader, 'run'>;
  readonly windows: LimitWindows;
  readonly limitBook: Pick<LimitBook, 'limitUses'>;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function listClients(deps: ListClientsDeps): Promise<ClientKeyView[]> {
  const dayFromMs = deps.windows(deps.clock.nowMs(), 'day').fromMs;
  const activity = await deps.reader.run('clients.activity', { dayFromMs });
  return deps.keyring
    .list()
    .map((entry) => clientView(deps, entry, activity[entry.clientKey.id] ?? NOT_USED));
}

/** A key that was made after the figures were read. */
const NOT_USED: ClientActivity = { today: { requests: 0, tokens: 0, cost: 0 }, lastUsedAtMs: null };

export async function viewOfClient(deps: ListClientsDeps, id: string): Promise<ClientKeyView> {
  const view = (await listClients(deps)).find((key) => key.id === id);
  if (!view) throw new CamError('not_found', 'That client key is gone.');
  return view;
}

function clientView(
  { limitBook }: Pick<ListClientsDeps, 'limitBook'>,
  { clientKey, intact }: KeyringEntry,
  figures: ClientActivity,
): ClientKeyView {
  return {
    id: clientKey.id,
    name: clientKey.name,
    prefix: clientKey.prefix,
    guessable: clientKey.guessable,
    accounts: clientKey.accounts,
    models: clientKey.models,
    scopes: clientKey.scopes,
    limits: clientKey.limits,
    limitUse: clientKey.revokedAtMs === null ? limitBook.limitUses(clientKey) : [],
    serviceTiers: clientKey.serviceTiers,
    reasoningEfforts: clientKey.reasoningEfforts,
    expiresAtMs: clientKey.expiresAtMs,
    revokedAtMs: clientKey.revokedAtMs,
    createdAtMs: clientKey.createdAtMs,
    intact,
    lastUsedAtMs: figures.lastUsedAtMs,
    today: figures.today,
  };
}
