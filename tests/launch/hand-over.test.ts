import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { v8Options } from '../../server/launch/hand-over.mjs';

it('the options of V8 are ones that this Node starts with', () => {
  const { status, stderr } = spawnSync(process.execPath, [...v8Options(process.versions.v8), '-e', '0'], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});

it('a V8 of which nothing is known yet is not given options that it may have dropped', () => {
  const known = v8Options('14.1.2');
  const unknown = v8Options('15.0.1-node.1');
  expect(known).toEqual(expect.arrayContaining([...unknown]));
  expect(unknown.join(' ')).not.toContain('invocation-count');
  expect(known.join(' ')).toContain('invocation-count');
});
