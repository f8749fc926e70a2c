/** A disk without room: what the vault was about to write is not half written, and everything from before opens. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { IN_PROCESS } from '../../../server/admin/router.ts';
import { listAccountRows } from '../../../server/db/accounts.ts';
import { type Database, openDatabase } from '../../../server/db/open-database.ts';
import { createFakeClock } from '../vault/fake-clock.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const NEXT = new Secret('another master key altogether');
const ACCOUNTS = 12;
const masterKey = reveal(MASTER_KEY);

let database: Database;
let rig: Rig;
let api: ReturnType<Rig['router']['createCaller']>;

beforeEach(async () => {
  database = await openDatabase({ file: ':memory:', version: '0.0.0', clock: createFakeClock() });
  rig = await createRig({ database });
  await rig.services.local.initialise(MASTER_KEY);
  api = rig.router.createCaller(IN_PROCESS);
  for (let at = 0; at < ACCOUNTS; at++) await add(`Account ${at}`);
});
afterEach(() => rig.close());

const add = (name: string) =>
  api.accounts.add({ name, key: `sk-proj-${name.replaceAll(' ', '-')}-0123456789abcdef`, check: false });

/** SQLite is told that the file may not grow: what it then answers is what it answers on a full disk. */
function fill(): void {
  const pages = Number(database.ledger.pragma('page_count', { simple: true }));
  database.ledger.pragma(`max_page_count = ${pages}`);
}

function makeRoom(): void {
  database.ledger.pragma('max_page_count = 1000000');
}

/** Takes up what is free inside the file, by large rows and then by small ones, until nothing more fits. */
async function fillToTheBrim(): Promise<number> {
  fill();
  let added = 0;
  await untilFull(async () => {
    await add(`More ${added}`);
    added++;
  });
  await untilFull(() => api.accounts.disable({ ref: 'Account 0' }));
  return added;
}

async function untilFull(deed: () => Promise<unknown>): Promise<void> {
  for (let at = 0; at < 1_000; at++) {
    try {
      await deed();
    } catch (thrown) {
      expect(thrown).toMatchObject({
        cause: { code: 'storage_failed', message: expect.stringContaining('disk is full') },
      });
      return;
    }
  }
  throw new Error('the file never became full');
}

/** With this master key, and under the MACs of all rows. */
async function expectEverythingOpens(count: number, key: string): Promise<void> {
  rig.vault.lock();
  await rig.services.local.unlock(new Secret(key));
  const accounts = await api.accounts.list();
  expect(accounts).toHaveLength(count);
  expect(accounts.filter(({ state }) => state.word === 'quarantined')).toEqual([]);
  for (const { id, sealed_key, key_fingerprint } of await listAccountRows(database.db)) {
    const place = { table: 'accounts', rowId: id, column: 'sealed_key' } as const;
    expect(sealed_key && rig.vault.opens(place, sealed_key, key_fingerprint)).toBe(true);
  }
}

const full = expect.objectContaining({
  cause: expect.objectContaining({ code: 'storage_failed' }),
});

it('an account that does not fit is not there at all, and can be added once there is room', async () => {
  const added = await fillToTheBrim();
  makeRoom();
  await expectEverythingOpens(ACCOUNTS + added, masterKey);
  await add(`More ${added}`);
  await expectEverythingOpens(ACCOUNTS + added + 1, masterKey);
});

it('a change of the master key that cannot be written leaves the old one', async () => {
  const added = await fillToTheBrim();
  await expect(api.vault.rekey({ masterKey, newMasterKey: reveal(NEXT) })).rejects.toEqual(full);
  makeRoom();
  await expectEverythingOpens(ACCOUNTS + added, masterKey);
  await api.vault.rekey({ masterKey, newMasterKey: reveal(NEXT) });
  await expectEverythingOpens(ACCOUNTS + added, reveal(NEXT));
});

it('a rotation that cannot go on leaves everything readable, and ends when it is asked for again', async () => {
  const added = await fillToTheBrim();
  await expect(api.vault.rotate({ masterKey })).rejects.toEqual(full);
  makeRoom();
  await expectEverythingOpens(ACCOUNTS + added, masterKey);
  expect(await api.vault.rotate({ masterKey })).toMatchObject({ rotating: false });
  await expectEverythingOpens(ACCOUNTS + added, masterKey);
});
