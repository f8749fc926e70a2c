import { describe, expect, test } from 'vitest';
import { ENDPOINTS, findEndpoint } from '../../../lib/calls/endpoint-table.ts';
import { OBJECT_PLACES } from '../../../lib/calls/object-kinds.ts';
import { readOwnedIds } from '../../../lib/calls/owned-ids.ts';
import { NO_FACTS } from '../routing/fixtures.ts';

function ids(method: string, path: string, facts = NO_FACTS) {
  const match = findEndpoint(method, path);
  if (match.kind !== 'found') throw new Error(path);
  return readOwnedIds(match.endpoint, match.path, facts);
}

describe('the objects that a call names', () => {
  test('stand in its path', () => {
    expect(ids('GET', '/v1/responses/resp_1/input_items')).toEqual([
      { kind: 'response', id: 'resp_1', proves: true },
    ]);
    expect(ids('GET', '/v1/containers/c%2D1/files/f%2D2/content')).toEqual([
      { kind: 'file', id: 'f-2', proves: true },
    ]);
    expect(ids('GET', '/v1/conversations/conv_1/items/msg_1')).toEqual([
      { kind: 'conversation', id: 'conv_1', proves: true },
    ]);
  });

  test('stand in its body', () => {
    const facts = { ...NO_FACTS, previousResponseId: 'resp_1', conversation: 'conv_1', fileIds: ['file-1'] };
    expect(ids('POST', '/v1/responses', facts)).toEqual([
      { kind: 'response', id: 'resp_1', proves: true },
      { kind: 'conversation', id: 'conv_1', proves: true },
      // A name that only looks like a file's must not become one by being answered.
      { kind: 'file', id: 'file-1', proves: false },
    ]);
  });

  test('are none for an ordinary call, and a listed model is nobody’s', () => {
    expect(ids('POST', '/v1/chat/completions')).toEqual([]);
    expect(ids('GET', '/v1/models/gpt-5')).toEqual([]);
  });
});

describe('the table of kinds', () => {
  test('knows endpoints and path parameters that exist, each once', () => {
    for (const { madeBy, deletedBy, pathName } of OBJECT_PLACES) {
      for (const name of [...madeBy, deletedBy]) expect(ENDPOINTS.map((one) => one.name)).toContain(name);
      expect(ENDPOINTS.some(({ pattern }) => pattern.includes(pathName))).toBe(true);
    }
    expect(new Set(OBJECT_PLACES.map(({ pathName }) => pathName)).size).toBe(OBJECT_PLACES.length);
  });
});
