import { expect, it } from 'vitest';
import { LEAVES } from '../../../lib/config.ts';
import { TRAVELLING_SETTINGS, travels } from '../../../lib/moving/travelling-settings.ts';

it('every setting that travels is there, and none that decides where we listen, what we call or what we start', () => {
  for (const name of TRAVELLING_SETTINGS) expect(Object.hasOwn(LEAVES, name)).toBe(true);
  const atHome = Object.keys(LEAVES).filter((name) => !travels(name));
  expect(atHome).toEqual(
    expect.arrayContaining(['server.host', 'server.expose', 'upstream.proxy', 'backup.every_hours']),
  );
  expect(
    TRAVELLING_SETTINGS.filter((name) =>
      /host|port|proxy|command|url|expose|^(server|log|session|backup)\./.test(name),
    ),
  ).toEqual([]);
});
