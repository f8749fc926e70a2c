/**
 * Three runs of tests: `unit` is pure and takes seconds, `integration` uses real sockets, SQLite and processes,
 * `browser` drives a Chromium against the production build.
 */
import { defineConfig } from 'vitest/config';

const NOT_OURS = ['**/node_modules/**', 'tests/clients/**'];

export default defineConfig({
  test: {
    // Most of their time tests wait for sockets, processes and clocks, so there may be more than one on two cores.
    maxWorkers: 3,
    // Counted by hand (`docs/promises.md`): every branch of what guards the keys is taken by a test, or says why not.
    coverage: {
      provider: 'v8',
      include: ['server/vault/**', 'server/http/guard.ts', 'server/upstream/egress.ts', 'lib/errors.ts'],
      reporter: ['text'],
      thresholds: { branches: 100 },
    },
    projects: [
      { test: { name: 'unit', include: ['tests/lib/**/*.test.ts'], exclude: NOT_OURS } },
      {
        test: {
          name: 'integration',
          include: ['tests/{server,launch}/**/*.test.{ts,tsx}'],
          exclude: NOT_OURS,
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          exclude: NOT_OURS,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
