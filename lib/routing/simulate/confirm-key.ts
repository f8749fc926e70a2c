/** A refused key is asked about once, however many calls were refused: mirrors `server/gateway/feedback.ts`. */
import type { AccountId } from '../../base/id.ts';
import type { Failure } from '../../resilience/failure.ts';
import type { Member } from './member.ts';
import type { Stage } from './stage.ts';

/** `GET /models` takes about this long. */
const CONFIRM_MS = 200;

export function confirmKey(account: AccountId, member: Member, failure: Failure, stage: Stage): void {
  const { confirming, world } = stage;
  if (failure.permanent) member.refuse(failure.summary);
  if (failure.permanent || confirming.has(account)) return;
  confirming.add(account);
  stage.after(CONFIRM_MS, () => {
    confirming.delete(account);
    if (world.refusesKey(account, stage.nowMs())) member.refuse(failure.summary);
  });
}
