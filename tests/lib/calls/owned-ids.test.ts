import { describe, expect, test } from 'vitest';
import { findEndpoint } from '../../../lib/calls/endpoint-table.ts';
import { readOwnedIds } from '../../../lib/calls/owned-ids.ts';
import { NO_FACTS } from '../routing/fixtures.ts';

function ids(method: string, path: string, facts = NO_FACTS) {
  const match = findEndpoint(method, path);
  if (match.kind !== 'found') throw new Error(path);
  return readOwnedIds(match.endpoint, match.path, facts);
}

describe('the objects that a call names', () => {
  test('stand in its path', () => {
    expect(ids('GET', '/v1/responses/resp_1/input_items')).toEqual([{ kind: 'path', id: 'resp_1' }]);
    expect(ids('GET', '/v1/containers/c%2D1/files/f_2/content')).toEqual([
      { kind: 'path', id: 'c-1' },
      { kind: 'path', id: 'f_2' },
    ]);
  });

  test('stand in its body', () => {
    const facts = {
      ...NO_FACTS,
      previousResponseId: 'resp_1',
      conversation: 'conv_1',
      model: 'ft:gpt-5:org::x',
    };
    expect(ids('POST', '/v1/responses', facts)).toEqual([
      { kind: 'response', id: 'resp_1' },
      { kind: 'conversation', id: 'conv_1' },
      { kind: 'model', id: 'ft:gpt-5:org::x' },
    ]);
  });

  test('are none for an ordinary call, and a listed model is nobody’s', () => {
    expect(ids('POST', '/v1/chat/completions')).toEqual([]);
    expect(ids('GET', '/v1/models/gpt-5')).toEqual([]);
  });
});
