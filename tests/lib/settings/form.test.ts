/** Settings as they stand in a form: what is shown is what is read back. */
import { describe, expect, test } from 'vitest';
import { LEAVES, type LeafName } from '../../../lib/config.ts';
import { readText, textOf } from '../../../lib/settings/form.ts';
import { SETTING_WORDS, sayValue } from '../../../lib/settings/words.ts';
import { loadConfig } from '../../../server/config.ts';
import { listSettings } from '../../../server/services/settings/list.ts';

const settings = loadConfig({ env: {}, flags: {}, folders: { config: '/nowhere' } });
const { settings: all } = listSettings({ settings });
const of = (name: LeafName) => {
  const found = all.find((one) => one.name === name);
  if (!found) throw new Error(name);
  return found;
};
const read = (name: LeafName, text: string) => readText(of(name), text);

describe('every setting', () => {
  test.each(all.map((one) => [one.name, one] as const))('%s reads back as it is shown', (_, setting) => {
    expect(readText(setting, textOf(setting, setting.value))).toEqual({ ok: true, value: setting.value });
  });

  test('has words, and no words are left over', () => {
    expect(Object.keys(SETTING_WORDS).sort()).toEqual(Object.keys(LEAVES).sort());
  });

  test('has a control with its own bounds, taken from the schema', () => {
    expect(of('routing.attempts_max').control).toEqual({ kind: 'number', min: 1, max: 10, whole: true });
    expect(of('routing.reserve').control).toEqual({ kind: 'number', min: 0, max: 0.9, whole: false });
    expect(of('routing.affinity').control).toEqual({ kind: 'choice', options: ['prefer', 'wait', 'off'] });
    expect(of('alerts.desktop').control).toEqual({ kind: 'switch' });
    expect(of('upstream.proxy').control).toEqual({ kind: 'text', optional: true });
    expect(of('limits.time_zone').control).toEqual({ kind: 'text', optional: false });
    expect(of('server.allowed_hosts').control).toEqual({ kind: 'texts' });
    expect(of('alerts.limit_shares').control).toEqual({ kind: 'numbers', min: 0.01, max: 1, most: 5 });
  });
});

describe('what is typed', () => {
  test.each<[LeafName, string, unknown]>([
    ['routing.queue_ms', '1.5', 1_500],
    ['routing.reserve', '7', 0.07],
    ['alerts.limit_shares', '75, 90 100', [0.75, 0.9, 1]],
    ['alerts.limit_shares', '', []],
    ['server.body_bytes_max', '64', 67_108_864],
    ['server.allowed_hosts', ' a.example  b.example:80 ', ['a.example', 'b.example:80']],
    ['upstream.proxy', ' ', null],
    ['alerts.desktop', 'true', true],
  ])('for %s: "%s"', (name, text, value) => {
    expect(read(name, text)).toEqual({ ok: true, value });
  });

  test.each<[LeafName, string, RegExp]>([
    ['routing.queue_ms', '', /number/],
    ['routing.queue_ms', 'soon', /number/],
    ['routing.queue_ms', '301', /From 0 to 300 s/],
    ['routing.reserve', '91', /From 0 to 90 %/],
    ['routing.attempts_max', '2.5', /whole/],
    ['alerts.limit_shares', '75, many', /number/],
    ['alerts.limit_shares', '1 2 3 4 5 6', /At most 5/],
    ['limits.time_zone', ' ', /empty/],
  ])('is refused for %s: "%s"', (name, text, why) => {
    expect(read(name, text)).toEqual({ ok: false, why: expect.stringMatching(why) });
  });
});

test.each<[LeafName, unknown, string]>([
  ['routing.queue_ms', 15_000, '15 s'],
  ['routing.affinity', 'wait', 'Wait for it'],
  ['alerts.limit_shares', [0.75, 1], '75 %, 100 %'],
  ['alerts.limit_shares', [], 'none'],
  ['upstream.proxy', null, 'none'],
  ['alerts.desktop', false, 'Off'],
])('%s is said as %j → %s', (name, value, words) => {
  expect(sayValue(name, value)).toBe(words);
});
