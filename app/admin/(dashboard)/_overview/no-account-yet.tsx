'use client';
/** The first thing a new user sees: one sentence, one button, and the ghost of what will stand here. */
import { Plus } from 'lucide-react';
import { ButtonLink } from '../../../_components/button.tsx';
import { useStatus } from '../../../_data/resources.ts';

const GHOST = [
  11, 15, 13, 19, 22, 20, 26, 24, 30, 27, 23, 29, 33, 31, 25, 21, 18, 22, 28, 32, 35, 30, 26, 23,
];

export function NoAccountYet() {
  const { data: status } = useStatus();
  return (
    <section
      aria-label="No account yet"
      className="card relative grid min-h-150 place-items-center overflow-hidden p-6 text-center"
    >
      <svg
        viewBox="0 0 240 100"
        preserveAspectRatio="none"
        aria-hidden="true"
        className="absolute inset-x-5 bottom-0 h-2/5 w-[calc(100%-40px)]"
      >
        {GHOST.map((height, at) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a drawing that never changes
            key={at}
            x={at * 10 + 0.5}
            y={100 - height * 2.4}
            width="9"
            height={height * 2.4}
            className="fill-track opacity-60"
          />
        ))}
      </svg>
      <div className="relative -translate-y-20">
        <h2 className="text-20 font-semibold tracking-[-0.015em]">No account yet</h2>
        <p className="max-w-95 pt-1 text-balance text-fg-2">
          Add an API key and calls to{' '}
          <code className="font-mono text-12">
            {status?.endpoint.replace(/^https?:\/\//, '') ?? 'this server'}
          </code>{' '}
          are served at once; until then clients get a 503 that says so.
        </p>
        <div className="pt-5">
          <ButtonLink href="/admin/accounts?add=1" look="primary" size="large">
            <Plus size={15} />
            Add account
          </ButtonLink>
        </div>
        <p className="pt-4 text-12 text-fg-3">
          In a terminal: <code className="font-mono text-11 text-fg-2">npm run -s cam -- add Work</code>
        </p>
      </div>
    </section>
  );
}
