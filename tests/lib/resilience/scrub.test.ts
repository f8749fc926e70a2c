import { describe, expect, test } from 'vitest';
import { quotesAnAccount, scrub } from '../../../lib/resilience/scrub.ts';

describe('scrubbing a provider’s text', () => {
  test.each([
    ['Incorrect API key provided: sk-proj-abcDEF123_456-xyz.', 'Incorrect API key provided: [key]'],
    [
      'Incorrect API key provided: sk-abc***********xyz. You can',
      'Incorrect API key provided: [key] You can',
    ],
    ['in organization org-abc123DEF on tokens', 'in organization [organization] on tokens'],
    ['Project `proj_abc123` does not have access', 'Project `[project]` does not have access'],
    ['Authorization: Bearer abc.def-ghi_jkl', 'Authorization: Bearer [key]'],
    [
      'Rate limit reached for gpt-5 in organization acme-research on tokens',
      'Rate limit reached for gpt-5 in organization [organization] on tokens',
    ],
  ])('turns "%s" into "%s"', (text, clean) => {
    expect(scrub(text)).toBe(clean);
    expect(quotesAnAccount(text)).toBe(true);
    expect(quotesAnAccount(clean)).toBe(false);
  });

  test.each([
    "This model's maximum context length is 128000 tokens.",
    'Your organization must be verified to use the model `gpt-5`.',
    'The model `gpt-5.4-nano` does not exist.',
    'task-based, disk-full, project-wide',
  ])('leaves "%s" as it is', (text) => {
    expect(scrub(text)).toBe(text);
  });
});
