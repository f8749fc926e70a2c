/**
 * Children of the launcher: the tools it uses (npm, the builders, the checks). Their output is kept, to be
 * shown when they fail; they never get to see our secrets; and they end when we are told to end.
 */
import { spawn } from 'node:child_process';
import { LaunchError } from './say.mjs';

const OUTPUT_CHARACTERS_MAX = 16_000_000;
const SECRETS = ['CAM_MASTER_KEY', 'CAM_MASTER_KEY_FILE', 'CAM_CLIENT_KEY'];
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/**
 * The environment for tools: ours without the secrets, and without a NODE_ENV that would steer them.
 * @param {Record<string, string>} more  @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(more = {}) {
  const environment = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  for (const name of ['NODE_ENV', ...SECRETS]) delete environment[name];
  return { ...environment, ...more };
}

/**
 * Runs a tool to its end. `output` is all it wrote (the last sixteen million characters), `stdout` that part of
 * it; with `echo` both are shown while they come. Being told to stop meanwhile ends the tool and the launch.
 * @returns {Promise<{ code: number, output: string, stdout: string }>}
 */
export function runTool(command, args, { cwd, env = toolEnvironment(), echo = false, shell = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const kept = { output: '', stdout: '' };
    const keep = (name, chunk) => {
      kept[name] = (kept[name] + chunk).slice(-OUTPUT_CHARACTERS_MAX);
    };
    for (const stream of ['stdout', 'stderr']) {
      child[stream].setEncoding('utf8').on('data', (chunk) => {
        keep('output', chunk);
        if (stream === 'stdout') keep('stdout', chunk);
        if (echo) process[stream].write(chunk);
      });
    }
    const signals = passSignals(child);
    child.once('error', (error) => {
      signals.release();
      resolve({ ...kept, code: 127, output: kept.output + error.message });
    });
    child.once('close', (code) => {
      signals.release();
      const signal = signals.received();
      if (signal) reject(new LaunchError('Stopped.', 128 + SIGNALS[signal]));
      else resolve({ ...kept, code: code ?? 1 });
    });
  });
}

/** Passes on to the child every signal that asks us to end, until released. */
export function passSignals(child) {
  let last = null;
  const pass = (signal) => {
    last = signal;
    child.kill(signal);
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, pass);
  return {
    received: () => last,
    release: () => {
      for (const signal of Object.keys(SIGNALS)) process.off(signal, pass);
    },
  };
}
