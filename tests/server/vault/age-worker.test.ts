/** What the age thread answers, asked without the thread: every way in which a file does not open has its own code. */
import { armor, generateX25519Identity, identityToRecipient, Stanza } from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { createAgeFiles } from '../../../server/vault/age.ts';
import { passphraseIdentity, passphraseRecipient } from '../../../server/vault/age-passphrase.ts';
import { answer } from '../../../server/vault/age-worker.ts';

const WORK_FACTOR = 10;
const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const text = (plain: Uint8Array) => new TextDecoder().decode(plain);

const sealFor = (to: { passphrase?: string; recipients?: readonly string[] }) =>
  answer({
    deed: 'encrypt',
    plain: bytes('a vault'),
    passphrase: to.passphrase ?? null,
    recipients: to.recipients ?? [],
    workFactor: WORK_FACTOR,
  });
const open = (file: Uint8Array, by: { passphrase?: string; identity?: string } = {}) =>
  answer({ deed: 'decrypt', file, passphrase: by.passphrase ?? null, identity: by.identity ?? null });
const fault = (code: string) => expect.objectContaining({ code });

describe('a file in the age format', () => {
  it('opens with the passphrase it was made with, armoured or not', async () => {
    const file = await sealFor({ passphrase: 'four words' });
    expect(text(await open(file, { passphrase: 'four words' }))).toBe('a vault');
    expect(text(await open(bytes(armor.encode(file)), { passphrase: 'four words' }))).toBe('a vault');
    await expect(open(file, { passphrase: 'five words' })).rejects.toEqual(fault('wrong_passphrase'));
    await expect(open(file)).rejects.toEqual(fault('needs_passphrase'));
  });

  it('opens with the secret key of its recipient, and of nobody else', async () => {
    const [identity, other] = [await generateX25519Identity(), await generateX25519Identity()];
    const file = await sealFor({ recipients: [await identityToRecipient(identity)] });
    expect(text(await open(file, { identity }))).toBe('a vault');
    await expect(open(file, { identity: other })).rejects.toEqual(fault('not_for_us'));
    await expect(open(file, { identity: 'AGE-SECRET-KEY-1NONE' })).rejects.toEqual(fault('bad_identity'));
    await expect(open(file)).rejects.toEqual(fault('needs_identity'));
  });

  it('is told from what is none, and from a damaged one', async () => {
    const file = await sealFor({ passphrase: 'four words' });
    await expect(open(bytes('name,key'))).rejects.toEqual(fault('not_age'));
    await expect(open(bytes('-----BEGIN AGE ENCRYPTED FILE-----\nnot base64'))).rejects.toEqual(
      fault('damaged'),
    );
    await expect(open(bytes(armor.encode(bytes('something else'))))).rejects.toEqual(fault('damaged'));
    await expect(open(file.slice(0, -3), { passphrase: 'four words' })).rejects.toEqual(fault('damaged'));
  });

  it('is not made for what is no public key', async () => {
    await expect(sealFor({ recipients: ['age1nobody'] })).rejects.toEqual(fault('bad_recipient'));
  });
});

describe('a passphrase stanza', () => {
  const [made] = passphraseRecipient('four words', WORK_FACTOR).wrapFileKey(new Uint8Array(16)) as Stanza[];
  const [, salt = '', logN = ''] = made?.args ?? [];
  const body = made?.body ?? new Uint8Array();
  const unwrap = (...stanzas: Stanza[]) => passphraseIdentity('four words').unwrapFileKey(stanzas);

  it('opens as it was made', () => {
    expect(unwrap(new Stanza(['scrypt', salt, logN], body))).toEqual(new Uint8Array(16));
  });

  it('stands alone', () => {
    const stanza = new Stanza(['scrypt', salt, logN], body);
    expect(() => unwrap()).toThrow('stands alone');
    expect(() => unwrap(stanza, stanza)).toThrow('stands alone');
  });

  it.each([
    ['without its arguments', ['scrypt'], body],
    ['with one too many', ['scrypt', salt, logN, '1'], body],
    ['with a short salt', ['scrypt', salt.slice(0, 8), logN], body],
    ['with a salt that is written another way', ['scrypt', `${salt}==`, logN], body],
    ['with work that begins with a zero', ['scrypt', salt, '010'], body],
    ['with a body cut short', ['scrypt', salt, logN], body.slice(1)],
  ])('%s is not well formed', (_what, args, sealed) => {
    expect(() => unwrap(new Stanza([...args], sealed))).toThrow('not well formed');
  });

  it('cannot ask for more than a gigabyte', async () => {
    expect(() => unwrap(new Stanza(['scrypt', salt, '21'], body))).toThrow();
    const file = Buffer.from(await sealFor({ passphrase: 'four words' })).toString('latin1');
    const harder = Buffer.from(file.replace(/^(.*\n-> scrypt \S+) 10\n/, '$1 40\n'), 'latin1');
    await expect(open(new Uint8Array(harder), { passphrase: 'four words' })).rejects.toEqual(
      fault('too_hard'),
    );
  });
});

describe('the age files', () => {
  const passphrase = new Secret('four words');
  const to = { passphrase };

  it('are made and opened a few at a time', async () => {
    const files = createAgeFiles({ workFactor: WORK_FACTOR });
    const first = [files.encrypt(bytes('one'), to), files.encrypt(bytes('two'), to)];
    await expect(files.encrypt(bytes('three'), to)).rejects.toMatchObject({ code: 'kdf_busy' });
    expect(await Promise.all(first)).toHaveLength(2);
    await files.close();
  });

  it('say what is wrong with a public key, and with a secret one', async () => {
    const files = createAgeFiles({ workFactor: WORK_FACTOR });
    await expect(files.encrypt(bytes('one'), { recipients: ['age1nobody'] })).rejects.toMatchObject({
      code: 'invalid_request',
      param: 'recipients',
    });
    const recipients = [await identityToRecipient(await generateX25519Identity())];
    const file = new Uint8Array(await files.encrypt(bytes('one'), { recipients }));
    await expect(files.decrypt(file, { identity: new Secret('AGE-SECRET-KEY-1NONE') })).rejects.toMatchObject(
      { code: 'invalid_request', param: 'identity' },
    );
    await files.close();
  });

  it('fail with a reason when their thread is gone', async () => {
    const files = createAgeFiles({ workFactor: WORK_FACTOR });
    await files.close();
    await expect(files.encrypt(bytes('one'), to)).rejects.toMatchObject({ code: 'internal' });
  });
});
