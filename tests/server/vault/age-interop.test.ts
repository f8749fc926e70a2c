/**
 * Exports are files of the age format: the stock tool opens what we write, and we open what it writes. Passphrases
 * are asked for by `age` at a terminal and nowhere else, so it is given a pseudo-terminal by `script`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Secret } from '../../../lib/base/secret.ts';
import { ageAdvice, findAge } from '../../../server/launch/age.mjs';
import { type AgeFiles, createAgeFiles } from '../../../server/vault/age.ts';

const TEXT = '{"format":"a test","umlaut":"ü"}\n';
const PASSPHRASE = 'four unrelated words here';
const bytes = (): Uint8Array<ArrayBuffer> => new TextEncoder().encode(TEXT);

let folder: string;
let age: AgeFiles;
let identity: string;
let recipient: string;
beforeAll(() => {
  if (findAge() === null) throw new Error(`The age tool is not installed. ${ageAdvice()}`);
  folder = mkdtempSync(join(tmpdir(), 'cam-age-'));
  age = createAgeFiles();
  execFileSync('age-keygen', ['-o', at('key.txt')], { stdio: 'pipe' });
  identity = /^AGE-SECRET-KEY-\S+$/m.exec(readFileSync(at('key.txt'), 'utf8'))?.[0] ?? '';
  recipient = execFileSync('age-keygen', ['-y', at('key.txt')], { encoding: 'utf8' }).trim();
});
afterAll(async () => {
  await age?.close();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const read = (name: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(at(name)));
const text = (plain: Uint8Array): string => Buffer.from(plain).toString('utf8');

/** Runs `age` at a pseudo-terminal and types the passphrase as often as it is asked for. */
function ageAtTerminal(args: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('script', ['-qec', `age ${args}`, '/dev/null'], { cwd: folder });
    let shown = '';
    let answered = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      shown += chunk.toString();
      // "Enter passphrase (leave empty …): ", "Confirm passphrase: "
      const asked = shown.match(/passphrase[^:\n]*: /gi)?.length ?? 0;
      for (; answered < asked; answered++) child.stdin.write(`${PASSPHRASE}\n`);
    });
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(shown) : reject(new Error(`age ended with ${code}: ${shown}`)),
    );
  });
}

describe('what we encrypt, the stock tool decrypts', () => {
  it('with its secret key', async () => {
    writeFileSync(at('ours.age'), await age.encrypt(bytes(), { recipients: [recipient] }));
    const out = execFileSync('age', ['-d', '-i', at('key.txt'), at('ours.age')], { encoding: 'utf8' });
    expect(out).toBe(TEXT);
  });

  it('with the passphrase', async () => {
    writeFileSync(at('ours-p.age'), await age.encrypt(bytes(), { passphrase: new Secret(PASSPHRASE) }));
    await ageAtTerminal('-d -o plain.txt ours-p.age');
    expect(readFileSync(at('plain.txt'), 'utf8')).toBe(TEXT);
  });
});

describe('what the stock tool encrypts, we decrypt', () => {
  it.each([[[]], [['--armor']]])('to a public key %j', async (more) => {
    writeFileSync(at('plain'), TEXT);
    execFileSync('age', ['-r', recipient, ...more, '-o', at('theirs.age'), at('plain')]);
    expect(text(await age.decrypt(read('theirs.age'), { identity: new Secret(identity) }))).toBe(TEXT);
    rmSync(at('theirs.age'));
  });

  it.each(['', '--armor '])('with a passphrase %j', async (more) => {
    writeFileSync(at('plain'), TEXT);
    await ageAtTerminal(`-p ${more}-o theirs-p.age plain`);
    expect(text(await age.decrypt(read('theirs-p.age'), { passphrase: new Secret(PASSPHRASE) }))).toBe(TEXT);
    rmSync(at('theirs-p.age'));
  });
});
