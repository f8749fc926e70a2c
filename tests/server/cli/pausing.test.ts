/** Pausing, resuming and clearing an account at the command line, beside a running server that serves calls. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEmulator, type Emulator } from '../../../server/demo/emulator.ts';
import { faults, scripts } from '../../../server/demo/faults.ts';
import { createHome, type Home, type Server } from './cam.ts';

const KEY = 'sk-proj-work-0123456789abcdefghij';

describe('an account in the operator’s hands', () => {
  let home: Home;
  let server: Server;
  let emulator: Emulator;
  let clientKey: string;
  const ask = async (model: string) => {
    const answer = await fetch(`${server.origin}/v1/responses`, {
      method: 'POST',
      headers: { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model, input: 'hi' }),
    });
    const id = answer.headers.get('x-cam-request-id') ?? '';
    return { id, status: answer.status, text: await answer.text() };
  };

  beforeAll(async () => {
    home = createHome();
    emulator = await createEmulator({ keys: [{ key: KEY }] });
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    server = await home.serve(env);
    await home.cam(['unlock'], { env });
    await home.cam(['add', 'Work', '-', '--base-url', emulator.baseUrl, '--allow-local'], { input: KEY });
    clientKey = (await home.cam(['keys', 'add', 'laptop'])).out.trim();
  });
  afterAll(async () => {
    await server.stop();
    await emulator.close();
    home.remove();
  });

  it('gets no call while it is paused, and the refused call says why', async () => {
    const paused = await home.cam(['pause', 'work']);
    expect(paused).toEqual({
      code: 0,
      out: 'Work is paused.\n',
      err: 'New calls go to other accounts; calls under way finish. It stays paused over a restart.\n',
    });
    const refused = await ask('gpt-5');
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('is paused');
    const why = (await home.cam(['explain', refused.id])).out;
    expect(why).toContain('Refused with 503 (all_accounts_unusable): no account could take it.\n');
    expect(why).toMatch(/Work +— +paused by hand\n/);
  });

  it('is still paused after a restart', async () => {
    await server.stop();
    const env = { CAM_MASTER_KEY_FILE: home.keyFile };
    server = await home.serve(env);
    expect((await home.cam(['list'], { env })).out).toMatch(/Work +paused/);
  });

  it('is not resumed by enabling it, and gets calls again once it is resumed', async () => {
    expect(await home.cam(['enable', 'Work'])).toEqual({
      code: 0,
      out: 'Work is enabled.\n',
      err: 'hint: it is still paused: cam resume Work\n',
    });
    expect(await home.cam(['resume', 'Work'])).toEqual({ code: 0, out: 'Work is not paused.\n', err: '' });
    expect((await ask('gpt-5')).status).toBe(200);
  });

  it('shows what it learned with the word that clears it, and is tried again once that is cleared', async () => {
    emulator.script(KEY, scripts.always(faults.modelNotFound('gpt-5')));
    expect((await ask('gpt-5')).status).toBe(404);
    emulator.script(KEY, scripts.healthy);
    expect((await ask('gpt-5')).status).toBe(404);
    const shown = await home.cam(['show', 'Work']);
    expect(shown.out).toMatch(/not for +model:gpt-5 for [\d:]+: This account has no access to the model/);
    expect(shown.err).toBe('hint: cam clear Work --mark model:gpt-5 lets the next call try it\n');
    expect(await home.cam(['clear', 'Work', '--mark', 'endpoint:images'])).toEqual({
      code: 1,
      out: '',
      err: 'cam: Work has no mark endpoint:images.\nhint: It has model:gpt-5.\n',
    });
    expect(await home.cam(['clear', 'Work', '--mark', 'gpt-5'])).toEqual({
      code: 0,
      out: 'Cleared model:gpt-5 of Work.\n',
      err: 'The next call may try it again.\n',
    });
    expect((await ask('gpt-5')).status).toBe(200);
  });

  it('is cleared as a whole, and says when it is still paused', async () => {
    await home.cam(['isolate', 'Work']);
    expect(await home.cam(['clear', 'Work'])).toEqual({
      code: 0,
      out: 'Cleared what was learned of Work.\n',
      err: 'hint: it is still paused: cam resume Work\n',
    });
    expect(JSON.parse((await home.cam(['resume', 'Work', '--json'])).out)).toMatchObject({
      name: 'Work',
      marks: [],
    });
  });
});
