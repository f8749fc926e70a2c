/** Moving, backing up and restoring from the command line, on two folders that are two computers. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHome, type Home, type Said } from './cam.ts';

const KEY = 'sk-proj-canary-0123456789abcdefghij';
const PASSPHRASE = 'four unrelated words here\n';
const SLOW_MS = 120_000;

let one: Home;
let other: Home;
let file: string;
const said: string[] = [];
const run = async (home: Home, args: readonly string[], input = ''): Promise<Said> => {
  const result = await home.cam(args, { input, env: { CAM_MASTER_KEY_FILE: home.keyFile } });
  said.push(result.out, result.err);
  return result;
};

beforeAll(async () => {
  one = createHome();
  other = createHome();
  file = join(dirname(one.folder), 'laptop.age');
  const base = ['--base-url', 'https://gateway.example/v1'];
  await run(one, ['add', 'Work', '-', '--no-check', ...base], KEY);
}, SLOW_MS);
afterAll(() => {
  one?.remove();
  other?.remove();
  expect(said.join('')).not.toContain(KEY);
});

describe('cam export and cam import', () => {
  it(
    'bring an account to another computer once its base URL is accepted by name',
    async () => {
      const exported = await run(one, ['export', file, '--passphrase-stdin'], PASSPHRASE);
      expect(exported).toMatchObject({ code: 0 });
      expect(exported.out).toBe(
        `Exported 1 account with all keys, 0 client keys without values, 0 settings to ${file}.\n`,
      );
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'latin1')).toMatch(/^age-encryption\.org\/v1\n-> scrypt /);
      expect(await run(one, ['export', file, '--passphrase-stdin'], PASSPHRASE)).toMatchObject({
        code: 2,
        out: '',
      });

      const early = await run(other, ['import', file, '--passphrase-stdin', '--dry-run'], PASSPHRASE);
      expect(early).toMatchObject({
        code: 3,
        out: '',
        err: expect.stringContaining(
          'cam: Nothing is set up here yet, and a dry run sets nothing up.\nhint: ',
        ),
      });
      const without = await run(other, ['import', file, '--passphrase-stdin', '--yes'], PASSPHRASE);
      expect(without).toMatchObject({
        code: 1,
        err: expect.stringMatching(
          /Left out: Work\. Its base URL was not ticked\.\n[\s\S]*cam: Not imported: Work\.\n/,
        ),
      });
      const looked = await run(other, ['import', file, '--passphrase-stdin', '--dry-run'], PASSPHRASE);
      expect(looked.out).toMatch(/^new +account +Work/m);
      expect(looked.out).toContain('base URL  Work: https://gateway.example/v1\n');
      const accepted = ['--yes', '--accept-base-url', 'work'];
      const done = await run(other, ['import', file, '--passphrase-stdin', ...accepted], PASSPHRASE);
      expect(done.out).toContain('Imported: 1 new, 0 changed, 0 removed, 0 as they were.\n');
      const { out } = await run(other, ['list', '--json']);
      expect(JSON.parse(out)).toMatchObject([
        { name: 'Work', keyLastFour: 'ghij', baseUrl: 'https://gateway.example/v1' },
      ]);
    },
    SLOW_MS,
  );

  it(
    'say what is wrong with a file, and with a passphrase',
    async () => {
      const wrong = await run(
        other,
        ['import', file, '--passphrase-stdin', '--dry-run'],
        'another passphrase\n',
      );
      expect(wrong).toMatchObject({ code: 1, out: '' });
      expect(wrong.err).toContain('cam: That is not the passphrase of this file.\nhint: ');
      const picture = join(dirname(one.folder), 'cat.jpg');
      writeFileSync(picture, 'JFIF');
      expect(await run(other, ['import', picture])).toMatchObject({ code: 1, out: '' });
      expect(await run(other, ['import', `${picture}.gone`])).toMatchObject({ code: 1, out: '' });
    },
    SLOW_MS,
  );

  it(
    'import a list, and say that the file is a risk',
    async () => {
      const list = join(dirname(one.folder), 'accounts.csv');
      writeFileSync(list, `name,key\nSpare,sk-spare-0123456789abcdefgh\nTwin,${KEY}\n,x\n`);
      const done = await run(other, ['import', list, '--yes']);
      expect(done).toMatchObject({ code: 1 });
      expect(done.err).toContain('cam: Not imported: ');
      expect(done.out).toMatch(/^new +account +Spare \(line 2\)/m);
      expect(done.err).toContain('line 4');
      expect(done.err).toContain(`hint: delete it when you are done: rm ${list}`);
    },
    SLOW_MS,
  );
});

describe('cam backup and cam restore', () => {
  it(
    'put back what was there, and keep what was replaced',
    async () => {
      const made = await run(one, ['backup', '--json']);
      const { path, triedWithKey } = JSON.parse(made.out);
      expect(triedWithKey).toBe(true);
      expect((await run(one, ['status'])).out).toMatch(/^backup +\d+\w+ ago$/m);
      await run(one, ['remove', 'Work', '--yes']);
      expect(await run(one, ['restore', path])).toMatchObject({ code: 2, out: '' });
      const restored = await run(one, ['restore', path, '--yes']);
      expect(restored).toMatchObject({
        code: 0,
        out: expect.stringContaining('Restored 1 account and 0 client keys'),
      });
      expect(restored.err).toContain('The database that was here is at ');
      expect(JSON.parse((await run(one, ['list', '--json'])).out)).toMatchObject([{ name: 'Work' }]);
      expect(readdirSync(join(one.folder, 'backups')).some((name) => name.startsWith('cam-replaced-'))).toBe(
        true,
      );
    },
    SLOW_MS,
  );

  it(
    'do not restore beside a running server',
    async () => {
      const { out } = await run(one, ['backup', '--list', '--json']);
      const [backup] = JSON.parse(out).backups;
      const server = await one.serve({ CAM_MASTER_KEY_FILE: one.keyFile });
      const refused = await run(one, ['restore', join(one.folder, 'backups', backup.name), '--yes']);
      expect(refused).toMatchObject({ code: 5, out: '' });
      expect(refused.err).toContain('hint: Stop it first');
      await server.stop();
    },
    SLOW_MS,
  );
});
