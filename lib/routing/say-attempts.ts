/** The attempts of a call as its client gets to read them: at which accounts, and what became of each. */
import type { Attempt } from './attempt.ts';
import { nameOf } from './say-accounts.ts';

/** " Work: The rate limit is reached …; Private: …", or nothing where none was made. */
export function sayAttempts(attempts: readonly Attempt[], seeNames: boolean): string {
  const said = attempts.flatMap((one) =>
    one.failure === null ? [] : [`${name(one, seeNames)}: ${one.failure.summary.replace(/\.$/, '')}`],
  );
  return said.length === 0 ? ' Nothing was sent.' : ` ${said.join('; ')}.`;
}

/** The same without what each said, which could sound as if it passed; and as details. */
export function whoWasTried(
  attempts: readonly Attempt[],
  seeNames: boolean,
): { readonly sentence: string; readonly details: Readonly<Record<string, unknown>> } {
  const names = attempts.map((one) => name(one, seeNames));
  return {
    sentence: names.length === 0 ? '' : ` Tried: ${names.join(', ')}.`,
    details: {
      attempts: attempts.map((one) => ({
        account: one.accountId,
        ...(seeNames ? { name: one.accountName } : {}),
        class: one.failure?.class ?? null,
        code: one.failure?.code ?? null,
      })),
    },
  };
}

function name({ accountId, accountName }: Attempt, seeNames: boolean): string {
  return nameOf({ accountId, name: accountName }, seeNames);
}
