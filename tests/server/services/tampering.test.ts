/**
 * Somebody can write to the database file. Whatever they change of what is sealed, signed or in the header, it is
 * refused or quarantined, and nobody's key goes anywhere but where its row said when it was signed.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import type { AccountView } from '../../../lib/wire/account-views.ts';
import { createFastKdf } from '../vault/fast-kdf.ts';
import { createRig, MASTER_KEY, type Rig } from './rig.ts';

const CLIENT = new Secret('a-client-key-of-my-own');
const REVOKED = new Secret('a-client-key-that-was-revoked');
type Row = Record<string, unknown>;

let rig: Rig;
beforeAll(async () => {
  rig = await createRig({ kdf: createFastKdf() });
  await fill(rig, 'own');
});
afterAll(() => rig.close());

async function fill({ services }: Rig, owner: string): Promise<void> {
  await services.local.initialise(MASTER_KEY);
  for (const name of ['Work', 'Home']) {
    const key = new Secret(`sk-proj-${owner}-${name}-0123456789abcdef`);
    await services.accounts.add({ name, key, check: false, limits: { day: { requests: 5 } } });
  }
  await services.clients.add({ name: 'laptop', value: CLIENT, limits: { day: { requests: 5 } } });
  await services.clients.add({ name: 'old', value: REVOKED });
  await services.clients.revoke({ ref: 'old' });
}

const get = (sql: string, ...values: unknown[]): Row =>
  rig.database.ledger.prepare<unknown[], Row>(sql).get(...values) ?? {};
const set = (sql: string, ...values: unknown[]) => rig.database.ledger.prepare(sql).run(...values);
const bytes = (value: unknown): Buffer => Buffer.from(value as Uint8Array);
function flipped(value: unknown, bit: number): Buffer {
  const copy = Buffer.from(bytes(value));
  const at = (bit >> 3) % copy.length;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** Applies a change as from outside, looks with everything read anew, and undoes it. */
async function tampered<T>(change: () => void, look: () => Promise<T> | T): Promise<T> {
  const { ledger } = rig.database;
  ledger.exec('DROP TRIGGER IF EXISTS accounts_sealed_update');
  const kept = ['vault_header', 'accounts', 'client_keys'].map(
    (table) => [table, ledger.prepare<[], Row>(`SELECT * FROM ${table}`).all()] as const,
  );
  change();
  try {
    await rig.services.session.lock({ panic: true });
    await rig.services.local.unlock(MASTER_KEY);
    return await look();
  } finally {
    // Digests are unique, also on the way back.
    ledger.exec('UPDATE client_keys SET digest = randomblob(32)');
    for (const [table, rows] of kept) for (const row of rows) restore(table, row);
  }
}
function restore(table: string, row: Row): void {
  const columns = Object.keys(row).map((name) => `${name} = @${name}`);
  rig.database.ledger.prepare(`UPDATE ${table} SET ${columns.join(', ')} WHERE id = @id`).run(row);
}

const views = async (): Promise<Map<string, AccountView>> =>
  new Map((await rig.services.accounts.list()).map((view) => [view.name, view]));
const stateOf = async (name: string) => (await views()).get(name)?.state.word;
const verdictOf = (key: Secret) => rig.keyring.check(key, rig.clock.nowMs()).kind;
const accountNamed = (name: string) => get('SELECT * FROM accounts WHERE name = ?', name);

describe('an account', () => {
  it('is quarantined by any bit that is flipped in its sealed key', async () => {
    const { sealed_key } = accountNamed('Work');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes(sealed_key).length * 8 - 1), async (bit) => {
        const words = await tampered(
          () => set(`UPDATE accounts SET sealed_key = ? WHERE name = 'Work'`, flipped(sealed_key, bit)),
          async () => [await stateOf('Work'), await stateOf('Home')],
        );
        expect(words).toEqual(['quarantined', 'unused']);
      }),
      { numRuns: 60 },
    );
  });

  it('is quarantined by a sealed key that was cut short, wherever', async () => {
    const { sealed_key } = accountNamed('Work');
    await fc.assert(
      fc.asyncProperty(fc.nat(bytes(sealed_key).length - 1), async (length) => {
        const word = await tampered(
          () =>
            set(
              `UPDATE accounts SET sealed_key = ? WHERE name = 'Work'`,
              bytes(sealed_key).subarray(0, length),
            ),
          () => stateOf('Work'),
        );
        expect(word).toBe('quarantined');
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['base_url', 'https://collector.example/v1'],
    ['provider', 'openai_compatible'],
    ['allow_local', 1],
    ['organization_id', 'org-mine'],
    ['project_id', 'proj_mine'],
    ['models', '["gpt-5.5"]'],
    ['priority', 1],
    ['weight', 9],
    ['enabled', 0],
    ['limits', '{}'],
    ['price_multiplier', 0.5],
    ['name', 'Play'],
    ['created_at_ms', 1],
    ['key_fingerprint', Buffer.alloc(32, 7)],
  ])('is quarantined when its %s is changed', async (column, value) => {
    const id = accountNamed('Work').id;
    const intact = await tampered(
      () => set(`UPDATE accounts SET ${column} = ? WHERE id = ?`, value, id),
      () => rig.pool.snapshot().find(({ account }) => account.id === id)?.intact,
    );
    expect(intact).toBe(false);
  });

  it('is quarantined with the key of another row, of its own past, and with another row’s MAC', async () => {
    const [work, home] = [accountNamed('Work'), accountNamed('Home')];
    expect(
      await tampered(
        () => set(`UPDATE accounts SET sealed_key = ? WHERE name = 'Work'`, home.sealed_key),
        () => stateOf('Work'),
      ),
    ).toBe('quarantined');
    const place = { table: 'accounts', rowId: String(work.id), column: 'sealed_key' } as const;
    const past = rig.vault.seal(place, new Secret('sk-proj-a-key-that-was-replaced-long-ago'));
    expect(
      await tampered(
        () => set(`UPDATE accounts SET sealed_key = ? WHERE name = 'Work'`, past),
        () => stateOf('Work'),
      ),
    ).toBe('quarantined');
    expect(
      await tampered(
        () => set(`UPDATE accounts SET mac = ? WHERE name = 'Work'`, home.mac),
        () => stateOf('Work'),
      ),
    ).toBe('quarantined');
  });

  it('is quarantined with an admin key that does not open', async () => {
    const word = await tampered(
      () => set(`UPDATE accounts SET sealed_admin_key = ? WHERE name = 'Work'`, Buffer.alloc(60, 1)),
      () => stateOf('Work'),
    );
    expect(word).toBe('quarantined');
  });

  it('from the database of another vault under the same master key is quarantined', async () => {
    const other = await createRig({ kdf: createFastKdf() });
    await fill(other, 'other');
    const [foreign] = await other.database.db.selectFrom('accounts').selectAll().execute();
    await other.close();
    const word = await tampered(
      () =>
        set(
          `UPDATE accounts SET sealed_key = ?, mac = ? WHERE name = 'Work'`,
          foreign?.sealed_key,
          foreign?.mac,
        ),
      () => stateOf('Work'),
    );
    expect(word).toBe('quarantined');
  });

  it('in quarantine says so, cannot be edited back into use, is never dialled, and can be removed', async () => {
    await tampered(
      () =>
        set(
          `UPDATE accounts SET sealed_key = ? WHERE name = 'Work'`,
          flipped(accountNamed('Work').sealed_key, 99),
        ),
      async () => {
        const view = (await views()).get('Work');
        expect(view?.state).toMatchObject({
          word: 'quarantined',
          reason: expect.stringContaining('outside'),
        });
        await expect(rig.services.accounts.edit({ ref: 'Work', priority: 3 })).rejects.toMatchObject({
          code: 'conflict',
        });
        const { account } = rig.pool.snapshot().find((each) => each.account.name === 'Work') ?? {};
        expect(account && rig.pool.lease(account.id, null)).toBeNull();
      },
    );
  });
});

describe('a client key', () => {
  it('that was revoked stays so, whatever is written over the date', async () => {
    const kinds = await tampered(
      () => set(`UPDATE client_keys SET revoked_at_ms = NULL WHERE name = 'old'`),
      () => [verdictOf(REVOKED), verdictOf(CLIENT)],
    );
    expect(kinds).toEqual(['damaged', 'caller']);
  });

  it.each([
    ['limits', '{}'],
    ['scopes', '["inference","metrics"]'],
    ['models', '["*"]'],
    ['accounts', '[]'],
    ['service_tiers', '["flex"]'],
    ['reasoning_efforts', '["high"]'],
    ['expires_at_ms', 4_000_000_000_000],
    ['guessable', 0],
    ['prefix', 'cam-'],
    ['name', 'desktop'],
    ['created_at_ms', 5],
  ])('is refused when its %s is changed', async (column, value) => {
    const kind = await tampered(
      () => set(`UPDATE client_keys SET ${column} = ? WHERE name = 'laptop'`, value),
      () => verdictOf(CLIENT),
    );
    expect(kind).toBe('damaged');
  });

  it('cannot be made from the digest of another', async () => {
    const laptop = get(`SELECT * FROM client_keys WHERE name = 'laptop'`);
    const kind = await tampered(
      () => {
        set(`UPDATE client_keys SET digest = ? WHERE name = 'laptop'`, Buffer.alloc(32, 3));
        set(`UPDATE client_keys SET digest = ?, revoked_at_ms = NULL WHERE name = 'old'`, laptop.digest);
      },
      () => verdictOf(CLIENT),
    );
    expect(kind).toBe('damaged');
  });
});

describe('the header', () => {
  const BLOBS = ['vault_id', 'kdf_salt', 'wrapped_dek', 'sealed_lookup_root'] as const;

  it('with any bit flipped opens nothing', async () => {
    const header = get('SELECT * FROM vault_header');
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...BLOBS), fc.nat(8 * 64), async (column, bit) => {
        await refusesToOpen(() => set(`UPDATE vault_header SET ${column} = ?`, flipped(header[column], bit)));
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['kdf_memory_kib', 65_537],
    ['kdf_memory_kib', 4_194_304],
    ['kdf_passes', 2],
    ['kdf_passes', 100],
    ['kdf_lanes', 2],
    ['dek_number', 2],
    ['format', 2],
    ['next_wrapped_dek', Buffer.alloc(66, 1)],
    ['strength_mark', Buffer.alloc(5, 1)],
  ])('with another %s opens nothing', async (column, value) => {
    await refusesToOpen(() => set(`UPDATE vault_header SET ${column} = ?`, value));
  });

  it('with a strength that nobody found says that it does not know', async () => {
    const strength = await tampered(
      () => set(`UPDATE vault_header SET strength_mark = ?`, Buffer.alloc(32, 1)),
      async () => {
        const next = await createRig({ kdf: createFastKdf(), database: rig.database });
        await next.services.local.unlock(MASTER_KEY);
        const { keyStrength } = await next.services.vault.get();
        await next.stop();
        return keyStrength;
      },
    );
    expect(strength).toBeNull();
  });

  /** As at the next start. */
  async function refusesToOpen(change: () => void): Promise<void> {
    const header = get('SELECT * FROM vault_header');
    change();
    const opened = await createRig({ kdf: createFastKdf(), database: rig.database }).then(
      async (next) => {
        const outcome = await next.services.local.unlock(MASTER_KEY).then(
          () => 'opened',
          (thrown: { code?: string }) => thrown.code,
        );
        const state = next.vault.state();
        await next.stop();
        return [outcome, state];
      },
      (thrown: { code?: string }) => [thrown.code, 'locked'],
    );
    restore('vault_header', header);
    expect(opened[0]).toMatch(/^(wrong_master_key|vault_damaged)$/);
    expect(opened[1]).toBe('locked');
  }
});
