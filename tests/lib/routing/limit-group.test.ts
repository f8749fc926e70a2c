import { describe, expect, test } from 'vitest';
import { limitGroupOf, organizationOf, sealerOf } from '../../../lib/routing/limit-group.ts';
import { member, upstream } from './fixtures.ts';

describe('who shares what', () => {
  test('keys of one project share its bucket', () => {
    expect(limitGroupOf(member('a', 'o1'))).toBe(limitGroupOf(member('b', 'o1')));
    expect(limitGroupOf(member('a', 'o1'))).not.toBe(limitGroupOf(member('b', 'o2')));
  });

  test('a key whose project is unknown shares with nobody for sure', () => {
    const unknown = upstream('a', { facts: { organization: 'o1' } });
    expect(limitGroupOf(unknown)).not.toBe(limitGroupOf(upstream('b', { facts: { organization: 'o1' } })));
  });

  test('what answers taught is believed before what was configured', () => {
    const one = upstream('a', {
      account: { organizationId: 'configured' },
      facts: { organization: 'learned' },
    });
    expect(organizationOf(one)).toBe('learned');
    expect(organizationOf(upstream('a', { account: { organizationId: 'configured' } }))).toBe('configured');
  });

  test('an unknown organisation seals for itself alone', () => {
    expect(sealerOf(upstream('a'))).not.toBe(sealerOf(upstream('b')));
    expect(sealerOf(member('a', 'o1'))).toBe(sealerOf(member('b', 'o1')));
  });
});
