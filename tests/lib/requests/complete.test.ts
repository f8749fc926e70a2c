/** What a search may go on with. */
import { describe, expect, it } from 'vitest';
import { complete } from '../../../lib/requests/complete.ts';
import { parseSearch } from '../../../lib/requests/search.ts';

const KNOWN = {
  models: ['gpt-5.5', 'gpt-5.4-nano'],
  accounts: ['Work', 'Side project', 'حساب العمل', 'odd "name"'],
  clients: ['codex-cli'],
};
const texts = (text: string, caret = text.length) =>
  complete(text, caret, KNOWN).options.map((option) => option.text);

describe('A search that is being written', () => {
  it('goes on with the filters there are, then with the values that are known', () => {
    expect(texts('')).toHaveLength(10);
    expect(texts('st')).toEqual(['status:']);
    expect(texts('-C')).toEqual(['-client:', '-cost:']);
    expect(texts('status:4')).toEqual(['status:4xx', 'status:429']);
    expect(texts('model:5.4')).toEqual(['model:gpt-5.4-nano']);
    expect(texts('-account:side')).toEqual(['-account:"Side project"']);
    expect(texts('account:"si')).toEqual(['account:"Side project"']);
    expect(texts('result:can')).toEqual(['result:cancelled']);
    expect(texts('nothing:x')).toEqual([]);
    expect(texts('error:x')).toEqual([]);
  });

  it('replaces the word at the caret and leaves the others', () => {
    expect(complete('status:429 mo cost:>1', 13, KNOWN)).toMatchObject({ from: 11, to: 13 });
    expect(texts('status:429 mo cost:>1', 13)).toEqual(['model:', 'moved:']);
    expect(complete('a  ', 2, KNOWN)).toMatchObject({ from: 2, to: 2 });
    expect(texts('moved:yes')).toEqual([]);
  });

  it('suggests nothing that is then not understood', () => {
    for (const key of texts('')) {
      for (const option of texts(key)) expect(parseSearch(option).faults, option).toEqual([]);
    }
  });
});
