import { describe, expect, it } from 'vitest';
import { type Fault, scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';
import { openSpokenUpstream, SAYS } from '../../support/spoken-upstream.ts';
import { send } from '../demo/client.ts';

const CODES = [
  'content_policy_violation',
  'image_content_policy_violation',
  'misalignment_policy_violation',
  'moderation_blocked',
  'invalid_prompt',
  'bio_policy',
  'cyber_policy',
  'content_filter',
  'ResponsibleAIPolicyViolation',
  'safety_violation',
  'some_new_policy',
] as const;
/** Said without a code, or with one that decides nothing. */
const WORDS = [
  'Your request was rejected as a result of our safety system.',
  'This content may violate our usage policies.',
  'This request has been flagged as potentially violating our policies.',
] as const;

const ACCOUNTS = ['one', 'two', 'three'].map((name) => ({ name }));
const SURFACES = [
  ['JSON', '/v1/chat/completions', chat()],
  ['a chat stream', '/v1/chat/completions', chat({ stream: true })],
  ['a responses stream', '/v1/responses', responses({ stream: true })],
] as const;

function expectNobodyHurt(rig: Rig): void {
  for (const { breakers, cooldowns, marks, credentialRefused } of rig.room.pool.snapshot()) {
    expect({ breakers, cooldowns, marks, credentialRefused }).toEqual({
      breakers: {},
      cooldowns: {},
      marks: [],
      credentialRefused: null,
    });
  }
}

/** Five in a row would open a breaker, and every one of them would show another account what was refused here. */
async function refusedSixTimes(fault: Fault, contains: string): Promise<void> {
  await using rig = await openRig({ accounts: ACCOUNTS });
  rig.emulator.script('sk-emulated-one', scripts.always(fault));
  for (let n = 0; n < 2; n++) {
    for (const [surface, path, body] of SURFACES) {
      const answer = await send({ url: rig.url, key: CLIENT_KEY, path, body });
      expect(answer.text, surface).toContain(contains);
      expect(answer.whole, surface).toBe(true);
      expect(answer.headers['x-cam-attempts'], surface).toBe('1');
    }
  }
  expect(rig.received('one')).toBe(6);
  expect(rig.received('two') + rig.received('three')).toBe(0);
  expectNobodyHurt(rig);
}

const refuse = (status: number, code: string | null, message: string): Fault => ({
  kind: 'refuse',
  status,
  code,
  type: 'invalid_request_error',
  message,
});

describe('A refusal by policy is shown as it is, asked nowhere else, and hurts no account', () => {
  it.each(CODES)('as a 400 with the code %s', (code) => refusedSixTimes(refuse(400, code, 'No.'), code));
  it.each(CODES)('inside HTTP 200, as the surface’s failed end, with the code %s', (code) =>
    refusedSixTimes({ kind: 'error_event', form: 'failed', code }, code),
  );
  it.each(CODES)('inside HTTP 200, as an error event, with the code %s', (code) =>
    refusedSixTimes({ kind: 'error_event', form: 'error', code }, code),
  );
  it.each(WORDS)('as a 400 that only says "%s"', (message) =>
    refusedSixTimes(refuse(400, null, message), message),
  );
  it.each([403, 429, 500])('with the code cyber_policy, whatever its status: %i', (status) =>
    refusedSixTimes(refuse(status, 'cyber_policy', 'No.'), 'cyber_policy'),
  );
});

describe('An answer that the provider’s filter ended is an answer', () => {
  it.each([
    [
      'response.incomplete with content_filter',
      SAYS.created + SAYS.delta + SAYS.incomplete('content_filter'),
    ],
    ['the same before any output', SAYS.created + SAYS.incomplete('content_filter')],
  ])('%s: whole, delivered, and from the first account', async (_what, said) => {
    await using upstream = await openSpokenUpstream((response) => void response.end(said));
    await using rig = await openRig({ accounts: [] });
    rig.put({ name: 'one', baseUrl: upstream.baseUrl });
    rig.put({ name: 'two' });
    const answer = await send({
      url: rig.url,
      key: CLIENT_KEY,
      path: '/v1/responses',
      body: responses({ stream: true }),
    });
    expect(answer).toMatchObject({ status: 200, whole: true, text: said });
    expect(upstream.calls).toBe(1);
    expect(rig.received('two')).toBe(0);
    expect((await rig.rows()).map(({ outcome, error_code }) => [outcome, error_code])).toEqual([
      ['delivered', null],
    ]);
    expectNobodyHurt(rig);
  });
});
