/**
 * `CAM_CLIENT_KEY`: a client key that the environment brings, registered once. What an operator revoked stays
 * revoked, however often the environment says it again; the start says so.
 */
import { SERVER } from '../../../lib/audit/actor.ts';
import type { Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { adoptClientKey, type NewClientKey } from '../../vault/client-key-minting.ts';
import { type AddClientDeps, newClientKey, storeClientKey } from './add.ts';
import type { ClientKeyStore } from './client-key-store.ts';

export interface RegisterGivenKeyDeps
  extends Pick<AddClientDeps, 'clientKeys' | 'vault' | 'clock' | 'newId' | 'ledger'> {
  readonly givenKey: Secret | null;
  /** Something that the start should say. */
  readonly note: (text: string) => void;
}

const NAME = 'CAM_CLIENT_KEY';

export async function registerGivenKey(deps: RegisterGivenKeyDeps): Promise<void> {
  if (deps.givenKey === null) return;
  const known = await deps.clientKeys.findByDigest(deps.vault.clientKeyDigest(deps.givenKey));
  if (known) {
    if (known.revoked_at_ms !== null) {
      deps.note(`the value of CAM_CLIENT_KEY was revoked (${known.name}) and stays revoked`);
    }
    return;
  }
  const made = adopted(deps.givenKey, deps.note);
  if (made === null) return;
  const name = await freeName(deps.clientKeys);
  await storeClientKey(deps, newClientKey(deps, made, { name, accounts: null }), made.key, SERVER);
  deps.note(`the value of CAM_CLIENT_KEY is registered as client key ${name}`);
}

/** An unusable value must not keep the vault shut; it is said, and clients that send it are refused. */
function adopted(givenKey: Secret, note: (text: string) => void): NewClientKey | null {
  try {
    return adoptClientKey(givenKey);
  } catch (thrown) {
    if (!(thrown instanceof CamError)) throw thrown;
    note(`the value of CAM_CLIENT_KEY is not registered: ${thrown.message}`);
    return null;
  }
}

async function freeName(clientKeys: ClientKeyStore): Promise<string> {
  const taken = new Set(
    (await clientKeys.list()).filter((row) => row.revoked_at_ms === null).map((row) => row.name_key),
  );
  for (let number = 1; ; number++) {
    const name = number === 1 ? NAME : `${NAME} ${number}`;
    if (!taken.has(name.toLowerCase())) return name;
  }
}
