import { describe, expect, it } from 'vitest';
import { createAddressBook } from '../../../server/upstream/address.ts';
import { createReach } from '../../../server/upstream/reach.ts';
import { createResolver, type ResolveAll } from '../../../server/upstream/resolve.ts';
import { createFakeClock } from '../vault/fake-clock.ts';

type Answer = Parameters<ResolveAll>[1];

/** A name service whose answers come when a test says so. */
function slowNames() {
  const asked: Answer[] = [];
  const resolve: ResolveAll = (_hostname, done) => void asked.push(done);
  return { asked, resolve };
}

describe('A name that many calls ask for at once', () => {
  it('is asked for once, and all of them get the answer', async () => {
    const { asked, resolve } = slowNames();
    const resolver = createResolver({ clock: createFakeClock(), addresses: createAddressBook(), resolve });
    const lookUp = resolver.lookupFor('public');
    const answers = [1, 2, 3].map(
      () => new Promise((done) => lookUp('api.example', {}, (error, address) => done(error ?? address))),
    );
    expect(asked).toHaveLength(1);
    asked[0]?.(null, [{ address: '93.184.215.14', family: 4 }]);
    expect(await Promise.all(answers)).toEqual(Array(3).fill('93.184.215.14'));
  });

  it('is asked for anew in another network, without waiting for the answer of the one before', () => {
    const { asked, resolve } = slowNames();
    const resolver = createResolver({ clock: createFakeClock(), addresses: createAddressBook(), resolve });
    const lookUp = resolver.lookupFor('public');
    lookUp('api.example', {}, () => undefined);
    resolver.forget();
    lookUp('api.example', {}, () => undefined);
    expect(asked).toHaveLength(2);
  });
});

describe('The probe', () => {
  it('asks for a name once at a time, however many probes wait for it: a look-up holds a thread', async () => {
    const { asked, resolve } = slowNames();
    const reach = createReach({ resolve, proxy: null });
    const probes = [1, 2, 3].map(() => reach(['https://api.example/v1']));
    expect(asked).toHaveLength(1);
    asked[0]?.(Object.assign(new Error('none'), { code: 'ENOTFOUND' }), []);
    expect(await Promise.all(probes)).toEqual([false, false, false]);
  });
});
