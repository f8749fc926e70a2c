/**
 * What unlocking costs beyond the one hash that it cannot do without. Each unlock of a vault with a hundred accounts is
 * timed, and inside it the bare Argon2id, so that both meet the same moment of a busy machine. Run by hand:
 * `node tests/bench/unlock.ts [rounds]`. Ends with 1 when the median ratio is above the promise.
 */
import { totalmem } from 'node:os';
import { Secret } from '../../lib/base/secret.ts';
import { createKdf, type Kdf } from '../../server/vault/kdf.ts';
import { defaultKdfParameters } from '../../server/vault/kdf-parameters.ts';
import { createRig, MASTER_KEY } from '../server/services/rig.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const ACCOUNTS = 100;
const RATIO_MAX = 1.15;

const threaded = createKdf();
let hashMs = 0;
const kdf: Kdf = {
  ...threaded,
  async derive(password, salt, parameters) {
    const startMs = performance.now();
    const key = await threaded.derive(password, salt, parameters);
    hashMs = performance.now() - startMs;
    return key;
  },
};
const parameters = defaultKdfParameters(totalmem());
const rig = await createRig({ kdf, kdfParameters: parameters });
await rig.services.local.initialise(MASTER_KEY);
for (let n = 0; n < ACCOUNTS; n++) {
  const key = new Secret(`sk-proj-bench-${n}-0123456789abcdef`);
  await rig.services.accounts.add({ name: `account-${n}`, key, check: false });
}
const rounds: { readonly unlockMs: number; readonly hashMs: number }[] = [];
while (rounds.length < ROUNDS) {
  await rig.services.session.lock({ panic: true });
  const startMs = performance.now();
  await rig.services.local.unlock(MASTER_KEY);
  rounds.push({ unlockMs: performance.now() - startMs, hashMs });
}
await rig.close();
const ratio = median(rounds.map((each) => each.unlockMs / each.hashMs));
const beyondMs = median(rounds.map((each) => each.unlockMs - each.hashMs));
process.stdout.write(
  `${ROUNDS} unlocks, ${ACCOUNTS} accounts, ${parameters.memoryKib / 1024} MiB, ${parameters.passes} passes: ` +
    `median ratio ${ratio.toFixed(3)}, ${beyondMs.toFixed(0)} ms beyond a hash of ` +
    `${median(rounds.map((each) => each.hashMs)).toFixed(0)} ms\n`,
);
if (ratio > RATIO_MAX) process.exitCode = 1;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
