/**
 * What unlocking costs beyond the one hash that it cannot do without: the bare Argon2id against the vault's unlock with a
 * hundred accounts to check, in turn, in one process with a warm hashing thread. Run by hand:
 * `node tests/bench/unlock.ts [rounds]`. Ends with 1 when the fastest of each differ by more than the promise.
 */
import { randomBytes } from 'node:crypto';
import { totalmem } from 'node:os';
import { Secret } from '../../lib/base/secret.ts';
import { createKdf } from '../../server/vault/kdf.ts';
import { defaultKdfParameters } from '../../server/vault/kdf-parameters.ts';
import { createRig, MASTER_KEY } from '../server/services/rig.ts';

const ROUNDS = Number(process.argv[2] ?? 9);
const ACCOUNTS = 100;
const RATIO_MAX = 1.15;

const kdf = createKdf();
const parameters = defaultKdfParameters(totalmem());
const rig = await createRig({ kdf, kdfParameters: parameters });
await rig.services.local.initialise(MASTER_KEY);
for (let n = 0; n < ACCOUNTS; n++) {
  const key = new Secret(`sk-proj-bench-${n}-0123456789abcdef`);
  await rig.services.accounts.add({ name: `account-${n}`, key, check: false });
}
const bare: number[] = [];
const unlocks: number[] = [];
for (let round = 0; round < ROUNDS; round++) {
  bare.push(await timed(() => kdf.derive(new Uint8Array(randomBytes(28)), randomBytes(16), parameters)));
  await rig.services.session.lock({ panic: true });
  unlocks.push(await timed(() => rig.services.local.unlock(MASTER_KEY)));
}
await rig.close();
// The fastest of each: what else runs on the machine only ever adds.
const [hash, unlock] = [Math.min(...bare), Math.min(...unlocks)];
process.stdout.write(
  `${ROUNDS} rounds, ${ACCOUNTS} accounts, ${parameters.memoryKib / 1024} MiB, ${parameters.passes} passes: ` +
    `fastest bare hash ${hash.toFixed(0)} ms, fastest unlock ${unlock.toFixed(0)} ms, ratio ${(unlock / hash).toFixed(3)}\n`,
);
if (unlock > hash * RATIO_MAX) process.exitCode = 1;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
