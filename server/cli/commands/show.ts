/** `cam show NAME`: everything about one account but its key. `--json`: AccountView. */
import {
  DASH,
  formatCount,
  formatCountdown,
  formatLimit,
  formatMoney,
  formatPercent,
  formatSpan,
  formatTokens,
} from '../../../lib/format.ts';
import { markKey } from '../../../lib/routing/mark-key.ts';
import type { AccountView, LimitUseView } from '../../../lib/wire/account-views.ts';
import { argumentText, keyText, modelsText, stateCell } from '../account-text.ts';
import type { CommandModule } from '../command.ts';
import { type Fact, orDash, printFacts } from '../table.ts';

export const addShow: CommandModule = (command, { terminal, flags, connect }) => {
  command.argument('<account>', 'its name, or the beginning of its id').action(async (ref: string) => {
    const connection = await connect();
    const account = await connection.call((api) => api.accounts.get.query({ ref }));
    if (flags().json) return terminal.json(account);
    const nowMs = Date.now();
    printFacts(terminal, [...identity(account), ...routing(account, nowMs), ...figures(account, nowMs)]);
    const [mark] = account.marks;
    const [trouble] = account.modelTroubles;
    const one = mark ? `--mark ${markKey(mark)}` : trouble && `--model ${argumentText(trouble.model)}`;
    if (one) terminal.hint(`cam clear ${argumentText(account.name)} ${one} lets the next call try it`);
  });
};

function identity(account: AccountView): Fact[] {
  return [
    ['name', account.name],
    ['id', account.id],
    ['state', stateCell(account.state)],
    ...(account.state.reason === null ? [] : ([['', account.state.reason]] as const)),
    [
      'key',
      account.keyFingerprint
        ? `${keyText(account)} (fingerprint ${account.keyFingerprint})`
        : keyText(account),
    ],
    ['base URL', account.baseUrl + (account.allowLocal ? ' (local addresses allowed)' : '')],
    ['organisation', account.organizationId ?? learned(account.learned.organization)],
    ['project', account.projectId ?? learned(account.learned.project)],
    [
      'shares limits with',
      account.sharesLimitsWith.length === 0 ? 'no other' : account.sharesLimitsWith.join(', '),
    ],
  ];
}

function routing(account: AccountView, nowMs: number): Fact[] {
  const { modelIds } = account.learned;
  return [
    ['models', modelsText(account.models) + (modelIds === null ? '' : ` (the key lists ${modelIds.length})`)],
    ['priority', String(account.priority)],
    ['weight', String(account.weight)],
    ...account.limitUse.map((use) => [`limit a ${use.window}`, limitText(use)] as const),
    ...Object.entries(account.headerLimits).map(
      ([bucket, figure]) =>
        [
          `provider ${bucket}`,
          `${formatLimit(figure.remaining)} left of ${formatLimit(figure.limit)}`,
        ] as const,
    ),
    ...account.modelTroubles.map(
      ({ model, reason, untilMs }) =>
        [
          'not now',
          `${model}${untilMs === null ? '' : ` for ${formatCountdown(untilMs - nowMs)}`}: ${reason ?? DASH}`,
        ] as const,
    ),
    ...account.marks.map(
      (mark) =>
        ['not for', `${markKey(mark)} for ${formatCountdown(mark.untilMs - nowMs)}: ${mark.reason}`] as const,
    ),
  ];
}

function figures(account: AccountView, nowMs: number): Fact[] {
  const { today } = account;
  return [
    ['live calls', formatCount(account.inFlight)],
    [
      'today',
      `${formatCount(today.requests)} requests, ${formatTokens(today.tokens)} tokens, ${formatMoney(today.cost)}`,
    ],
    ['429s today', formatCount(today.limited)],
    ['last used', orDash(account.lastUsedAtMs, (at) => `${formatSpan(nowMs - at)} ago`)],
    ['checked', orDash(account.learned.checkedAtMs, (at) => `${formatSpan(nowMs - at)} ago`)],
  ];
}

const learned = (value: string | null): string => (value === null ? DASH : `${value} (learned)`);

function limitText(use: LimitUseView): string {
  const show = use.kind === 'cost' ? formatMoney : formatLimit;
  const share = formatPercent(use.used / use.limit);
  return `${show(use.used)} of ${show(use.limit)}${use.kind === 'cost' ? '' : ` ${use.kind}`} (${share})`;
}
