/**
 * The neutral form of an emulated answer: the events of its stream, in order, and its JSON body. The surfaces
 * build it, the player sends it and lets the fault happen.
 */
export interface EmulatedEvent {
  /** One whole event, blank line included. */
  readonly text: string;
  /** A piece of output, which faults count. */
  readonly output: boolean;
}

export interface EmulatedAnswer {
  readonly events: readonly EmulatedEvent[];
  readonly json: unknown;
  /** The surface's way to say, inside HTTP 200, that it failed. */
  failure(form: 'error' | 'failed', code: string, message: string): string;
}

export const namedEvent = (type: string, value: object, output = false): EmulatedEvent => ({
  text: `event: ${type}\ndata: ${JSON.stringify({ type, ...value })}\n\n`,
  output,
});

export const dataEvent = (value: object | string, output = false): EmulatedEvent => ({
  text: `data: ${typeof value === 'string' ? value : JSON.stringify(value)}\n\n`,
  output,
});

/** A text in pieces of a few characters, never fewer than six where its length allows. */
export function pieces(text: string): readonly string[] {
  const size = Math.max(1, Math.min(12, Math.floor([...text].length / 6)));
  const characters = [...text];
  const parts: string[] = [];
  for (let i = 0; i < characters.length; i += size) parts.push(characters.slice(i, i + size).join(''));
  return parts;
}
