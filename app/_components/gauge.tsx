/** How much of a limit is used: grey until 75 %, amber until 90 %, then red. Unknown is a dash, never nothing. */
export interface GaugeProps {
  readonly label: string;
  /** What is used of what, in words: `742k / 2M`. */
  readonly text: string;
  /** 0–1, may pass 1; null is unknown. */
  readonly share: number | null;
  /** Stands where the share would, when there is none. */
  readonly none?: string;
  readonly className?: string;
}

const NEAR = 0.75;
const FULL = 0.9;

export function gaugeTone(share: number): { bar: string; text: string } {
  if (share >= FULL) return { bar: 'fill-bad', text: 'text-bad-text font-medium' };
  if (share >= NEAR) return { bar: 'fill-warn', text: 'text-warn-text font-medium' };
  return { bar: 'fill-fg-3', text: 'text-fg-2' };
}

export function Gauge({ label, text, share, none = '', className = '' }: GaugeProps) {
  const tone = gaugeTone(share ?? 0);
  const percent = share === null ? null : Math.round(share * 100);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a native meter cannot hold the two texts and takes no bar of ours
    <div
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.min(percent ?? 0, 100)}
      aria-valuetext={percent === null ? `${text}, ${none || 'unknown'}` : `${text}, ${percent} percent`}
      className={`text-11 ${className}`}
    >
      <div className="flex justify-between gap-2 whitespace-nowrap">
        <span className="text-fg-2">{text}</span>
        <span className={percent === null ? 'text-fg-3' : tone.text}>
          {percent === null ? none : `${percent}%`}
        </span>
      </div>
      <GaugeBar share={share} className="mt-1" />
    </div>
  );
}

/** The bar alone, for where the figures stand around it. */
export function GaugeBar({ share, className = '' }: { share: number | null; className?: string }) {
  return (
    <svg className={`block h-1 w-full rounded-full ${className}`} aria-hidden="true">
      <rect width="100%" height="4" rx="2" className="fill-track" />
      {share !== null && share > 0 && (
        <rect
          width={`${Math.min(100, Math.max(1.5, share * 100))}%`}
          height="4"
          rx="2"
          className={gaugeTone(share).bar}
        />
      )}
    </svg>
  );
}
