import { describe, expect, it } from 'vitest';
import { reveal } from '../../../lib/base/secret.ts';
import { readAccountList } from '../../../lib/wire/account-list.ts';

const KEY = 'sk-proj-canary-0123456789';
const csv = (text: string) => readAccountList('csv', text);
const json = (value: unknown) => readAccountList('json', JSON.stringify(value));

describe('a list of accounts', () => {
  it('reads every column it documents', () => {
    const [row] = csv(
      [
        'Name;KEY;Base URL;allow_local;organization_id;project_id;models;priority;weight;enabled;limit_day_usd;limit_month_tokens',
        `Work;${KEY};https://x.example/v1;no;org-1;proj-1;gpt-5*,!gpt-5-pro;7;3;no;2.50;1,000,000`,
      ].join('\n'),
    );
    expect(row).toMatchObject({
      name: 'Work',
      at: 'line 2',
      value: {
        baseUrl: 'https://x.example/v1',
        allowLocal: false,
        organizationId: 'org-1',
        projectId: 'proj-1',
        models: ['gpt-5*', '!gpt-5-pro'],
        priority: 7,
        weight: 3,
        enabled: false,
        limits: { day: { cost: 2_500_000_000 }, month: { tokens: 1_000_000 } },
      },
    });
    expect(row && 'value' in row && reveal(row.value.key)).toBe(KEY);
  });

  it('fills in what adding an account fills in', () => {
    const defaults = {
      baseUrl: 'https://api.openai.com/v1',
      models: [],
      priority: 100,
      weight: 1,
      enabled: true,
      limits: {},
    };
    expect(csv(`name,key\nWork,${KEY}`)).toMatchObject([{ value: defaults }]);
    expect(json([{ name: 'Work', key: KEY }])).toMatchObject([{ at: 'item 1', value: defaults }]);
    expect(json({ accounts: [{ name: 'Work', key: KEY, weight: 2, allow_local: true }] })).toMatchObject([
      { value: { ...defaults, weight: 2, allowLocal: true } },
    ]);
  });

  it('names each bad line with what is wrong with it, and never the key', () => {
    const rows = csv(
      [
        'name,key,weight,limit_day_usd',
        `,${KEY},,`,
        `Two,${KEY} x,,`,
        `Three,${KEY},0,`,
        `Four,${KEY},,lots`,
        `Five,${KEY},1,2,3`,
        'Six,,,',
      ].join('\n'),
    );
    expect(rows.map((row) => [row.at, row.name, 'why' in row && row.why])).toEqual([
      ['line 2', 'line 2', expect.stringMatching(/^name: /)],
      ['line 3', 'Two', 'key: an account key is printable ASCII without blanks inside.'],
      ['line 4', 'Three', 'weight: a weight is 1 to 100.'],
      ['line 5', 'Four', 'limit_day_usd: an amount in dollars, e.g. 25 or 2.50.'],
      ['line 6', 'line 6', 'It has more values than there are headings, or none.'],
      ['line 7', 'Six', 'key: an account key is needed.'],
    ]);
    expect(JSON.stringify(rows)).not.toContain(KEY);
  });

  it.each([
    [() => csv(`name,key,limit_day_dollars\nWork,${KEY},5`), /heading in line 1 that is not known/],
    [() => csv(`${KEY},Work\nx,y`), /heading in line 1 that is not known/],
    [() => csv(`name\nWork`), /no heading "key"/],
    [() => csv(`name,key,name\nWork,${KEY},x`), /stands there twice/],
    [() => csv('name,key\n'), /no account in the file/],
    [() => csv(''), /empty/],
    [() => readAccountList('json', `[{"name": "${KEY}"`), /^The file is not JSON\.$/],
    [() => json({ format: 'codex-account-manager/export', accounts: [] }), /decrypted/],
    [() => json(7), /not a list of accounts/],
  ])('is refused whole where a heading or the whole cannot be read (%#)', (work, message) => {
    let thrown: unknown = null;
    try {
      work();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: 'import_unreadable', message: expect.stringMatching(message) });
    expect(String(thrown) + JSON.stringify(thrown)).not.toContain(KEY);
  });
});
