/**
 * What README, docs and the Connect page tell people to write, taken from there word for word. Only the address is
 * the test's own, because its server listens on a free port.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  type Choice,
  codexFile,
  codexKey,
  environment,
  javaScript,
  openCodeFile,
} from '../../app/_components/client-guides.ts';
import type { Code } from '../../app/_components/snippet.tsx';
import { CLIENT_KEY } from './world.ts';

const ADDRESS = 'http://127.0.0.1:8080/v1';

const textOf = (code: Code): string =>
  code.map((piece) => (typeof piece === 'string' ? piece : piece.text)).join('');

/** The first block of a language in one of our documents after a piece of its text. */
export async function blockAfter(
  document: string,
  words: string,
  language: string,
  baseUrl: string,
): Promise<string> {
  const path = fileURLToPath(new URL(`../../${document}`, import.meta.url));
  const text = await readFile(path, 'utf8');
  const from = text.indexOf(words);
  assert.ok(from >= 0, `${document} has no ${JSON.stringify(words)}`);
  const [, block] = new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text.slice(from)) ?? [];
  assert.ok(block?.includes(ADDRESS), `${document} has no block with the address after ${words}`);
  return (block ?? '').replaceAll(ADDRESS, baseUrl);
}

/** What the Connect page shows to somebody who has just made a key. */
export function connectPage(baseUrl: string, model: string) {
  const choice: Choice = { endpoint: baseUrl, model, key: { text: CLIENT_KEY } };
  return {
    openCode: textOf(openCodeFile(choice)),
    codex: textOf(codexFile(choice)),
    codexKey: variables(textOf(codexKey(choice))),
    environment: variables(textOf(environment(choice))),
    javaScript: textOf(javaScript(choice)),
  };
}

/** `export NAME=value` lines as a shell would take them. */
function variables(lines: string): Record<string, string> {
  const pairs = [...lines.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [
    name,
    value,
  ]);
  assert.ok(pairs.length > 0, lines);
  return Object.fromEntries(pairs);
}
