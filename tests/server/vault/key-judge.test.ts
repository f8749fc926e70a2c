import { afterAll, describe, expect, it } from 'vitest';
import { passphraseText, passphraseWords } from '../../../lib/base/passphrase.ts';
import { Secret } from '../../../lib/base/secret.ts';
import { createKeyJudge } from '../../../server/vault/key-judge.ts';
import { createJudgement } from '../../../server/vault/strength-worker.ts';

const judge = createKeyJudge();
afterAll(() => judge.close());
const strengthOf = async (key: string) => (await judge.judge(new Secret(key))).strength;

describe('a master key', () => {
  it.each([
    'password1234',
    'aaaaaaaaaaaaaaaaaaaa',
    '123456789012',
    'qwertyuiop12',
    'iloveyou2024',
    'elephant2024!',
  ])('%s is called guessable, with a reason that does not repeat it', async (key) => {
    const view = await judge.judge(new Secret(key));
    expect(view.strength).toBe('guessable');
    expect(view.why).toContain('add two unrelated words');
    expect(view.why).not.toContain(key);
  });

  it('that was generated is strong, and so are four unrelated words', async () => {
    const random = Uint8Array.from({ length: 12 }, (_, at) => (at * 97 + 31) % 256);
    expect(await strengthOf(passphraseText(passphraseWords(random)))).toBe('strong');
    expect(await strengthOf('harbor velvet ninety quartz')).toBe('strong');
  });

  it('that is too short is told so without asking anybody', async () => {
    expect(await strengthOf('elevenchars')).toBe('short');
  });

  it('of any length is judged in time', async () => {
    expect(await strengthOf('ab'.repeat(2048))).toBe('guessable');
  });
});

describe('the judge of master keys', () => {
  const chosen = () => new Secret('harbor velvet ninety quartz');

  it('takes four questions at a time', async () => {
    const own = createKeyJudge();
    const asked = Array.from({ length: 4 }, () => own.judge(chosen()));
    await expect(own.judge(chosen())).rejects.toMatchObject({ code: 'kdf_busy' });
    expect(await Promise.all(asked)).toHaveLength(4);
    await own.close();
  });

  it('says so when it cannot judge', async () => {
    const own = createKeyJudge();
    await own.close();
    await expect(own.judge(chosen())).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('Nothing was changed'),
    });
  });
});

describe('a verdict', () => {
  const judgement = createJudgement();
  const verdictOn = (text: string) => {
    const key = new TextEncoder().encode(text);
    const view = judgement({ key });
    // Whoever judged it has wiped it.
    expect(key.every((byte) => byte === 0)).toBe(true);
    return view;
  };

  it('names what makes a key guessable, and where nothing special does, says that too', () => {
    expect(verdictOn('password1234').why).toMatch(/^it is .*; add two unrelated words$/);
    expect(verdictOn('zk4wq9').why).toBe('keys like it are tried first; add two unrelated words');
  });

  it('tells the bits of a key that is not, and what would make a fair one strong', () => {
    expect(verdictOn('harbor velvet').why).toMatch(/^about \d+ bits; two more unrelated words/);
    expect(verdictOn('harbor velvet ninety quartz').why).toMatch(/^about \d+ bits$/);
  });
});
