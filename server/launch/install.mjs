/** Dependencies: installed once, and again only when the lock, the Node or the platform is another one. */
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { toolEnvironment } from './child.mjs';
import { npmCi } from './npm.mjs';
import { ROOT } from './places.mjs';
import { say } from './say.mjs';
import { dropStamp, readStamp, stampOf, writeStamp } from './stamp.mjs';

/** @param {string} folder one with a package.json and a lock; the checkout itself if not given */
export function installation(folder = ROOT) {
  const inside = relative(ROOT, folder).split('\\').join('/');
  const at = (file) => (inside === '' ? file : `${inside}/${file}`);
  const name = inside === '' ? 'dependencies' : `dependencies-${inside.replaceAll('/', '-')}`;
  const stamp = () =>
    stampOf(
      [at('package.json'), at('package-lock.json'), '.npmrc'],
      [process.version.split('.')[0], process.platform, process.arch],
    );
  return {
    isFresh: () => existsSync(join(folder, 'node_modules')) && readStamp(name) === stamp(),
    async make() {
      say(`Installing dependencies${inside === '' ? '' : ` of ${inside}`} (about a minute, once)…`);
      dropStamp(name);
      await npmCi(folder, toolEnvironment());
      writeStamp(name, stamp());
    },
  };
}
