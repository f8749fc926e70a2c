/** The audit log: what is noted, that it is noted with the deed or not at all, and that no change to it passes. */
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AuditEntry, aboutVault } from '../../../lib/audit/deeds.ts';
import { Secret } from '../../../lib/base/secret.ts';
import type { AuditVerdictView } from '../../../lib/wire/audit-views.ts';
import { createAuditLog, WAITING_MAX } from '../../../server/services/audit/audit-log.ts';
import { TESTER } from './as-operator.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const WRONG = new Secret('this is not it at all');
const KEY = new Secret('sk-proj-canary-0123456789abcdefghij');

let rig: Rig;
beforeEach(async () => {
  rig = await createRig();
  await rig.services.local.initialise(MASTER_KEY);
});
afterEach(() => rig.close());

const deeds = async () =>
  (await rig.services.audit.page({ after: 0 })).rows.map(({ deed, objectName }) => `${deed} ${objectName}`);
const newest = async () => (await rig.services.audit.list({ limit: 1 })).rows[0];
const verify = (anchor?: string): Promise<AuditVerdictView> =>
  rig.services.audit.verify(anchor === undefined ? {} : { anchor });
const addWork = () => rig.services.accounts.add({ name: 'Work', key: KEY, check: false });

describe('the audit log', () => {
  it('notes every deed to an account with who did it, when, and to which', async () => {
    await addWork();
    const { accounts } = rig.services;
    rig.clock.advance(5_000);
    await accounts.edit({ ref: 'Work', priority: 3 });
    await accounts.disable({ ref: 'Work' });
    await accounts.enable({ ref: 'Work' });
    await accounts.test({ ref: 'Work' });
    await accounts.pause({ ref: 'Work' });
    await accounts.resume({ ref: 'Work' });
    await accounts.resetUse({ ref: 'Work', windows: ['day'] });
    await accounts.remove({ ref: 'Work' });
    expect(await deeds()).toEqual([
      'vault.set_up null',
      'account.added Work',
      'account.edited Work',
      'account.disabled Work',
      'account.enabled Work',
      'account.tested Work',
      'account.paused Work',
      'account.resumed Work',
      'account.use_reset Work',
      'account.removed Work',
    ]);
    const edited = (await rig.services.audit.page({ after: 2 })).rows[0];
    expect(edited).toMatchObject({
      number: 3,
      atMs: rig.clock.nowMs(),
      actor: TESTER,
      objectKind: 'account',
      detail: { changed: ['priority'], movedTo: null },
      verified: true,
      whileLocked: false,
    });
  });

  it('notes what is forgotten about an account only where something was', async () => {
    await addWork();
    await rig.services.accounts.clear({ ref: 'Work' });
    expect((await newest())?.deed).toBe('account.added');
  });

  it('notes every deed to a client key, and how its rights grew', async () => {
    const { clients } = rig.services;
    await clients.add({ name: 'laptop', limits: { day: { requests: 5 } } });
    await clients.edit({ ref: 'laptop', limits: { day: { requests: 9 } }, masterKey: MASTER_KEY });
    expect((await newest())?.detail).toEqual({ changed: ['limits'], raised: ['limits'] });
    await clients.resetUse({ ref: 'laptop', windows: ['day'], masterKey: MASTER_KEY });
    await clients.revoke({ ref: 'laptop' });
    expect((await deeds()).slice(1)).toEqual([
      'client_key.added laptop',
      'step_up.passed laptop',
      'client_key.edited laptop',
      'step_up.passed laptop',
      'client_key.use_reset laptop',
      'client_key.revoked laptop',
    ]);
  });

  it('notes a wrong master key given for a step-up, and what it was for', async () => {
    await addWork();
    const move = { ref: 'Work', baseUrl: 'https://elsewhere.example/v1', key: KEY };
    await expect(rig.services.accounts.edit({ ...move, masterKey: WRONG })).rejects.toMatchObject({
      code: 'wrong_master_key',
    });
    expect(await newest()).toMatchObject({
      deed: 'step_up.failed',
      objectName: 'Work',
      detail: { purpose: "To change where an account's calls go" },
    });
    await rig.services.accounts.edit({ ...move, masterKey: MASTER_KEY });
    expect(await newest()).toMatchObject({ detail: { movedTo: 'https://elsewhere.example/v1' } });
  });

  it('notes settings with what they were and what they are now', async () => {
    await rig.services.settings.set({ values: { 'routing.strategy': 'priority' } });
    expect(await newest()).toMatchObject({
      deed: 'settings.changed',
      objectKind: 'setting',
      detail: { changed: [expect.stringMatching(/^routing\.strategy: \w+ → priority$/)] },
    });
  });

  it('notes signing in and out by the same session, locking and unlocking', async () => {
    const { session } = rig.services;
    const signIn = await session.unlock({ masterKey: MASTER_KEY, want: 'cookie' });
    const began = await newest();
    expect(began).toMatchObject({ deed: 'session.began', actor: { kind: 'browser' } });
    expect(JSON.stringify(began)).not.toContain(signIn.jti);
    await session.end({ jti: signIn.jti, via: 'cookie' });
    expect(await newest()).toMatchObject({ deed: 'session.ended', actor: began?.actor });
    await session.lock({ panic: true });
    await session.unlock({ masterKey: MASTER_KEY, want: 'bearer' });
    expect((await deeds()).slice(-3)).toEqual([
      'vault.panicked null',
      'vault.unlocked null',
      'session.began null',
    ]);
  });

  it('keeps what was tried while it was locked, and chains it with a mark at the next unlock', async () => {
    const { session } = rig.services;
    await session.lock({ panic: false });
    await expect(session.unlock({ masterKey: WRONG, want: 'cookie' })).rejects.toThrow();
    const triedAtMs = rig.clock.nowMs();
    rig.clock.advance(60_000);
    await session.unlock({ masterKey: MASTER_KEY, want: 'cookie' });
    const rows = (await rig.services.audit.page({ after: 0 })).rows.slice(1);
    expect(rows).toMatchObject([
      { deed: 'vault.locked', whileLocked: false },
      {
        deed: 'vault.unlock_failed',
        whileLocked: true,
        atMs: triedAtMs,
        actor: { kind: 'visitor', via: 'browser' },
      },
      { deed: 'vault.unlocked', whileLocked: false },
      { deed: 'session.began' },
    ]);
    expect((await verify()).intact).toBe(true);
  });

  it('does not let guessing fill the disk: past a bound it only counts', async () => {
    await rig.services.session.lock({ panic: true });
    const audit = createAuditLog(rig);
    const failed: AuditEntry = { ...aboutVault(TESTER), deed: 'vault.unlock_failed', detail: {} };
    for (let tries = 0; tries < WAITING_MAX + 7; tries++) await audit.record(failed);
    await rig.services.local.unlock(MASTER_KEY);
    const rows = (await rig.services.audit.list({ limit: 2 })).rows;
    expect(rows).toMatchObject([{ deed: 'vault.unlocked' }, { deed: 'vault.unlock_failed', times: 8 }]);
    expect((await verify()).rows).toBe(WAITING_MAX + 3);
  });

  it('stores a deed together with its row, or neither', async () => {
    await sql`DROP TABLE audit_head`.execute(rig.db);
    await expect(addWork()).rejects.toThrow();
    expect(await rig.db.selectFrom('accounts').select('id').execute()).toEqual([]);
    await expect(rig.services.settings.set({ values: { 'routing.strategy': 'priority' } })).rejects.toThrow();
    expect(rig.services.status.get().strategy).toBe('least_utilized');
    expect(await rig.db.selectFrom('audit_log').select('deed').execute()).toEqual([{ deed: 'vault.set_up' }]);
  });

  it('locks even where that cannot be noted, and gives away no sign-in that cannot be noted', async () => {
    await sql`DROP TABLE audit_head`.execute(rig.db);
    await expect(rig.services.session.unlock({ masterKey: MASTER_KEY, want: 'bearer' })).rejects.toThrow();
    await expect(rig.services.session.lock({ panic: true })).rejects.toThrow();
    expect(rig.vault.state()).toBe('locked');
  });

  it('holds no account key, client key or master key, nor anything that a sign-in is proved with', async () => {
    await addWork();
    const { key } = await rig.services.clients.add({ name: 'laptop' });
    const signIn = await rig.services.session.unlock({ masterKey: MASTER_KEY, want: 'cookie' });
    const rows = await rig.db.selectFrom('audit_log').selectAll().execute();
    const text = JSON.stringify(rows);
    for (const secret of ['canary', key, 'correct horse', signIn.originKey, signIn.token, signIn.jti]) {
      expect(text).not.toContain(secret);
    }
  });

  it('takes no secret for a fact of a deed: the types refuse it', () => {
    const entry: AuditEntry = {
      ...aboutVault(TESTER),
      deed: 'step_up.passed',
      // @ts-expect-error a Secret is no text
      detail: { purpose: KEY },
    };
    expect(JSON.stringify(entry)).toContain('[secret]');
  });
});

describe('a changed audit log', () => {
  beforeEach(async () => {
    await addWork();
    for (const priority of [1, 2, 3, 4]) await rig.services.accounts.edit({ ref: 'Work', priority });
    await sql`DROP TRIGGER audit_log_unchanged`.execute(rig.db);
    await sql`DROP TRIGGER audit_log_kept`.execute(rig.db);
  });

  it.each([
    ['at_ms', 5],
    ['actor', '{"kind":"server"}'],
    ['deed', 'account.tested'],
    ['object_kind', 'client_key'],
    ['object_id', 'another'],
    ['object_name', 'Spare'],
    ['detail', '{"changed":[],"movedTo":null}'],
    ['while_locked', 1],
    ['times', 2],
  ])('is found out at the row whose %s was changed', async (column, value) => {
    await sql`UPDATE audit_log SET ${sql.ref(column)} = ${value} WHERE number = 4`.execute(rig.db);
    const verdict = await verify();
    expect(verdict).toMatchObject({ intact: false, breaks: [{ number: 4 }] });
    const marks = (await rig.services.audit.list({ limit: 50 })).rows.map(({ verified }) => verified);
    expect(marks).toEqual([true, true, false, true, true, true]);
  });

  it('is found out where a row was taken out', async () => {
    await rig.db.deleteFrom('audit_log').where('number', '=', 3).execute();
    expect(await verify()).toMatchObject({
      intact: false,
      breaks: [{ number: 3, message: 'Row 3 is missing.' }],
    });
  });

  it('is found out where two rows changed places', async () => {
    await sql`UPDATE audit_log SET number = number + 100 WHERE number IN (3, 4)`.execute(rig.db);
    await sql`UPDATE audit_log SET number = 107 - number WHERE number > 100`.execute(rig.db);
    expect((await verify()).breaks.map(({ number }) => number)).toEqual([3, 4, 5]);
  });

  it('is found out where rows were cut off at the end, and the gap stays', async () => {
    await rig.db.deleteFrom('audit_log').where('number', '>', 4).execute();
    expect(await verify()).toMatchObject({ breaks: [{ number: 5, message: 'Rows 5 to 6 are missing.' }] });
    await rig.services.accounts.edit({ ref: 'Work', priority: 9 });
    expect((await newest())?.number).toBe(7);
    expect(await verify()).toMatchObject({ breaks: [{ number: 5, message: 'Rows 5 to 6 are missing.' }] });
  });

  it('is found out where the sealed end was changed with the rows', async () => {
    await rig.db.deleteFrom('audit_log').where('number', '>', 4).execute();
    await rig.db.updateTable('audit_head').set({ number: 4 }).execute();
    expect(await verify()).toMatchObject({ intact: false });
    await rig.services.accounts.edit({ ref: 'Work', priority: 9 });
    const [last, before] = (await rig.services.audit.list({ limit: 2 })).rows;
    expect(before).toMatchObject({ deed: 'audit.head_lost', detail: { reason: 'changed' }, number: 7 });
    expect(last).toMatchObject({ deed: 'account.edited', number: 8 });
    expect((await verify()).breaks.map(({ number }) => number)).toEqual([5, 7]);
  });

  it('is found out where the sealed end is gone, also by the next start', async () => {
    await rig.db.deleteFrom('audit_head').execute();
    expect((await verify()).breaks).toMatchObject([{ number: null }]);
    const restarted = createAuditLog(rig);
    await restarted.record({ ...aboutVault(TESTER), deed: 'vault.unlocked', detail: {} });
    expect((await verify()).breaks).toMatchObject([{ number: 7 }]);
  });

  it('is found out where it was put back whole to an earlier state under a running server', async () => {
    const rows = await rig.db.selectFrom('audit_log').selectAll().execute();
    const head = await rig.db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow();
    await rig.services.accounts.edit({ ref: 'Work', priority: 9 });
    await rig.db.deleteFrom('audit_log').execute();
    await rig.db.insertInto('audit_log').values(rows).execute();
    await rig.db.updateTable('audit_head').set(head).execute();
    expect((await verify()).breaks).toMatchObject([{ number: null }]);
    await rig.services.accounts.edit({ ref: 'Work', priority: 10 });
    expect((await newest())?.number).toBe(9);
    expect((await verify()).breaks.map(({ number }) => number)).toEqual([7, 8]);
  });

  it('is found out where a row was added behind the sealed end, and that stops no deed', async () => {
    const row = await rig.db
      .selectFrom('audit_log')
      .selectAll()
      .where('number', '=', 6)
      .executeTakeFirstOrThrow();
    await rig.db
      .insertInto('audit_log')
      .values({ ...row, number: 7 })
      .execute();
    expect((await verify()).breaks).toMatchObject([{ number: 7 }, { number: null }]);
    await rig.services.accounts.edit({ ref: 'Work', priority: 9 });
    expect((await verify()).breaks).toMatchObject([{ number: 7 }, { number: 8 }]);
  });

  it('is found out by a head that was noted elsewhere, even where all of it was put back', async () => {
    const { head } = await verify();
    expect((await verify(head ?? '')).intact).toBe(true);
    const forged = `${head?.split(':')[0]}:${'0'.repeat(64)}`;
    expect(await verify(forged)).toMatchObject({ intact: false, breaks: [{ number: 6 }] });
    expect(await verify(`99:${'0'.repeat(64)}`)).toMatchObject({ intact: false, breaks: [{ number: 99 }] });
  });

  it('does not pass for the log of another vault', async () => {
    const other = await createRig();
    await other.services.local.initialise(MASTER_KEY);
    const rows = await rig.db.selectFrom('audit_log').selectAll().execute();
    await sql`DROP TRIGGER audit_log_kept`.execute(other.db);
    await other.db.deleteFrom('audit_log').execute();
    await other.db.insertInto('audit_log').values(rows).execute();
    const verdict = await other.services.audit.verify({});
    expect(verdict.breaks.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, null]);
    await other.close();
  });
});
