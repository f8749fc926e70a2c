/**
 * Kills a process that changes master key and data key without end, with SIGKILL, at random moments, and counts what
 * was lost. Run by hand: `node tests/kill/vault-kill.ts [kills]`. Ends with 1 when anything was.
 */
import { killWhileChanging } from '../support/kill/killed-vault.ts';

const KILLS = Number(process.argv[2] ?? 100);
const startedMs = performance.now();
const report = await killWhileChanging(KILLS, (so) => {
  if (so.kills % 10 === 0 || so.kills === KILLS) {
    process.stdout.write(
      `${so.kills} kills in ${Math.round((performance.now() - startedMs) / 1_000)} s, ${so.midRotation} of them ` +
        `during a rotation, ${so.rekeys} times another master key; ${so.secrets} secrets looked at, ` +
        `${so.faults.length} faults\n`,
    );
  }
});
for (const fault of report.faults) process.stdout.write(`${fault}\n`);
if (report.faults.length > 0) process.exitCode = 1;
