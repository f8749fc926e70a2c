/** One of a few choices that need a sentence each. Chosen is ink, never a hue. */
import type { ReactNode } from 'react';

export function RadioCard(props: {
  name: string;
  checked: boolean;
  onPick: () => void;
  title: ReactNode;
  aside?: ReactNode;
  disabled?: boolean;
  children?: ReactNode;
}) {
  return (
    <label className="flex cursor-pointer gap-3 rounded-control border p-3.5 transition-colors hover:bg-raised has-checked:border-fg has-checked:bg-transparent has-checked:outline-1 has-checked:-outline-offset-2 has-checked:outline-fg has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-acc has-disabled:cursor-not-allowed">
      <input
        type="radio"
        className="tick mt-0.5"
        name={props.name}
        checked={props.checked}
        disabled={props.disabled}
        onChange={props.onPick}
      />
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline justify-between gap-3">
          <span className="min-w-0 font-medium break-words">{props.title}</span>
          {props.aside !== undefined && <span className="shrink-0 text-11 text-fg-3">{props.aside}</span>}
        </span>
        {props.children !== undefined && (
          <span className="block pt-0.5 text-12 text-balance text-fg-3">{props.children}</span>
        )}
      </span>
    </label>
  );
}
