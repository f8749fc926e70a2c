/** Plain lists of accounts, and whatever else somebody may give to an import. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { CamError } from '../../../lib/errors.ts';
import { EXPORT_FORMAT } from '../../../lib/wire/export-document.ts';
import { IN_PROCESS } from '../../../server/admin/router.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const KEY = 'sk-proj-canary-0123456789abcdefghij';
const list = (text: string) => ({ kind: 'list' as const, format: 'csv' as const, text });

let rig: Rig;
let api: ReturnType<Rig['router']['createCaller']>;
beforeEach(async () => {
  rig = await createRig();
  await rig.services.local.initialise(MASTER_KEY);
  api = rig.router.createCaller(IN_PROCESS);
});
afterEach(() => rig.close());

const rows = async () =>
  JSON.stringify([
    await rig.database.db.selectFrom('accounts').selectAll().execute(),
    await rig.database.db.selectFrom('client_keys').selectAll().execute(),
  ]);

describe('importing a list', () => {
  it('adds the good lines without the master key, as adding an account does, and reports the others', async () => {
    await api.accounts.add({ name: 'Here', key: KEY, check: false });
    const source = list(
      [
        'name,key,base_url',
        'One,sk-one-0123456789abcdefgh,',
        'here,sk-two-0123456789abcdefgh,',
        `Twin,${KEY},`,
        'Three,sk-one-0123456789abcdefgh,',
        'Far,sk-far-0123456789abcdefgh,https://far.example/v1',
        'Near,sk-near-0123456789abcdefg,http://127.0.0.1:9/v1',
      ].join('\n'),
    );
    const view = await api.moving.preview({ source });
    expect(view.rows.map(({ at, name, state }) => [at, name, state])).toEqual([
      ['line 2', 'One', 'new'],
      ['line 3', 'here', 'refused'],
      ['line 4', 'Twin', 'refused'],
      ['line 5', 'Three', 'refused'],
      ['line 6', 'Far', 'new'],
      ['line 7', 'Near', 'refused'],
    ]);
    expect(view.rows[2]?.why).toContain('the key of Here');
    expect(view.rows[3]?.why).toContain('the key of One');
    expect(view.baseUrls.map(({ name }) => name)).toEqual(['Far']);
    const done = await api.moving.import({ source, seen: view.seen });
    expect(done).toMatchObject({ new: 1, changed: 0, removed: 0 });
    expect(done.leftOut).toHaveLength(5);
    expect(JSON.stringify([view, done])).not.toMatch(/sk-/);
    expect((await api.accounts.list()).map(({ name }) => name)).toEqual(['Here', 'One']);
  });

  it('stands in the order of the file, and does nothing the second time', async () => {
    const source = list('name,key\nB,sk-b-0123456789abcdefghij\nA,sk-a-0123456789abcdefghij');
    const first = await api.moving.preview({ source });
    await api.moving.import({ source, seen: first.seen });
    expect((await api.accounts.list()).map(({ name }) => name)).toEqual(['B', 'A']);
    const second = await api.moving.preview({ source });
    expect(second.rows.map(({ state }) => state)).toEqual(['same', 'same']);
  });

  it('removes nothing, even when somebody asks for that', async () => {
    await api.accounts.add({ name: 'Here', key: KEY, check: false });
    const source = list('name,key\nNew,sk-n-0123456789abcdefghij');
    const view = await api.moving.preview({ source, mode: 'replace' });
    expect(view).toMatchObject({ mode: 'merge', rows: [{ name: 'New', state: 'new' }] });
  });
});

/** Values that a hostile or broken document may have anywhere. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.constantFrom(
    null,
    '',
    '__proto__',
    -1,
    1e308,
    'a'.repeat(5_000),
    ['gpt-5*'],
    { day: { cost: -1 } },
    'https://[',
    '\u0000',
  ),
);
/** As it should be, most of the time. */
const mostly = <T>(good: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 40, arbitrary: good }, { weight: 1, arbitrary: anything });
const someAccount = fc.record({
  id: mostly(fc.uuid()),
  name: mostly(fc.constantFrom('Work', 'work', 'Other')),
  key: mostly(fc.constantFrom(KEY, 'sk-other-0123456789abcdef')),
  adminKey: mostly(fc.constantFrom(null, 'sk-admin-0123456789')),
  baseUrl: mostly(fc.constantFrom('https://api.openai.com/v1', 'https://x.example/v1', 'file:///etc')),
  allowLocal: mostly(fc.boolean()),
  organizationId: mostly(fc.constant(null)),
  projectId: mostly(fc.constant(null)),
  models: mostly(fc.constant([])),
  priority: mostly(fc.nat(1_000)),
  weight: mostly(fc.integer({ min: 1, max: 100 })),
  enabled: mostly(fc.boolean()),
  limits: mostly(fc.constant({})),
  priceMultiplier: mostly(fc.constant(1)),
});
const someDocument = fc.record({
  format: fc.constant(EXPORT_FORMAT),
  version: fc.oneof({ weight: 8, arbitrary: fc.constant(1) }, { weight: 1, arbitrary: anything }),
  madeBy: fc.constant('0.1.0'),
  madeAtMs: fc.oneof(
    { weight: 8, arbitrary: fc.constant(1_795_000_000_000) },
    { weight: 1, arbitrary: anything },
  ),
  vaultId: fc.constant('0'.repeat(32)),
  accounts: fc.oneof(
    { weight: 8, arbitrary: fc.array(someAccount, { maxLength: 4 }) },
    { weight: 1, arbitrary: anything },
  ),
  clientKeys: fc.oneof(
    { weight: 4, arbitrary: fc.array(anything, { maxLength: 3 }) },
    { weight: 1, arbitrary: anything },
  ),
  settings: fc.oneof(
    fc.dictionary(
      fc.constantFrom('routing.strategy', 'server.host', '__proto__', 'routing.reserve'),
      anything,
    ),
    anything,
  ),
});

describe('whatever an import is given', () => {
  const preview = { mode: 'merge' as const, newClientKeys: false };

  /** Straight at the verbs, with a decryption that is given the plain text: the fuzz is about what is inside. */
  const plainly = (text: string) => {
    Object.assign(rig.age, { decrypt: () => Promise.resolve(new TextEncoder().encode(text)) });
    return { kind: 'export' as const, file: 'AAAA', passphrase: new Secret('any'), identity: undefined };
  };

  it('is either a difference or a refusal of ours, and writes nothing before it is agreed to', async () => {
    await api.accounts.add({ name: 'Work', key: KEY, check: false });
    const before = await rows();
    let differences = 0;
    await fc.assert(
      fc.asyncProperty(fc.oneof(someDocument, fc.jsonValue()), async (document) => {
        const source = plainly(JSON.stringify(document));
        try {
          const view = await rig.services.moving.preview({ ...preview, source });
          differences += view.rows.length > 0 ? 1 : 0;
          expect(JSON.stringify(view)).not.toContain(KEY);
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(CamError);
        }
      }),
      { numRuns: 300 },
    );
    expect(differences).toBeGreaterThan(30);
    expect(await rows()).toBe(before);
  });

  it('is written whole or not at all, and everything written verifies', async () => {
    let written = 0;
    await fc.assert(
      fc.asyncProperty(someDocument, fc.nat(6), async (document, failAt) => {
        const source = plainly(
          JSON.stringify({ ...document, version: 1, madeAtMs: 1, settings: {}, clientKeys: [] }),
        );
        const wish = { ...preview, mode: 'replace' as const, source };
        const view = await rig.services.moving.preview(wish).catch(() => null);
        if (view === null) return;
        const before = await rows();
        const acceptBaseUrls = view.baseUrls.map(({ name }) => name);
        // The n-th seal fails: a disk, a lock, anything.
        const { seal } = rig.vault;
        let seals = 0;
        rig.vault.seal = (place, secret) => {
          if (++seals === failAt) throw new Error('now');
          return seal(place, secret);
        };
        const input = { ...wish, seen: view.seen, acceptBaseUrls, masterKey: MASTER_KEY };
        const done = await rig.services.moving.import(input).catch(() => null);
        rig.vault.seal = seal;
        if (done === null) expect(await rows()).toBe(before);
        else written += done.new + done.changed;
        for (const { state } of await rig.services.accounts.list())
          expect(state.word).not.toBe('quarantined');
      }),
      { numRuns: 25 },
    );
    expect(written).toBeGreaterThan(0);
  });
});
