/** Moving a vault: out as an age file, in after a look at the difference; two rigs are two computers. */
import { existsSync, readFileSync } from 'node:fs';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { EXPORT_FORMAT } from '../../../lib/wire/export-document.ts';
import type { DifferenceView, MoveRow } from '../../../lib/wire/moving-views.ts';
import { IN_PROCESS } from '../../../server/admin/router.ts';
import { createAgeFiles } from '../../../server/vault/age.ts';
import { createRig, MASTER_KEY, type Rig, type RigOptions } from './rig.ts';

const PASSPHRASE = 'four unrelated words here';
const masterKey = reveal(MASTER_KEY);
const KEYS = { Work: 'sk-proj-work-0123456789abcdef', Home: 'sk-proj-home-0123456789abcdef' } as const;

const forge = createAgeFiles({ workFactor: 10 });
afterAll(() => forge.close());

const rigs: Rig[] = [];
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.close();
});

async function computer(options: RigOptions = {}) {
  const rig = await createRig(options);
  rigs.push(rig);
  await rig.services.local.initialise(MASTER_KEY);
  return { rig, api: rig.router.createCaller(IN_PROCESS) };
}
type Computer = Awaited<ReturnType<typeof computer>>;

async function furnished() {
  const one = await computer();
  await one.api.accounts.add({
    name: 'Work',
    key: KEYS.Work,
    limits: { day: { requests: 100 } },
    check: false,
  });
  await one.api.accounts.add({
    name: 'Home',
    key: KEYS.Home,
    baseUrl: 'https://gateway.example/v1',
    models: ['gpt-5*'],
    priority: 7,
    check: false,
  });
  await one.api.clients.add({ name: 'opencode', accounts: ['Home'], limits: { hour: { requests: 5 } } });
  await one.api.settings.set({
    values: { 'routing.strategy': 'priority', 'routing.attempts_max': 5 },
  });
  return one;
}

const exported = ({ api }: Computer) => api.moving.export({ masterKey, passphrase: PASSPHRASE });
const source = (file: string) => ({ kind: 'export' as const, file, passphrase: PASSPHRASE });
const row = (view: DifferenceView, name: string): MoveRow | undefined =>
  view.rows.find((one) => one.name === name);

/** The document of an export, changed, and encrypted again as anybody with the passphrase could. */
async function forged(file: string, change: (document: Record<string, never>) => unknown): Promise<string> {
  const passphrase = new Secret(PASSPHRASE);
  const plain = await forge.decrypt(new Uint8Array(Buffer.from(file, 'base64')), { passphrase });
  const document = JSON.parse(Buffer.from(plain).toString('utf8'));
  const changed = change(document) ?? document;
  const text = typeof changed === 'string' ? changed : JSON.stringify(changed);
  const sealed = await forge.encrypt(new TextEncoder().encode(text), { passphrase });
  return Buffer.from(sealed).toString('base64');
}

/** Everything that an import may write, as it lies there. */
async function standing({ rig }: Computer): Promise<string> {
  const tables = ['accounts', 'client_keys', 'account_facts'] as const;
  const rows = await Promise.all(
    tables.map((table) => rig.database.db.selectFrom(table).selectAll().execute()),
  );
  const toml = existsSync(rig.settings.file) ? readFileSync(rig.settings.file, 'utf8') : null;
  return JSON.stringify([rows, toml]);
}

describe('exporting', () => {
  it('needs the master key in the same request, and no wrong one', async () => {
    const one = await furnished();
    await expect(one.api.moving.export({ passphrase: PASSPHRASE })).rejects.toThrow(/master key is needed/);
    await expect(
      one.api.moving.export({ masterKey: 'not the master key', passphrase: PASSPHRASE }),
    ).rejects.toThrow('That is not the master key.');
  });

  it('counts wrong master keys as wrong sign-ins, so that it is no faster way of guessing', async () => {
    const one = await furnished();
    for (let tries = 0; tries < 5; tries++) {
      await one.api.moving
        .export({ masterKey: 'not the master key', passphrase: PASSPHRASE })
        .catch(() => {});
    }
    await expect(exported(one)).rejects.toThrow(/Too many wrong master keys/);
  });

  it('does not take the master key as passphrase', async () => {
    const one = await furnished();
    await expect(one.api.moving.export({ masterKey, passphrase: masterKey })).rejects.toThrow(
      /not the master key/,
    );
  });

  it('leaves out an account whose row was changed from outside, and says so', async () => {
    const one = await furnished();
    await one.rig.database.db
      .updateTable('accounts')
      .set({ base_url: 'https://thief.example/v1' })
      .where('name', '=', 'Work')
      .execute();
    const made = await exported(one);
    expect(made).toMatchObject({ accounts: 1, leftOut: [{ kind: 'account', name: 'Work' }] });
  });
});

describe('importing into another vault', () => {
  it('shows what is new before anything is written, with each base URL on its own line and no key in it', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const before = await standing(other);
    const view = await other.api.moving.preview({ source: source(file) });
    expect(row(view, 'Work')).toMatchObject({ kind: 'account', state: 'new' });
    expect(row(view, 'Home')).toMatchObject({ kind: 'account', state: 'new' });
    expect(view.baseUrls).toEqual([
      { name: 'Home', from: null, to: 'https://gateway.example/v1', allowLocal: false },
    ]);
    expect(row(view, 'opencode')).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('in no export'),
    });
    expect(row(view, 'routing.strategy')).toMatchObject({
      state: 'changed',
      changes: [{ field: 'value', from: 'least_utilized', to: 'priority' }],
    });
    expect(JSON.stringify(view)).not.toMatch(/sk-proj/);
    expect(await standing(other)).toBe(before);
  });

  it('brings accounts, keys, limits and settings, and leaves out what was not ticked', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const { seen } = await other.api.moving.preview({ source: source(file) });
    const done = await other.api.moving.import({ source: source(file), seen, masterKey });
    expect(done).toMatchObject({ new: 1, changed: 2, removed: 0, same: 0, newClientKeys: [] });
    expect(done.leftOut).toContainEqual({
      kind: 'account',
      name: 'Home',
      why: 'Its base URL was not ticked.',
    });
    const [work, ...rest] = await other.api.accounts.list();
    expect(rest).toEqual([]);
    expect(work).toMatchObject({ name: 'Work', keyLastFour: 'cdef', limits: { day: { requests: 100 } } });
    expect(other.rig.settings.config.routing).toMatchObject({ strategy: 'priority', attempts_max: 5 });
  });

  it('brings the very keys, sealed anew: the same export there is the same here', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const wish = { source: source(file), newClientKeys: true };
    const { seen } = await other.api.moving.preview(wish);
    const done = await other.api.moving.import({ ...wish, seen, acceptBaseUrls: ['home'], masterKey });
    expect(done).toMatchObject({ new: 3, changed: 2, leftOut: [] });
    const back = (await exported(other)).file;
    const view = await one.api.moving.preview({ source: source(back) });
    expect(view.rows.filter(({ kind }) => kind !== 'client_key').map(({ state }) => state)).toEqual(
      Array(4).fill('same'),
    );
  });

  it('makes new client keys under the old rules only when asked, tied to the accounts of the same names', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const wish = { source: source(file), newClientKeys: true };
    const { seen } = await other.api.moving.preview(wish);
    const done = await other.api.moving.import({ ...wish, seen, acceptBaseUrls: ['Home'], masterKey });
    const [made] = done.newClientKeys;
    expect(made?.name).toBe('opencode');
    const verdict = other.rig.keyring.check(new Secret(made?.key ?? ''), other.rig.clock.nowMs());
    const home = (await other.api.accounts.list()).find(({ name }) => name === 'Home');
    expect(verdict).toMatchObject({
      kind: 'caller',
      caller: { accounts: [home?.id], limits: { hour: { requests: 5 } } },
    });
  });

  it('does not widen a client key whose account was not ticked', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const wish = { source: source(file), newClientKeys: true };
    const { seen } = await other.api.moving.preview(wish);
    const done = await other.api.moving.import({ ...wish, seen, masterKey });
    expect(done.newClientKeys).toEqual([]);
    expect(done.leftOut.find(({ name }) => name === 'opencode')?.why).toContain('tied to the account Home');
  });

  it('names the changed fields of an account that is here already, and its new base URL by itself', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    await other.api.accounts.add({ name: 'HOME', key: KEYS.Home, check: false });
    const view = await other.api.moving.preview({ source: source(file) });
    expect(row(view, 'Home')).toMatchObject({
      state: 'changed',
      changes: [
        { field: 'name', from: 'HOME', to: 'Home' },
        { field: 'base URL', from: 'https://api.openai.com/v1', to: 'https://gateway.example/v1' },
        { field: 'models', from: 'all', to: 'gpt-5*' },
        { field: 'priority', from: '100', to: '7' },
      ],
    });
    expect(view.baseUrls).toMatchObject([{ name: 'Home', from: 'https://api.openai.com/v1' }]);
  });

  it('refuses an account whose key is in use here under another name', async () => {
    const [one, other] = [await furnished(), await computer()];
    await other.api.accounts.add({ name: 'Office', key: KEYS.Work, check: false });
    const view = await other.api.moving.preview({ source: source((await exported(one)).file) });
    expect(row(view, 'Work')).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('key of Office'),
    });
  });

  it('keeps what is only here when merging, and removes it when replacing', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    await other.api.accounts.add({ name: 'Only here', key: 'sk-proj-only-0123456789abcdef', check: false });
    const merge = await other.api.moving.preview({ source: source(file) });
    expect(row(merge, 'Only here')).toBeUndefined();
    const wish = { source: source(file), mode: 'replace' as const };
    const replace = await other.api.moving.preview(wish);
    expect(row(replace, 'Only here')).toMatchObject({ state: 'removed' });
    await other.api.moving.import({ ...wish, seen: replace.seen, masterKey });
    expect((await other.api.accounts.list()).map(({ name }) => name)).toEqual(['Work']);
  });

  it('needs the master key, and the difference that was looked at', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const before = await standing(other);
    const { seen } = await other.api.moving.preview({ source: source(file) });
    await expect(other.api.moving.import({ source: source(file), seen })).rejects.toThrow(
      /master key is needed/,
    );
    await expect(
      other.api.moving.import({ source: source(file), seen: 'another', masterKey }),
    ).rejects.toThrow(/Something has changed/);
    const replace = { source: source(file), mode: 'replace' as const };
    expect(await standing(other)).toBe(before);
    await other.api.accounts.add({ name: 'Meanwhile', key: 'sk-proj-meanwhile-0123456789', check: false });
    await expect(other.api.moving.import({ ...replace, seen, masterKey })).rejects.toThrow(
      /Something has changed/,
    );
  });

  it('never brings settings that decide where we listen, where traffic goes or what is started', async () => {
    const [one, other] = [await furnished(), await computer()];
    const file = await forged((await exported(one)).file, (document) => ({
      ...document,
      settings: {
        'server.host': '0.0.0.0',
        'server.expose': true,
        'server.allowed_hosts': ['thief.example'],
        'upstream.proxy': 'http://thief.example:3128',
        'alerts.command': ['/bin/sh'],
        'routing.attempts_max': 11,
      },
    }));
    const view = await other.api.moving.preview({ source: source(file) });
    const settings = view.rows.filter(({ kind }) => kind === 'setting');
    expect(settings).toHaveLength(6);
    expect(settings.every(({ state }) => state === 'refused')).toBe(true);
  });

  it('leaves nothing half-done when the last step fails', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const { seen } = await other.api.moving.preview({ source: source(file) });
    const before = await standing(other);
    other.rig.settings.set = () => {
      throw new Error('the disk is full');
    };
    await expect(other.api.moving.import({ source: source(file), seen, masterKey })).rejects.toThrow();
    expect(await standing(other)).toBe(before);
    expect(other.rig.pool.snapshot()).toEqual([]);
  });

  it('puts the settings back when the rows cannot be committed', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    const { seen } = await other.api.moving.preview({ source: source(file) });
    // Noticed by SQLite at the commit and not before.
    other.rig.database.ledger.exec(`
      CREATE TABLE late (account_id TEXT REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED);
      CREATE TRIGGER too_late AFTER INSERT ON accounts BEGIN INSERT INTO late VALUES ('nobody'); END;`);
    await expect(other.api.moving.import({ source: source(file), seen, masterKey })).rejects.toThrow();
    expect(other.rig.settings.config.routing.strategy).toBe('least_utilized');
    expect(await other.api.accounts.list()).toEqual([]);
  });
});

describe('importing back into the vault that made the export', () => {
  it('recognises its client keys by their digests, and lets a lost one work again', async () => {
    const one = await furnished();
    const { key } = await one.api.clients.add({ name: 'lost', models: ['gpt-5*'] });
    const { file } = await exported(one);
    await one.rig.database.db.deleteFrom('client_keys').where('name', '=', 'lost').execute();
    const view = await one.api.moving.preview({ source: source(file) });
    expect(view.sameVault).toBe(true);
    expect(row(view, 'opencode')).toMatchObject({ state: 'same' });
    expect(row(view, 'lost')).toMatchObject({ state: 'new' });
    await one.api.moving.import({ source: source(file), seen: view.seen, masterKey });
    expect(one.rig.keyring.check(new Secret(key), one.rig.clock.nowMs())).toMatchObject({
      kind: 'caller',
      caller: { name: 'lost', models: ['gpt-5*'] },
    });
  });

  it('leaves a revoked value revoked', async () => {
    const one = await furnished();
    const { file } = await exported(one);
    await one.api.clients.revoke({ ref: 'opencode' });
    const view = await one.api.moving.preview({ source: source(file) });
    expect(row(view, 'opencode')).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('stays revoked'),
    });
  });

  it('recognises a renamed account by its id', async () => {
    const one = await furnished();
    const { file } = await exported(one);
    await one.api.accounts.edit({ ref: 'Work', name: 'Office' });
    expect(row(await one.api.moving.preview({ source: source(file) }), 'Work')).toMatchObject({
      state: 'changed',
      changes: [{ field: 'name', from: 'Office', to: 'Work' }],
    });
  });

  it('does not sign a quarantined row again', async () => {
    const one = await furnished();
    const { file } = await exported(one);
    await one.rig.database.db
      .updateTable('accounts')
      .set({ base_url: 'https://thief.example/v1' })
      .where('name', '=', 'Work')
      .execute();
    expect(row(await one.api.moving.preview({ source: source(file) }), 'Work')).toMatchObject({
      state: 'refused',
      why: expect.stringContaining('quarantined'),
    });
  });
});

describe('files that are no good', () => {
  const refusal = async (other: Computer, file: string, more: object = {}) => {
    const before = await standing(other);
    const thrown = await other.api.moving.preview({ source: { ...source(file), ...more } }).then(
      () => null,
      (error) => error.cause,
    );
    expect(await standing(other)).toBe(before);
    return { code: thrown?.code, message: thrown?.message, hint: thrown?.hint };
  };

  it('are refused each with its reason and its remedy', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    expect(await refusal(other, file, { passphrase: 'a wrong passphrase' })).toMatchObject({
      code: 'import_not_opened',
      hint: expect.stringContaining('not the master key'),
    });
    expect(await refusal(other, file, { passphrase: undefined })).toMatchObject({
      code: 'import_not_opened',
    });
    expect(await refusal(other, Buffer.from('PK\u0003\u0004').toString('base64'))).toMatchObject({
      code: 'import_unreadable',
      hint: expect.stringContaining('age-encryption.org'),
    });
    const bytes = Buffer.from(file, 'base64');
    expect(await refusal(other, bytes.subarray(0, -20).toString('base64'))).toMatchObject({
      code: 'import_unreadable',
      message: expect.stringContaining('damaged'),
    });
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1;
    expect(await refusal(other, bytes.toString('base64'))).toMatchObject({ code: 'import_unreadable' });
  });

  it('from the future are refused with the version that can read them', async () => {
    const [one, other] = [await furnished(), await computer()];
    const file = await forged((await exported(one)).file, (document) => ({
      ...document,
      version: 2,
      madeBy: '3.1.4',
      somethingNew: [],
    }));
    expect(await refusal(other, file)).toMatchObject({
      code: 'import_newer',
      message: expect.stringContaining('3.1.4'),
      hint: 'Import it with version 3.1.4 or later.',
    });
  });

  it('of another program are refused', async () => {
    const [one, other] = [await furnished(), await computer()];
    const { file } = await exported(one);
    for (const text of ['', 'hello', '[]', '{"format":"x"}']) {
      expect(await refusal(other, await forged(file, () => text || ' '))).toMatchObject({
        code: 'import_unreadable',
      });
    }
    expect(
      await refusal(other, await forged(file, () => ({ format: EXPORT_FORMAT, version: 1 }))),
    ).toMatchObject({
      code: 'import_unreadable',
    });
  });

  it('encrypted to somebody else are refused, and opened by the right secret key', async () => {
    const [one, other] = [await furnished(), await computer()];
    const [ours, theirs] = [await generateX25519Identity(), await generateX25519Identity()];
    const recipient = await identityToRecipient(ours);
    const { file } = await one.api.moving.export({ masterKey, recipients: [recipient] });
    expect(await refusal(other, file)).toMatchObject({ code: 'import_not_opened' });
    expect(await refusal(other, file, { identity: theirs })).toMatchObject({
      code: 'import_not_opened',
      message: expect.stringContaining('somebody else'),
    });
    expect(await refusal(other, file, { identity: 'AGE-SECRET-KEY-1WRONG' })).toMatchObject({
      code: 'invalid_request',
    });
    const view = await other.api.moving.preview({ source: { kind: 'export', file, identity: ours } });
    expect(row(view, 'Work')).toMatchObject({ state: 'new' });
  });

  it('that are enormous are refused before they are decoded', async () => {
    const other = await computer();
    await expect(
      other.api.moving.preview({ source: { kind: 'export', file: 'A'.repeat(1_000_000), passphrase: 'x' } }),
    ).rejects.toThrow(/no import is larger than 720 KiB/);
  });

  it('that ask for absurd amounts of work are refused before the work', async () => {
    const [one, other] = [await furnished(), await computer()];
    const bytes = Buffer.from((await exported(one)).file, 'base64').toString('latin1');
    const harder = bytes.replace(/^(age-encryption.org\/v1\n-> scrypt \S+) 10\n/, '$1 40\n');
    expect(harder).not.toBe(bytes);
    expect(await refusal(other, Buffer.from(harder, 'latin1').toString('base64'))).toMatchObject({
      code: 'import_unreadable',
      message: expect.stringContaining('more memory'),
    });
  });

  it('with bad rows name each of them and bring the others', async () => {
    const [one, other] = [await furnished(), await computer()];
    const file = await forged((await exported(one)).file, (document) => {
      const { accounts } = document as unknown as { accounts: Record<string, unknown>[] };
      return {
        ...(document as object),
        accounts: [
          { ...accounts[0], weight: 1_000 },
          { ...accounts[1], id: crypto.randomUUID(), name: 'Local', baseUrl: 'http://10.0.0.1/v1' },
          { ...accounts[1], key: 'has blanks inside' },
          7,
          { ...accounts[1], id: crypto.randomUUID(), name: 'Good' },
          { ...accounts[1], id: crypto.randomUUID(), name: 'good' },
        ],
      };
    });
    const view = await other.api.moving.preview({ source: source(file) });
    const accounts = view.rows.filter(({ kind }) => kind === 'account');
    expect(accounts.map(({ name, state }) => [name, state])).toEqual([
      ['Work', 'refused'],
      ['Local', 'refused'],
      ['Home', 'refused'],
      ['account 4', 'refused'],
      ['Good', 'new'],
      ['good', 'refused'],
    ]);
    expect(accounts[0]?.why).toBe('weight: a weight is 1 to 100.');
    expect(accounts[2]?.why).toBe('key: an account key is printable ASCII without blanks inside.');
    expect(JSON.stringify(view)).not.toContain('has blanks inside');
  });
});
