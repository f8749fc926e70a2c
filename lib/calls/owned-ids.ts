/**
 * Which stored objects a call names: things that exist in one project only, so that no other can serve it.
 * Who owns an id is looked up elsewhere; here is only where ids stand.
 */
import type { BodyFacts } from './call.ts';
import type { Endpoint } from './endpoint.ts';
import { kindInPath, type ObjectKind } from './object-kinds.ts';

export interface OwnedId {
  readonly kind: ObjectKind;
  readonly id: string;
  /** A provider that answers such a call well has the object: it stands in the path, or is the conversation. */
  readonly proves: boolean;
}

const NONE: readonly OwnedId[] = [];

/** @param path below `/v1`, as `findEndpoint` answered it */
export function readOwnedIds(
  endpoint: Pick<Endpoint, 'pattern'>,
  path: string,
  facts: BodyFacts | null,
): readonly OwnedId[] {
  let ids: OwnedId[] | null = null;
  if (endpoint.pattern.includes('{')) ids = inPath(endpoint.pattern, path);
  if (facts !== null && namesAny(facts)) {
    ids ??= [];
    const { previousResponseId, conversation, fileIds } = facts;
    if (previousResponseId !== null) ids.push({ kind: 'response', id: previousResponseId, proves: true });
    if (conversation !== null) ids.push({ kind: 'conversation', id: conversation, proves: true });
    for (const id of fileIds) ids.push({ kind: 'file', id, proves: false });
  }
  return ids ?? NONE;
}

function namesAny({ previousResponseId, conversation, fileIds }: BodyFacts): boolean {
  return previousResponseId !== null || conversation !== null || fileIds.length > 0;
}

function inPath(pattern: string, path: string): OwnedId[] {
  const ids: OwnedId[] = [];
  const values = path.split('/');
  pattern.split('/').forEach((name, at) => {
    const kind = kindInPath(name);
    const value = values[at];
    if (kind !== null && value !== undefined) ids.push({ kind, id: decodeURIComponent(value), proves: true });
  });
  return ids;
}
