/** Calls that are over, written together: what a demonstration begins with. */
import type { OpenedRecord, SettledRecord } from '../../lib/metering/ledger.ts';
import { prepareLedger } from './ledger-statements.ts';
import type { Handle } from './open.ts';

export interface RecordedCall {
  readonly opened: OpenedRecord;
  readonly settled: SettledRecord;
}

/** All of them or none. */
export function writeHistory(handle: Handle, calls: readonly RecordedCall[]): void {
  const ledger = prepareLedger(handle);
  handle.transaction(() => {
    for (const { opened, settled } of calls) ledger.settle(ledger.open(opened), settled);
  })();
}
