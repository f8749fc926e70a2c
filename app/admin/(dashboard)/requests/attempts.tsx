'use client';
/** Each dial on one time line: waiting pale, streaming full, a refusal red; then why, and what came of it. */
import { formatCountdown, formatDuration } from '../../../../lib/format.ts';
import type { Attempt } from '../../../../lib/routing/attempt.ts';
import { sayLeft, sayNoAttempts } from '../../../../lib/routing/left-words.ts';
import type { RequestView } from '../../../../lib/wire/views.ts';
import { hueClass, Swatch } from '../../../_components/account-mark.tsx';
import { useAccounts } from '../../../_data/resources.ts';

export function Attempts({ call }: { call: RequestView }) {
  if (call.attemptList.length === 0) {
    return <p className="text-12 text-fg-3">{sayNoAttempts(call.outcome, call.plan)}</p>;
  }
  const endMs = Math.max(...call.attemptList.map(({ endedMs }) => endedMs), 1);
  return (
    <ol className="grid gap-3">
      {call.attemptList.map((attempt) => (
        <Try key={attempt.number} attempt={attempt} endMs={endMs} />
      ))}
    </ol>
  );
}

function Try({ attempt, endMs }: { attempt: Attempt; endMs: number }) {
  const { data: accounts } = useAccounts();
  const hue = accounts?.find(({ id }) => id === attempt.accountId)?.hue ?? null;
  const { failure } = attempt;
  const look = failure ? 'bg-bad-soft text-bad-text' : 'bg-ok-soft text-ok-text';
  return (
    <li>
      <div className="flex items-center gap-2 text-12">
        <span className="w-3 text-11 text-fg-3">{attempt.number}</span>
        <Swatch hue={hue} />
        <bdi className="truncate">{attempt.accountName}</bdi>
        <span className={`rounded-[4px] px-1 text-11 leading-4 ${look}`}>
          {attempt.status ?? 'no answer'}
        </span>
        <span className="ml-auto">{formatDuration(attempt.endedMs - attempt.startedMs)}</span>
      </div>
      <Track attempt={attempt} endMs={endMs} hue={hue} />
      <p className="pl-5 text-12 text-pretty text-fg-2">
        {heldWords(attempt)}
        {failure ? failureWords(attempt) : servedWords(attempt)}
      </p>
    </li>
  );
}

function Track({ attempt, endMs, hue }: { attempt: Attempt; endMs: number; hue: number | null }) {
  const percent = (ms: number) => `${(ms / endMs) * 100}%`;
  const firstMs = attempt.firstByteMs ?? attempt.endedMs;
  const width = (fromMs: number, toMs: number) => `max(3px, ${percent(toMs - fromMs)})`;
  return (
    <div
      aria-hidden="true"
      className={`${hue === null ? '' : hueClass(hue)} relative my-1.5 ml-5 h-3 overflow-hidden rounded-[3px] bg-raised`}
    >
      {attempt.failure ? (
        <span
          className="absolute inset-y-0 rounded-[3px] bg-bad"
          style={{ left: percent(attempt.startedMs), width: width(attempt.startedMs, attempt.endedMs) }}
        />
      ) : (
        <>
          <span
            className="absolute inset-y-0 bg-hue opacity-35"
            style={{ left: percent(attempt.startedMs), width: width(attempt.startedMs, firstMs) }}
          />
          <span
            className="absolute inset-y-0 rounded-r-[3px] bg-hue"
            style={{ left: percent(firstMs), width: width(firstMs, attempt.endedMs) }}
          />
        </>
      )}
    </div>
  );
}

function heldWords({ waitedMs, reasoningStripped }: Attempt): string {
  const waited = waitedMs > 0 ? `After a wait of ${formatDuration(waitedMs)}. ` : '';
  return reasoningStripped ? `${waited}Encrypted reasoning was taken out first. ` : waited;
}

function failureWords({ failure }: Attempt): string {
  if (!failure) return '';
  // The sentence about a rate limit has the wait already.
  const wait =
    failure.toldWaitMs === null || failure.class === 'rate_limit'
      ? ''
      : ` It asked to wait ${formatCountdown(failure.toldWaitMs)}.`;
  const shown =
    failure.phase === 'mid_stream'
      ? ' Output had been shown, so the client was told.'
      : ' Nothing had reached the client.';
  return `${failure.summary}${wait}${shown}`;
}

function servedWords(attempt: Attempt): string {
  const left = sayLeft(attempt);
  if (left !== null) return left;
  const first =
    attempt.firstByteMs === null
      ? ''
      : ` First byte after ${formatDuration(attempt.firstByteMs - attempt.startedMs)}.`;
  const moved = attempt.number > 1 ? 'The move was invisible to the client.' : 'Answered.';
  return `${moved}${first}`;
}
