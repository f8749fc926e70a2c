/** Who an account is, at a glance: its hue and its initials. Five hues exist; initials tell a repeated one apart. */
const HUES = ['hue-0', 'hue-1', 'hue-2', 'hue-3', 'hue-4'] as const;

export const hueClass = (hue: number): string => HUES[((hue % 5) + 5) % 5] ?? 'hue-0';

export function initials(name: string): string {
  const words = name
    .trim()
    .split(/[\s_-]+/u)
    .filter(Boolean);
  const letters = words.length > 1 ? words.slice(0, 2).map(firstLetter) : [firstLetter(words[0] ?? '?')];
  return letters.join('').toLocaleUpperCase();
}

const firstLetter = (word: string): string => [...word][0] ?? '';

export function AccountTile({ name, hue }: { name: string; hue: number }) {
  return (
    <span
      aria-hidden="true"
      className={`${hueClass(hue)} grid size-8 shrink-0 place-items-center rounded-control bg-hue-soft text-12 font-semibold text-hue-text`}
    >
      {initials(name)}
    </span>
  );
}

export function Swatch({ hue, className = '' }: { hue: number | null; className?: string }) {
  const colour = hue === null ? 'bg-fg-3' : `${hueClass(hue)} bg-hue`;
  return (
    <span
      aria-hidden="true"
      className={`inline-block size-2 shrink-0 rounded-[2px] ${colour} ${className}`}
    />
  );
}
