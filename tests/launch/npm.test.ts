/** What npm's failures are turned into for the person waiting. */
import { describe, expect, it } from 'vitest';
import { explainNpm } from '../../server/launch/npm.mjs';

describe('a failed installation is explained in words', () => {
  it.each([
    [
      'npm error code ENOTFOUND\nnpm error request to https://registry.npmjs.org/next failed',
      /cannot be found.*online/s,
    ],
    [
      'npm error code ECONNREFUSED\nnpm error request to http://127.0.0.1:9/next failed',
      /127\.0\.0\.1:9\) cannot be reached/,
    ],
    ['npm error code SELF_SIGNED_CERT_IN_CHAIN', /NODE_EXTRA_CA_CERTS/],
    ['npm error code ENOSPC\nnpm error nospc ENOSPC: no space left on device', /disk is full/],
    ['npm error code EACCES\nnpm error path /root/.npm', /may not write/],
    [
      'npm error code EINTEGRITY\nnpm error sha512-x integrity checksum failed',
      /not the one the lock file names/,
    ],
    ['npm error code E401\nnpm error Unable to authenticate', /refused us/],
    ['npm error code E404\nnpm error 404 Not Found', /does not hand out/],
    ['npm error code EUSAGE\n`npm ci` can only install packages when', /do not belong together/],
  ])('%s', (output, words) => {
    expect(explainNpm(output, '/somewhere')).toMatch(words);
  });

  it('shows the end of the output when the reason is a new one', () => {
    expect(explainNpm('first\nnpm error something nobody has seen', '/somewhere')).toMatch(
      /\/somewhere.*nobody has seen/s,
    );
  });

  it('never repeats the password of a registry address', () => {
    expect(
      explainNpm('npm error code ENOTFOUND https://me:hunter2@registry.example/next', '/x').split(
        'npm said',
      )[0],
    ).not.toContain('hunter2');
  });
});
