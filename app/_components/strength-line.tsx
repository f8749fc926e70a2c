/** How strong a key is: 96 px of bars, a word and the reason. */
import type { KeyStrength, StrengthView } from '../../lib/base/key-strength.ts';

const TONES = {
  ok: { bar: 'bg-ok', text: 'text-ok-text' },
  warn: { bar: 'bg-warn', text: 'text-warn-text' },
  bad: { bar: 'bg-bad', text: 'text-bad-text' },
} as const;

export const STRENGTHS: Record<
  KeyStrength,
  { readonly bars: number; readonly tone: keyof typeof TONES; readonly word: string }
> = {
  short: { bars: 0, tone: 'bad', word: 'Too short' },
  guessable: { bars: 1, tone: 'bad', word: 'Guessable' },
  fair: { bars: 3, tone: 'warn', word: 'Fair' },
  strong: { bars: 4, tone: 'ok', word: 'Strong' },
};

export function StrengthLine(props: { bars: number; tone: keyof typeof TONES; word: string; why: string }) {
  const tone = TONES[props.tone];
  return (
    <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-4 text-11 text-fg-3">
      <span aria-hidden="true" className="flex w-24 gap-1">
        {[0, 1, 2, 3].map((at) => (
          <span key={at} className={`h-1 flex-1 rounded-full ${at < props.bars ? tone.bar : 'bg-track'}`} />
        ))}
      </span>
      <span>
        <b className={`font-semibold ${tone.text}`}>{props.word}</b> · {props.why}
      </span>
    </p>
  );
}

/** @param strength null while the server judges */
export function Judged({ strength }: { strength: StrengthView | null }) {
  if (strength === null)
    return <StrengthLine bars={0} tone="warn" word="Judging" why="by what is tried first" />;
  return <StrengthLine {...STRENGTHS[strength.strength]} why={strength.why} />;
}
