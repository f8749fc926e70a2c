import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scripts } from '../../server/demo/faults.ts';
import { axeFindings } from './axe.ts';
import { measureLoad, overflowAt } from './measure.ts';
import { openStage, type Stage, type VisitOptions } from './stage.ts';

const PAGES = [
  ['overview', '/admin'],
  ['accounts', '/admin/accounts'],
  ['adding an account', '/admin/accounts?add=1'],
  ['an account that cools down', '/admin/accounts/detail?id={Failing}'],
  ['an account that took over', '/admin/accounts/detail?id={Work}&range=1h&chart=requests'],
  ['an account that is not there', '/admin/accounts/detail?id=none'],
  ['requests', '/admin/requests'],
  ['requests, searched in vain', '/admin/requests?q=stauts:429'],
  ['usage and cost', '/admin/usage'],
  ['usage by model', '/admin/usage?period=7d&by=model'],
  ['connect', '/admin/connect'],
  ['client keys', '/admin/clients'],
  ['a new client key', '/admin/clients?new=1'],
  ['models', '/admin/models'],
  ['setting a price', '/admin/models?price=gpt-5'],
  ['playground', '/admin/playground'],
  ['routing settings', '/admin/settings'],
  ['limits and alerts', '/admin/settings?section=limits'],
  ['retention and privacy', '/admin/settings?section=privacy'],
  ['server and network', '/admin/settings?section=server'],
  ['vault settings', '/admin/settings?section=vault'],
  ['changes of settings', '/admin/settings?section=changes'],
  ['appearance settings', '/admin/settings?section=appearance'],
  ['audit log', '/admin/settings?section=audit'],
  ['health check', '/admin/settings?section=health'],
  ['moving and backups', '/admin/settings?section=moving'],
  ['import of accounts', '/admin/accounts?import=1'],
  ['about', '/admin/settings?section=about'],
] as const;
/** Looking at every page takes its time on a small machine. */
const ALL_PAGES_MS = PAGES.length * 10_000;
const WIDTHS = [1440, 1024, 768, 390, 320] as const;
const VIEWS: readonly Required<Pick<VisitOptions, 'theme' | 'width'>>[] = [
  { theme: 'light', width: 1440 },
  { theme: 'dark', width: 1440 },
  { theme: 'light', width: 390 },
  { theme: 'dark', width: 390 },
];

let stage: Stage;
const idOf = new Map<string, string>();
const addressOf = (path: string): string =>
  `${stage.origin}${path.replace(/\{(.+)\}/, (_, name: string) => idOf.get(name) ?? '')}`;

beforeAll(async () => {
  stage = await openStage();
  const failing = 'sk-emulated-failing-0123456789';
  await stage.addAccount('Work');
  await stage.addAccount('A name of eighty characters, long enough to break whatever was not built for it!');
  await stage.addAccount('حساب العمل', 'sk-emulated-arabic-0123456789');
  await stage.addAccount('Vereinbarungsübergrößenkonto für Geschäftsführung');
  await stage.addAccount('個人用の長い名前のアカウントで改行できない');
  await stage.addAccount('Failing', failing);
  stage.emulator.script(
    failing,
    scripts.always({ kind: 'refuse', status: 429, code: 'rate_limit_exceeded', retryAfterS: 600 }),
  );
  await stage.admin.accounts.edit({ ref: 'Failing', priority: 1 });
  await stage.admin.settings.set({ values: { 'routing.strategy': 'priority' } });
  const { key } = await stage.admin.clients.add({
    name: 'opencode',
    limits: { day: { cost: 5_000_000_000 } },
  });
  await stage.admin.clients.add({
    name: 'default',
    value: 'sk-codex-account-manager',
    models: ['gpt-5*', '!gpt-5-nano'],
  });
  for (const { id, name } of await stage.admin.accounts.list()) idOf.set(name, id);
  for (const model of ['gpt-5.5', 'gpt-5', 'gpt-5-mini']) await stage.call(key, model);
});
afterAll(() => stage[Symbol.asyncDispose]());

describe.each(VIEWS)('in $theme at $width px', (view) => {
  test('axe finds nothing on any page, and no page complains on the console', {
    timeout: ALL_PAGES_MS,
  }, async () => {
    await using visit = await stage.visit(view);
    const { page, complaints } = visit;
    const found: string[] = [];
    for (const [name, path] of PAGES) {
      await page.goto(addressOf(path));
      await settled(page);
      found.push(...(await axeFindings(page, name)));
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('axe finds nothing before anybody is signed in', async () => {
    await using visit = await stage.visit({ ...view, signedIn: false });
    const { page, complaints } = visit;
    await page.goto(`${stage.origin}/admin/unlock`);
    await page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await axeFindings(page, 'sign-in')).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

test('no page is wider than the window, at any width', { timeout: ALL_PAGES_MS }, async () => {
  await using visit = await stage.visit();
  const { page } = visit;
  const wide: string[] = [];
  for (const [name, path] of PAGES) {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto(addressOf(path));
    await settled(page);
    for (const width of WIDTHS) {
      const over = await overflowAt(page, width);
      if (over > 0) wide.push(`${name} at ${width}: ${over} px`);
    }
  }
  expect(wide).toEqual([]);
});

test('every page keeps to its budget of script, style, fonts and shifting', {
  timeout: ALL_PAGES_MS,
}, async () => {
  await using visit = await stage.visit();
  const over: string[] = [];
  for (const [name, path] of [...PAGES, ['unlock', '/admin/unlock'] as const]) {
    const load = await measureLoad(visit.context, addressOf(path), settled);
    const told = `${name}: ${JSON.stringify(load)}`;
    if (load.scriptKb > 220 || load.styleKb > 15 || load.fontKb > 140 || load.shift > 0.02) over.push(told);
    if (load.elements > 1_500) over.push(told);
    expect(load.scriptKb, told).toBeGreaterThan(50);
  }
  expect(over).toEqual([]);
});

test('nothing of any account is in the HTML that the server sends', async () => {
  for (const [, path] of PAGES) {
    const html = await (await fetch(addressOf(path))).text();
    for (const word of ['Failing', 'org-work', 'opencode-key', 'sk-']) expect(html).not.toContain(word);
  }
});

/** The page has its data: no skeleton is left, and the live link has spoken where there is one. */
async function settled(page: import('playwright-core').Page): Promise<void> {
  await page.locator('main').first().waitFor();
  await page.waitForFunction(() => document.querySelectorAll('[data-bone]').length === 0);
}
