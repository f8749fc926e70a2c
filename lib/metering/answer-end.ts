/**
 * When a stream of several answers at once is over. Each choice of a chat or a completion ends with a reason of its
 * own, each picture with an event of its own, in any order; the first of them is not the end. `[DONE]` always is.
 */
import type { EndpointFamily } from '../calls/endpoint.ts';
import { startsWithAt } from './byte-search.ts';
import type { Frame } from './sse-frames.ts';
import { readEvents } from './sse-read.ts';
import { fieldOf } from './stream-events.ts';
import { isObject } from './usage-shapes.ts';

export class AnswerEnd {
  readonly #family: EndpointFamily;
  readonly #choices: number;
  #finished: Set<unknown> | null = null;
  #over = false;

  /** @param choices how many were asked for */
  constructor(family: EndpointFamily, choices: number) {
    this.#family = family;
    this.#choices = family === 'chat' || family === 'completions' || family === 'images' ? choices : 1;
  }

  over(): boolean {
    return this.#over;
  }

  /** @param frame an event that ends something */
  take(frame: Frame): void {
    if (this.#over) return;
    if (this.#choices === 1 || isDone(frame)) {
      this.#over = true;
      return;
    }
    this.#finished ??= new Set();
    if (this.#family === 'images') this.#finished.add(this.#finished.size);
    else for (const index of finishedIn(frame)) this.#finished.add(index);
    this.#over = this.#finished.size >= this.#choices;
  }
}

function isDone(frame: Frame): boolean {
  const data = fieldOf(frame, 'data');
  return data !== null && startsWithAt(frame.head ?? frame.bytes, data.from, '[DONE]');
}

function finishedIn({ bytes, from, to }: Frame): readonly unknown[] {
  const json = readEvents(bytes.subarray(from, to))[0]?.json;
  if (!isObject(json) || !Array.isArray(json.choices)) return [];
  const choices = json.choices.filter(isObject);
  return choices.filter((one) => isReason(one.finish_reason)).map(({ index }) => index ?? 0);
}

function isReason(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
