/** What the open vault tells `doctor`, and that the diagnostics bundle holds nothing that a person typed. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import type { CheckName } from '../../../lib/doctor/finding.ts';
import { createKeyJudge } from '../../../server/vault/key-judge.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const KEY = new Secret('sk-proj-canary-0123456789abcdefghij');

let rig: Rig;
beforeEach(async () => {
  rig = await createRig({ env: { CAM_ALLOWED_HOSTS: 'canary.local' } });
  await rig.services.local.initialise(MASTER_KEY);
});
afterEach(() => rig.close());

const of = async (check: CheckName) =>
  (await rig.services.doctor.check()).findings.filter((finding) => finding.check === check);
const addWork = () => rig.services.accounts.add({ name: 'Work', key: KEY, check: false });

describe('the examination of an open vault', () => {
  it('says that rows, log and keys are well', async () => {
    await addWork();
    await rig.services.clients.add({ name: 'laptop' });
    for (const check of ['rows', 'audit log', 'client keys', 'pragmas', 'database'] as const) {
      expect(await of(check)).toMatchObject([{ severity: 'ok' }]);
    }
  });

  it('names the account and the client key whose rows something else changed', async () => {
    await addWork();
    await rig.services.clients.add({ name: 'laptop' });
    await rig.db.updateTable('accounts').set({ base_url: 'https://thief.example/v1' }).execute();
    await rig.db.updateTable('client_keys').set({ scopes: '["inference","all_objects"]' }).execute();
    expect(await of('rows')).toMatchObject([
      { severity: 'bad', what: expect.stringContaining('account Work'), mend: 'cam remove "Work"' },
      { severity: 'bad', what: expect.stringContaining('client key laptop') },
    ]);
  });

  it('names the account whose sealed key does not open, although its row was not touched', async () => {
    await addWork();
    const { sealed_key: sealed } = await rig.db
      .selectFrom('accounts')
      .select('sealed_key')
      .executeTakeFirstOrThrow();
    const damaged = Buffer.from(sealed ?? []);
    damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1;
    await rig.db.updateTable('accounts').set({ sealed_key: damaged }).execute();
    expect(await of('rows')).toMatchObject([{ severity: 'bad', what: expect.stringContaining('Work') }]);
  });

  it('warns of a master key that is easy to guess until another is chosen', async () => {
    await rig.close();
    const keyJudge = createKeyJudge();
    rig = await createRig({ keyJudge });
    const change = (masterKey: Secret, newMasterKey: Secret) =>
      rig.services.vault.rekey({ masterKey, newMasterKey, acceptGuessable: true });
    const guessable = new Secret('password1234');
    try {
      await rig.services.local.initialise(MASTER_KEY);
      await change(MASTER_KEY, guessable);
      expect(await of('master key')).toMatchObject([{ severity: 'warn', mend: 'cam rekey' }]);
      await change(guessable, new Secret('pasture-lantern-quarry-mitten-52'));
      expect(await of('master key')).toMatchObject([{ severity: 'ok' }]);
    } finally {
      await keyJudge.close();
    }
  });

  it('says where the audit log is not what was written', async () => {
    await addWork();
    await sql`DROP TRIGGER audit_log_kept`.execute(rig.db);
    await rig.db.deleteFrom('audit_log').where('number', '=', 1).execute();
    expect(await of('audit log')).toMatchObject([{ severity: 'bad', mend: 'cam audit verify' }]);
  });

  it('warns of hourly totals that are not what their calls come to', async () => {
    rig.database.ledger.exec(`
      INSERT INTO usage_records (number, id, started_at_ms, client_key_id, endpoint, stream, request_bytes,
        first_account_id, reserved_tokens, reserved_cost, outcome)
        VALUES (1, 'one', ${rig.clock.nowMs() - 7_200_000}, 'c', 'POST /responses', 0, 1, 'a', 0, 0, 'delivered');
      INSERT INTO usage_hours_state (id, until_ms, number, pruned_ms)
        VALUES (1, ${rig.clock.nowMs() - 1_800_000}, 1, 0)`);
    expect(await of('totals')).toMatchObject([
      { severity: 'warn', what: expect.stringContaining('of 1 hour '), mend: 'cam usage --rebuild' },
    ]);
  });

  it('warns of a client key that others can guess until it is revoked', async () => {
    await rig.services.clients.add({ name: 'old', value: new Secret('sk-codex-account-manager') });
    expect(await of('client keys')).toMatchObject([{ severity: 'warn' }]);
    await rig.services.clients.revoke({ ref: 'old' });
    expect(await of('client keys')).toMatchObject([{ severity: 'ok' }]);
  });

  it('says of a locked vault what it could not look at', async () => {
    await rig.services.session.lock({ panic: true });
    const { unchecked } = await rig.services.doctor.check();
    expect(unchecked.map(({ check }) => check)).toEqual(['rows', 'audit log', 'client keys', 'master key']);
  });

  it('warns when the clock was put back while it ran', async () => {
    expect((await of('clock')).filter(({ what }) => what.includes('put back'))).toEqual([]);
    rig.clock.jump(-10 * 60_000);
    expect((await of('clock')).some(({ what }) => what.includes('put back by 10 minutes'))).toBe(true);
  });
});

describe('the diagnostics bundle', () => {
  it('holds no name, address, id, key or message, whatever people typed', async () => {
    const { accounts, clients } = rig.services;
    await accounts.add({
      name: 'Canary account',
      key: KEY,
      baseUrl: 'https://canary.example/v1',
      organizationId: 'org-canary',
      projectId: 'proj-canary',
      models: ['canary-model'],
      check: false,
    });
    rig.clock.advance(1_000);
    await addWork();
    await clients.add({ name: 'Canary client', models: ['canary-*'], accounts: ['Canary account'] });
    const logs = join(dirname(rig.settings.file), 'logs');
    mkdirSync(logs);
    writeFileSync(
      join(logs, 'cam.log'),
      [
        { level: 'error', err: { code: 'storage_failed', message: 'canary' }, msg: 'canary message' },
        { level: 'error', err: { code: 'canary_code' }, msg: 'x' },
        { level: 'warn', err: { code: 'ECONNRESET' }, path: '/canary' },
        { level: 'info', msg: 'canary' },
      ]
        .map((line) => JSON.stringify(line))
        .join('\n'),
    );
    const bundle = await rig.services.doctor.bundle();
    expect(JSON.stringify(bundle).toLowerCase()).not.toContain('canary');
    expect(JSON.stringify(bundle)).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(bundle.accounts).toMatchObject([
      { name: 'account 1', address: 'address 1' },
      { name: 'account 2', address: 'default' },
    ]);
    expect(bundle.clientKeys).toMatchObject([{ name: 'client key 1', accounts: 1, modelPatterns: 1 }]);
    expect(bundle.configuration['server.allowed_hosts']).toEqual({ value: '1 set', origin: 'environment' });
    expect(bundle.configuration['routing.strategy']?.value).toBe('least_utilized');
    expect(bundle.log).toEqual([
      { level: 'error', code: 'storage_failed', times: 1 },
      { level: 'error', code: 'none', times: 1 },
      { level: 'warn', code: 'ECONNRESET', times: 1 },
    ]);
  });
});
