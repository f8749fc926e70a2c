import { describe, expect, it } from 'vitest';
import { clientKeyId } from '../../../lib/base/id.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { CLIENT_KEY, chat, openRig, type Rig, responses } from '../../support/gateway-rig.ts';

const THREE = ['one', 'two', 'three'].map((name) => ({ name }));
const OTHER_KEY = 'cam-another-client-key';

const ask = (rig: Rig, method: string, path: string, key = CLIENT_KEY): Promise<Response> =>
  fetch(`${rig.url}${path}`, { method, headers: { authorization: `Bearer ${key}` } });

const upload = (rig: Rig): Promise<Response> =>
  fetch(`${rig.url}/v1/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${CLIENT_KEY}`, 'content-type': 'multipart/form-data; boundary=b' },
    body: '--b\r\ncontent-disposition: form-data; name="purpose"\r\n\r\nuser_data\r\n--b--\r\n',
  });

const idOf = async (answer: Response): Promise<string> => ((await answer.json()) as { id: string }).id;
const errorOf = async (answer: Response) =>
  ((await answer.json()) as { error: { code: string; message: string; details?: { accounts: object[] } } })
    .error;
const servedBy = (answer: Response): string | null => answer.headers.get('x-cam-account');

/** Another account becomes the one for new objects. */
function preferTwo(rig: Rig): void {
  rig.put({ name: 'two', priority: -1 });
}

/** Makes one object of a kind at the account that `make` happens to reach. */
const KINDS: readonly (readonly [string, (rig: Rig) => Promise<Response>, string])[] = [
  ['response', (rig) => rig.post('/v1/responses', responses()), '/v1/responses'],
  ['streamed response', (rig) => rig.post('/v1/responses', responses({ stream: true })), '/v1/responses'],
  ['conversation', (rig) => rig.post('/v1/conversations', {}), '/v1/conversations'],
  ['file', upload, '/v1/files'],
];

async function madeBy(answer: Response): Promise<string> {
  if (!answer.headers.get('content-type')?.includes('event-stream')) return idOf(answer);
  return /"id":"(resp_\w+)"/.exec(await answer.text())?.[1] ?? '';
}

describe.each(KINDS)('A stored %s', (_kind, make, path) => {
  it('is asked for at the account that made it, though new ones are made elsewhere by now', async () => {
    await using rig = await openRig({ accounts: THREE });
    const made = await make(rig);
    const id = await madeBy(made);
    preferTwo(rig);
    const asked = await ask(rig, 'GET', `${path}/${id}`);
    expect(asked.status).toBe(200);
    expect(servedBy(asked)).toBe(servedBy(made));
    expect(servedBy(made)).toBe(rig.account('one').id);
  });

  it('is still found after a restart', async () => {
    await using rig = await openRig({ accounts: THREE });
    const id = await madeBy(await make(rig));
    preferTwo(rig);
    await rig.restart();
    expect((await ask(rig, 'GET', `${path}/${id}`)).status).toBe(200);
  });

  it('has its owner written down before the client sees its id', async () => {
    let hold: (() => void) | null = null;
    await using rig = await openRig({
      accounts: THREE,
      wrapLedger: (ledger) => ({
        ...ledger,
        async alongside(statement, soon) {
          if (!soon) await new Promise<void>((resolve) => (hold = resolve));
          return ledger.alongside(statement, soon);
        },
      }),
    });
    let shown = false;
    const making = make(rig).then((answer) => {
      shown = true;
      return answer;
    });
    while (hold === null) await new Promise((resolve) => setImmediate(resolve));
    // Turns enough for an answer that nobody holds back.
    for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(shown).toBe(false);
    (hold as () => void)();
    await making;
    const rows = rig.database.ledger.prepare("SELECT count(*) FROM object_owners WHERE kind <> 'seal'");
    expect(rows.pluck().get()).toBe(1);
  });

  it('is nobody’s for another client key, which is told that there is no such thing', async () => {
    await using rig = await openRig({
      accounts: THREE,
      clientKeys: [{ name: 'mine' }, { name: 'other', key: OTHER_KEY }],
    });
    const id = await madeBy(await make(rig));
    preferTwo(rig);
    const others = await ask(rig, 'GET', `${path}/${id}`, OTHER_KEY);
    expect(others.status).toBe(404);
    expect(servedBy(others)).toBe(rig.account('two').id);
    expect((await ask(rig, 'GET', `${path}/${id}`)).status).toBe(200);
  });

  it('is forgotten once the provider has deleted it', async () => {
    await using rig = await openRig({ accounts: THREE });
    const id = await madeBy(await make(rig));
    preferTwo(rig);
    const deleted = await ask(rig, 'DELETE', `${path}/${id}`);
    expect(deleted.status).toBe(200);
    const again = await ask(rig, 'GET', `${path}/${id}`);
    expect(again.status).toBe(404);
    expect(servedBy(again)).toBe(rig.account('two').id);
  });

  it('of a removed account is said to be out of reach, by name, and nobody else is asked', async () => {
    await using rig = await openRig({
      accounts: THREE,
      clientKeys: [{ scopes: ['inference', 'see_accounts'] }],
    });
    const id = await madeBy(await make(rig));
    const { id: gone } = rig.account('one');
    rig.room.pool.put(gone, null);
    const before = rig.received('two');
    const error = await errorOf(await ask(rig, 'GET', `${path}/${id}`));
    expect(error).toMatchObject({ code: 'object_owner_gone' });
    expect(error.message).toContain(gone.slice(0, 13));
    expect(error.details?.accounts).toMatchObject([{ account: gone, reason: 'deleted' }]);
    expect(rig.received('two')).toBe(before);
  });
});

describe('A call that names stored objects', () => {
  it('by a file in its body goes to the file’s account, in Responses as in chat', async () => {
    await using rig = await openRig({ accounts: THREE });
    const file_id = await idOf(await upload(rig));
    preferTwo(rig);
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id }] }];
    const messages = [{ role: 'user', content: [{ type: 'file', file: { file_id } }] }];
    for (const answer of [
      await rig.post('/v1/responses', responses({ input, store: false })),
      await rig.post('/v1/chat/completions', chat({ messages })),
    ]) {
      expect(answer.status).toBe(200);
      expect(servedBy(answer)).toBe(rig.account('one').id);
    }
  });

  it('by its conversation stays with the conversation’s account, items and all', async () => {
    await using rig = await openRig({ accounts: THREE });
    const conversation = await idOf(await rig.post('/v1/conversations', {}));
    preferTwo(rig);
    for (const named of [conversation, { id: conversation }]) {
      const answer = await rig.post('/v1/responses', responses({ conversation: named }));
      expect(answer.status).toBe(200);
      expect(servedBy(answer)).toBe(rig.account('one').id);
    }
  });

  it('begins a conversation where its file is', async () => {
    await using rig = await openRig({ accounts: THREE });
    const file_id = await idOf(await upload(rig));
    preferTwo(rig);
    const items = [{ type: 'message', role: 'user', content: [{ type: 'input_file', file_id }] }];
    const begun = await rig.post('/v1/conversations', { items });
    expect(begun.status).toBe(200);
    expect(servedBy(begun)).toBe(rig.account('one').id);
    const conversation = await idOf(begun);
    expect((await rig.post('/v1/responses', responses({ conversation }))).status).toBe(200);
  });

  it('made outside finds its account again once that has answered for it', async () => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.key('sk-emulated-one').organisation.keep('proj_one', 'file-outside', { id: 'file-outside' });
    expect((await ask(rig, 'GET', '/v1/files/file-outside')).status).toBe(200);
    preferTwo(rig);
    expect((await ask(rig, 'GET', '/v1/files/file-outside')).status).toBe(200);
  });

  it('of two accounts is refused, naming both, before anybody is asked', async () => {
    await using rig = await openRig({ accounts: THREE });
    const file_id = await idOf(await upload(rig));
    preferTwo(rig);
    const previous_response_id = await idOf(await rig.post('/v1/responses', responses()));
    const sent = rig.received('one') + rig.received('two');
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id }] }];
    const answer = await rig.post('/v1/responses', responses({ input, previous_response_id }));
    expect(answer.status).toBe(400);
    const error = await errorOf(answer);
    expect(error.code).toBe('objects_of_two_accounts');
    expect(error.message).toContain(file_id);
    expect(error.message).toContain(previous_response_id);
    expect(rig.received('one') + rig.received('two')).toBe(sent);
  });

  it('of two keys of one project is served, because both reach both', async () => {
    const shared = { emulated: { organization: 'org-1', project: 'proj_1' } };
    await using rig = await openRig({
      accounts: [
        { name: 'one', ...shared },
        { name: 'two', ...shared },
      ],
    });
    const file_id = await idOf(await upload(rig));
    rig.put({ name: 'two', priority: -1, ...shared });
    const previous_response_id = await idOf(await rig.post('/v1/responses', responses()));
    const input = [{ role: 'user', content: [{ type: 'input_file', file_id }] }];
    const answer = await rig.post('/v1/responses', responses({ input, previous_response_id }));
    expect(answer.status).toBe(200);
  });
});

describe('An upload', () => {
  it.each([
    ['refused', faults.rateLimit(5)],
    ['broken', faults.serverError()],
    ['reset', { kind: 'reset' } as const],
  ])('that is %s is never made anywhere else without the client’s knowing', async (_how, fault) => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.script('sk-emulated-one', scripts.always(fault));
    expect((await upload(rig)).status).toBeGreaterThanOrEqual(429);
    expect(rig.received('two') + rig.received('three')).toBe(0);
  });

  it('whose answer was cut is an error, not half an answer', async () => {
    await using rig = await openRig({ accounts: THREE });
    rig.emulator.script('sk-emulated-one', scripts.times({ kind: 'cut', onBoundary: false }, 1));
    const answer = await upload(rig);
    expect(answer.status).toBe(502);
    expect((await errorOf(answer)).code).toBe('upstream_unreachable');
  });
});

describe('The owner of what a call names', () => {
  async function owned(rig: Rig): Promise<object> {
    const made = await rig.post('/v1/responses', responses());
    return responses({ previous_response_id: await idOf(made) });
  }

  it.each([
    ['is switched off', (rig: Rig) => void rig.room.pool.put(rig.account('one').id, switchedOff(rig)), null],
    [
      'cools down',
      (rig: Rig) => rig.emulator.script('sk-emulated-one', scripts.always(faults.rateLimit(20))),
      20,
    ],
  ])(
    'that %s leaves the call with one error that names it and can be retried',
    async (_what, hit, retryAfterS) => {
      await using rig = await openRig({ accounts: THREE });
      const body = await owned(rig);
      hit(rig);
      for (let n = 0; n < 2; n++) {
        const answer = await rig.post('/v1/responses', body);
        expect(answer.status).toBe(503);
        expect(answer.headers.get('x-should-retry')).not.toBe('false');
        const wait = answer.headers.get('retry-after');
        expect(wait === null ? null : Math.abs(Number(wait) - 20) <= 1).toBe(
          retryAfterS === null ? null : true,
        );
        const error = await errorOf(answer);
        expect(error.code).toBe('account_pinned_unusable');
        expect(error.message).toContain(rig.account('one').id.slice(0, 13));
        expect(error.details?.accounts).toMatchObject([{ account: rig.account('one').id }]);
      }
      expect(rig.received('two') + rig.received('three')).toBe(0);
    },
  );

  it('that fails is asked again and nobody else', async () => {
    await using rig = await openRig({ accounts: THREE });
    const body = await owned(rig);
    rig.emulator.script('sk-emulated-one', scripts.times(faults.serverError(), 1));
    expect((await rig.post('/v1/responses', body)).status).toBe(200);
    expect(rig.received('one')).toBe(3);
    expect(rig.received('two') + rig.received('three')).toBe(0);
  });

  it('that is not for this client key is not gone around', async () => {
    const key = { id: clientKeyId('the-same-key') };
    await using rig = await openRig({ accounts: THREE, clientKeys: [key] });
    const id = await idOf(await rig.post('/v1/responses', responses()));
    rig.loadKeys([{ ...key, accounts: [rig.account('two').id] }]);
    const answer = await rig.post('/v1/responses', responses({ previous_response_id: id }));
    expect(answer.status).toBe(503);
    expect((await errorOf(answer)).code).toBe('no_account_for_call');
    expect(rig.received('two')).toBe(0);
  });

  it('unknown to us is the provider’s to judge: its answer goes on as it is, and nobody else is asked', async () => {
    await using rig = await openRig({ accounts: THREE });
    const answer = await rig.post('/v1/responses', responses({ previous_response_id: 'resp_unknown' }));
    expect(answer.status).toBe(400);
    expect((await errorOf(answer)).code).toBe('previous_response_not_found');
    expect(rig.received('two') + rig.received('three')).toBe(0);
  });
});

describe('A call that stores nothing', () => {
  it('writes no owner and waits for none', async () => {
    await using rig = await openRig();
    await (await rig.post('/v1/responses', responses({ store: false, stream: true }))).text();
    await (await rig.post('/v1/chat/completions', chat())).text();
    await rig.rows();
    expect(rig.database.ledger.prepare('SELECT count(*) FROM object_owners').pluck().get()).toBe(0);
  });
});

describe('An answer whose owner cannot be written down', () => {
  it('is shown all the same: it exists and was paid for, and its owner is known until a restart', async () => {
    await using rig = await openRig({
      accounts: THREE,
      wrapLedger: (ledger) => ({ ...ledger, alongside: () => Promise.reject(new Error('disk full')) }),
    });
    const made = await rig.post('/v1/responses', responses());
    expect(made.status).toBe(200);
    const id = await idOf(made);
    preferTwo(rig);
    expect((await ask(rig, 'GET', `/v1/responses/${id}`)).status).toBe(200);
    expect(rig.logLines.join()).toContain('the owner of an object cannot be written now');
  });
});

function switchedOff(rig: Rig) {
  const account = { ...rig.account('one'), enabled: false };
  return {
    account,
    facts: { organization: null, project: null, modelIds: null, checkedAtMs: null },
    health: null,
  };
}
