/**
 * The last four hours of an account, oldest at the left and paler: one path per kind of answer and fade, so
 * that twenty accounts do not make a thousand elements.
 */
import type { HeartbeatView } from '../../lib/wire/account-views.ts';

type Kind = 'ok' | 'limited' | 'failed' | 'none';
const STEP = 10;
const WIDTH = 7;
const FADES = ['opacity-45', 'opacity-65', 'opacity-85', 'opacity-100'] as const;
const FILL: Record<Kind, string> = {
  ok: 'fill-ok',
  limited: 'fill-warn',
  failed: 'fill-bad',
  none: 'fill-line-2',
};

function kindOf(step: HeartbeatView['steps'][number]): Kind {
  if (step === null || step.ok + step.limited + step.failed === 0) return 'none';
  if (step.failed > 0) return 'failed';
  return step.limited > 0 ? 'limited' : 'ok';
}

export function Heartbeat({ beat, className = '' }: { beat: HeartbeatView; className?: string }) {
  const kinds = beat.steps.map(kindOf);
  const paths = new Map<string, { kind: Kind; fade: string; d: string }>();
  kinds.forEach((kind, at) => {
    // Trouble keeps its full colour however long ago it was; only the calm fades.
    const fade = kind === 'ok' ? Math.min(3, Math.floor((at / kinds.length) * 4)) : 3;
    const key = `${kind}${fade}`;
    const bar =
      kind === 'none' ? `M${at * STEP} 9h${WIDTH}v6h-${WIDTH}z` : `M${at * STEP} 0h${WIDTH}v24h-${WIDTH}z`;
    const path = paths.get(key) ?? { kind, fade: FADES[fade] ?? '', d: '' };
    paths.set(key, { ...path, d: path.d + bar });
  });
  return (
    <svg
      role="img"
      aria-label={sentence(kinds)}
      viewBox={`0 0 ${Math.max(1, kinds.length) * STEP - (STEP - WIDTH)} 24`}
      preserveAspectRatio="none"
      className={`block h-5 w-full ${className}`}
    >
      {[...paths].map(([key, path]) => (
        <path key={key} d={path.d} className={`${FILL[path.kind]} ${path.fade}`} />
      ))}
    </svg>
  );
}

function sentence(kinds: readonly Kind[]): string {
  const count = (kind: Kind) => kinds.filter((each) => each === kind).length;
  if (count('none') === kinds.length) return 'Not used in the last four hours';
  const parts = [`${count('ok')} of ${kinds.length - count('none')} periods without trouble`];
  if (count('limited') > 0) parts.push(`${count('limited')} with refusals for its limits`);
  if (count('failed') > 0) parts.push(`${count('failed')} with failures`);
  return `Last four hours: ${parts.join(', ')}`;
}
