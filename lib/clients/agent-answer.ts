/**
 * How an error of ours is put to the agent that asked, so that its user gets to read it. `docs/clients-and-errors.md`
 * has what each agent does with each status; every cell was tried with the real one.
 *
 * Errors that only a person can mend are 503, 429 or 404 by their nature, and OpenCode repeats those silently for
 * minutes, while Codex repeats them for half a minute. Both show a 403 within seconds. OpenCode also reads the
 * body: words and numbers in it that sound temporary make it repeat a 403 too.
 *
 * Of a 429 Codex shows nothing but the number, and after five repeats it ends the turn. A 503 it repeats thirty
 * times and shows its sentence, after the first five. So what is over in a moment is a 503 for Codex.
 */

import type { CamError, WireError } from '../errors.ts';
import { toWireError } from '../errors.ts';

export interface AgentAnswer {
  readonly status: number;
  readonly body: WireError;
}

const AGENT = /(^|\s)(opencode\/|codex)/i;
const CODEX = /(^|\s)codex/i;
const MOMENT_MS = 3_000;
const MOMENT_STATUS = 503;
const MOMENT_TYPE = 'server_error';
const SHOWN_STATUS = 403;
const SHOWN_TYPE = 'permission_error';
/** Numbers that OpenCode takes for a status worth repeating, wherever they stand outside an address. */
const STATUS_LIKE = /(?<!:\/\/\S*)(4|5)(29|0[0234]|24)/g;
/** Breaks a number for a program and not for an eye. */
const WORD_JOINER = '\u2060';

/** @param onlyHumansHelp sending the request again unchanged is in vain */
export function answerForAgent(
  error: CamError,
  userAgent: string | null,
  onlyHumansHelp: boolean,
): AgentAnswer {
  const body = toWireError(error);
  const { status } = error.kind;
  if (!onlyHumansHelp && isMoment(error) && CODEX.test(userAgent ?? '')) {
    return { status: MOMENT_STATUS, body: { error: { ...body.error, type: MOMENT_TYPE } } };
  }
  if (!onlyHumansHelp || !isRepeated(status) || !AGENT.test(userAgent ?? '')) return { status, body };
  const { message, param, code } = body.error;
  const readable = message.replaceAll(STATUS_LIKE, `$1${WORD_JOINER}$2`);
  return { status: SHOWN_STATUS, body: { error: { message: readable, type: SHOWN_TYPE, param, code } } };
}

function isMoment({ kind, retryAfterMs }: CamError): boolean {
  return kind.status === 429 && retryAfterMs !== undefined && retryAfterMs <= MOMENT_MS;
}

const REPEATED: ReadonlySet<number> = new Set([
  // OpenCode expects OpenAI to answer it now and then for models that exist.
  404, 408, 409,
  // For OpenCode a conversation that has grown too long: it has it summed up, at a cost, and asks again. Where that
  // does not make the call small enough, it does so without end.
  413,
  429,
]);

function isRepeated(status: number): boolean {
  return REPEATED.has(status) || status >= 500;
}
