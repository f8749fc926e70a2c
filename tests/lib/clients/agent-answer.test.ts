import { describe, expect, test } from 'vitest';
import { answerForAgent } from '../../../lib/clients/agent-answer.ts';
import type { ErrorCode } from '../../../lib/errors.ts';
import { CamError, ERRORS } from '../../../lib/errors.ts';

const OPENCODE = 'opencode/1.18.33 (linux 6.1; x64) ai-sdk/provider-utils/4.0.40 runtime/bun/1.3.14';
const CODEX = 'codex_exec/0.169.0 (Debian 12.0.0; x86_64) dumb (codex_exec; 0.169.0)';
const locked = new CamError('vault_locked', 'Codex Account Manager is locked.', {
  details: { accounts: ['503'] },
});

describe('an error that only a person can mend', () => {
  test.each([OPENCODE, CODEX])('is a 403 for %s, which would repeat a 503 in silence', (agent) => {
    expect(answerForAgent(locked, agent, true)).toEqual({
      status: 403,
      body: {
        error: {
          message: 'Codex Account Manager is locked.',
          type: 'permission_error',
          param: null,
          code: 'vault_locked',
        },
      },
    });
  });

  test('keeps its own status for everybody else', () => {
    for (const agent of [null, 'curl/8.5.0', 'OpenAI/JS 6.49.0', 'my-opencoder']) {
      const { status, body } = answerForAgent(locked, agent, true);
      expect([status, body.error.type, body.error.details]).toEqual([
        503,
        'server_error',
        { accounts: ['503'] },
      ]);
    }
  });

  test('carries nothing in its body that OpenCode takes for a passing trouble', () => {
    const passing =
      /429|500|502|503|504|524|server.?error|rate.?limit|overloaded|too many requests|try again/i;
    for (const code of Object.keys(ERRORS) as ErrorCode[]) {
      const error = new CamError(code, 'You have used 1,500 of 15000 requests and $429.', {
        details: { a: 500 },
      });
      if (![404, 429].includes(error.kind.status) && error.kind.status < 500) continue;
      expect(JSON.stringify(answerForAgent(error, OPENCODE, true).body)).not.toMatch(passing);
    }
  });

  test('leaves addresses in it as they are, to be copied', () => {
    const error = new CamError('vault_locked', 'Open http://127.0.0.1:5000/admin now. 500 calls wait.');
    const { message } = answerForAgent(error, OPENCODE, true).body.error;
    expect(message).toContain('http://127.0.0.1:5000/admin now.');
    expect(message).not.toContain('500 calls');
  });
});

test('a model that nobody serves is a 403 for agents, which would repeat a 404', () => {
  const unknown = new CamError('model_not_found', 'No account serves the model `gpt-9`.');
  expect(answerForAgent(unknown, OPENCODE, true).status).toBe(403);
  expect(answerForAgent(unknown, 'curl/8.5.0', true).status).toBe(404);
});

test.each(['body_too_large', 'too_large_for_limit'] as const)(
  'a call that is too large for us (%s) is a 403 for OpenCode, which would sum up and ask again without end',
  (code) => {
    const error = new CamError(code, 'The request is too large.');
    expect(answerForAgent(error, OPENCODE, true).status).toBe(403);
    expect(answerForAgent(error, 'OpenAI/JS 6.49.0', true).status).toBe(413);
  },
);

describe('an error that passes by itself', () => {
  test('keeps its status for every agent, so that it is sent again', () => {
    const cooling = new CamError('all_accounts_cooling_down', 'All accounts are cooling down.', {
      retryAfterMs: 5,
    });
    expect(answerForAgent(cooling, OPENCODE, false).status).toBe(429);
  });

  test('within moments is a 503 for Codex, which hides the sentence of a 429 and soon gives up on it', () => {
    const share = new CamError('client_share_reached', 'This client key has its share.', {
      retryAfterMs: 3_000,
    });
    const { status, body } = answerForAgent(share, CODEX, false);
    expect([status, body.error.code, body.error.type]).toEqual([503, 'client_share_reached', 'server_error']);
    expect(body.error.message).toBe('This client key has its share.');
    expect(answerForAgent(share, OPENCODE, false).status).toBe(429);
    expect(answerForAgent(share, 'OpenAI/JS 6.49.0', false).status).toBe(429);
  });

  test('later than that stays a 429 for Codex, which waits as it is told', () => {
    const cooling = new CamError('all_accounts_cooling_down', 'All cool down.', { retryAfterMs: 3_001 });
    expect(answerForAgent(cooling, CODEX, false).status).toBe(429);
  });

  test('as one that no agent repeats, keeps its status', () => {
    expect(answerForAgent(new CamError('invalid_json', 'Not JSON.'), CODEX, true).status).toBe(400);
  });
});
