/** What the admin API takes: wrong values are refused by the name of the field, in words that say what would be right. */
import { describe, expect, it } from 'vitest';
import { accountClearInput, clientLimitsSchema, limitSetSchema } from '../../../lib/wire/inputs.ts';

type Schema = { safeParse(value: unknown): { success: boolean; error?: { issues: readonly Issue[] } } };
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function refusal(schema: Schema, value: unknown): string {
  const [issue] = schema.safeParse(value).error?.issues ?? [];
  return issue === undefined ? 'it was taken' : `${issue.path.join('.')}: ${issue.message}`;
}

describe('What the admin API takes', () => {
  it.each<[string, Schema, unknown, string | RegExp]>([
    ['a negative limit', limitSetSchema, { day: { tokens: -1 } }, 'day.tokens: a token limit is at least 1'],
    [
      'a limit of nothing',
      limitSetSchema,
      { day: { requests: 0 } },
      'day.requests: a request limit is at least 1',
    ],
    [
      'half a request',
      limitSetSchema,
      { day: { requests: 1.5 } },
      'day.requests: a request limit is a whole number',
    ],
    [
      'a limit in words',
      limitSetSchema,
      { day: { cost: 'much' } },
      'day.cost: a money limit is a whole number',
    ],
    [
      'an endless limit',
      limitSetSchema,
      { month: { cost: Number.POSITIVE_INFINITY } },
      'month.cost: a money limit is a whole number',
    ],
    [
      'a limit beyond counting',
      limitSetSchema,
      { month: { tokens: 1e300 } },
      /^month\.tokens: a token limit is far too large: leave it out for no limit$/,
    ],
    ['a misspelt limit', limitSetSchema, { day: { token: 5 } }, /^day: Unrecognized key: "token"$/],
    ['an unknown window', limitSetSchema, { hour: { tokens: 5 } }, /^: Unrecognized key: "hour"$/],
    [
      'a client key’s negative limit',
      clientLimitsSchema,
      { week: { cost: -5 } },
      'week.cost: a money limit is at least 1',
    ],
    [
      'a client key’s limit for no model',
      clientLimitsSchema,
      { byModel: [{ models: [], day: { requests: 1 } }] },
      'byModel.0.models: a limit for models names at least one model pattern',
    ],
    [
      'one mark and one model to clear',
      accountClearInput,
      { ref: 'Work', mark: { kind: 'model', subject: 'gpt-5' }, model: 'gpt-5' },
      'model: either one mark or one model',
    ],
  ])('is not %s', (_, schema, value, words) => {
    const said = refusal(schema, value);
    if (typeof words === 'string') expect(said).toBe(words);
    else expect(said).toMatch(words);
  });
});
