/** Client files are changed setting by setting, and changed back. */
import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { BLOCK_PATH, blockText } from '../../../server/connect/block-text.ts';
import { type ConfigText, inverseOf, type PlacedSetting } from '../../../server/connect/config-text.ts';
import { jsonText } from '../../../server/connect/json-text.ts';
import { tomlText } from '../../../server/connect/toml-text.ts';

const OPENCODE: PlacedSetting[] = [
  { path: ['provider', 'openai', 'options', 'baseURL'], value: 'http://127.0.0.1:8080/v1' },
  { path: ['provider', 'openai', 'options', 'apiKey'], value: '{file:/keys/opencode}' },
];
const CODEX: PlacedSetting[] = [
  { path: ['model_provider'], value: 'cam' },
  {
    path: ['model_providers', 'cam'],
    value: {
      name: 'Cam',
      base_url: 'http://127.0.0.1:8080/v1',
      auth: { command: 'cat', args: ['/keys/codex'] },
    },
  },
];
const BLOCK: PlacedSetting[] = [
  { path: BLOCK_PATH, value: 'export OPENAI_BASE_URL=http://127.0.0.1:8080/v1' },
];

const JSONC = `{
  // what I like
  "theme": "dark", // really
  "provider": {
    "anthropic": { "options": { "apiKey": "{env:MINE}" } },
    /* of work */
    "openai": { "options": { "baseURL": "https://gateway.example/v1", "timeout": 60000 } },
  },
}
`;
const TOML = `# mine
model = "gpt-5.5" # the best
approval_policy = "on-request"

[mcp_servers.docs]
command = "docs-server" # keep

[model_providers.azure]
name = "Azure"
`;
const PROFILE = '# ~/.bashrc\nalias ll="ls -l"';

const CASES: readonly (readonly [string, ConfigText, readonly PlacedSetting[], readonly string[]])[] = [
  ['OpenCode', jsonText, OPENCODE, ['', '{}', JSONC, '{\n\t"theme": "dark"\n}\n']],
  [
    'Codex',
    tomlText,
    CODEX,
    [
      '',
      TOML,
      'model_provider = "azure"\n[model_providers.azure]\nname = "Azure"\n',
      '[model_providers]\nazure = { name = "Azure" }\n',
      'model_providers = { azure = { name = "Azure" } }\n',
      '[model_providers.cam]\nname = "an older one"\nbase_url = "http://127.0.0.1:9/v1"\n',
    ],
  ],
  ['a shell', blockText, BLOCK, ['', PROFILE, `${PROFILE}\n`]],
];

describe.each(CASES)('The file of %s', (_name, format, settings, texts) => {
  test.each(texts)('has what was written and keeps the rest: %j', (text) => {
    const changed = format.change(text, settings);
    for (const { path, value } of settings) expect(format.read(changed, path)).toEqual(value);
    expect(format.change(changed, settings)).toBe(changed);
    for (const comment of text.match(/(\/\/ |\/\*|# ).*/g) ?? []) expect(changed).toContain(comment);
  });

  test.each(texts)('says the same as before when it is changed back: %j', (text) => {
    const inverse = inverseOf(format, text, settings);
    const back = format.change(format.change(text, settings), inverse);
    for (const { path } of settings) expect(format.read(back, path)).toEqual(format.read(text, path));
    for (const comment of text.match(/(\/\/ |\/\*|# ).*/g) ?? []) expect(back).toContain(comment);
    const words = (of: string) => of.replaceAll(/[\s,{}]/g, '');
    expect(words(back)).toBe(words(text));
  });
});

test('a new provider of Codex is a section of its own at the end', () => {
  const changed = tomlText.change(TOML, CODEX);
  expect(changed).toContain('\n[model_providers.cam]\n');
  expect(changed.indexOf('model_provider = "cam"')).toBeLessThan(changed.indexOf('[mcp_servers.docs]'));
  expect(parse(changed)).toMatchObject({
    model: 'gpt-5.5',
    model_providers: { azure: { name: 'Azure' }, cam: { auth: { args: ['/keys/codex'] } } },
  });
});

test.each([
  ['JSON', jsonText, '{\n  "a": 1\n  "b": 2\n}', 'line 3'],
  ['a list', jsonText, '[1]', 'JSON'],
  ['TOML', tomlText, 'a = 1\nb = = 2\n', 'line 2'],
] as const)('what is not %s is not touched, and told by its line', (_name, format, text, told) => {
  expect(() => format.change(text, [{ path: ['a'], value: 2 }])).toThrow(told);
});
