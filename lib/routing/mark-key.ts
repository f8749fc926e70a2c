/** How a learned mark is named where one has to be picked: `model:gpt-5.5`, `endpoint:images`. */
import type { Mark } from './upstream.ts';

export function markKey({ kind, subject }: Pick<Mark, 'kind' | 'subject'>): string {
  return `${kind === 'family' ? 'endpoint' : 'model'}:${subject}`;
}
