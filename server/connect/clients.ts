/**
 * What each client is told so that it comes here, and where: as it was seen to work with OpenCode 1.18.33 and Codex
 * 0.169.0. The key stands in a file of its own and is named, not copied, wherever the client can read such a file.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BLOCK_PATH, blockText } from './block-text.ts';
import type { ConfigText, PlacedSetting } from './config-text.ts';
import { jsonText } from './json-text.ts';
import { tomlText } from './toml-text.ts';

export const CONNECTABLE = ['opencode', 'codex', 'shell', 'env'] as const;
export type ConnectableName = (typeof CONNECTABLE)[number];

/** Where a client lives. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly workingFolder: string;
}

export interface ConnectWish {
  /** e.g. `http://127.0.0.1:8080/v1` */
  readonly endpoint: string;
  /** Where the key stands, or will. */
  readonly keyFile: string;
  /** The key itself, only for clients that cannot read it from its file. */
  readonly key: () => string;
  /** Null leaves the client's own choice. */
  readonly model: string | null;
}

export interface Connectable {
  readonly title: string;
  readonly format: ConfigText;
  /** The client cannot read the key from a file: it stands in the configuration itself. */
  readonly keyInside?: true;
  /** The file that the client reads. @param project the one of the working folder instead of the user's */
  file(where: Surroundings, project: boolean): string;
  settings(where: Surroundings, wish: ConnectWish): readonly PlacedSetting[];
  /** What keeps the client from coming here although its file says so. @param text of the file */
  warnings(where: Surroundings, text: string, file: string): readonly string[];
  /** What to do to see it work. */
  readonly next: string;
}

const folderOf = ({ env, home }: Surroundings, name: string, ...usual: string[]): string =>
  env[name] ? resolve(env[name]) : join(home, ...usual);

const openCode: Connectable = {
  title: 'OpenCode',
  format: jsonText,
  file(where, project) {
    const folder = project
      ? where.workingFolder
      : join(folderOf(where, 'XDG_CONFIG_HOME', '.config'), 'opencode');
    const commented = join(folder, 'opencode.jsonc');
    return existsSync(commented) ? commented : join(folder, 'opencode.json');
  },
  settings: (_where, { endpoint, keyFile, model }) => [
    { path: ['provider', 'openai', 'options', 'baseURL'], value: endpoint },
    { path: ['provider', 'openai', 'options', 'apiKey'], value: `{file:${keyFile}}` },
    ...(model === null ? [] : [{ path: ['model'], value: `openai/${model}` }]),
  ],
  warnings(where, text, file) {
    const found: string[] = [];
    if (
      signedInWithChatGpt(join(folderOf(where, 'XDG_DATA_HOME', '.local', 'share'), 'opencode', 'auth.json'))
    )
      found.push(
        'OpenCode is signed in with ChatGPT, and that wins over this file: `opencode auth logout` ends it.',
      );
    const model = jsonText.read(text, ['model']);
    if (typeof model === 'string' && !model.startsWith('openai/'))
      found.push(
        `OpenCode uses ${model}, which is not of the provider that comes here: choose one of openai/…`,
      );
    for (const name of ['OPENCODE_CONFIG', 'OPENCODE_CONFIG_CONTENT'])
      if (where.env[name]) found.push(`${name} is set: what it says wins over this file.`);
    const ofProject = openCode.file(where, true);
    if (ofProject !== file && readsElsewhere(ofProject))
      found.push(`${ofProject} has options of its own for openai, which win in that folder.`);
    return found;
  },
  next: 'opencode run "say hi"',
};

const CODEX_PROVIDER = 'cam';

const codex: Connectable = {
  title: 'Codex',
  format: tomlText,
  file: (where, project) =>
    project
      ? join(where.workingFolder, '.codex', 'config.toml')
      : join(folderOf(where, 'CODEX_HOME', '.codex'), 'config.toml'),
  settings: ({ platform }, { endpoint, keyFile, model }) => [
    ...(model === null ? [] : [{ path: ['model'], value: model }]),
    { path: ['model_provider'], value: CODEX_PROVIDER },
    {
      path: ['model_providers', CODEX_PROVIDER],
      value: {
        name: 'Codex Account Manager',
        base_url: endpoint,
        wire_api: 'responses',
        // Codex asks this command for the key, so that no variable has to be set where it is started.
        auth:
          platform === 'win32'
            ? { command: 'cmd.exe', args: ['/d', '/c', 'type', keyFile] }
            : { command: 'cat', args: [keyFile] },
      },
    },
  ],
  warnings(where, text) {
    const found: string[] = [];
    const profile = tomlText.read(text, ['profile']);
    if (typeof profile === 'string' && tomlText.read(text, ['profiles', profile, 'model_provider']))
      found.push(`The profile ${profile}, which this file chooses, names a provider of its own.`);
    if (where.env.OPENAI_BASE_URL) found.push('Codex ignores OPENAI_BASE_URL; this file alone counts.');
    return found;
  },
  next: 'codex exec --skip-git-repo-check "say hi"',
};

const shell: Connectable = {
  title: 'your shell',
  format: blockText,
  file(where) {
    const name = shellName(where);
    if (name === 'fish')
      return join(
        folderOf(where, 'XDG_CONFIG_HOME', '.config'),
        'fish',
        'conf.d',
        'codex-account-manager.fish',
      );
    if (name === 'zsh') return join(folderOf(where, 'ZDOTDIR'), '.zshrc');
    if (name === 'bash') return join(where.home, where.platform === 'darwin' ? '.bash_profile' : '.bashrc');
    return join(where.home, '.profile');
  },
  settings: (where, { endpoint, keyFile }) => [
    {
      path: BLOCK_PATH,
      value:
        shellName(where) === 'fish'
          ? `set -gx OPENAI_BASE_URL ${quoted(endpoint)}\nset -gx OPENAI_API_KEY (cat ${quoted(keyFile)})`
          : `export OPENAI_BASE_URL=${quoted(endpoint)}\nexport OPENAI_API_KEY="$(cat ${quoted(keyFile)})"`,
    },
  ],
  warnings: ({ platform }) => [
    'Only what is started from a new shell sees this: programs started from a desktop do not.',
    'Codex ignores OPENAI_BASE_URL: `cam connect codex` is for it.',
    ...(platform === 'win32' ? ['This is for a POSIX shell (Git Bash, WSL), not for PowerShell.'] : []),
  ],
  next: 'a new shell, then any program on an OpenAI SDK',
};

const dotEnv: Connectable = {
  title: 'programs that read .env',
  format: blockText,
  keyInside: true,
  file: ({ workingFolder }) => join(workingFolder, '.env'),
  settings: (_where, { endpoint, key }) => [
    { path: BLOCK_PATH, value: `OPENAI_BASE_URL=${endpoint}\nOPENAI_API_KEY=${key()}` },
  ],
  warnings: () => [
    'The key stands in this file: keep it out of version control. It opens nothing but this proxy.',
  ],
  next: 'your program, in this folder',
};

export const CLIENTS: Readonly<Record<ConnectableName, Connectable>> = {
  opencode: openCode,
  codex,
  shell,
  env: dotEnv,
};

function shellName({ env }: Surroundings): string {
  return /([^/\\]+?)(\.exe)?$/.exec(env.SHELL ?? '')?.[1] ?? '';
}

/** For a shell, in single quotes. */
const quoted = (text: string): string =>
  /^[\w./:@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

function signedInWithChatGpt(file: string): boolean {
  try {
    const stored: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const openai = (stored as { openai?: { type?: unknown } } | null)?.openai;
    return openai?.type === 'oauth';
  } catch {
    return false;
  }
}

function readsElsewhere(file: string): boolean {
  try {
    return jsonText.read(readFileSync(file, 'utf8'), ['provider', 'openai', 'options']) !== undefined;
  } catch {
    return false;
  }
}
