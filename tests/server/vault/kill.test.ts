import { expect, it } from 'vitest';
import { killWhileChanging } from '../../support/kill/killed-vault.ts';

it('a process killed while it changes the keys leaves a vault that exactly one of the two master keys opens, whole', {
  timeout: 180_000,
}, async () => {
  const report = await killWhileChanging(5);
  expect(report.faults).toEqual([]);
  expect(report.secrets).toBeGreaterThanOrEqual(5 * 60);
});
