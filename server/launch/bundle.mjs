/**
 * Bundles server and command line into `dist`, run by the launcher once dependencies are there. All files lie
 * side by side, so that a worker is found next to whichever chunk starts it. Packages stay outside: they are
 * installed anyway, and some of them are native.
 */
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { DIST, ROOT } from './places.mjs';

const OLD_CHUNK_MS = 24 * 3_600_000;
const ENTRIES = {
  cam: 'server/cli/bin.ts',
  demo: 'server/demo/bin.ts',
  'kdf-worker': 'server/vault/kdf-worker.ts',
  'strength-worker': 'server/vault/strength-worker.ts',
  'age-worker': 'server/vault/age-worker.ts',
  'backup-worker': 'server/db/backup-worker.ts',
  'read-worker': 'server/db/read-worker.ts',
  'token-worker': 'server/gateway/token-worker.ts',
  'replay-worker': 'server/services/routing/replay-worker.ts',
};

const present = Object.entries(ENTRIES).filter(([, source]) => existsSync(join(ROOT, source)));
const result = await build({
  absWorkingDir: ROOT,
  entryPoints: Object.fromEntries(present),
  outdir: DIST,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22.21',
  packages: 'external',
  chunkNames: '[name]-[hash]',
  jsx: 'automatic',
  sourcemap: 'linked',
  logLevel: 'warning',
  metafile: true,
}).catch(() => null);

// What is wrong has been said by the builder itself.
if (result === null) process.exitCode = 1;
else dropOldChunks(new Set(Object.keys(result.metafile.outputs).map((path) => basename(path))));

/** Chunks of earlier builds go only after a day: a server still running on them may yet ask for one. */
function dropOldChunks(current) {
  for (const name of readdirSync(DIST)) {
    const file = join(DIST, name);
    if (!current.has(name) && Date.now() - statSync(file).mtimeMs > OLD_CHUNK_MS)
      rmSync(file, { recursive: true });
  }
}
