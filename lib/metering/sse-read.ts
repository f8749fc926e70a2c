/**
 * Decodes server-sent events, for the few that have to be understood on their way through (start-up events, errors,
 * the one that carries usage; everything else stays bytes), and for the page that shows them all.
 */
import { createParser } from 'eventsource-parser';

export interface ReadEvent {
  /** The `event:` line; null when there is none. */
  readonly name: string | null;
  readonly data: string;
  /** The data as JSON; null when they are not JSON. */
  readonly json: unknown;
}

export interface EventReader {
  /** @param bytes the next piece, cut anywhere */
  feed(bytes: Uint8Array): void;
}

/** Reads a stream as it comes; an event is told when its closing blank line has come. */
export function createEventReader(onEvent: (event: ReadEvent) => void): EventReader {
  const decoder = new TextDecoder();
  const parser = createParser({
    onEvent: ({ event, data }) => onEvent({ name: event ?? null, data, json: jsonOf(data) }),
  });
  return { feed: (bytes) => parser.feed(decoder.decode(bytes, { stream: true })) };
}

/** @param bytes one or more whole events, closing blank lines included */
export function readEvents(bytes: Uint8Array): readonly ReadEvent[] {
  const events: ReadEvent[] = [];
  createEventReader((event) => void events.push(event)).feed(bytes);
  return events;
}

function jsonOf(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return null;
  }
}
