/** Installing a package of the distribution, where that is ours to do: on Debian and as root. */
import { existsSync } from 'node:fs';
import { runTool } from './child.mjs';
import { closingLines, say } from './say.mjs';

/** @returns {Promise<string | null>} the end of what apt-get said; null where nothing was tried */
export async function installOnDebian(name, announcement) {
  const isDebianRoot = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  if (!isDebianRoot) return null;
  say(announcement);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await runTool('apt-get', ['update', '-qq'], { env });
  const install = ['install', '-y', '-qq', '--no-install-recommends', name];
  const { output } = await runTool('apt-get', install, { env });
  return closingLines(output, 8);
}
