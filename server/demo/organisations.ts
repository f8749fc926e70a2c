/**
 * What belongs to an organisation and not to a key: its prompt cache, the reasoning it has sealed, and the
 * responses it has stored. Two organisations share none of it.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from './ask.ts';
import { isObject } from './ask.ts';

export interface Organisation {
  readonly name: string;
  /** Tokens of the longest prefix seen before, in steps of 128 from 1,024; remembers this one. */
  cachedTokens(items: readonly JsonObject[]): number;
  seal(id: string): string;
  /** False when some encrypted content in the items was sealed by another organisation, or by nobody. */
  canOpen(items: readonly JsonObject[]): boolean;
  store(id: string, items: readonly JsonObject[]): void;
  stored(id: string): readonly JsonObject[] | null;
  /** Objects of one of its projects: no other project has them. */
  keep(project: string, id: string, json: object): void;
  object(project: string, id: string): object | null;
  forget(project: string, id: string): void;
}

const PREFIXES_MAX = 5_000;
const STORED_MAX = 1_000;
const SEAL_PREFIX = 'gAAAAAB';

export function createOrganisation(name: string): Organisation {
  const prefixes = new Set<string>();
  const responses = new Map<string, readonly JsonObject[]>();
  const objects = new Map<string, object>();

  const remember = (prefix: string) => {
    prefixes.add(prefix);
    for (const oldest of prefixes) {
      if (prefixes.size <= PREFIXES_MAX) break;
      prefixes.delete(oldest);
    }
  };

  return {
    name,
    cachedTokens(items) {
      const hash = createHash('sha256');
      let bytes = 0;
      let known = 0;
      for (const item of items) {
        const text = JSON.stringify(item);
        bytes += text.length;
        hash.update(text);
        const prefix = hash.copy().digest('base64');
        if (prefixes.has(prefix)) known = bytes;
        remember(prefix);
      }
      const tokens = tokensOf(known);
      return tokens < 1024 ? 0 : Math.floor(tokens / 128) * 128;
    },
    seal: (id) => SEAL_PREFIX + Buffer.from(JSON.stringify({ name, id })).toString('base64url'),
    canOpen: (items) => sealsIn(items).every((sealed) => openedName(sealed) === name),
    store: (id, items) => put(responses, id, items),
    stored: (id) => responses.get(id) ?? null,
    keep: (project, id, json) => put(objects, `${project} ${id}`, json),
    object: (project, id) => objects.get(`${project} ${id}`) ?? null,
    forget(project, id) {
      objects.delete(`${project} ${id}`);
      responses.delete(id);
    },
  };
}

function put<T>(map: Map<string, T>, id: string, value: T): void {
  map.set(id, value);
  const oldest = map.keys().next();
  if (map.size > STORED_MAX && oldest.done === false) map.delete(oldest.value);
}

/** Roughly four bytes of JSON make a token. */
export function tokensOf(bytes: number): number {
  return Math.ceil(bytes / 4);
}

function sealsIn(items: readonly JsonObject[]): readonly string[] {
  return items.flatMap((item) =>
    typeof item.encrypted_content === 'string' ? [item.encrypted_content] : [],
  );
}

function openedName(sealed: string): string | null {
  try {
    const json: unknown = JSON.parse(Buffer.from(sealed.slice(SEAL_PREFIX.length), 'base64url').toString());
    return isObject(json) && typeof json.name === 'string' ? json.name : null;
  } catch {
    return null;
  }
}
