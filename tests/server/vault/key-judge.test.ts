import { afterAll, describe, expect, it } from 'vitest';
import { passphraseText, passphraseWords } from '../../../lib/base/passphrase.ts';
import { Secret } from '../../../lib/base/secret.ts';
import { createKeyJudge } from '../../../server/vault/key-judge.ts';

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
