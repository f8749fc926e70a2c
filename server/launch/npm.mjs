/**
 * Calling npm, and saying in plain words why it failed. npm is whichever one started us, or else the one in
 * PATH; it runs no install script of a package, and its tries at a dead network are kept short.
 */
import { basename } from 'node:path';
import { runTool } from './child.mjs';
import { closingLines, LaunchError } from './say.mjs';

const OLDEST_MAJOR = 9;
const ERROR_LINES_MAX = 8;
export const PATIENCE = [
  '--fetch-retries=2',
  '--fetch-retry-factor=3',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/** Runs npm in a folder, e.g. `npm(['ci'], {cwd})`. */
export function npm(args, { cwd, env } = {}) {
  const script = process.env.npm_execpath;
  if (script && /^npm-cli\.c?js$/.test(basename(script)))
    return runTool(process.execPath, [script, ...args], { cwd, env });
  return runTool('npm', args, { cwd, env, shell: process.platform === 'win32' });
}

/** Installs exactly what the lock of `folder` says. @param {string} folder */
export async function npmCi(folder, env) {
  await requireNpm(env);
  const result = await npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...PATIENCE], {
    cwd: folder,
    env,
  });
  if (result.code !== 0) throw new LaunchError(explainNpm(result.output, folder));
}

async function requireNpm(env) {
  const { code, stdout, output } = await npm(['--version'], { env });
  if (code !== 0)
    throw new LaunchError(
      `npm does not run here (${closingLines(output, 1) || 'not found'}). It comes with Node.js: https://nodejs.org/en/download`,
    );
  const major = Number.parseInt(stdout.trim(), 10);
  if (major < OLDEST_MAJOR)
    throw new LaunchError(
      `npm ${stdout.trim()} is too old: version ${OLDEST_MAJOR} or newer is needed. Update it with:  npm install -g npm@latest`,
    );
}

const REASONS = [
  [
    /\b(ENOTFOUND|EAI_AGAIN)\b/,
    (host) =>
      `The package registry${host} cannot be found: is this machine online? (A proxy is set with HTTPS_PROXY.)`,
  ],
  [
    /\b(ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|FETCH_ERROR)\b/,
    (host) =>
      `The package registry${host} cannot be reached: check the network, the proxy (HTTPS_PROXY) or the registry in ~/.npmrc.`,
  ],
  [
    /\b(CERT_|UNABLE_TO_\w*CERT|UNABLE_TO_VERIFY|SELF_SIGNED|DEPTH_ZERO)\w*/,
    (host) =>
      `The certificate of the package registry${host} is not trusted here. Behind an inspecting proxy, point NODE_EXTRA_CA_CERTS at its certificate.`,
  ],
  [/\bENOSPC\b/, () => 'The disk is full: about 1 GB of free space is needed for dependencies and build.'],
  [
    /\b(EACCES|EPERM|EROFS)\b/,
    () => "npm may not write here: make this folder (and npm's cache, ~/.npm) your own.",
  ],
  [
    /\bEINTEGRITY\b/,
    () =>
      'A downloaded package is not the one the lock file names. Run  npm cache clean --force  and try again; if it stays, do not trust the registry you are using.',
  ],
  [
    /\bE(401|403)\b/,
    (host) => `The package registry${host} refused us: check the registry and its login in ~/.npmrc.`,
  ],
  [
    /\bE(404|5\d\d)\b|ETARGET/,
    (host) =>
      `The package registry${host} does not hand out a package that the lock file names: a mirror may be behind, or the registry unwell.`,
  ],
  [
    /npm ci. can only install|in sync/,
    () => 'package.json and package-lock.json do not belong together: restore both from version control.',
  ],
];

/** What a failed npm run means for the person waiting. @param {string} output  @param {string} folder */
export function explainNpm(output, folder) {
  const address = /https?:\/\/([^/\s"']+)/.exec(output);
  const host = address ? ` (${address[1].replace(/^[^@]*@/, '')})` : '';
  for (const [pattern, words] of REASONS)
    if (pattern.test(output)) return `${words(host)}\nnpm said:\n${itsErrors(output)}`;
  return `npm ci failed in ${folder}. npm said:\n${closingLines(output)}`;
}

/** npm puts what happened first, and advice and the place of its log after it. */
function itsErrors(output) {
  const errors = output.split(/\r?\n/).filter((line) => /^npm (error|ERR!) \S/.test(line));
  return errors.length > 0
    ? errors.slice(0, ERROR_LINES_MAX).join('\n')
    : closingLines(output, ERROR_LINES_MAX);
}
