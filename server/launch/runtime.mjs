/**
 * The Node.js everything runs on. Where the one that started us is too old, a pinned one is installed from
 * npm's platform packages, out of a folder with a lock of its own: an integrity hash, no install script, and
 * nobody with a current Node ever downloads it.
 *
 * This file and what it imports must stay readable for old Nodes.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { passSignals, toolEnvironment } from './child.mjs';
import { withClaim } from './claim.mjs';
import { explainNpm, npm, npmCi, PATIENCE } from './npm.mjs';
import { watchParents } from './parents.mjs';
import { RUNTIME } from './places.mjs';
import { LaunchError, say } from './say.mjs';

/** 22.21 and later of 22, 24.9 and later: the first that can leave `Upgrade` requests alone. */
export function isRecentEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return (major === 22 && minor >= 21) || (major === 24 && minor >= 9) || major > 24;
}

/** The package that carries a Node for this machine, or null where none exists. */
export function runtimePackage(platform = process.platform, arch = process.arch, musl = isMusl()) {
  const system = platform === 'win32' ? 'win' : platform;
  const name = `node-${system}-${arch}`;
  const { optionalDependencies } = JSON.parse(readFileSync(join(RUNTIME, 'package.json'), 'utf8'));
  return name in optionalDependencies && !(platform === 'linux' && musl) ? name : null;
}

function isMusl() {
  return process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime;
}

/**
 * Makes sure that we run on a Node that is recent enough. Gives null when we do; otherwise runs the same
 * launch again on the pinned one and gives its exit code.
 */
export async function onRecentNode() {
  if (isRecentEnough(process.version)) return null;
  const name = runtimePackage();
  if (name === null) throw new LaunchError(tooOld(), 2);
  const node = await pinnedNode(name);
  const environment = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}` };
  for (const key of Object.keys(environment))
    if (key !== 'PATH' && key.toUpperCase() === 'PATH') delete environment[key];
  return watchOver(spawn(node, process.argv.slice(1), { env: environment, stdio: 'inherit' }));
}

async function pinnedNode(name) {
  const folder = join(RUNTIME, 'node_modules', name);
  const node = process.platform === 'win32' ? join(folder, 'bin', 'node.exe') : join(folder, 'bin', 'node');
  const wanted = JSON.parse(readFileSync(join(RUNTIME, 'package.json'), 'utf8')).optionalDependencies[name];
  const isThere = () =>
    existsSync(node) && JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version === wanted;
  if (isThere()) return node;
  await withClaim(async () => {
    if (isThere()) return;
    say(`Node.js ${process.version} is too old; installing Node.js ${wanted} for this folder only (once)…`);
    await npmCi(RUNTIME, toolEnvironment());
    if (!isThere()) throw new LaunchError(await whyMissing(name, wanted), 2);
  });
  return node;
}

/**
 * npm counts it no failure when a package for one platform only does not arrive, and keeps the reason to
 * itself. Asked for that package alone, it tells.
 */
async function whyMissing(name, version) {
  const { code, output } = await npm(['cache', 'add', `${name}@${version}`, ...PATIENCE], {
    env: toolEnvironment(),
  });
  if (code !== 0) return explainNpm(output, RUNTIME);
  return `${name} ${version} was downloaded but is not in ${RUNTIME}: is the disk full, or the folder not yours?`;
}

function tooOld() {
  return `Node.js ${process.version} is too old, and there is no ready-made one for ${process.platform} ${process.arch} on npm.
Install Node.js 24 (or 22.21 and later) from https://nodejs.org/en/download and start again.`;
}

/**
 * Stays with a child that does the real work: signals are passed on, and when whoever started us is gone
 * (npm dies of a signal without telling anyone) the child is told to end. @returns {Promise<number>}
 */
export function watchOver(child) {
  const signals = passSignals(child);
  // Started by hand rather than through npm, a program may outlive its terminal.
  const isNpms = process.env.npm_lifecycle_event !== undefined;
  const stopWatching = isNpms ? watchParents(() => child.kill('SIGTERM')) : () => {};
  return new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new LaunchError(`${child.spawnfile} does not run: ${error.message}`, 2)),
    );
    child.once('exit', (code, signal) => {
      stopWatching();
      signals.release();
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}
