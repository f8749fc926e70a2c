/** Writes what was decided about client keys, inside the one transaction of an import. */
import { clientKeyId } from '../../../lib/base/id.ts';
import { reveal } from '../../../lib/base/secret.ts';
import type { ImportedView } from '../../../lib/wire/moving-views.ts';
import { insertClientKeyRow, replaceClientKeyRow } from '../../db/client-keys.ts';
import type { ClientKeyRow, Db } from '../../db/schema.ts';
import { mintClientKey } from '../../vault/client-key-minting.ts';
import type { Vault } from '../../vault/vault.ts';
import { clientKeyRow, keyringEntryOf } from '../clients/client-key-row.ts';
import type { ClientKeyRules, ClientKeyWrite } from './compare-client-keys.ts';

export interface WriteClientKeysDeps {
  /** The transaction. */
  readonly db: Db;
  readonly vault: Pick<Vault, 'rowMac' | 'rowMacMatches' | 'clientKeyDigest'>;
  readonly random: (bytes: number) => Uint8Array;
  readonly newId: () => string;
  readonly nowMs: number;
}

/** Answers the values that were made, which are shown this once. */
export async function writeClientKeys(
  deps: WriteClientKeysDeps,
  writes: readonly ClientKeyWrite[],
): Promise<ImportedView['newClientKeys']> {
  const made: { name: string; key: string }[] = [];
  // A name that becomes free is free for the next one.
  const order = { revoke: 0, replace: 1, insert: 2, mint: 2 } as const;
  for (const write of [...writes].sort((one, other) => order[one.kind] - order[other.kind])) {
    if (write.kind === 'revoke') await revoke(deps, write.before);
    else if (write.kind === 'replace') await replace(deps, write.before, write.rules);
    else if (write.kind === 'mint') made.push(await mint(deps, write.rules));
    else await insert(deps, write);
  }
  return made;
}

async function revoke(deps: WriteClientKeysDeps, before: ClientKeyRow): Promise<void> {
  const { clientKey } = keyringEntryOf(deps.vault, before);
  await replaceClientKeyRow(
    deps.db,
    clientKeyRow(deps.vault, { ...clientKey, revokedAtMs: deps.nowMs }, before.digest),
  );
}

async function replace(
  deps: WriteClientKeysDeps,
  before: ClientKeyRow,
  rules: ClientKeyRules,
): Promise<void> {
  const { clientKey } = keyringEntryOf(deps.vault, before);
  await replaceClientKeyRow(deps.db, clientKeyRow(deps.vault, { ...clientKey, ...rules }, before.digest));
}

async function insert(
  deps: WriteClientKeysDeps,
  { incoming, rules }: Extract<ClientKeyWrite, { kind: 'insert' }>,
): Promise<void> {
  const { prefix, guessable, createdAtMs } = incoming;
  const clientKey = { ...rules, id: clientKeyId(deps.newId()), prefix, guessable, createdAtMs };
  await insertClientKeyRow(deps.db, clientKeyRow(deps.vault, clientKey, Buffer.from(incoming.digest, 'hex')));
}

async function mint(
  deps: WriteClientKeysDeps,
  rules: ClientKeyRules,
): Promise<{ name: string; key: string }> {
  const { key, prefix, guessable } = mintClientKey(deps.random);
  const clientKey = {
    ...rules,
    id: clientKeyId(deps.newId()),
    prefix,
    guessable,
    createdAtMs: deps.nowMs,
  };
  await insertClientKeyRow(deps.db, clientKeyRow(deps.vault, clientKey, deps.vault.clientKeyDigest(key)));
  return { name: rules.name, key: reveal(key) };
}
