/**
 * Which of a client's headers travel on. Everything that could authenticate, steer or describe the hop between
 * client and us stays here; everything else crosses as it came, because clients and providers invent headers
 * that no table of ours knows.
 */
const STAYS = new Set([
  // Credentials of any dialect
  'authorization',
  'api-key',
  'x-api-key',
  'x-goog-api-key',
  'cookie',
  'proxy-authorization',
  // The account's own are set in their place
  'openai-organization',
  'openai-project',
  // This hop only
  'host',
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
  'content-length',
  'accept-encoding',
  'forwarded',
  'via',
  'x-real-ip',
  'origin',
  'referer',
  // Remembered with its account: `turn-state.ts` puts it back where it belongs
  'x-codex-turn-state',
]);
const STAYS_PREFIXES = ['x-cam-', 'x-forwarded-', 'sec-', 'access-control-'];

export interface SiftOptions {
  /** The body is streamed on as it came, so its length and encoding still describe it. */
  readonly rawBody: boolean;
}

/** Names and values in turn, as the dial wants them. */
export type SiftRequestHeaders = (
  headers: Readonly<Record<string, string>>,
  options: SiftOptions,
) => string[];

const REMEMBERED_MAX = 512;

export function staysHere(name: string): boolean {
  return STAYS.has(name) || STAYS_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** Remembers its verdict per name: a client sends the same twenty names with every call. */
export function createRequestHeaderRule(): SiftRequestHeaders {
  const verdicts = new Map<string, boolean>();
  const stays = (name: string): boolean => {
    let verdict = verdicts.get(name);
    if (verdict === undefined) {
      verdict = staysHere(name);
      if (verdicts.size >= REMEMBERED_MAX) verdicts.clear();
      verdicts.set(name, verdict);
    }
    return verdict;
  };
  return (headers, { rawBody }) => {
    const named = headers.connection;
    const alsoStays =
      named === undefined || named === 'keep-alive' || named === 'close' ? null : namesIn(named);
    const result: string[] = [];
    for (const name in headers) {
      const value = headers[name];
      if (value === undefined || stays(name) || alsoStays?.has(name)) continue;
      if (!rawBody && name === 'content-encoding') continue;
      result.push(name, value);
    }
    result.push('accept-encoding', 'identity');
    const length = headers['content-length'];
    if (rawBody && length !== undefined) result.push('content-length', length);
    return result;
  };
}

function namesIn(connection: string): ReadonlySet<string> {
  return new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
}
