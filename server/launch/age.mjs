/**
 * The stock `age` tool, with which a test proves that exports are what they claim to be. Where there is none and this
 * is Debian as root, the distribution's package is installed; elsewhere we stop and say what to run.
 */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installOnDebian } from './debian.mjs';
import { isProgram } from './programs.mjs';
import { LaunchError } from './say.mjs';

/**
 * The path of `age`, or null. `age-keygen` comes with it.
 * @param {Record<string, string | undefined>} environment
 * @returns {string | null}
 */
export function findAge(environment = process.env) {
  const folders = (environment.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, 'age')).find(isProgram) ?? null;
}

/** Installs it where that is ours to do. */
export async function requireAge() {
  if (findAge() !== null) return;
  const said = await installOnDebian('age', 'Installing age for the tests of exports (once)…');
  if (findAge() !== null) return;
  throw new LaunchError(
    said === null
      ? `The tests of exports need the age tool, and it is not installed. ${ageAdvice()}`
      : `age could not be installed. ${ageAdvice()}\napt-get said:\n${said}`,
    2,
  );
}

export function ageAdvice(platform = process.platform) {
  const command = {
    darwin: 'brew install age',
    win32: 'winget install FiloSottile.age',
    linux: existsSync('/etc/debian_version') ? 'sudo apt-get install -y age' : 'sudo dnf install -y age',
  }[platform];
  return `Run:  ${command ?? 'install age (age-encryption.org)'}`;
}
