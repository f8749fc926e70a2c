/** Settings changed by an operator: the file, the audit log, and what a stolen sign-in must not be enough for. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { createFastKdf } from '../vault/fast-kdf.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

let rig: Rig;
beforeEach(async () => {
  rig = await createRig({ kdf: createFastKdf() });
  await rig.services.local.initialise(MASTER_KEY);
});
afterEach(() => rig.close());

const file = (): string => readFileSync(rig.settings.file, 'utf8');
const lastDeed = async () => (await rig.services.audit.list({ limit: 1 })).rows[0];
type NewValues = Parameters<Rig['services']['settings']['set']>[0]['values'];
const set = (values: NewValues, masterKey?: Secret) =>
  rig.services.settings.set({ values, ...(masterKey ? { masterKey } : {}) });
const shown = (name: string) => rig.services.settings.list().settings.find((one) => one.name === name);

describe('a change', () => {
  it('is written to the file, holds at once and says what needs a restart', async () => {
    const view = await set({ 'routing.strategy': 'priority', 'routing.reserve': 0.2, 'server.port': 8181 });
    expect(view.restartNeeded).toEqual(['server.port']);
    expect(file()).toContain('strategy = "priority"');
    expect(rig.services.status.get().strategy).toBe('priority');
    expect(shown('routing.strategy')).toMatchObject({ value: 'priority', origin: 'file', decidedBy: null });
  });

  it('is taken out of the file by null, comments stay', async () => {
    writeFileSync(rig.settings.file, '# mine\n[routing]\nreserve = 0.3 # a third\nstrategy = "sticky"\n');
    await set({ 'routing.reserve': 0.4 });
    await set({ 'routing.strategy': null });
    expect(file()).toContain('# mine');
    expect(file()).toContain('reserve = 0.4 # a third');
    expect(file()).not.toContain('strategy');
    expect(shown('routing.strategy')).toMatchObject({ value: 'least_utilized', origin: 'default' });
  });

  it('is in the audit log in words, with what the file said before', async () => {
    await set({ 'routing.queue_ms': 15_000 });
    await set({ 'routing.queue_ms': 5_000, 'alerts.forecast': false });
    expect(await lastDeed()).toMatchObject({
      deed: 'settings.changed',
      objectName: 'routing, alerts',
      detail: {
        changed: ['routing.queue_ms: 15000 → 5000', 'alerts.forecast: true → false'],
        before: '{"routing.queue_ms":15000,"alerts.forecast":null}',
        after: '{"routing.queue_ms":5000,"alerts.forecast":false}',
      },
      verified: true,
    });
  });

  it('is undone by writing back what was before', async () => {
    await set({ 'alerts.limit_shares': [0.5] });
    const before = JSON.parse(String((await lastDeed())?.detail.before));
    await set(before);
    expect(shown('alerts.limit_shares')).toMatchObject({ value: [0.75, 0.9, 1], origin: 'default' });
    expect(file()).not.toContain('limit_shares');
  });

  it.each<[NewValues, string]>([
    [{ 'routing.attempts_max': 11 }, 'config_invalid'],
    [{ 'routing.strategy': 'fastest' }, 'config_invalid'],
    [{ 'limits.time_zone': 'Mars/Olympus' }, 'config_invalid'],
    [{ 'routing.strategey': 'sticky' }, 'invalid_request'],
  ])('that is wrong changes nothing: %j', async (values, code) => {
    await expect(set({ 'log.level': 'debug', ...values })).rejects.toMatchObject({ code });
    expect(shown('log.level')).toMatchObject({ value: 'info', origin: 'default' });
    expect((await lastDeed())?.deed).toBe('vault.set_up');
  });
});

describe('what guards the program', () => {
  it.each<NewValues>([
    { 'server.host': '::1' },
    { 'server.allowed_hosts': ['box.example'] },
    { 'server.expose': true },
    { 'upstream.proxy': 'http://proxy.example:3128' },
    { 'capture.enabled': true },
  ])('needs the master key: %j', async (values) => {
    await expect(set(values)).rejects.toMatchObject({ code: 'step_up_required' });
    await expect(set(values, new Secret('not the master key at all'))).rejects.toMatchObject({
      code: 'wrong_master_key',
    });
    const [name = ''] = Object.keys(values);
    expect(shown(name)?.origin).toBe('default');
    await set(values, MASTER_KEY);
    expect(shown(name)?.origin).toBe('file');
  });

  it.each<NewValues>([{ 'alerts.command': ['/bin/sh'] }, { 'vault.keychain': true }])(
    'is not changed here even with it: %j',
    async (values) => {
      await expect(set(values, MASTER_KEY)).rejects.toMatchObject({ code: 'conflict' });
    },
  );

  it('shows and notes no credential', async () => {
    await set({ 'upstream.proxy': 'http://me:hunter2@proxy.example:3128' }, MASTER_KEY);
    rig.settings.set({ 'alerts.command': ['/usr/bin/notify', '--token', 'hunter2'] });
    expect(rig.settings.config.upstream.proxy).toContain('hunter2');
    expect(shown('upstream.proxy')?.value).toBe('http://•••@proxy.example:3128');
    expect(shown('alerts.command')?.value).toEqual(['/usr/bin/notify', '•••', '•••']);
    expect(JSON.stringify(rig.services.settings.list())).not.toContain('hunter2');
    expect(JSON.stringify((await rig.services.audit.list({ limit: 50 })).rows)).not.toContain('hunter2');
    expect((await lastDeed())?.detail).toEqual({ changed: ['upstream.proxy'] });
  });
});
