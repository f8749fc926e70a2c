/**
 * A process that does nothing but change its vault's keys: another master key, another data key, an account more,
 * over and over, until somebody kills it. `node changing-child.ts FILE`.
 */
import { randomUUID } from 'node:crypto';
import { Secret } from '../../../lib/base/secret.ts';
import { systemClock } from '../../../server/clock.ts';
import { openDatabase } from '../../../server/db/open-database.ts';
import { createRig } from '../../server/services/rig.ts';
import { createFastKdf } from '../../server/vault/fast-kdf.ts';
import { keyOfAccount, MASTER_KEYS } from './killed-vault.ts';

const [, , file = ''] = process.argv;
const database = await openDatabase({ file, version: '0.0.0', clock: systemClock });
const { services, vault } = await createRig({ database, kdf: createFastKdf() });
let at = (await vault.verify(MASTER_KEYS[0])) ? 0 : 1;
const keyAt = (index: number): Secret => MASTER_KEYS[index % 2] ?? MASTER_KEYS[0];
await services.local.unlock(keyAt(at));
process.stdout.write('changing\n');
for (;;) {
  const masterKey = keyAt(at);
  await services.vault.rekey({ masterKey, newMasterKey: keyAt(at + 1), acceptGuessable: true });
  at++;
  await services.vault.rotate({ masterKey: keyAt(at) });
  const name = `late-${randomUUID()}`;
  await services.accounts.add({ name, key: new Secret(keyOfAccount(name)), check: false });
  await services.accounts.edit({ ref: name, priority: 7 });
  await services.vault.rotate({ masterKey: keyAt(at) });
}
