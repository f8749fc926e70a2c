/**
 * Things that a provider keeps for a client and that exist in one project only: where their ids stand. One row a
 * kind; whoever makes, names, finds or deletes an object asks this table. A new kind is a new row.
 */
export type ObjectKind = 'response' | 'conversation' | 'file';

export interface ObjectPlaces {
  readonly kind: ObjectKind;
  /** Calls whose answer tells a new id: `id` of a JSON answer, `response.id` of a stream's opening event. */
  readonly madeBy: readonly string[];
  /** The call that deletes it, once the provider has said yes. */
  readonly deletedBy: string;
  /** The path parameter that names it. */
  readonly pathName: string;
  /** Keys of strings, or of lists of strings, that name it anywhere in a body. */
  readonly bodyNames: readonly string[];
}

export const OBJECT_PLACES: readonly ObjectPlaces[] = [
  {
    kind: 'response',
    madeBy: ['POST /responses'],
    deletedBy: 'DELETE /responses/{response_id}',
    pathName: '{response_id}',
    // `previous_response_id` is a top-level field: see `readOwnedIds`.
    bodyNames: [],
  },
  {
    kind: 'conversation',
    madeBy: ['POST /conversations'],
    deletedBy: 'DELETE /conversations/{conversation_id}',
    pathName: '{conversation_id}',
    bodyNames: [],
  },
  {
    kind: 'file',
    madeBy: ['POST /files'],
    deletedBy: 'DELETE /files/{file_id}',
    pathName: '{file_id}',
    // `input_file` and `input_image` of Responses, `file` of chat, `file_ids` of tools.
    bodyNames: ['file_id', 'file_ids'],
  },
];

const MADE = new Map(
  OBJECT_PLACES.flatMap(({ kind, madeBy }) => madeBy.map((name) => [name, kind] as const)),
);
const DELETED = new Map(OBJECT_PLACES.map(({ kind, deletedBy }) => [deletedBy, kind] as const));
const IN_PATH = new Map(OBJECT_PLACES.map(({ kind, pathName }) => [pathName, kind] as const));

/** The kind of object that a call to this endpoint makes; null for almost every call. */
export function kindMadeBy(endpointName: string): ObjectKind | null {
  return MADE.get(endpointName) ?? null;
}

export function kindDeletedBy(endpointName: string): ObjectKind | null {
  return DELETED.get(endpointName) ?? null;
}

/** @param name with its braces */
export function kindInPath(name: string): ObjectKind | null {
  return IN_PATH.get(name) ?? null;
}

export const BODY_NAMES: readonly string[] = OBJECT_PLACES.flatMap(({ bodyNames }) => bodyNames);
