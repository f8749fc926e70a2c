/** The user's own calls of the last hours, page by page over the admin API: of the running server or in process. */
import { HOUR_MS } from '../../lib/base/time.ts';
import { CamError } from '../../lib/errors.ts';
import { type RecordedDay, recordedDay } from '../../lib/routing/simulate/recorded.ts';
import { TRACE_CALLS_MAX } from '../../lib/wire/trace-lines.ts';
import type { RecordedCallView } from '../../lib/wire/views.ts';
import type { Connection } from './connection.ts';

export async function readLedger(connection: Connection, hours: number, nowMs: number): Promise<RecordedDay> {
  const rows: RecordedCallView[] = [];
  const since = nowMs - hours * HOUR_MS;
  for (let after: RecordedCallsPage['nextAfter'] = null; ; ) {
    const page: RecordedCallsPage = await connection.call((api) =>
      api.requests.recorded.query({ since, after }),
    );
    for (const row of page.rows) rows.push(row);
    if (rows.length > TRACE_CALLS_MAX) {
      throw new CamError(
        'invalid_request',
        `More than ${TRACE_CALLS_MAX.toLocaleString('en-US')} calls were recorded in that time.`,
        { hint: 'Take fewer hours with --hours.' },
      );
    }
    if (page.nextAfter === null) break;
    after = page.nextAfter;
  }
  if (rows.length === 0) {
    throw new CamError(
      'not_found',
      `No call was recorded in the last ${hours} ${hours === 1 ? 'hour' : 'hours'}.`,
      { hint: 'Take more hours with --hours, or a made-up day with --trace synthetic.' },
    );
  }
  return recordedDay(rows);
}

interface RecordedCallsPage {
  readonly rows: readonly RecordedCallView[];
  readonly nextAfter: { readonly startedAtMs: number; readonly id: string } | null;
}
