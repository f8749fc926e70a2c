/** Agents and the SDK set up in a fresh home as README, docs and the Connect page say, and nothing more. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Doorbell } from './doorbell.ts';
import { createDoorbell } from './doorbell.ts';
import { ledgerOf } from './ledger.ts';
import { openCodeSession } from './open-code-session.ts';
import type { Scenario } from './scenarios.ts';
import { blockAfter, connectPage } from './snippets.ts';
import type { AgentRun } from './spawn-agent.ts';
import { codexScript, openCodeBinary, openCodeEnvironment, run } from './spawn-agent.ts';
import { CLIENT_KEY, type World } from './world.ts';

const MODEL = 'gpt-5.5';
const PROMPT = 'run `echo tool-$((4000+711))`';
const DOCS = 'docs/opencode-integration.md';

/** OpenCode with `~/.config/opencode/opencode.json`; without a file where that is null. */
async function openCode(home: string, file: string | null, variables: Record<string, string>) {
  if (file !== null) await put(join(home, '.config', 'opencode', 'opencode.json'), file);
  const model = file === null ? ['-m', `openai/${MODEL}`] : [];
  const args = ['run', '--format', 'json', ...model, PROMPT];
  return run(openCodeBinary(), args, { home }, { ...openCodeEnvironment(home), ...variables });
}

/** Codex with `~/.codex/config.toml`; with the one that is there where that is null. */
async function codex(
  home: string,
  file: string | null,
  variables: Record<string, string>,
  prompt = PROMPT,
  resume = false,
) {
  if (file !== null) await put(join(home, '.codex', 'config.toml'), file);
  const command = resume ? ['exec', 'resume', '--last'] : ['exec'];
  const flags = ['--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', '--json'];
  const args = [codexScript(), ...command, ...flags, prompt];
  return run(process.execPath, args, { home }, { HOME: home, TERM: 'dumb', ...variables });
}

/** What `cam connect` wrote is what the client reads: no other file, and no variable. */
async function connected(world: World, name: string, client: 'opencode' | 'codex'): Promise<string> {
  const home = join(world.folder, name);
  await mkdir(home, { recursive: true });
  await world.camAt(home, 'connect', client, '--yes', '--model', MODEL);
  const tried = await world.camAt(home, 'connect', client, '--check');
  assert.match(tried, /^It works: gpt-5\.5/);
  return home;
}

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function mustHaveRun({ code, stdout, stderr }: AgentRun): void {
  const shown = `exit ${code}\n${stdout.slice(-2_000)}\n${stderr.slice(-1_000)}`;
  assert.equal(code, 0, shown);
  assert.ok(stdout.includes('tool-4711'), shown);
  assert.doesNotMatch(stdout, /Reconnecting|turn\.failed/, shown);
}

const modelsOf = (world: World): readonly (string | null)[] =>
  world.received('First').flatMap(({ method, model }) => (method === 'POST' ? [model] : []));

async function behindBell<T>(world: World, use: (doorbell: Doorbell) => Promise<T>): Promise<T> {
  const doorbell = await createDoorbell(world.baseUrl);
  try {
    return await use(doorbell);
  } finally {
    await doorbell.close();
  }
}

const openCodeFiles: Scenario = {
  promise:
    'OpenCode works with the file of README, of the docs and of the Connect page, and with two variables',
  async run(world, name) {
    const { baseUrl, folder } = world;
    const key = { CAM_KEY: CLIENT_KEY };
    const page = connectPage(baseUrl, MODEL);
    const ways: readonly (readonly [string | null, Record<string, string>])[] = [
      [await blockAfter('README.md', '**OpenCode**', 'json', baseUrl), key],
      [await blockAfter(DOCS, '## OpenCode', 'json', baseUrl), key],
      [page.openCode, {}],
      [null, page.environment],
    ];
    await Promise.all(
      ways.map(async ([file, variables], n) =>
        mustHaveRun(await openCode(join(folder, `${name}-${n}`), file, variables)),
      ),
    );
    const models = modelsOf(world);
    const titles = models.filter((model) => model === 'gpt-5.4-nano');
    assert.equal(titles.length, ways.length, 'a title each');
    assert.ok(models.every((model) => model === MODEL || model === 'gpt-5.4-nano'));
    return 'the answers';
  },
};

const codexFiles: Scenario = {
  promise: 'Codex works with the file of README, of the docs and of the Connect page',
  async run(world, name) {
    const { baseUrl, folder } = world;
    const key = { CAM_KEY: CLIENT_KEY };
    const page = connectPage(baseUrl, MODEL);
    const ways = [
      [await blockAfter('README.md', '**Codex CLI**', 'toml', baseUrl), key],
      [await blockAfter(DOCS, '## Codex CLI', 'toml', baseUrl), key],
      [page.codex, page.codexKey],
    ] as const;
    for (const [n, [file, variables]] of ways.entries()) {
      mustHaveRun(await codex(join(folder, `${name}-${n}`), file, variables));
    }
    return 'the answers';
  },
};

const codexConnected: Scenario = {
  promise:
    'Codex works with what `cam connect codex` wrote, without a variable, and not any more once it is undone',
  async run(world, name) {
    const home = await connected(world, name, 'codex');
    mustHaveRun(await codex(home, null, {}));
    await world.camAt(home, 'connect', 'codex', '--undo', '--yes');
    assert.equal(existsSync(join(home, '.codex', 'config.toml')), false);
    return 'the answer';
  },
};

const openCodeConnected: Scenario = {
  promise:
    'OpenCode works with what `cam connect opencode` wrote into a file that had comments and another provider',
  async run(world, name) {
    const file = join(world.folder, name, '.config', 'opencode', 'opencode.json');
    const before = `{
  // mine
  "$schema": "https://opencode.ai/config.json",
  "provider": { "other": { "name": "Other", "models": {} } },
}
`;
    await put(file, before);
    const home = await connected(world, name, 'opencode');
    mustHaveRun(await openCode(home, await readFile(file, 'utf8'), {}));
    assert.ok((await readFile(file, 'utf8')).includes('// mine'));
    await world.camAt(home, 'connect', 'opencode', '--undo', '--yes');
    assert.equal(await readFile(file, 'utf8'), before);
    return 'the answer';
  },
};

const codexBuiltIn: Scenario = {
  promise: "Codex' built-in provider tries a WebSocket once, is told 426 and goes on over HTTP",
  async run(world, name) {
    await behindBell(world, async ({ baseUrl, answers }) => {
      const file = `model = "${MODEL}"\nopenai_base_url = "${baseUrl}"\n`;
      const variables = { CODEX_API_KEY: CLIENT_KEY };
      mustHaveRun(await codex(join(world.folder, name), file, variables));
      const statuses = answers.map(({ status }) => status);
      assert.equal(statuses.filter((status) => status === 426).length, 1, statuses.join(' '));
      assert.ok(
        statuses.every((status) => status === 200 || status === 426),
        statuses.join(' '),
      );
    });
    return 'the answer';
  },
};

const codexCompacts: Scenario = {
  promise: 'Codex compacts its conversation and goes on with the summary',
  async run(world, name) {
    const home = join(world.folder, name);
    const file = await blockAfter('README.md', '**Codex CLI**', 'toml', world.baseUrl);
    const low = `model_auto_compact_token_limit = 3000\n${file}`;
    for (const [n, prompt] of ['say exactly: one', 'say exactly: two', PROMPT].entries()) {
      const turn = await codex(home, low, { CAM_KEY: CLIENT_KEY }, prompt, n > 0);
      assert.equal(turn.code, 0, turn.stdout.slice(-2_000));
      if (prompt === PROMPT) mustHaveRun(turn);
    }
    const kinds = world
      .received('First')
      .map(({ headers }) => /"request_kind":"(\w+)"/.exec(headers['x-codex-turn-metadata'] ?? '')?.[1]);
    assert.ok(kinds.includes('compaction'), `only ${kinds.join(' ')}`);
    assert.equal(world.received('Second').length, 0, 'the conversation left its account');
    return 'the answers';
  },
};

const openCodeCompacts: Scenario = {
  promise: 'OpenCode starts a sub-agent beside the title, compacts, and stays on one account',
  async run(world, name) {
    const ledger = await ledgerOf(world);
    const session = await openCodeSession({
      home: join(world.folder, name),
      baseUrl: world.baseUrl,
      key: CLIENT_KEY,
    });
    try {
      const first = await session.turn('hand on `say exactly: four lines`');
      assert.deepEqual(first.troubles, []);
      assert.match(first.text, /came back as: [\s\S]*four lines/);
      await session.compact?.();
      const { text, troubles } = await session.turn(PROMPT);
      assert.deepEqual(troubles, []);
      assert.match(text, /tool-4711/);
    } finally {
      await session.close();
    }
    const calls = world.received('First').filter(({ method }) => method === 'POST');
    const child = calls.find(({ headers }) => headers['x-parent-session-id'] !== undefined);
    assert.ok(child, 'no sub-agent asked');
    assert.equal(world.received('Second').length, 0, 'something left the account');
    assert.ok(
      (await ledger.rows()).every(({ outcome }) => outcome === 'delivered'),
      'a call was not delivered',
    );
    return 'the answers';
  },
};

const sdkSnippet: Scenario = {
  promise: 'the SDK works with the code of the Connect page, and with two variables',
  async run(world, name) {
    const home = join(world.folder, name);
    const modules = fileURLToPath(new URL('./node_modules', import.meta.url));
    const page = connectPage(world.baseUrl, MODEL);
    const bare = page.javaScript.replace(/new OpenAI\([^)]*\)/, 'new OpenAI()');
    assert.notEqual(bare, page.javaScript);
    await put(join(home, 'work', 'client.mjs'), page.javaScript);
    await put(join(home, 'work', 'bare.mjs'), bare);
    await symlink(modules, join(home, 'work', 'node_modules'), 'junction');
    for (const [script, variables] of [
      ['client.mjs', {}],
      ['bare.mjs', page.environment],
    ] as const) {
      const { code, stdout, stderr } = await run(process.execPath, [script], { home }, variables);
      assert.equal(code, 0, stderr);
      assert.match(stdout, /^Here is an answer: /);
    }
    return 'the answers';
  },
};

const endpoints: Scenario = {
  promise: 'the list of models and the compact endpoint answer',
  async run(world) {
    const headers = { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'application/json' };
    const models = await fetch(`${world.baseUrl}/models`, { headers });
    const { data } = (await models.json()) as { readonly data: readonly { readonly id: string }[] };
    assert.ok(data.some(({ id }) => id === MODEL));
    const compact = await fetch(`${world.baseUrl}/responses/compact`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ model: MODEL, input: 'say exactly: one' }),
    });
    assert.equal(compact.status, 200);
    assert.match(await compact.text(), /"type":"compaction"/);
    return 'both';
  },
};

export const CODEX_AND_SDK_SET_UP: readonly Scenario[] = [
  codexFiles,
  codexConnected,
  codexBuiltIn,
  codexCompacts,
  sdkSnippet,
  endpoints,
];
export const OPEN_CODE_SET_UP: readonly Scenario[] = [openCodeFiles, openCodeConnected, openCodeCompacts];
