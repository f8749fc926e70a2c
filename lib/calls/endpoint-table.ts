/**
 * From a method and a path to the Endpoint it names. The table is complete: what is not in it is not OpenAI's
 * API and gets a 404, what needs an admin key is found as such so that it can be refused by name.
 *
 * Paths are compared as they came: nothing is decoded and then used. A path that hides a separator, a dot
 * segment or a control character behind percent-encoding is unknown, because an upstream might decode it.
 */
import type { Endpoint, EndpointFamily, EndpointTreatment } from './endpoint.ts';
import { API_ROWS } from './endpoint-rows.ts';
import { ADMIN_ROWS } from './endpoint-rows-admin.ts';

export type EndpointMatch =
  | {
      readonly kind: 'found';
      readonly endpoint: Endpoint;
      /** The path below `/v1`, cleaned of a doubled `/v1` and of trailing slashes: what goes upstream. */
      readonly path: string;
    }
  /** The path exists with these other methods. */
  | { readonly kind: 'method_not_allowed'; readonly allow: readonly string[] }
  /** `missingV1`: with `/v1` in front it would be one of ours, so the client's base URL lacks it. */
  | { readonly kind: 'unknown_path'; readonly missingV1: boolean };

interface Node {
  readonly literals: Map<string, Node>;
  parameter: Node | null;
  readonly methods: Map<string, Endpoint>;
}

const FAMILIES: Readonly<Record<string, EndpointFamily>> = {
  responses: 'responses',
  chat: 'chat',
  completions: 'completions',
  embeddings: 'embeddings',
  images: 'images',
  audio: 'audio',
  moderations: 'moderations',
  models: 'models',
  files: 'files',
};

const PATH_LENGTH_MAX = 8_192;
/** A path of our own, which no provider has: what a client key has used. */
const OWN_USAGE = '/usage';
const ADMIN_ROOTS: readonly string[] = ['organization', 'projects'];
const UNKNOWN: EndpointMatch = { kind: 'unknown_path', missingV1: false };

/** Every endpoint, in the order of the table; ours comes last. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...readRows(API_ROWS, false),
  ...readRows(ADMIN_ROWS, true),
  ...readRows(`${OWN_USAGE} GET`, false),
];

const ROOT = plant(ENDPOINTS);
const LITERAL_PATHS = literalPaths(ENDPOINTS);

/** @param path as it came, beginning with `/v1`, without the query */
export function findEndpoint(method: string, path: string): EndpointMatch {
  const known = LITERAL_PATHS.get(path)?.get(method);
  if (known !== undefined) return known;
  if (path.length > PATH_LENGTH_MAX) return UNKNOWN;
  const segments = cleanSegments(path);
  if (segments === null) return UNKNOWN;
  if (segments[0] !== 'v1') return { kind: 'unknown_path', missingV1: walk(ROOT, segments, 0) !== null };
  let below = 1;
  while (segments[below] === 'v1') below++;
  const node = walk(ROOT, segments, below);
  const rest = segments.slice(below);
  if (node === null) return adminMatch(method, rest) ?? UNKNOWN;
  const endpoint = node.methods.get(method);
  if (endpoint === undefined) return { kind: 'method_not_allowed', allow: [...node.methods.keys()] };
  return { kind: 'found', endpoint, path: `/${rest.join('/')}` };
}

/** The path's segments without trailing slashes; null when one is empty or would read differently once decoded. */
function cleanSegments(path: string): string[] | null {
  if (!path.startsWith('/')) return null;
  let end = path.length;
  while (end > 1 && path.charCodeAt(end - 1) === 0x2f) end--;
  const segments = path.slice(1, end).split('/');
  return segments.every(isCleanSegment) ? segments : null;
}

function isCleanSegment(segment: string): boolean {
  let decoded = segment;
  if (segment.includes('%')) {
    try {
      decoded = decodeURIComponent(segment);
    } catch {
      return false;
    }
    // A second layer of encoding has no honest use in an id.
    if (/%[0-9a-f]{2}/i.test(decoded)) return false;
  }
  if (decoded === '' || decoded === '.' || decoded === '..') return false;
  for (let i = 0; i < decoded.length; i++) {
    const code = decoded.charCodeAt(i);
    if (code < 0x20 || code === 0x7f || code === 0x2f || code === 0x5c) return false;
  }
  return true;
}

/** Literal segments win over parameters; a literal branch that leads nowhere falls back to the parameter. */
function walk(node: Node, segments: readonly string[], at: number): Node | null {
  const segment = segments[at];
  if (segment === undefined) return node.methods.size > 0 ? node : null;
  const literal = node.literals.get(segment);
  const found = literal === undefined ? null : walk(literal, segments, at + 1);
  if (found !== null) return found;
  return node.parameter === null ? null : walk(node.parameter, segments, at + 1);
}

/** Administrative paths newer than the table are still refused as such, never forwarded or called unknown. */
function adminMatch(method: string, rest: readonly string[]): EndpointMatch | null {
  const root = rest[0] ?? '';
  if (!ADMIN_ROOTS.includes(root)) return null;
  const pattern = `/${root}/{rest}`;
  return { kind: 'found', endpoint: makeEndpoint(method, pattern, '', true), path: `/${rest.join('/')}` };
}

function readRows(rows: string, admin: boolean): Endpoint[] {
  return rows
    .trim()
    .split('\n')
    .flatMap((row) => {
      const [pattern = '', ...methods] = row.split(' ');
      return methods.map((entry) => {
        const [method = '', flags = ''] = entry.split(':');
        return makeEndpoint(method, pattern, flags, admin);
      });
    });
}

function makeEndpoint(method: string, pattern: string, flags: string, admin: boolean): Endpoint {
  const treatment = treatmentOf(method, pattern, flags, admin);
  return {
    name: `${method} ${pattern}`,
    method,
    pattern,
    family: FAMILIES[pattern.split('/')[1] ?? ''] ?? 'other',
    treatment,
    canStream: flags.includes('s'),
    multipart: flags.includes('m'),
    binary: flags.includes('b'),
    webSocket: flags.includes('w'),
    // Whether a response runs in the background is known from its body only: see `routing/may-move.ts`.
    repeatable: treatment === 'inference',
  };
}

function treatmentOf(method: string, pattern: string, flags: string, admin: boolean): EndpointTreatment {
  if (admin) return 'admin';
  if (flags.includes('i')) return 'inference';
  if (pattern === OWN_USAGE) return 'usage';
  return method === 'GET' && (pattern === '/models' || pattern === '/models/{model}') ? 'models' : 'fixed';
}

function plant(endpoints: readonly Endpoint[]): Node {
  const root = newNode();
  for (const endpoint of endpoints) {
    let node = root;
    for (const segment of endpoint.pattern.slice(1).split('/')) node = child(node, segment);
    node.methods.set(endpoint.method, endpoint);
  }
  return root;
}

function child(node: Node, segment: string): Node {
  if (segment.startsWith('{')) {
    node.parameter ??= newNode();
    return node.parameter;
  }
  const known = node.literals.get(segment);
  if (known !== undefined) return known;
  const fresh = newNode();
  node.literals.set(segment, fresh);
  return fresh;
}

function newNode(): Node {
  return { literals: new Map(), parameter: null, methods: new Map() };
}

/** The hot path: almost every call names one of these exactly, so its match is made once and shared. */
function literalPaths(endpoints: readonly Endpoint[]): Map<string, Map<string, EndpointMatch>> {
  const paths = new Map<string, Map<string, EndpointMatch>>();
  for (const endpoint of endpoints) {
    if (endpoint.pattern.includes('{')) continue;
    const path = `/v1${endpoint.pattern}`;
    const methods = paths.get(path) ?? new Map<string, EndpointMatch>();
    methods.set(endpoint.method, { kind: 'found', endpoint, path: endpoint.pattern });
    paths.set(path, methods);
  }
  return paths;
}
