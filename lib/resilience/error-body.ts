/**
 * What an error body says, whatever form it has: OpenAI's object, the flat event of a Responses stream,
 * `response.failed`, the forms of compatible servers, a web page, or plain text.
 */
export interface SpokenError {
  /** Null when there is none or it is only the status again. */
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly message: string;
  /** The HTTP status that it names itself, which some servers send inside a 200. */
  readonly status: number | null;
  /** The body is a web page: something in front of the provider answered. */
  readonly html: boolean;
  /** The body is an error in a form that a provider's program writes. */
  readonly structured: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const MESSAGE_LENGTH_MAX = 4_096;

export function readErrorBody(body: string): SpokenError {
  const text = body.trim();
  if (/^<(?:!doctype|!--|html|head|body|title|center|h1|\?xml)/i.test(text))
    return spoken({}, '', { html: true });
  const parsed = parse(text);
  if (parsed === null) return unparsed(text);
  const fields = errorFields(parsed, 0);
  return spoken(fields, messageOf(fields), { structured: Object.keys(fields).length > 0 });
}

function parse(text: string): unknown {
  // An event of a stream may come with its field name.
  const json = text.startsWith('data:') ? text.slice(5) : text;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return null;
  }
}

/** A body cut at the evidence limit, or not JSON at all: look for the members by their names. */
function unparsed(text: string): SpokenError {
  const member = (name: string) =>
    new RegExp(`"${name}"\\s*:\\s*"((?:[^"\\\\]|\\\\.){1,2000})"`).exec(text)?.[1];
  const isJson = text.startsWith('{') || text.startsWith('[') || text.startsWith('data:');
  if (!isJson) return spoken({}, text, {});
  const fields = { code: member('code'), type: member('type'), param: member('param') };
  const message = member('message') ?? '';
  return spoken(fields, message, { structured: message !== '' || fields.code !== undefined });
}

/** The object that carries code, type and message: deepest wins, since wrappers repeat less than they wrap. */
function errorFields(value: unknown, depth: number): Fields {
  if (Array.isArray(value)) return errorFields(value[0], depth + 1);
  if (!isFields(value) || depth > 4) return {};
  const { error, response, detail } = value;
  if (typeof error === 'string') return { ...value, message: messageOf(value) || error };
  if (isFields(error)) {
    const inner = errorFields(error, depth + 1);
    return { ...inner, headers: undefined };
  }
  if (isFields(response) && isFields(response.error)) return errorFields(response.error, depth + 1);
  if (typeof detail === 'string') return { ...value, message: detail };
  if (isFields(detail)) return errorFields(detail, depth + 1);
  return value;
}

function messageOf(fields: Fields): string {
  for (const name of ['message', 'error_description', 'msg', 'title']) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return '';
}

function spoken(
  fields: Fields,
  message: string,
  more: { html?: boolean; structured?: boolean },
): SpokenError {
  const type = word(fields.type);
  return {
    // `RESOURCE_EXHAUSTED` and the like; other states are not codes.
    code: word(fields.code) ?? (/^[A-Z_]{4,}$/.test(String(fields.status)) ? word(fields.status) : null),
    // `error` and `response.failed` are names of events, not kinds of errors.
    type: type === 'error' || type === 'response.failed' ? null : type,
    param: typeof fields.param === 'string' ? fields.param : null,
    message: message.slice(0, MESSAGE_LENGTH_MAX),
    status: statusOf(fields.code) ?? statusOf(fields.status),
    html: more.html ?? false,
    structured: more.structured ?? false,
  };
}

/** A code as a word; numbers only repeat the status. */
function word(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = value.trim();
  return text === '' || /^\d+$/.test(text) ? null : text;
}

function statusOf(value: unknown): number | null {
  const status = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof status === 'number' && status >= 400 && status < 600 ? Math.trunc(status) : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
