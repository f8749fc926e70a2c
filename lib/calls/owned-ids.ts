/**
 * Which stored objects a call names: things that exist at one account only, so that no other can serve it.
 * Who owns an id is looked up elsewhere; here is only where ids stand.
 */
import type { BodyFacts } from './call.ts';
import type { Endpoint } from './endpoint.ts';

export interface OwnedId {
  readonly kind: 'response' | 'conversation' | 'model' | 'path';
  readonly id: string;
}

/** @param path below `/v1`, as `findEndpoint` answered it */
export function readOwnedIds(endpoint: Endpoint, path: string, facts: BodyFacts | null): readonly OwnedId[] {
  const ids: OwnedId[] = [];
  if (endpoint.treatment !== 'models') {
    const names = endpoint.pattern.split('/');
    const values = path.split('/');
    names.forEach((name, at) => {
      const value = values[at];
      if (name.startsWith('{') && value !== undefined)
        ids.push({ kind: 'path', id: decodeURIComponent(value) });
    });
  }
  if (facts?.previousResponseId) ids.push({ kind: 'response', id: facts.previousResponseId });
  if (facts?.conversation) ids.push({ kind: 'conversation', id: facts.conversation });
  // A fine-tuned model belongs to the organisation that trained it.
  if (facts?.model?.startsWith('ft:')) ids.push({ kind: 'model', id: facts.model });
  return ids;
}
