/** Changing the master key and the data key, and what goes on meanwhile. */
import { afterEach, describe, expect, it } from 'vitest';
import { accountId } from '../../../lib/base/id.ts';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { accountMacFields } from '../../../server/services/accounts/account-row.ts';
import { GUARDED_TABLES } from '../../../server/services/vault/guarded-tables.ts';
import type { Kdf } from '../../../server/vault/kdf.ts';
import { createKeyJudge } from '../../../server/vault/key-judge.ts';
import { createFastKdf } from '../vault/fast-kdf.ts';
import { createRig, MASTER_KEY, type Rig, type RigOptions } from './rig.ts';

const NEXT = new Secret('another key, just as long');
const WRONG = new Secret('this is not it at all');
const CLIENT = new Secret('a-client-key-of-my-own');
const keyOf = (name: string): string => `sk-proj-${name}-0123456789abcdefghij`;
const PLACE = (rowId: string) => ({ table: 'accounts', rowId, column: 'sealed_key' }) as const;

let rig: Rig;
afterEach(() => rig.close());

async function start(options: RigOptions = {}, accounts = ['Work', 'Home']): Promise<Rig> {
  rig = await createRig({ kdf: createFastKdf(), ...options });
  await rig.services.local.initialise(MASTER_KEY);
  for (const name of accounts) {
    await rig.services.accounts.add({ name, key: new Secret(keyOf(name)), check: false });
  }
  await rig.services.clients.add({ name: 'laptop', value: CLIENT });
  return rig;
}

const rekeyTo = (newMasterKey: Secret, masterKey = MASTER_KEY) =>
  rig.services.vault.rekey({ masterKey, newMasterKey, acceptGuessable: false });
const rowsOf = () => rig.database.db.selectFrom('accounts').selectAll().orderBy('created_at_ms').execute();
const headerRow = () => rig.database.db.selectFrom('vault_header').selectAll().executeTakeFirstOrThrow();
const run = (sql: string) => rig.database.ledger.exec(sql);

/** Everything as after a restart, and every secret looked at. */
async function readsAll(masterKey: Secret): Promise<string[]> {
  await rig.services.session.lock({ panic: true });
  await rig.services.local.unlock(masterKey);
  expect(rig.keyring.check(CLIENT, rig.clock.nowMs()).kind).toBe('caller');
  return rig.pool
    .snapshot()
    .filter(({ intact }) => intact)
    .map(({ account }) => {
      return reveal(rig.vault.unseal(PLACE(account.id), sealedOf(account.id)));
    })
    .sort();
}
function sealedOf(id: string): Uint8Array {
  const row = rig.database.ledger
    .prepare<[string], { sealed_key: Uint8Array }>('SELECT sealed_key FROM accounts WHERE id = ?')
    .get(id);
  return row?.sealed_key ?? new Uint8Array();
}

describe('another master key', () => {
  it('opens everything that the old one opened, which opens nothing any more', async () => {
    await start();
    const sealedBefore = (await rowsOf()).map(({ sealed_key }) => sealed_key);
    await rekeyTo(NEXT);
    expect((await rowsOf()).map(({ sealed_key }) => sealed_key)).toEqual(sealedBefore);
    expect(await readsAll(NEXT)).toEqual([keyOf('Home'), keyOf('Work')]);
    await rig.services.session.lock({ panic: true });
    await expect(rig.services.local.unlock(MASTER_KEY)).rejects.toMatchObject({ code: 'wrong_master_key' });
  });

  it('ends every sign-in, that of whoever asked included', async () => {
    const { services, sessions } = await start();
    const { token } = await services.session.unlock({ masterKey: MASTER_KEY, want: 'bearer' });
    await rekeyTo(NEXT);
    expect(await sessions.verify(token, 'bearer', null)).toBeNull();
  });

  it('needs the one in use, and a wrong one counts as a wrong sign-in', async () => {
    const { throttle } = await start();
    const before = await headerRow();
    for (let tries = 0; tries < 5; tries++) {
      await expect(rekeyTo(NEXT, WRONG)).rejects.toMatchObject({ code: 'wrong_master_key' });
    }
    expect(throttle.triesLeft()).toBe(0);
    await expect(rekeyTo(NEXT)).rejects.toMatchObject({ code: 'login_throttled' });
    expect(await headerRow()).toEqual(before);
  });

  it('is not the one in use', async () => {
    await start();
    await expect(rekeyTo(MASTER_KEY)).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'newMasterKey',
    });
  });

  it('that cannot be stored changes nothing, in the database and in memory', async () => {
    await start();
    const before = await headerRow();
    run(`CREATE TRIGGER full BEFORE UPDATE ON vault_header BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    await expect(rekeyTo(NEXT)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await headerRow()).toEqual(before);
    run('DROP TRIGGER full');
    expect(await rig.vault.verify(MASTER_KEY)).toBe(true);
    expect(await readsAll(MASTER_KEY)).toHaveLength(2);
  });

  it('that was stored otherwise than it was meant is taken back', async () => {
    await start();
    const before = await headerRow();
    run(
      `CREATE TRIGGER tilted AFTER UPDATE OF wrapped_dek ON vault_header WHEN NEW.kdf_passes = 1
       BEGIN UPDATE vault_header SET kdf_passes = 2; END`,
    );
    await expect(rekeyTo(NEXT)).rejects.toMatchObject({ code: 'storage_failed' });
    expect(await headerRow()).toEqual(before);
  });

  it('is opened with once before it is stored, and a header that does not open is not', async () => {
    const kdf = createFastKdf();
    const salts = new Set<string>();
    const unsteady: Kdf = {
      ...kdf,
      async derive(password, salt, parameters) {
        const hash = await kdf.derive(password, salt, parameters);
        const name = Buffer.from(salt).toString('hex');
        // The second time that a new salt is hashed, one bit comes out wrong.
        if (broken && salts.has(name) && name !== first) hash[0] = (hash[0] ?? 0) ^ 1;
        salts.add(name);
        return hash;
      },
    };
    let broken = false;
    let first = '';
    await start({ kdf: unsteady });
    first = [...salts][0] ?? '';
    broken = true;
    const before = await headerRow();
    await expect(rekeyTo(NEXT)).rejects.toMatchObject({ code: 'internal' });
    expect(await headerRow()).toEqual(before);
  });

  it('never lowers what a guess costs', async () => {
    await start({ kdfParameters: { memoryKib: 131_072, passes: 2, lanes: 1 } });
    const cheaper = await createRig({ kdf: createFastKdf(), database: rig.database });
    await cheaper.services.local.unlock(MASTER_KEY);
    await cheaper.services.vault.rekey({ masterKey: MASTER_KEY, newMasterKey: NEXT, acceptGuessable: false });
    expect(await headerRow()).toMatchObject({ kdf_memory_kib: 131_072, kdf_passes: 2 });
    await cheaper.stop();
  });

  it('that is guessable is refused until somebody insists, and is called so from then on', async () => {
    const keyJudge = createKeyJudge();
    await start({ keyJudge });
    const newMasterKey = new Secret('password1234');
    const refused = await rig.services.vault
      .rekey({ masterKey: MASTER_KEY, newMasterKey, acceptGuessable: false })
      .catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'master_key_guessable' });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('password1234');
    expect(await rig.vault.verify(MASTER_KEY)).toBe(true);
    expect((await rig.services.vault.get()).keyStrength).toBe('strong');
    await rig.services.vault.rekey({ masterKey: MASTER_KEY, newMasterKey, acceptGuessable: true });
    await readsAll(newMasterKey);
    expect((await rig.services.vault.get()).keyStrength).toBe('guessable');
    await keyJudge.close();
  });

  it('follows into the keychain where that is in use, and a keychain that fails is emptied', async () => {
    const held: string[] = [];
    let works = true;
    const keychain = {
      write: async (key: Secret) => {
        if (!works) throw new Error('locked');
        held.push(reveal(key));
      },
      remove: async () => void held.push('removed'),
    };
    await start({ keychain });
    await rekeyTo(NEXT);
    expect(held).toEqual([]);
    await rig.services.vault.keychain({ on: true, masterKey: NEXT });
    await rekeyTo(MASTER_KEY, NEXT);
    expect(held).toEqual([reveal(NEXT), reveal(MASTER_KEY)]);
    works = false;
    await rekeyTo(NEXT);
    expect(held.at(-1)).toBe('removed');
    expect(rig.notes).toEqual([expect.stringContaining('cam keychain on')]);
  });
});

describe('another data key', () => {
  it('seals and signs everything anew, and the one before is gone', async () => {
    await start();
    await rig.services.clients.resetUse({ ref: 'laptop', masterKey: MASTER_KEY });
    await rig.services.accounts.add({ name: 'Gone', key: new Secret(keyOf('Gone')), check: false });
    await rig.services.accounts.remove({ ref: 'Gone' });
    const macsBefore = (await rowsOf()).map(({ mac }) => mac);
    const view = await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    expect(view).toMatchObject({ dekNumber: 2, rotating: false });
    const rows = await rowsOf();
    for (const { sealed_key } of rows.slice(0, 2))
      expect(Buffer.from(sealed_key ?? []).readUInt32BE(2)).toBe(2);
    for (const [at, { mac }] of rows.entries()) expect(mac).not.toEqual(macsBefore[at]);
    expect(await headerRow()).toMatchObject({ dek_number: 2, next_wrapped_dek: null });
    expect(await readsAll(MASTER_KEY)).toEqual([keyOf('Home'), keyOf('Work')]);
    expect(await rig.database.db.selectFrom('use_resets').selectAll().execute()).not.toEqual([]);
  });

  it('needs the master key, and a wrong one counts as a wrong sign-in', async () => {
    const { services, throttle } = await start();
    await expect(services.vault.rotate({ masterKey: WRONG })).rejects.toMatchObject({
      code: 'wrong_master_key',
    });
    expect(throttle.triesLeft()).toBe(4);
    expect((await services.vault.get()).dekNumber).toBe(1);
  });

  it('lets a call dial that was given its account before, for ten minutes', async () => {
    const { vault, clock } = await start();
    const [work] = await rowsOf();
    const place = PLACE(work?.id ?? '');
    const held = work?.sealed_key ?? new Uint8Array();
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    vault.tidy();
    expect(reveal(vault.unseal(place, held))).toBe(keyOf('Work'));
    clock.advance(600_000);
    vault.tidy();
    expect(() => vault.unseal(place, held)).toThrow(expect.objectContaining({ code: 'vault_damaged' }));
  });

  it('no longer believes what the old one signed, not even before the next unlock', async () => {
    const { vault } = await start();
    const [before] = await rowsOf();
    if (!before) throw new Error('there is an account');
    const believes = () => vault.rowMacMatches('accounts', before.id, accountMacFields(before), before.mac);
    expect(believes()).toBe(true);
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    expect(believes()).toBe(false);
  });

  it('that was cut off half-way is finished by the next unlock, and what came in between is kept', async () => {
    const names = Array.from({ length: 60 }, (_, n) => `account-${n}`);
    await start({}, names);
    run(
      `CREATE TRIGGER cut BEFORE UPDATE OF sealed_key ON accounts WHEN OLD.name = 'account-55'
       BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    await expect(rig.services.vault.rotate({ masterKey: MASTER_KEY })).rejects.toThrow();
    expect((await rig.services.vault.get()).rotating).toBe(true);
    await rig.services.accounts.add({ name: 'late', key: new Secret(keyOf('late')), check: false });
    await rig.services.accounts.edit({ ref: 'account-3', priority: 9 });
    run('DROP TRIGGER cut');
    // Another master key meanwhile wraps both data keys.
    await rekeyTo(NEXT);
    expect(await readsAll(NEXT)).toEqual([...names, 'late'].map(keyOf).sort());
    expect(await rig.services.vault.get()).toMatchObject({ rotating: false, dekNumber: 2 });
  });

  it('that cannot be finished keeps no vault shut', async () => {
    await start();
    run(
      `CREATE TRIGGER cut BEFORE UPDATE OF sealed_key ON accounts BEGIN SELECT RAISE(ABORT, 'disk full'); END`,
    );
    await expect(rig.services.vault.rotate({ masterKey: MASTER_KEY })).rejects.toThrow();
    expect(await readsAll(MASTER_KEY)).toEqual([keyOf('Home'), keyOf('Work')]);
    expect((await rig.services.vault.get()).rotating).toBe(true);
  });

  it('takes along what was written behind its back, between the last batch and the end', async () => {
    await start();
    await rig.services.clients.resetUse({ ref: 'laptop', masterKey: MASTER_KEY });
    run('CREATE TABLE before AS SELECT id, sealed_key, mac FROM accounts');
    // The last rows that the batches touch: a writer who read before comes to write just then.
    run(
      `CREATE TRIGGER late AFTER UPDATE ON use_resets BEGIN
         UPDATE accounts SET sealed_key = (SELECT sealed_key FROM before WHERE before.id = accounts.id),
           mac = (SELECT mac FROM before WHERE before.id = accounts.id);
       END`,
    );
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    run('DROP TRIGGER late; DROP TABLE before');
    expect(await readsAll(MASTER_KEY)).toEqual([keyOf('Home'), keyOf('Work')]);
    for (const { sealed_key } of await rowsOf())
      expect(Buffer.from(sealed_key ?? []).readUInt32BE(2)).toBe(2);
  });

  it('refuses to store what was sealed before and would open no more', async () => {
    await start();
    const [work] = await rowsOf();
    const stale = work?.sealed_key ?? new Uint8Array();
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    const write = rig.database.db
      .updateTable('accounts')
      .set({ sealed_key: stale })
      .where('id', '=', work?.id ?? '')
      .execute();
    await expect(write).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_TRIGGER' });
  });

  it('signs no row that something else has changed, and loses no secret of it', async () => {
    await start();
    const [work] = await rowsOf();
    run(`UPDATE accounts SET base_url = 'https://elsewhere.example/v1' WHERE name = 'Work'`);
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    expect(rig.pool.upstream(accountId(work?.id ?? ''))?.intact).toBe(false);
    run(`UPDATE accounts SET base_url = '${work?.base_url}' WHERE name = 'Work'`);
    expect(reveal(rig.vault.unseal(PLACE(work?.id ?? ''), sealedOf(work?.id ?? '')))).toBe(keyOf('Work'));
  });

  it('is noted with the master key that it took, and the log holds afterwards', async () => {
    const { services } = await start();
    await expect(services.vault.rotate({ masterKey: WRONG })).rejects.toThrow();
    await services.vault.rotate({ masterKey: MASTER_KEY });
    await rekeyTo(NEXT);
    await rig.services.session.lock({ panic: true });
    await rig.services.local.unlock(NEXT);
    const rows = await rig.database.db
      .selectFrom('audit_log')
      .select(['deed', 'detail'])
      .orderBy('number')
      .execute();
    const deeds = rows.map(({ deed }) => deed).filter((deed) => /vault\.r|step_up/.test(deed));
    expect(deeds).toEqual([
      'step_up.failed',
      'step_up.passed',
      'vault.rotated',
      'step_up.passed',
      'vault.rekeyed',
    ]);
    expect(await services.audit.verify({})).toMatchObject({ intact: true });
  });

  it('is made by one operator at a time', async () => {
    const { services } = await start();
    const first = services.vault.rotate({ masterKey: MASTER_KEY });
    await expect(services.vault.rotate({ masterKey: MASTER_KEY })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect((await first).dekNumber).toBe(2);
  });

  it('reaches every table in which something is sealed or signed', async () => {
    const { database } = await start();
    const columns = database.ledger
      .prepare<[], { table: string; name: string }>(
        `SELECT m.name AS "table", c.name AS name FROM sqlite_master m JOIN pragma_table_info(m.name) c
         WHERE m.type = 'table' AND (c.name = 'mac' OR c.name LIKE 'sealed%')`,
      )
      .all();
    const tables = new Set(columns.map(({ table }) => table));
    // The header is what rotates; the audit log is signed with a key of the lookup root, which no rotation changes.
    for (const apart of ['vault_header', 'audit_log', 'audit_head']) tables.delete(apart);
    expect([...tables].sort()).toEqual(GUARDED_TABLES.map(({ table }) => table).sort());
  });
});

describe('the cost of a guess', () => {
  it('is raised by the next unlock, once it is stored', async () => {
    await start();
    const dearer = await createRig({
      kdf: createFastKdf(),
      database: rig.database,
      kdfParameters: { memoryKib: 131_072, passes: 1, lanes: 1 },
    });
    await dearer.services.local.unlock(MASTER_KEY);
    expect(await headerRow()).toMatchObject({ kdf_memory_kib: 131_072 });
    expect(await dearer.vault.verify(MASTER_KEY)).toBe(true);
    await dearer.stop();
  });

  it('that cannot be stored keeps no vault shut, and stays what it was', async () => {
    await start();
    run(`CREATE TRIGGER full BEFORE UPDATE ON vault_header BEGIN SELECT RAISE(ABORT, 'disk full'); END`);
    const dearer = await createRig({
      kdf: createFastKdf(),
      database: rig.database,
      kdfParameters: { memoryKib: 131_072, passes: 1, lanes: 1 },
    });
    await dearer.services.local.unlock(MASTER_KEY);
    expect(dearer.vault.state()).toBe('unlocked');
    expect(dearer.vault.header()?.kdfMemoryKib).toBe(65_536);
    await dearer.stop();
  });
});
