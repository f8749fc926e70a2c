/** Our mark: several ways in, one way out. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 28 28" aria-hidden="true" className="shrink-0">
      <rect width="28" height="28" rx="7" className="fill-fg" />
      <g
        fill="none"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        className="stroke-surface"
      >
        <path d="M8 10.1h2.6c2.7 0 2.5 3.9 5.2 3.9H20" />
        <path d="M8 17.9h2.6c2.7 0 2.5-3.9 5.2-3.9" />
        <path d="M8 14h4.6" opacity=".5" />
      </g>
    </svg>
  );
}
