/** Brings a checkout to where a command can run: dependencies first, then what that command needs built. */
import { withClaim } from './claim.mjs';
import { installation } from './install.mjs';

/** Makes whatever is not fresh, in order. When all is fresh nothing is claimed, announced or waited for. */
export async function prepare(products) {
  const steps = [installation(), ...products];
  if (steps.every((step) => step.isFresh())) return;
  await withClaim(async () => {
    for (const step of steps) if (!step.isFresh()) await step.make();
  });
}
