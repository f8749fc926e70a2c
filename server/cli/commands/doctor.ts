/**
 * `cam doctor`: is this installation well, and the command that mends what is not. Exit 0 when nothing bad was
 * found, 1 when something was (with --strict also for warnings). `--json`: DoctorReport.
 *
 * With a server that is unlocked, or with the master key, the vault's rows are looked at too; without, everything
 * else is, and what was left out is named.
 */
import { writeFileSync } from 'node:fs';
import type { DiagnosticsBundle } from '../../../lib/doctor/bundle.ts';
import { type DoctorReport, type Severity, worst } from '../../../lib/doctor/finding.ts';
import { CamError } from '../../../lib/errors.ts';
import type { CommandModule, CommandWorld } from '../command.ts';
import { examineHere, withOwnEnvironment } from '../examine-here.ts';
import type { Style } from '../terminal.ts';

interface Flags {
  readonly bundle?: string;
  readonly yes?: boolean;
  readonly key: boolean;
  readonly strict?: boolean;
}

export const addDoctor: CommandModule = (command, world) => {
  command
    .option('--bundle <file>', 'write figures for somebody who helps, without names, addresses and keys')
    .option('--yes', 'write them without asking')
    .option('--no-key', 'ask for no master key and leave out what needs it')
    .option('--strict', 'exit 1 for warnings too')
    .action((flags: Flags) => (flags.bundle === undefined ? report(world, flags) : bundle(world, flags)));
};

async function report(world: CommandWorld, options: Flags): Promise<void> {
  // Before anything else: looking for the master key takes it out of the environment.
  const env = { ...world.terminal.env };
  const found = withOwnEnvironment(await examined(world, options, env), env);
  if (world.flags().json) world.terminal.json(found);
  else tell(world, found);
  const severity = worst(found.findings);
  if (severity === 'bad' || (options.strict && severity === 'warn')) throw wrong(found);
}

/** Codes that say: the vault cannot be opened from here, now. */
const SHUT = [
  'unauthenticated',
  'vault_locked',
  'vault_uninitialised',
  'data_folder_open',
  'already_running',
];

async function examined(world: CommandWorld, options: Flags, env: NodeJS.ProcessEnv): Promise<DoctorReport> {
  const { connection } = await world.connectIfRunning();
  if (connection !== null && (await connection.open.session.status.query()).vault !== 'unlocked') {
    // Asking for the key would unlock the server, which nobody asked for.
    return examineHere(world, env, 'The server is locked.');
  }
  if (!options.key) return examineHere(world, env, 'No master key was asked for.');
  try {
    return await (await world.connect()).call((api) => api.doctor.check.query());
  } catch (thrown) {
    if (!(thrown instanceof CamError) || !SHUT.includes(thrown.code)) throw thrown;
    return examineHere(world, env, thrown.message);
  }
}

const STYLES: Record<Severity, readonly [word: string, style: Style]> = {
  bad: ['BAD', 'bad'],
  warn: ['WARN', 'warn'],
  note: ['NOTE', 'dim'],
  ok: ['ok', 'ok'],
};
const WORD_COLUMNS = 4;

function tell({ terminal }: CommandWorld, { findings, unchecked }: DoctorReport): void {
  for (const { severity, check, what, why, mend } of findings) {
    const [word, style] = STYLES[severity];
    terminal.out(`${terminal.paint(style, word.padEnd(WORD_COLUMNS))}  ${check}: ${what}`);
    if (why !== null) terminal.out(`      ${terminal.paint('dim', why)}`);
    if (mend !== null) terminal.out(`      ${mend}`);
  }
  for (const { check, why } of unchecked) {
    terminal.out(`${terminal.paint('dim', '—'.padEnd(WORD_COLUMNS))}  ${check}: not looked at. ${why}`);
  }
}

function wrong({ findings }: DoctorReport): CamError {
  const bad = findings.filter(({ severity }) => severity === 'bad' || severity === 'warn').length;
  return new CamError('doctor_found', `${bad} ${bad === 1 ? 'thing needs' : 'things need'} mending.`);
}

async function bundle({ terminal, connect }: CommandWorld, options: Flags): Promise<void> {
  const made: DiagnosticsBundle = await (await connect()).call((api) => api.doctor.bundle.query());
  const text = `${JSON.stringify(made, null, 2)}\n`;
  terminal.out(text.trimEnd());
  if (options.yes !== true && !(await terminal.askYesNo(`Write exactly this to ${options.bundle}?`))) {
    terminal.say('Nothing was written.');
    return;
  }
  const file = options.bundle ?? '';
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    throw new CamError('invalid_request', `${file} could not be written, or is there already.`, { cause });
  }
  terminal.say(`Written to ${file}. Nothing else was sent anywhere.`);
}
