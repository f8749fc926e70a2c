'use client';
/** Which keys have been used, newest first: whether a client is set up is best seen by whether it calls. */
import type { ClientKeyView } from '../../../../lib/wire/views.ts';
import { CardHead } from '../../../_components/card.tsx';
import { Ago } from '../../../_components/times.tsx';

const SHOWN_MAX = 6;

export function SeenLately({ keys }: { keys: readonly ClientKeyView[] }) {
  const used = keys
    .filter((key) => key.lastUsedAtMs !== null && key.revokedAtMs === null)
    .sort((a, b) => (b.lastUsedAtMs ?? 0) - (a.lastUsedAtMs ?? 0))
    .slice(0, SHOWN_MAX);
  return (
    <section aria-label="Seen lately" className="card min-w-0">
      <CardHead title="Seen lately">
        <span className="text-12 text-fg-3">{used.length === 1 ? '1 key' : `${used.length} keys`}</span>
      </CardHead>
      {used.length === 0 && <p className="p-4 text-12 text-fg-3">No client has called yet.</p>}
      <ul>
        {used.map((key) => (
          <li key={key.id} className="flex h-10 items-center gap-3 border-t px-4 text-12 first:border-t-0">
            <span className="min-w-0 flex-1 truncate font-medium">
              <bdi>{key.name}</bdi>
            </span>
            <span className="max-w-28 truncate font-mono text-11 text-fg-3">{`${key.prefix}…`}</span>
            <span className="w-20 text-right text-fg-3">
              {key.lastUsedAtMs !== null && <Ago atMs={key.lastUsedAtMs} />}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
