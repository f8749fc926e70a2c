'use client';
/** The time range, in the address like every filter. */
import type { RangeName } from '../../lib/wire/views.ts';
import { useParam } from '../_data/params.ts';
import { Segmented } from './segmented.tsx';

const RANGES: readonly RangeName[] = ['1h', '24h', '7d', '30d'];
const OPTIONS = RANGES.map((value, at) => ({ value, label: value, keys: String(at + 1) }));

export function useRange(): readonly [RangeName, (range: RangeName) => void] {
  const [text, set] = useParam('range');
  const range = RANGES.find((each) => each === text) ?? '24h';
  return [range, (next) => set(next === '24h' ? null : next)];
}

export function RangePick({ value, onChange }: { value: RangeName; onChange: (range: RangeName) => void }) {
  return <Segmented label="Time range" value={value} options={OPTIONS} onChange={onChange} />;
}

export const RANGE_WORDS: Record<RangeName, string> = {
  '1h': 'the last hour',
  '24h': 'the last 24 hours',
  '7d': 'the last 7 days',
  '30d': 'the last 30 days',
};
