/** `cam connect`: a client comes here with a key of its own, and goes back to what it was. */
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClientKeyView } from '../../../lib/wire/views.ts';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { createHome, type Home, type Server } from './cam.ts';

const KEY = 'sk-proj-good-0123456789abcdefghij';
const MINE = `{
  // mine
  "theme": "dark",
  "provider": { "anthropic": { "options": { "apiKey": "{env:MINE}" } } }
}
`;

describe('cam connect', () => {
  let home: Home;
  let server: Server;
  let emulator: Emulator;
  const fileIn = (...path: string[]): string => join(dirname(home.folder), ...path);
  const openCodeFile = () => fileIn('.config', 'opencode', 'opencode.json');
  const write = (file: string, text: string): void => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  const liveKeys = async (): Promise<string[]> => {
    const keys = JSON.parse((await home.cam(['keys', 'list', '--json'])).out) as ClientKeyView[];
    return keys.filter(({ revokedAtMs }) => revokedAtMs === null).map(({ name }) => name);
  };

  beforeAll(async () => {
    home = createHome();
    emulator = await createEmulator({ keys: [{ key: KEY }] });
    server = await home.serve({ CAM_MASTER_KEY_FILE: home.keyFile });
    await home.cam(['unlock'], { env: { CAM_MASTER_KEY_FILE: home.keyFile } });
    await home.cam(['add', 'Work', '-', '--base-url', emulator.baseUrl, '--allow-local'], { input: KEY });
  });
  afterAll(async () => {
    await server.stop();
    await emulator.close();
    home.remove();
  });

  it('shows what would change, and changes nothing without a yes', async () => {
    const shown = await home.cam(['connect', 'opencode', '--show']);
    expect(shown).toMatchObject({ code: 0, out: '' });
    expect(shown.err).toContain(`+        "baseURL": "${server.origin}/v1"`);
    const unasked = await home.cam(['connect', 'opencode']);
    expect(unasked.code).toBe(2);
    expect(unasked.err).toContain('hint: --yes changes it without asking, --show only shows it');
    expect(existsSync(openCodeFile())).toBe(false);
    expect(await liveKeys()).toEqual([]);
  });

  it('keeps what is there, writes a key of its own, tries it, and takes all of it back', async () => {
    write(openCodeFile(), MINE);
    const said = await home.cam(['connect', 'opencode', '--yes', '--model', 'gpt-5.5']);
    expect(said).toMatchObject({ code: 0, out: 'Connected OpenCode with the client key opencode.\n' });
    const text = readFileSync(openCodeFile(), 'utf8');
    expect(text).toContain('// mine');
    expect(text).toContain('"anthropic"');
    expect(text).toContain('"model": "openai/gpt-5.5"');
    const keyFile = /\{file:(.+)\}/.exec(text)?.[1] ?? '';
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    expect(text).not.toContain(readFileSync(keyFile, 'utf8').trim());
    expect(readFileSync(`${openCodeFile()}.before-cam`, 'utf8')).toBe(MINE);

    const tried = await home.cam(['connect', 'opencode', '--check']);
    expect(tried).toMatchObject({ code: 0, err: '' });
    expect(tried.out).toMatch(/^It works: gpt-5\.5 answered in \d+ ms\.\n/);
    expect(tried.out).toContain('account   Work');

    await home.cam(['connect', 'opencode', '--yes']);
    expect(await liveKeys()).toEqual(['opencode']);
    const undone = await home.cam(['connect', 'opencode', '--undo', '--yes']);
    expect(undone).toMatchObject({ code: 0, out: 'OpenCode is as it was before.\n' });
    expect(readFileSync(openCodeFile(), 'utf8')).toBe(MINE);
    expect(existsSync(`${openCodeFile()}.before-cam`)).toBe(false);
    expect(existsSync(keyFile)).toBe(false);
    expect(await liveKeys()).toEqual([]);
  });

  it('takes back only its own when the file was changed since', async () => {
    write(openCodeFile(), MINE);
    await home.cam(['connect', 'opencode', '--yes']);
    write(openCodeFile(), readFileSync(openCodeFile(), 'utf8').replace('"dark"', '"light"'));
    await home.cam(['connect', 'opencode', '--undo', '--yes']);
    expect(readFileSync(openCodeFile(), 'utf8').replaceAll(/\s/g, '')).toBe(
      MINE.replace('dark', 'light').replaceAll(/\s/g, ''),
    );
  });

  it('keeps what came between two connections, and shows no key that stands in the file', async () => {
    const old = 'sk-proj-oldkey-0123456789abcdefghij';
    write(openCodeFile(), `{ "provider": { "openai": { "options": { "apiKey": "${old}" } } } }\n`);
    const first = await home.cam(['connect', 'opencode', '--yes']);
    write(openCodeFile(), readFileSync(openCodeFile(), 'utf8').replace('{', '{ "theme": "light",'));
    const second = await home.cam(['connect', 'opencode', '--yes', '--model', 'gpt-5.5']);
    const shown = await home.cam(['connect', 'opencode', '--show', '--json']);
    const undone = await home.cam(['connect', 'opencode', '--undo', '--yes']);
    expect(JSON.parse(readFileSync(openCodeFile(), 'utf8'))).toEqual({
      theme: 'light',
      provider: { openai: { options: { apiKey: old } } },
    });
    for (const { code, out, err } of [first, second, shown, undone]) {
      expect(code).toBe(0);
      expect(out + err).not.toContain(old);
    }
  });

  it('connects Codex without a variable, and leaves no file where there was none', async () => {
    const file = fileIn('.codex', 'config.toml');
    const { code, out } = await home.cam(['connect', 'codex', '--yes', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      client: 'codex',
      file,
      backup: null,
      clientKey: 'codex',
      endpoint: `${server.origin}/v1`,
      warnings: [],
    });
    expect(readFileSync(file, 'utf8')).toContain('[model_providers.cam.auth]\ncommand = "cat"');
    expect((await home.cam(['connect'])).out).toContain(`codex   codex  ${file}`);
    expect((await home.cam(['connect', 'codex', '--check'])).code).toBe(0);
    await home.cam(['connect', 'codex', '--undo', '--yes']);
    expect(existsSync(file)).toBe(false);
  });

  it.each([
    ['/bin/zsh', '.zshrc', 'export OPENAI_API_KEY="$(cat '],
    ['/usr/bin/fish', '.config/fish/conf.d/codex-account-manager.fish', 'set -gx OPENAI_API_KEY (cat '],
  ])('writes for %s into the file that it reads', async (shell, name, line) => {
    const env = { SHELL: shell };
    const said = await home.cam(['connect', 'shell', '--yes'], { env });
    expect(said.code).toBe(0);
    expect(said.err).toContain('programs started from a desktop do not');
    expect(readFileSync(fileIn(name), 'utf8')).toContain(line);
    expect((await home.cam(['connect', 'shell', '--check'], { env })).code).toBe(0);
    expect((await home.cam(['connect', 'shell', '--undo', '--yes'], { env })).code).toBe(0);
    expect(existsSync(fileIn(name))).toBe(false);
  });

  it('writes the key itself only where a file cannot be named, and says so', async () => {
    const file = fileIn('project', '.env');
    write(file, 'DEBUG=1\n');
    const said = await home.cam(['connect', 'env', '--yes', '--file', file]);
    expect(said.err).toContain('keep it out of version control');
    expect(said.err).not.toMatch(/cam-[A-Za-z0-9]{20}/);
    expect(readFileSync(file, 'utf8')).toMatch(/^DEBUG=1\n[\s\S]*OPENAI_API_KEY=cam-\w{20}/);
    expect((await home.cam(['connect', 'env', '--check', '--file', file])).code).toBe(0);
    const undone = await home.cam(['connect', 'env', '--undo', '--yes', '--file', file]);
    expect(undone.err).not.toMatch(/cam-[A-Za-z0-9]{20}/);
    expect(readFileSync(file, 'utf8')).toBe('DEBUG=1\n');
  });

  it('warns of what would win over the file', async () => {
    write(fileIn('.local', 'share', 'opencode', 'auth.json'), '{"openai":{"type":"oauth","refresh":"r"}}');
    write(openCodeFile(), '{"model": "anthropic/claude"}');
    const { err } = await home.cam(['connect', 'opencode', '--show'], { env: { OPENCODE_CONFIG: '/else' } });
    expect(err).toContain('signed in with ChatGPT');
    expect(err).toContain('anthropic/claude');
    expect(err).toContain('OPENCODE_CONFIG is set');
  });

  it('touches nothing that it cannot read, and makes no key for it', async () => {
    write(openCodeFile(), '{\n  "theme": oops\n}');
    const said = await home.cam(['connect', 'opencode', '--yes']);
    expect(said.code).toBe(2);
    expect(said.err).toContain(`${openCodeFile()}: This is not JSON, by line 2.`);
    expect(readFileSync(openCodeFile(), 'utf8')).toBe('{\n  "theme": oops\n}');
    expect(await liveKeys()).toEqual([]);
  });

  it('says what is wrong with a call that does not come through', async () => {
    const file = fileIn('gone', '.env');
    write(
      file,
      '# >>> codex-account-manager >>>\nOPENAI_BASE_URL=http://127.0.0.1:9/v1\nOPENAI_API_KEY=cam-x\n# <<< codex-account-manager <<<\n',
    );
    expect(await home.cam(['connect', 'env', '--check', '--file', file])).toMatchObject({
      code: 1,
      err: 'cam: Nobody answers at http://127.0.0.1:9/v1.\nhint: `cam proxy` starts the server; `cam status` shows where it listens\n',
    });
    write(file, readFileSync(file, 'utf8').replace('http://127.0.0.1:9', server.origin));
    const refused = await home.cam(['connect', 'env', '--check', '--file', file]);
    expect(refused.code).toBe(1);
    expect(refused.err).toContain('The call was answered 401:');
  });

  it('knows its clients, and prints what any other needs', async () => {
    expect(await home.cam(['connect', 'vim'])).toMatchObject({ code: 2 });
    expect((await home.cam(['connect', 'print'])).out).toContain(`base URL   ${server.origin}/v1`);
    expect(await home.cam(['connect', 'codex', '--undo', '--yes'])).toMatchObject({ code: 1 });
  });
});
