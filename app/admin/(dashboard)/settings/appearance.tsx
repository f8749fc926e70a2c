'use client';
/** How the dashboard looks, in this browser only. */
import { CardHead } from '../../../_components/card.tsx';
import { setTheme, useTheme } from '../../../_data/theme.ts';
import type { ThemeChoice } from '../../../_data/theme-script.ts';

const THEMES: readonly (readonly [ThemeChoice, string])[] = [
  ['system', 'System'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function Appearance() {
  const { choice } = useTheme();
  return (
    <section aria-label="Theme" className="card">
      <CardHead title="Theme">
        <span className="text-11 text-fg-3">this browser only</span>
      </CardHead>
      <div role="radiogroup" aria-label="Theme" className="grid gap-3 p-4 sm:grid-cols-3">
        {THEMES.map(([value, name]) => (
          <label
            key={value}
            className="cursor-pointer rounded-control border p-2 has-checked:border-fg has-checked:outline-1 has-checked:-outline-offset-2 has-checked:outline-fg has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-acc"
          >
            <Thumb theme={value} />
            <span className="flex items-center gap-2.5 px-1 pt-2.5 pb-1">
              <input
                type="radio"
                name="theme"
                className="tick"
                checked={choice === value}
                onChange={() => setTheme(value)}
              />
              {name}
            </span>
          </label>
        ))}
      </div>
    </section>
  );
}

function Thumb({ theme }: { theme: ThemeChoice }) {
  return (
    <span aria-hidden="true" className="relative block overflow-hidden rounded-inner border">
      <Page dark={theme === 'dark'} />
      {theme === 'system' && (
        <span className="absolute inset-0 [clip-path:polygon(100%_0,100%_100%,0_100%)]">
          <Page dark />
        </span>
      )}
    </span>
  );
}

const BARS = [9, 14, 11, 20, 16, 23];

/** A page in small, in fixed colours: it shows a theme, it does not follow one. */
function Page({ dark }: { dark: boolean }) {
  const [bg, rail, surface, line, bar] = dark
    ? ['#0b0d11', '#08090d', '#121419', '#23262c', '#5b6069']
    : ['#f8f9fb', '#f2f4f6', '#ffffff', '#e2e4e7', '#9aa0aa'];
  return (
    <svg viewBox="0 0 256 84" aria-hidden="true" className="block w-full">
      <rect width="256" height="84" fill={bg} />
      <rect width="64" height="84" fill={rail} />
      <rect x="74" y="9" width="172" height="20" rx="4" fill={surface} stroke={line} />
      <rect x="74" y="38" width="172" height="36" rx="4" fill={surface} stroke={line} />
      {BARS.map((height, at) => (
        <rect key={height} x={82 + at * 27} y={70 - height} width="21" height={height} rx="1.5" fill={bar} />
      ))}
    </svg>
  );
}
