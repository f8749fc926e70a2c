/** Charts of one line: gauges and heartbeats as block characters. */
import type { HeartbeatView } from '../../lib/wire/account-views.ts';

const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const LEVELS = '▁▂▃▄▅▆▇█';

/** @param share 0 to 1; unknown is drawn as dots, which are no zero */
export function gauge(share: number | null, width: number): string {
  if (share === null) return '·'.repeat(width);
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const whole = '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '');
  return whole.padEnd(width, '░');
}

export type Tone = 'ok' | 'warn' | 'bad' | 'dim';

/** Grey until three quarters, then amber, then red. */
export function toneOf(share: number | null): Tone {
  if (share === null || share < 0.75) return 'dim';
  return share < 0.9 ? 'warn' : 'bad';
}

export interface Beat {
  readonly block: string;
  readonly tone: Tone;
}

/** The latest steps, as high as they were busy. Nothing asked is a dot. */
export function heartbeat({ steps }: HeartbeatView, width: number): readonly Beat[] {
  const shown = steps.slice(-width);
  const calls = shown.map((step) => (step === null ? 0 : step.ok + step.limited + step.failed));
  const most = Math.max(1, ...calls);
  return shown.map((step, at) => {
    const many = calls[at] ?? 0;
    if (step === null || many === 0) return { block: '·', tone: 'dim' };
    const block = LEVELS[Math.min(7, Math.floor((many / most) * 7.999))] ?? '▁';
    const tone = step.failed * 4 > many ? 'bad' : step.failed + step.limited > 0 ? 'warn' : 'ok';
    return { block, tone };
  });
}
