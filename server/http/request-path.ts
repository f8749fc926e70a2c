/**
 * What a request target points at. Doors are chosen by the decoded path, so that no spelling of a path gets past a
 * rule; a path that could mean two things is refused.
 */

/** The target split at the first `?`; the query keeps it. */
export function splitTarget(url: string): { readonly path: string; readonly query: string } {
  const at = url.indexOf('?');
  return at < 0 ? { path: url, query: '' } : { path: url.slice(0, at), query: url.slice(at) };
}

/** The path with its escapes resolved; null where that is impossible or would climb, repeat or hide a separator. */
export function decodedPath(path: string): string | null {
  let plain: string;
  try {
    plain = decodeURIComponent(path);
  } catch {
    return null;
  }
  if (/[\0\\]|\/\/|%|\/\.\.?(\/|$)/.test(plain)) return null;
  // An escaped slash makes a segment that reads as two.
  if (/%2f/i.test(path)) return null;
  return plain;
}

/** First segments of OpenAI's API: a path that begins with one of them was meant for `/v1`. */
const API_SEGMENTS = new Set([
  'audio',
  'batches',
  'chat',
  'completions',
  'containers',
  'conversations',
  'embeddings',
  'engines',
  'evals',
  'files',
  'fine_tuning',
  'images',
  'models',
  'moderations',
  'realtime',
  'responses',
  'uploads',
  'vector_stores',
  'videos',
]);

export function looksLikeApi(path: string): boolean {
  return API_SEGMENTS.has(path.split('/', 2)[1] ?? '');
}

/** Tolerated spellings of a path below `/v1`: a base URL that ends in a slash makes `//v1/…`. Null for other paths. */
export function apiPath(path: string): string | null {
  if (path.startsWith('/v1/') || path === '/v1') return path;
  if (path.startsWith('//')) {
    const single = path.replace(/^\/+/, '/');
    if (single.startsWith('/v1/')) return single;
  }
  return null;
}
