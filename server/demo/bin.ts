#!/usr/bin/env node
/** `npm run demo [-- --port N --seed N]`: starts the demonstration, says how to get in, and ends when it is told to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { asCamError, CamError } from '../../lib/errors.ts';
import { formatCount } from '../../lib/format.ts';
import { systemClock } from '../clock.ts';
import { loadConfig } from '../config.ts';
import { createLogger } from '../log.ts';
import { writeRunFile } from '../run-file.ts';
import { shellQuote } from '../shell-quote.ts';
import { untilToldToStop } from '../told-to-stop.ts';
import { VERSION } from '../version.ts';
import { DEMO_MASTER_KEY, type Demo, startDemo } from './run.ts';

const HELP = `The server on a made-up month, in memory, with agents at work on an emulated provider.

  npm run demo                 on port 8080, or another when that is taken
  npm run demo -- --port 9090  on this one
  npm run demo -- --seed 7     another month
`;
const SEED = 20_261;

/** Its settings may be changed like any; they go when it ends. */
const folder = mkdtempSync(join(tmpdir(), 'cam-demo-'));
try {
  process.exitCode = await main();
} catch (thrown) {
  const { message, hint } = asCamError(thrown);
  process.stderr.write(`cam: ${message}\n${hint ? `hint: ${hint}\n` : ''}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const demo = await start(values.port, whole(values.seed, 'seed') ?? SEED);
  const { bound } = demo.running;
  writeRunFile(folder, { pid: process.pid, ...bound, startId: demo.startId, version: VERSION });
  const told = untilToldToStop(() => process.exit(1));
  process.stdout.write(
    `Demonstration at ${demo.running.adminUrl}: ${formatCount(demo.calls)} made-up calls, nothing is kept.\n`,
  );
  process.stderr.write(`Master key: ${DEMO_MASTER_KEY}\n`);
  process.stderr.write(`hint: npm run -s cam -- --home ${shellQuote(folder)} shows it in this terminal\n`);
  await told;
  await demo.close();
  return 0;
}

/** Without a wish for a port, another one will do as well. */
async function start(port: string | undefined, seed: number): Promise<Demo> {
  const on = (wanted: string | undefined) =>
    startDemo({
      settings: loadConfig({
        env: wanted === undefined ? {} : { CAM_PORT: wanted },
        flags: {},
        folders: { config: folder },
      }),
      log: createLogger({ level: 'warn', destination: { write: (line) => process.stderr.write(line) } }),
      clock: systemClock,
      seed,
      live: true,
    });
  try {
    return await on(port);
  } catch (thrown) {
    if (port !== undefined || !(thrown instanceof CamError) || thrown.code !== 'port_taken') throw thrown;
    return on('0');
  }
}

function whole(text: string | undefined, what: string): number | null {
  if (text === undefined) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CamError('invalid_request', `The ${what} is a whole number.`);
}
