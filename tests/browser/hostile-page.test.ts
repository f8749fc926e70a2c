/**
 * What a web page on another port of this computer, or under a name that resolves to it, can do to a server at
 * which its visitor is signed in: nothing. Real Chromium, because only a browser knows what it sends along.
 */
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findChromium } from '../../server/launch/chromium.mjs';
import { openHostileSite, tryEverything } from './hostile-page.ts';
import { openStage, type Stage, signIn } from './stage.ts';

const WORK_KEY = 'sk-emulated-hostile-0123456789';

let stage: Stage;
let accountId: string;
let clientKey: string;

beforeAll(async () => {
  stage = await openStage();
  accountId = await stage.addAccount('Work', WORK_KEY);
  clientKey = (await stage.admin.clients.add({ name: 'opencode' })).key;
  await (await stage.call(clientKey)).text();
});
afterAll(() => stage[Symbol.asyncDispose]());

/** Everything that a page could have changed. */
async function state() {
  const [status, accounts, clients, audit] = await Promise.all([
    stage.admin.session.status(),
    stage.admin.accounts.list(),
    stage.admin.clients.list(),
    stage.admin.audit.list({ limit: 100 }),
  ]);
  return {
    vault: status.vault,
    accounts: accounts.map(({ id, enabled }) => ({ id, enabled })),
    clients: clients.map(({ id, revokedAtMs }) => ({ id, revokedAtMs })),
    deeds: audit.rows.length,
    calls: stage.emulator.key(WORK_KEY).received.length,
  };
}

test('a page on another port learns nothing, spends nothing and changes nothing', async () => {
  await using visit = await stage.visit();
  await using site = await openHostileSite();
  await visit.page.getByText('Work').first().waitFor();
  const before = await state();

  for (const host of ['127.0.0.1', 'localhost']) {
    const page = await visit.context.newPage();
    await page.goto(`http://${host}:${site.port}/admin/free-tokens`);
    const loot = await page.evaluate(tryEverything, { origin: stage.origin, clientKey, accountId });
    expect(loot.length).toBeGreaterThan(20);
    expect(
      loot.filter(({ learned }) => learned !== null),
      `from ${host}`,
    ).toEqual([]);
  }
  await expect(state()).resolves.toEqual(before);
  // The visitor is still signed in where they were.
  await visit.page.goto(`${stage.origin}/admin/accounts`);
  await visit.page.getByText('Work').first().waitFor();
});

test('the cookie that a browser gives to every port opens nothing for who received it', async () => {
  await using visit = await stage.visit();
  await using site = await openHostileSite();
  const page = await visit.context.newPage();
  await page.goto(`http://127.0.0.1:${site.port}/admin/free-tokens`);
  const cookie = site.received.map((headers) => headers.cookie).find((sent) => sent?.includes('cam_session'));
  expect(cookie, 'browsers ignore ports when they send cookies').toBeDefined();

  const before = await state();
  for (const origin of [stage.origin, `http://127.0.0.1:${site.port}`]) {
    for (const [procedure, body] of [
      ['accounts.list', null],
      ['accounts.remove', JSON.stringify({ ref: accountId, confirm: true })],
      ['session.lock', '{}'],
    ] as const) {
      const answer = await fetch(`${stage.origin}/admin/api/trpc/${procedure}`, {
        method: body === null ? 'GET' : 'POST',
        headers: { cookie: cookie ?? '', origin, 'content-type': 'application/json' },
        body,
      });
      expect([401, 403], `${procedure} from ${origin}`).toContain(answer.status);
      expect(await answer.text()).not.toContain('Work');
    }
  }
  await expect(state()).resolves.toEqual(before);
});

test('a name that was made to resolve to this computer is served nothing', async () => {
  const executablePath = findChromium() ?? '';
  const browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--host-resolver-rules=MAP rebound.example 127.0.0.1',
    ],
  });
  try {
    const page = await browser.newPage();
    const port = new URL(stage.origin).port;
    for (const path of ['/', '/admin', '/v1/models', '/healthz', '/admin/api/trpc/session.status']) {
      const answer = await page.goto(`http://rebound.example:${port}${path}`);
      expect(answer?.status(), path).toBe(421);
      expect(await page.locator('body').innerText()).toContain('invalid_host');
    }
  } finally {
    await browser.close();
  }
});

test('a page of ours that was signed in at one server is not signed in at another on the next port', async () => {
  await using other = await openStage();
  await using visit = await stage.visit();
  await visit.page.goto(`${other.origin}/admin/accounts`);
  await visit.page.waitForURL(/\/admin\/unlock/);
  await signIn(visit.page);
  await visit.page.waitForURL(`${other.origin}/admin/accounts`);
  // And signing in there does not sign out here.
  await visit.page.goto(`${stage.origin}/admin/accounts`);
  await visit.page.getByText('Work').first().waitFor();
});
