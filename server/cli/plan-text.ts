/** A plan as people read it at a terminal: why this account, who else could, and why not the others. */
import { DASH, formatCountdown, formatPercent } from '../../lib/format.ts';
import type { RoutePlan } from '../../lib/routing/plan.ts';
import { sayDecided, sayLeftOut, sayOmitted, sayShare, sayShort } from '../../lib/routing/plan-words.ts';
import { printTable } from './table.ts';
import { printable, type Terminal } from './terminal.ts';

export interface PlanTold {
  readonly plan: RoutePlan;
  /** A session key was found. */
  readonly session: boolean;
  /** What became of a candidate, or would: `took it`, `tried`, `first`. */
  readonly verdictOf: (accountId: string) => string;
}

export function printPlan(terminal: Terminal, { plan, session, verdictOf }: PlanTold): void {
  const [first] = plan.candidates;
  const because = sayDecided(plan, session);
  terminal.out(printable(first ? `${first.name} came first: ${because}.` : `Nobody: ${because}.`));
  if (plan.candidates.length > 0) {
    printTable(terminal, plan.candidates, [
      { title: '#', right: true, cell: (one) => String(plan.candidates.indexOf(one) + 1) },
      { title: 'CANDIDATE', cell: (one) => one.name },
      { title: 'USED', right: true, cell: (one) => formatPercent(one.utilization) },
      { title: 'OF', cell: (one) => (one.decidedBy === null ? DASH : sayShare(one.decidedBy)) },
      { title: '', cell: (one) => candidateNotes(verdictOf(one.accountId), one) },
    ]);
  }
  if (plan.leftOut.length > 0) {
    printTable(terminal, plan.leftOut, [
      { title: 'LEFT OUT', cell: (out) => out.name },
      {
        title: 'FOR',
        right: true,
        cell: (out) => (out.untilMs === null ? DASH : formatCountdown(out.untilMs - plan.madeAtMs)),
      },
      { title: 'WHY', cell: sayLeftOut },
    ]);
  }
  const omitted = sayOmitted(plan);
  if (omitted !== null) terminal.out(omitted);
}

function candidateNotes(verdict: string, one: RoutePlan['candidates'][number]): string {
  const notes = [
    verdict,
    one.probe ? 'one call, to see whether it works again' : '',
    one.short === undefined ? '' : sayShort(one.short),
    one.stripReasoning ? 'without its encrypted reasoning' : '',
  ];
  return notes.filter((note) => note !== '').join(', ');
}

export function heading(terminal: Terminal, text: string): void {
  terminal.out('');
  terminal.out(terminal.paint('bold', text));
}
