/**
 * Decodes whole server-sent events, for the few that have to be understood: start-up events, errors, and the
 * one that carries usage. Everything else stays bytes.
 */
import { createParser } from 'eventsource-parser';

export interface ReadEvent {
  /** The `event:` line; null when there is none. */
  readonly name: string | null;
  readonly data: string;
  /** The data as JSON; null when they are not JSON. */
  readonly json: unknown;
}

/** @param bytes one or more whole events, closing blank lines included */
export function readEvents(bytes: Uint8Array): readonly ReadEvent[] {
  const events: ReadEvent[] = [];
  const parser = createParser({
    onEvent: ({ event, data }) => events.push({ name: event ?? null, data, json: jsonOf(data) }),
  });
  parser.feed(new TextDecoder().decode(bytes));
  return events;
}

function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
