/** Alerts from the ledger to the place they are sent to. */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountId, clientKeyId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import { reveal, Secret } from '../../../lib/base/secret.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../lib/base/time.ts';
import type { Notification } from '../../../server/upstream/notify.ts';
import { opened, settled } from '../db/support.ts';
import { createFastKdf } from '../vault/fast-kdf.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const URL_TEXT = 'https://hooks.example/services/T0/B0/secret-token';
let rig: Rig;
let sent: Notification[] = [];
let ran: string[] = [];
let answer: string | null = null;
let account = accountId('');
let made = 0;

beforeEach(async () => {
  [sent, ran, answer, made] = [[], [], null, 0];
  rig = await createRig({
    kdf: createFastKdf(),
    notifier: {
      originOf: () => 'https://hooks.example',
      send: async (notification) => {
        sent.push(notification);
        return answer;
      },
    },
    programs: {
      run: async (_argv, input) => {
        ran.push(input);
        return null;
      },
      notify: async () => null,
    },
  });
  await rig.services.local.initialise(MASTER_KEY);
  const added = await rig.services.accounts.add({
    name: 'Work',
    key: new Secret('sk-proj-0123456789abcdefghij-work'),
    check: false,
    limits: { day: { cost: nanoDollars(10_000_000_000) } },
  });
  account = accountId(added.account.id);
});
afterEach(() => rig.close());

async function spend(dollars: number): Promise<void> {
  const n = made++;
  await rig.ledger.open(
    opened(n, { startedAtMs: rig.clock.nowMs(), firstAccountId: account, clientKeyId: clientKeyId('c') }),
  );
  rig.ledger.settle(settled(n, { accountId: account, cost: nanoDollars(dollars * 1_000_000_000) }));
  await rig.ledger.flush();
  rig.limitBook.load();
}
const look = async (): Promise<void> => {
  await rig.services.evaluateAlerts();
  await rig.services.deliverAlerts();
};
const addTarget = (over: object = {}) =>
  rig.services.alerts.addTarget({
    name: 'Chat',
    url: new Secret(URL_TEXT),
    format: 'json',
    allowLocal: false,
    masterKey: MASTER_KEY,
    ...over,
  });
const list = () => rig.services.alerts.list({ limit: 50 });

describe('An alert', () => {
  it('is raised once for each share of a limit, and over when its day is', async () => {
    await spend(8);
    await look();
    await look();
    expect(await list()).toMatchObject([{ kind: 'limit_used', accountId: account, endedAtMs: null }]);
    await spend(1.5);
    await look();
    expect(await list()).toHaveLength(2);
    rig.clock.advance(DAY_MS);
    rig.limitBook.load();
    await look();
    const over = await list();
    expect(over).toHaveLength(2);
    expect(over.every(({ endedAtMs }) => endedAtMs === rig.clock.nowMs())).toBe(true);
  });

  it('is not looked for while the vault is locked', async () => {
    await spend(9);
    await rig.services.session.lock({ panic: false });
    await look();
    expect(await rig.database.db.selectFrom('alerts').selectAll().execute()).toEqual([]);
  });

  it('is sent where alerts go, raised and over, as data that can be checked', async () => {
    await addTarget({ secret: new Secret('a shared secret') });
    await spend(8);
    await look();
    expect(sent).toHaveLength(1);
    const { url, headers, body } = sent[0] ?? {
      url: new Secret('x'),
      headers: {} as Record<string, string>,
      body: '{}',
    };
    expect(reveal(url)).toBe(URL_TEXT);
    expect(JSON.parse(body)).toMatchObject({
      source: 'codex-account-manager',
      kind: 'limit_used',
      state: 'raised',
    });
    const mac = createHmac('sha256', 'a shared secret')
      .update(`${headers['x-cam-timestamp']}.${body}`)
      .digest('hex');
    expect(headers['x-cam-signature']).toBe(`sha256=${mac}`);
    rig.clock.advance(DAY_MS);
    rig.limitBook.load();
    await look();
    expect(sent.map((one) => JSON.parse(one.body).state)).toEqual(['raised', 'ended']);
    expect((await list())[0]?.deliveries).toMatchObject([
      { target: 'Chat', moment: 'raised', tries: 1, nextAtMs: null, lastError: null },
      { target: 'Chat', moment: 'ended', tries: 1 },
    ]);
  });

  it('is one line for Slack, in which nothing is a mark of Slack’s', async () => {
    await addTarget({ format: 'slack' });
    await rig.services.accounts.edit({ ref: 'Work', name: '<!channel> & co' });
    await spend(8);
    await look();
    const { text } = JSON.parse(sent[0]?.body ?? '{}');
    expect(text).toContain('&lt;!channel&gt; &amp; co');
    expect(text).not.toContain('<!');
  });

  it('goes to the command of the configuration file too', async () => {
    rig.settings.config.alerts.command satisfies readonly string[];
    await rig.settings.set({ 'alerts.command': ['/usr/bin/true'] });
    await spend(8);
    await look();
    expect(ran.map((input) => JSON.parse(input).kind)).toEqual(['limit_used']);
  });

  it('that is not taken is sent again, later each time, and in the end no more; all of it can be seen', async () => {
    await addTarget();
    answer = 'It answered 500.';
    await spend(8);
    await look();
    const delivery = async () => (await list())[0]?.deliveries[0];
    expect(await delivery()).toMatchObject({
      tries: 1,
      lastError: 'It answered 500.',
      nextAtMs: rig.clock.nowMs() + MINUTE_MS,
    });
    await look();
    expect(sent).toHaveLength(1);
    let tries = 1;
    for (const minutes of [1, 5, 30, 120, 360, 720]) {
      rig.clock.advance(minutes * MINUTE_MS);
      await rig.services.deliverAlerts();
      expect(sent).toHaveLength(++tries);
    }
    expect(await delivery()).toMatchObject({ tries: 7, nextAtMs: null, deliveredAtMs: null });
    rig.clock.advance(2 * DAY_MS);
    await rig.services.deliverAlerts();
    expect(sent).toHaveLength(7);
  });
});

describe('Where alerts go', () => {
  it('is decided with the master key, sealed, and shown without what keeps others out', async () => {
    await expect(addTarget({ masterKey: new Secret('not the master key') })).rejects.toMatchObject({
      code: 'wrong_master_key',
    });
    const target = await addTarget({ secret: new Secret('a shared secret') });
    expect(target).toMatchObject({
      name: 'Chat',
      origin: 'https://hooks.example',
      signed: true,
      intact: true,
    });
    expect(JSON.stringify(await rig.services.alerts.targets())).not.toContain('secret-token');
    const rows = await rig.database.db.selectFrom('notification_targets').selectAll().execute();
    const stored =
      Buffer.concat(rows.map((row) => Buffer.from(row.sealed_url))).toString('latin1') + JSON.stringify(rows);
    expect(stored).not.toContain('secret-token');
    await expect(addTarget()).rejects.toMatchObject({ code: 'target_name_taken' });
    const { rows: audit } = await rig.services.audit.list({ limit: 10 });
    expect(audit.map(({ objectName }) => objectName)).toContain('alerts to Chat');
    expect(JSON.stringify(audit)).not.toContain('secret-token');
  });

  it.each([
    ['another address in its place', { origin: 'https://evil.example' }],
    ['another format', { format: 'slack' as const }],
    ['local addresses allowed', { allow_local: 1 as const }],
  ])('and changed by somebody in the file, is sent nothing: %s', async (_what, change) => {
    await addTarget();
    await rig.database.db.updateTable('notification_targets').set(change).execute();
    expect(await rig.services.alerts.targets()).toMatchObject([{ intact: false }]);
    expect(await rig.services.alerts.testTarget({ ref: 'chat' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('changed outside'),
    });
    expect(sent).toEqual([]);
  });

  it('stays where it was when the data key changes', async () => {
    await addTarget({ secret: new Secret('a shared secret') });
    await rig.services.vault.rotate({ masterKey: MASTER_KEY });
    expect(await rig.services.alerts.targets()).toMatchObject([{ intact: true }]);
    expect(await rig.services.alerts.testTarget({ ref: 'Chat' })).toEqual({
      ok: true,
      message: 'Chat took the message.',
    });
    expect(reveal(sent[0]?.url ?? new Secret('x'))).toBe(URL_TEXT);
  });

  it('is tried out, and told when it does not answer; removed, it is sent nothing that was waiting', async () => {
    await addTarget();
    answer = 'It answered 404.';
    expect(await rig.services.alerts.testTarget({ ref: 'Chat' })).toMatchObject({
      ok: false,
      message: expect.stringContaining('404'),
    });
    await spend(8);
    await look();
    await rig.services.alerts.removeTarget({ ref: 'chat' });
    rig.clock.advance(HOUR_MS);
    await rig.services.deliverAlerts();
    expect(sent).toHaveLength(2);
    await expect(rig.services.alerts.removeTarget({ ref: 'chat' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});
