/**
 * Random keys in every form that is known, none of them real, and the places in which one turns up. Drawn from a seed:
 * what fails can be drawn again.
 */
import { seededRandom } from '../../lib/base/random.ts';

type Draw = () => number;

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const ALNUM = `${LOWER}${LOWER.toUpperCase()}${DIGITS}`;
const URL_SAFE = `${ALNUM}-_`;
const HEX = '0123456789abcdef';
/** Crockford's base 32, which our own client keys are written in. */
const OURS = '0123456789abcdefghjkmnpqrstvwxyz';

const run = (draw: Draw, alphabet: string, length: number): string =>
  Array.from({ length }, () => alphabet[Math.floor(draw() * alphabet.length)] ?? '').join('');
const between = (draw: Draw, least: number, most: number): number =>
  least + Math.floor(draw() * (most - least + 1));

const FORMATS: Readonly<Record<string, (draw: Draw) => string>> = {
  'OpenAI, user': (d) => `sk-${run(d, ALNUM, 20)}T3BlbkFJ${run(d, ALNUM, 20)}`,
  'OpenAI, project': (d) => `sk-proj-${run(d, URL_SAFE, between(d, 48, 156))}`,
  'OpenAI, service account': (d) => `sk-svcacct-${run(d, URL_SAFE, between(d, 48, 156))}`,
  'OpenAI, service account, older': (d) => `sk-service-${run(d, ALNUM, 60)}`,
  'OpenAI, admin': (d) => `sk-admin-${run(d, URL_SAFE, between(d, 48, 156))}`,
  'OpenAI, without project': (d) => `sk-None-${run(d, ALNUM, 48)}`,
  'OpenAI, session': (d) => `sess-${run(d, ALNUM, 40)}`,
  'OpenAI, ephemeral': (d) => `ek-${run(d, ALNUM, 40)}`,
  'ours, minted': (d) => `cam-${run(d, OURS, 59)}`,
  'ours, of a session': (d) => `cam-${run(d, URL_SAFE, 43)}`,
  Anthropic: (d) => `sk-ant-api03-${run(d, URL_SAFE, 93)}AA`,
  OpenRouter: (d) => `sk-or-v1-${run(d, HEX, 64)}`,
  DeepSeek: (d) => `sk-${run(d, HEX, 32)}`,
  Google: (d) => `AIza${run(d, URL_SAFE, 35)}`,
  'Google, access token': (d) => `ya29.${run(d, URL_SAFE, 120)}`,
  Groq: (d) => `gsk_${run(d, ALNUM, 52)}`,
  xAI: (d) => `xai-${run(d, ALNUM, 80)}`,
  'Hugging Face': (d) => `hf_${run(d, ALNUM, 34)}`,
  Perplexity: (d) => `pplx-${run(d, ALNUM, 48)}`,
  NVIDIA: (d) => `nvapi-${run(d, URL_SAFE, 64)}`,
  Cerebras: (d) => `csk-${run(d, `${LOWER}${DIGITS}`, 48)}`,
  Replicate: (d) => `r8_${run(d, ALNUM, 37)}`,
  Fireworks: (d) => `fw_${run(d, ALNUM, 24)}`,
  Databricks: (d) => `dapi${run(d, HEX, 32)}`,
  'Azure, new': (d) =>
    `${run(d, ALNUM, 52)}JQQJ99${run(d, ALNUM, 10)}AAAB${run(d, ALNUM, 8)}${run(d, DIGITS, 4)}`,
  GitHub: (d) => `${['ghp', 'gho', 'ghu', 'ghs', 'ghr'][Math.floor(d() * 5)]}_${run(d, ALNUM, 36)}`,
  'GitHub, fine-grained': (d) => `github_pat_${run(d, ALNUM, 22)}_${run(d, ALNUM, 59)}`,
  Amazon: (d) => `AKIA${run(d, `${LOWER.toUpperCase()}${DIGITS}`, 16)}`,
  'JSON web token': (d) => `eyJ${run(d, URL_SAFE, 33)}.eyJ${run(d, URL_SAFE, 80)}.${run(d, URL_SAFE, 43)}`,
};

/** Only a log hides these by their shape: a provider's sentence may hold as long an id. */
const LONG_ONLY = new Set(['Azure, new']);

/** Nothing tells these but where they stand. */
const UNSHAPED: readonly ((draw: Draw) => string)[] = [
  (d) => run(d, HEX, 32),
  (d) => run(d, ALNUM, 32),
  (d) => run(d, URL_SAFE, between(d, 20, 200)),
];

const BARE: readonly ((key: string) => string)[] = [
  (key) => `Incorrect API key provided: ${key}. You can find it at your provider.`,
  (key) => `line one\n${key}\tafter a tab`,
  (key) => `"${key}"`,
  (key) => `(\`${key}\`)`,
  (key) => `https://api.example.com/v1/${key}/models`,
  (key) => `https://api.example.com/v1/models?account=${key}&x=1#top`,
  (key) => encodeURIComponent(`the key is ${key}`),
  (key) => [...key].map((c) => `%${c.charCodeAt(0).toString(16)}`).join(''),
  (key) => [...key].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  (key) => JSON.stringify({ error: { message: `bad\n${key}` } }),
  (key) => JSON.stringify(JSON.stringify({ error: { message: `bad\n${key}\n` } })),
  (key) => JSON.stringify({ a: JSON.stringify({ b: JSON.stringify([key]) }) }),
  (key) => `<p>${key}</p>`,
  (key) => `Bearer ${key}`,
];

const NEIGHBOURED: readonly ((key: string) => string)[] = [
  (key) => `aGVsbG8${key}`,
  (key) => `aGVsbG8+${key}/Zm9v==`,
  (key) => `QUJD.${key}==`,
];

const CARRIERS: readonly ((key: string) => string)[] = [
  (key) => `Authorization: Bearer ${key}`,
  (key) => `https://api.example.com/v1/models?api_key=${key}&x=1`,
  (key) => `https://user:${key}@api.example.com/v1`,
  (key) => JSON.stringify({ headers: { 'x-api-key': key } }),
  (key) => JSON.stringify(JSON.stringify({ access_token: key })),
];

export interface Planted {
  readonly format: string;
  readonly key: string;
  /** A text that holds it. */
  readonly text: string;
}

export const FORMAT_NAMES = Object.keys(FORMATS);

/** @param forLog also what only a log hides */
export function plant(seed: number, number: number, forLog: boolean): Planted {
  const draw = seededRandom(seed * 1_000_003 + number);
  draw();
  const one = <T>(from: readonly T[]): T => from[Math.floor(draw() * from.length)] as T;
  if (draw() < 0.12) {
    const key = one(UNSHAPED)(draw);
    return { format: 'without a shape', key, text: one(CARRIERS)(key) };
  }
  const names = forLog ? FORMAT_NAMES : FORMAT_NAMES.filter((name) => !LONG_ONLY.has(name));
  const format = one(names);
  const key = FORMATS[format]?.(draw) ?? '';
  const places = draw() < 0.2 ? NEIGHBOURED : draw() < 0.25 ? CARRIERS : BARE;
  return { format, key, text: one(places)(key) };
}

/** The longest part of a key, decoded or not, that a text still holds. */
export function leaked(text: string, key: string): string | null {
  const decoded = text
    .replace(/\\+u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/%([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  for (let from = 0; from + LEAK <= key.length; from++) {
    const part = key.slice(from, from + LEAK);
    if (text.includes(part) || decoded.includes(part)) return part;
  }
  return null;
}

/** So many characters in a row are no accident. A known beginning like `github_pat_` has fewer. */
const LEAK = 12;
