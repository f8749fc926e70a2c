/** The settings in force, without any text that could name a machine, a place or a person. */

import { LEAVES, type LeafName } from '../../../lib/config.ts';
import type { DiagnosticsBundle } from '../../../lib/doctor/bundle.ts';
import { type Settings, settingValue } from '../../config.ts';

/** Text settings whose values are words of ours. */
const WORDS: readonly string[] = [
  'log.level',
  'routing.strategy',
  'routing.affinity',
  'routing.reasoning_failover',
  'limits.mode',
  'limits.unknown_price',
];

export function bundledSettings({
  config,
  origins,
}: Pick<Settings, 'config' | 'origins'>): DiagnosticsBundle['configuration'] {
  return Object.fromEntries(
    (Object.keys(LEAVES) as LeafName[]).map((name) => [
      name,
      { value: plain(name, settingValue({ config }, name)), origin: origins[name] },
    ]),
  );
}

function plain(name: string, value: unknown): number | boolean | string {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string' && WORDS.includes(name)) return value;
  if (Array.isArray(value)) return value.length === 0 ? 'not set' : `${value.length} set`;
  return value === null || value === undefined || value === '' ? 'not set' : 'set';
}
