/**
 * The log: JSON lines, one event a line, for people with `jq` and for the diagnostics page. Bodies never get here.
 * Three nets keep secrets out: the Secret type, redaction of fields by name, and a scrubber that goes over the
 * finished line by pattern and by the secrets that are in use at this moment.
 */
import pino from 'pino';
import { reveal, type Secret } from '../lib/base/secret.ts';
import { find, findKeys, findLongRuns } from '../lib/redaction/key-shapes.ts';
import { findPieces } from '../lib/redaction/pieces.ts';
import { readable, replaceSpans } from '../lib/redaction/readable.ts';

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

/** One finished line without anything that looks like a secret, and without any part of those that are in use. */
export function scrub(line: string, inUse: Iterable<string> = []): string {
  const view = readable(line);
  const { text } = view;
  const spans = [...findKeys(text), ...findLongRuns(text), ...find(text, SETUP_LINK)];
  for (const secret of inUse) spans.push(...findPieces(text, secret));
  return replaceSpans(line, view, spans, HIDDEN);
}

const SETUP_LINK = [{ pattern: /(\/admin\/setup#)[\w-]+/g }];

export function createLogger(options: {
  readonly level: LogLevel;
  readonly destination: LogDestination;
}): Logger {
  // With the number of holders: two calls may use one account at once.
  const hushed = new Map<string, number>();

  const write = (line: string): void => {
    options.destination.write(scrub(line, hushed.keys()));
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
      const text = reveal(secret);
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
