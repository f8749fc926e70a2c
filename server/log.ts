/**
 * The log: JSON lines, one event a line, for people with `jq` and for the diagnostics page. Bodies never get here.
 * Three nets keep secrets out: the Secret type, redaction of fields by name, and a scrubber that goes over the
 * finished line by pattern and by the secrets that are in use at this moment.
 */
import pino from 'pino';
import { reveal, type Secret } from '../lib/base/secret.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent';
export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  trace(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  /** Whether a line of this level is written at all: what is costly to say need not be said to nobody. */
  isLevelEnabled(level: Exclude<LogLevel, 'silent'>): boolean;
}

export interface Logger extends Log {
  setLevel(level: LogLevel): void;
  /** Removes this text from every line until the returned function is called; for a secret while it is in use. */
  hush(secret: Secret): () => void;
}

export interface LogDestination {
  write(line: string): void;
}

const HIDDEN = '[secret]';

/** Field names that hold secrets wherever a careless caller might put them, at the top and one level down. */
const SECRET_FIELDS = [
  'authorization',
  'cookie',
  'key',
  'masterKey',
  'clientKey',
  'apiKey',
  'originKey',
  'password',
  'secret',
  'ticket',
  'token',
  'body',
  '["set-cookie"]',
  '["api-key"]',
  '["x-api-key"]',
  '["x-goog-api-key"]',
  '["x-cam-origin-key"]',
];

const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\bBearer\s+[\w.~+/=-]{8,}/gi, `Bearer ${HIDDEN}`],
  [/(?<![\w-])sk-[\w-]{8,}/g, HIDDEN],
  // Not our own header names, which read x-cam-… or stand alone and are short.
  [/(?<![\w-])cam-[\w-]{16,}/g, HIDDEN],
  [/\beyJ[\w-]{6,}\.[\w-]{6,}\.[\w-]{6,}/g, HIDDEN],
  [/(\/admin\/setup#)[\w-]+/g, `$1${HIDDEN}`],
  [/\b((?:api[-_]?key|access[-_]?token|token|key)=)[^&\s"\\]{6,}/gi, `$1${HIDDEN}`],
];

/** One finished line without anything that looks like a secret. */
export function scrub(line: string): string {
  let clean = line;
  for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
  return clean;
}

export function createLogger(options: {
  readonly level: LogLevel;
  readonly destination: LogDestination;
}): Logger {
  // Text as it stands inside a JSON string, with the number of holders: two calls may use one account at once.
  const hushed = new Map<string, number>();

  const write = (line: string): void => {
    let clean = line;
    for (const text of hushed.keys()) clean = clean.replaceAll(text, HIDDEN);
    options.destination.write(scrub(clean));
  };

  const paths = SECRET_FIELDS.flatMap((field) => [field, field.startsWith('[') ? `*${field}` : `*.${field}`]);
  const lines = pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths, censor: HIDDEN },
      serializers: { err: pino.stdSerializers.errWithCause },
    },
    { write },
  );

  return {
    trace: (fields, message) => lines.trace(fields, message),
    debug: (fields, message) => lines.debug(fields, message),
    info: (fields, message) => lines.info(fields, message),
    warn: (fields, message) => lines.warn(fields, message),
    error: (fields, message) => lines.error(fields, message),
    isLevelEnabled: (level) => lines.isLevelEnabled(level),
    setLevel: (level) => {
      lines.level = level;
    },
    hush: (secret) => {
      const text = JSON.stringify(reveal(secret)).slice(1, -1);
      if (text === '') return () => undefined;
      hushed.set(text, (hushed.get(text) ?? 0) + 1);
      let held = true;
      return () => {
        if (!held) return;
        held = false;
        const holders = (hushed.get(text) ?? 1) - 1;
        if (holders === 0) hushed.delete(text);
        else hushed.set(text, holders);
      };
    },
  };
}
