/**
 * Loaded into the server before its own code (`--expose-gc --import`): asked over the process channel, it collects
 * garbage and tells what is left. Nothing of this is in the product.
 */
import { setTimeout as wait } from 'node:timers/promises';

const SETTLE_MS = 200;

process.on('message', async (asked) => {
  if (asked !== 'sample') return;
  for (let round = 0; round < 2; round++) {
    globalThis.gc();
    await wait(SETTLE_MS);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  const resources = {};
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
  process.send({ rss, heapUsed, external, resources });
});
// The channel alone keeps nothing alive.
process.channel.unref();
