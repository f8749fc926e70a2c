import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { createKdf, type Kdf } from '../../../server/vault/kdf.ts';
import { defaultKdfParameters, kdfParametersInBounds } from '../../../server/vault/kdf-parameters.ts';
import { CHEAP } from './new-vault.ts';

const SALT = Buffer.from('0123456789abcdef');
const password = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const run = promisify(execFile);

describe('the hashing thread', () => {
  let kdf: Kdf;
  afterEach(() => kdf.close());

  it('is Argon2id as everybody else computes it', async () => {
    kdf = createKdf();
    const key = await kdf.derive(password('correct horse'), SALT, CHEAP);
    expect(Buffer.from(key).toString('hex')).toBe(
      'a5e0914f49cf615621b5545cfbbc0f253b77ac3cd9cfba2c3c72c1c8a128e27c',
    );
  });

  it('lets one hash run and two wait, and says it is busy to the next', async () => {
    kdf = createKdf();
    const three = [1, 2, 3].map(() => kdf.derive(password('x'), SALT, CHEAP));
    await expect(kdf.derive(password('x'), SALT, CHEAP)).rejects.toMatchObject({ code: 'kdf_busy' });
    const keys = await Promise.all(three);
    expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1);
    await expect(kdf.derive(password('x'), SALT, CHEAP)).resolves.toHaveLength(32);
  });

  it('leaves nothing of the password in the buffer it was handed over in', async () => {
    kdf = createKdf();
    const bytes = password('correct horse');
    await kdf.derive(bytes, SALT, CHEAP);
    expect(bytes.byteLength).toBe(0);
  });

  it('keeps a process alive while it hashes and not a moment longer', async () => {
    kdf = createKdf();
    const script = `
      import { createKdf } from '${new URL('../../../server/vault/kdf.ts', import.meta.url).href}';
      const kdf = createKdf({ idleMs: 600000 });
      const key = await kdf.derive(new Uint8Array([1]), new Uint8Array(16), ${JSON.stringify(CHEAP)});
      process.stdout.write(String(key.length));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], {
      timeout: 20_000,
    });
    expect(stdout).toBe('32');
  });

  it('costs by default what the machine can bear, and always something within bounds', () => {
    kdf = createKdf();
    const gib = 1024 ** 3;
    expect(defaultKdfParameters(2 * gib)).toEqual({ memoryKib: 65_536, passes: 3, lanes: 1 });
    expect(defaultKdfParameters(16 * gib)).toEqual({ memoryKib: 262_144, passes: 3, lanes: 1 });
    expect(kdfParametersInBounds(defaultKdfParameters(2 * gib))).toBe(true);
  });
});
