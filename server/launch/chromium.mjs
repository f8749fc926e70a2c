/**
 * A Chromium for the browser tests: whichever is installed. Where there is none and this is Debian as root,
 * the distribution's package is installed; elsewhere we stop and say what to run. Tests are never skipped.
 */
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { installOnDebian } from './debian.mjs';
import { isProgram } from './programs.mjs';
import { LaunchError } from './say.mjs';

const COMMANDS = [
  'google-chrome',
  'google-chrome-stable',
  'chromium',
  'chromium-browser',
  'microsoft-edge',
  'microsoft-edge-stable',
];
const MAC = [
  'Google Chrome.app/Contents/MacOS/Google Chrome',
  'Chromium.app/Contents/MacOS/Chromium',
  'Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];
const WINDOWS = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
];
const PLAYWRIGHT = [
  'chrome-linux/chrome',
  'chrome-linux64/chrome',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-win/chrome.exe',
  'chrome-win64/chrome.exe',
];

/**
 * The path of a browser, or null. A CHROME_PATH that leads nowhere is an error, not a reason to look on.
 * @param {Record<string, string | undefined>} environment
 * @returns {string | null}
 */
export function findChromium(environment = process.env, platform = process.platform) {
  if (environment.CHROME_PATH) {
    if (isProgram(environment.CHROME_PATH)) return environment.CHROME_PATH;
    throw new LaunchError(
      `CHROME_PATH names ${environment.CHROME_PATH}, which is not a program that can be run.`,
    );
  }
  return [...installed(environment, platform), ...playwrights(environment, platform)].find(isProgram) ?? null;
}

function installed(environment, platform) {
  if (platform === 'darwin')
    return ['/Applications', join(homedir(), 'Applications')].flatMap((folder) =>
      MAC.map((app) => join(folder, app)),
    );
  if (platform === 'win32') {
    const folders = [
      environment.PROGRAMFILES,
      environment['PROGRAMFILES(X86)'],
      environment.LOCALAPPDATA,
    ].filter(Boolean);
    return folders.flatMap((folder) => WINDOWS.map((program) => join(folder, program)));
  }
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
}

/** The browsers that Playwright downloads, newest first. */
function playwrights(environment, platform) {
  const caches = { darwin: join(homedir(), 'Library', 'Caches'), win32: environment.LOCALAPPDATA ?? '' };
  const cache =
    environment.PLAYWRIGHT_BROWSERS_PATH ??
    join(caches[platform] ?? join(homedir(), '.cache'), 'ms-playwright');
  if (!existsSync(cache)) return [];
  const revision = (name) => Number(name.slice('chromium-'.length));
  const folders = readdirSync(cache).filter((name) => /^chromium-\d+$/.test(name));
  folders.sort((a, b) => revision(b) - revision(a));
  return folders.flatMap((folder) => PLAYWRIGHT.map((program) => join(cache, folder, program)));
}

/** The path of a browser; installs one where that is ours to do. @returns {Promise<string>} */
export async function requireChromium() {
  const found = findChromium();
  if (found !== null) return found;
  const said = await installOnDebian('chromium', 'Installing Chromium for the browser tests (once)…');
  if (said === null)
    throw new LaunchError(`The browser tests need a Chromium, and none is installed. ${advice()}`, 2);
  const made = findChromium();
  if (made === null)
    throw new LaunchError(`Chromium could not be installed. ${advice()}\napt-get said:\n${said}`, 2);
  return made;
}

function advice() {
  const command = {
    darwin: 'brew install --cask chromium',
    win32: 'winget install Google.Chrome',
    linux: existsSync('/etc/debian_version')
      ? 'sudo apt-get install -y chromium'
      : 'sudo dnf install -y chromium',
  }[process.platform];
  return `Run:  ${command ?? 'install Chromium'}  — or set CHROME_PATH to a Chrome, Chromium or Edge of yours.`;
}
