/** What is built from the sources: the bundle of server and command line, and the pages of the dashboard. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runTool, toolEnvironment } from './child.mjs';
import { DIST, LAUNCH, ROOT, tool } from './places.mjs';
import { closingLines, LaunchError, say } from './say.mjs';
import { dropStamp, readStamp, stampOf, writeStamp } from './stamp.mjs';

const SHARED = ['package.json', 'package-lock.json', 'tsconfig.json', 'lib'];

/** `dist`: a second or two. */
export const bundle = product({
  name: 'bundle',
  announcement: 'Bundling the server…',
  sources: [...SHARED, 'server', 'prisma-free-migrations'],
  proof: join(DIST, 'cam.js'),
  command: [join(LAUNCH, 'bundle.mjs')],
});

/** `.next`: half a minute to a minute. */
export const dashboard = product({
  name: 'dashboard',
  announcement: 'Building the dashboard (about a minute, once)…',
  sources: [...SHARED, 'app', 'public', 'next.config.mjs', 'postcss.config.mjs'],
  proof: join(ROOT, '.next', 'BUILD_ID'),
  command: [tool('next/dist/bin/next'), 'build'],
  environment: { NODE_ENV: 'production' },
});

function product({ name, announcement, sources, proof, command, environment }) {
  const stamp = () => stampOf(sources, [process.platform, process.arch]);
  return {
    isFresh: () => existsSync(proof) && readStamp(name) === stamp(),
    async make() {
      say(announcement);
      const before = stamp();
      dropStamp(name);
      const { code, output } = await runTool(process.execPath, command, {
        cwd: ROOT,
        env: toolEnvironment(environment),
      });
      if (code !== 0 || !existsSync(proof)) throw new LaunchError(whyNot(name, output));
      writeStamp(name, before);
    },
  };
}

function whyNot(name, output) {
  if (/\bENOSPC\b/.test(output)) return `The disk is full: the ${name} could not be written.`;
  if (/heap out of memory|\bENOMEM\b|SIGKILL/.test(output))
    return `Not enough memory to build the ${name}: about 1 GB of free memory is needed.`;
  return `Building the ${name} failed. The end of its output:\n${closingLines(output)}`;
}
