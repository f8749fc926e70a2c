/**
 * What each client must be told to come here, as it was seen to work: OpenCode and the SDKs by file or
 * environment, Codex only by its file (it ignores OPENAI_BASE_URL).
 */
import type { Code, Piece } from './snippet.tsx';

export const CLIENTS = ['opencode', 'codex', 'sdk', 'curl', 'env'] as const;
export type ClientName = (typeof CLIENTS)[number];

export interface Choice {
  readonly endpoint: string;
  readonly model: string;
  /** The key as it goes into a snippet: whole, masked to the eye, or a slot to fill. */
  readonly key: Piece;
}

/** Just made: masked in the page, whole in the copy. Older: we keep only a digest, so there is nothing to copy. */
export function keyPiece(name: string, secret: string | null): Piece {
  if (secret === null) return { text: `<your ${name} key>`, shown: `your ${name} key`, slot: true };
  if (secret.length < 28) return { text: secret };
  return { text: secret, shown: `${secret.slice(0, 8)}••••••••${secret.slice(-4)}` };
}

const own = (text: string): Piece => ({ text });

export function openCodeFile({ endpoint, model, key }: Choice): Code {
  return [
    '{\n  "$schema": "https://opencode.ai/config.json",\n  "provider": {\n    "openai": {\n      "options": {\n        "baseURL": "',
    own(endpoint),
    '",\n        "apiKey": "',
    key,
    '"\n      }\n    }\n  },\n  "model": "openai/',
    own(model),
    '"\n}',
  ];
}

export function codexFile({ endpoint, model }: Choice): Code {
  return [
    'model = "',
    own(model),
    '"\nmodel_provider = "cam"\n\n[model_providers.cam]\nname = "Codex Account Manager"\nbase_url = "',
    own(endpoint),
    '"\nenv_key = "OPENAI_API_KEY"\nwire_api = "responses"',
  ];
}

export const codexKey = ({ key }: Choice): Code => ['export OPENAI_API_KEY=', key];

export const environment = ({ endpoint, key }: Choice, word = 'export '): Code => [
  `${word}OPENAI_BASE_URL=`,
  own(endpoint),
  `\n${word}OPENAI_API_KEY=`,
  key,
];

export function javaScript({ endpoint, model, key }: Choice): Code {
  return [
    "import OpenAI from 'openai';\n\nconst client = new OpenAI({\n  baseURL: '",
    own(endpoint),
    "',\n  apiKey: '",
    key,
    "',\n});\nconst answer = await client.responses.create({ model: '",
    own(model),
    "', input: 'say hi' });\nconsole.log(answer.output_text);",
  ];
}

export function python({ endpoint, model, key }: Choice): Code {
  return [
    'from openai import OpenAI\n\nclient = OpenAI(\n    base_url="',
    own(endpoint),
    '",\n    api_key="',
    key,
    '",\n)\nanswer = client.responses.create(model="',
    own(model),
    '", input="say hi")\nprint(answer.output_text)',
  ];
}

export function curl({ endpoint, model, key }: Choice): Code {
  return [
    'curl ',
    own(`${endpoint}/responses`),
    " \\\n  -H 'Authorization: Bearer ",
    key,
    "' \\\n  -H 'Content-Type: application/json' \\\n  -d '{\"model\": \"",
    own(model),
    '", "input": "say hi"}\'',
  ];
}

/** How to make each client send its first call, and what to call it. */
export const FIRST_CALL: Record<ClientName, { readonly name: string; readonly run: string | null }> = {
  opencode: { name: 'OpenCode', run: 'opencode run "say hi"' },
  codex: { name: 'Codex', run: 'codex exec --skip-git-repo-check "say hi"' },
  sdk: { name: 'the SDK', run: 'node client.mjs' },
  curl: { name: 'curl', run: null },
  env: { name: 'any client', run: null },
};
