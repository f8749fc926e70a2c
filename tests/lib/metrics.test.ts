import { describe, expect, it } from 'vitest';
import { expositionOf } from '../../lib/metrics/exposition.ts';
import { Histogram } from '../../lib/metrics/histogram.ts';

describe('Prometheus’ text format', () => {
  it('names, explains and types a family, and escapes what names of people may hold', () => {
    const text = expositionOf([
      {
        name: 'cam_account_info',
        help: 'Names.\nOf accounts.',
        type: 'gauge',
        samples: [{ labels: { account: 'a1', name: 'say "hi" \\ \n bye' }, value: 1 }],
      },
      { name: 'cam_up', help: 'Up.', type: 'gauge', samples: [{ labels: {}, value: 0.5 }] },
    ]);
    expect(text).toBe(
      [
        '# HELP cam_account_info Names.\\nOf accounts.',
        '# TYPE cam_account_info gauge',
        'cam_account_info{account="a1",name="say \\"hi\\" \\\\ \\n bye"} 1',
        '# HELP cam_up Up.',
        '# TYPE cam_up gauge',
        'cam_up 0.5',
        '',
      ].join('\n'),
    );
  });

  it('tells a distribution as cumulated buckets, their sum and their count', () => {
    const histogram = new Histogram([0.1, 1]);
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value);
    const samples = histogram.samples({ account: 'a1' });
    expect(samples.map(({ suffix, labels, value }) => [suffix, labels.le, value])).toEqual([
      ['_bucket', '0.1', 2],
      ['_bucket', '1', 3],
      ['_bucket', '+Inf', 4],
      ['_sum', undefined, 7.65],
      ['_count', undefined, 4],
    ]);
  });
});
