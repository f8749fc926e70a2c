/** Keeps what a source said last, and what went wrong last. */
import type { Clock } from '../../../lib/base/time.ts';
import type { Source } from '../../../lib/wire/provider-views.ts';
import { noteSource } from '../../db/provider-figures.ts';
import type { Db } from '../../db/schema.ts';
import type { Answer } from '../../introspection/admin-api.ts';

export interface NoteDeps {
  readonly db: Db;
  readonly clock: Pick<Clock, 'nowMs'>;
}

export async function note(
  { db, clock }: NoteDeps,
  id: string,
  source: Source,
  answer: Answer<unknown>,
): Promise<void> {
  const nowMs = Math.round(clock.nowMs());
  await noteSource(
    db,
    id,
    source,
    answer.kind === 'ok' ? { okAtMs: nowMs, data: answer.value } : { error: answer.why, errorAtMs: nowMs },
  );
}
