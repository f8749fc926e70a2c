/** The call of the Playground as code to take along. The key is a variable: a snippet must not carry one. */
import { curlText } from '../curl-text.ts';
import { callBody, type PlaygroundCall, pathOf } from './call-body.ts';

export const SNIPPETS = ['curl', 'JavaScript', 'Python'] as const;
export type SnippetName = (typeof SNIPPETS)[number];

/** @param endpoint the base URL, with `/v1` */
export function snippet(name: SnippetName, endpoint: string, call: PlaygroundCall): string {
  const body = callBody(call);
  switch (name) {
    case 'curl':
      return curl(endpoint, call, body);
    case 'JavaScript':
      return javaScript(endpoint, call, body);
    case 'Python':
      return python(endpoint, call, body);
  }
}

function curl(endpoint: string, { api, stream }: PlaygroundCall, body: object): string {
  const url = endpoint.replace(/\/v1\/?$/, '') + pathOf(api);
  return curlText({ url, body: JSON.stringify(body, null, 2), stream });
}

function javaScript(endpoint: string, { api, stream }: PlaygroundCall, body: object): string {
  const create = api === 'responses' ? 'client.responses.create' : 'client.chat.completions.create';
  const said = api === 'responses' ? 'answer.output_text' : 'answer.choices[0].message.content';
  const use = stream ? 'for await (const event of answer) console.log(event);' : `console.log(${said});`;
  return [
    "import OpenAI from 'openai';",
    '',
    `const client = new OpenAI({ baseURL: ${JSON.stringify(endpoint)}, apiKey: process.env.OPENAI_API_KEY });`,
    `const answer = await ${create}(${JSON.stringify(body, null, 2)});`,
    use,
  ].join('\n');
}

function python(endpoint: string, { api, stream }: PlaygroundCall, body: object): string {
  const create = api === 'responses' ? 'client.responses.create' : 'client.chat.completions.create';
  const said = api === 'responses' ? 'answer.output_text' : 'answer.choices[0].message.content';
  const use = stream ? 'for event in answer:\n    print(event)' : `print(${said})`;
  const named = Object.entries(body).map(([name, value]) => `    ${name}=${pythonValue(value, '    ')},`);
  return [
    'import os',
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${JSON.stringify(endpoint)}, api_key=os.environ["OPENAI_API_KEY"])`,
    `answer = ${create}(`,
    ...named,
    ')',
    use,
  ].join('\n');
}

/** JSON as Python writes it: True, False and None, and nothing else that differs. */
function pythonValue(value: unknown, indent: string): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (typeof value !== 'object') return JSON.stringify(value);
  const deeper = `${indent}    `;
  const parts = Array.isArray(value)
    ? value.map((part) => deeper + pythonValue(part, deeper))
    : Object.entries(value).map(
        ([name, part]) => `${deeper}${JSON.stringify(name)}: ${pythonValue(part, deeper)}`,
      );
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  return parts.length === 0 ? `${open}${close}` : `${open}\n${parts.join(',\n')},\n${indent}${close}`;
}
