/** The terms of a search as conditions on `usage_records AS record`; what `matchesSearch` says of single rows. */
import { type RawBuilder, sql } from 'kysely';
import { nameHas, plain, type SearchTerm } from '../../lib/requests/search.ts';

/** Everybody's name by id: people's words are compared here, where every script has its capitals. */
export interface Names {
  readonly accounts: Readonly<Record<string, string>>;
  readonly clients: Readonly<Record<string, string>>;
}

/** @returns a condition that is never null, so that it can be turned around */
export function searchCondition(term: SearchTerm, names: Names): RawBuilder<boolean> {
  const holds = sql<boolean>`coalesce(${conditionOf(term, names)}, 0)`;
  return term.not ? sql<boolean>`NOT ${holds}` : holds;
}

function conditionOf(term: SearchTerm, names: Names): RawBuilder<unknown> {
  switch (term.key) {
    case 'any': {
      const of = (key: 'model' | 'account' | 'client' | 'error') =>
        sql`coalesce(${conditionOf({ ...term, key }, names)}, 0)`;
      return sql`(${of('model')} OR ${of('account')} OR ${of('client')} OR ${of('error')}
        OR instr(lower(record.id), ${plain(term.text)}) = 1)`;
    }
    case 'model':
      return sql`instr(lower(coalesce(record.model, '')), ${plain(term.text)}) > 0`;
    case 'error':
      return sql`instr(lower(coalesce(record.error_code, '')), ${plain(term.text)}) > 0`;
    case 'client':
      return sql`record.client_key_id IN ${idsOf(names.clients, term.text)}`;
    case 'account': {
      const ids = idsOf(names.accounts, term.text);
      return sql`(record.first_account_id IN ${ids} OR coalesce(record.account_id IN ${ids}, 0))`;
    }
    case 'status':
      return sql`record.status BETWEEN ${term.from} AND ${term.to}`;
    case 'result':
      return term.outcome === 'running'
        ? sql`record.outcome IS NULL`
        : sql`record.outcome IS ${term.outcome}`;
    case 'moved': {
      const moved = sql`coalesce(record.account_id <> record.first_account_id AND record.first_account_id <> '', 0)`;
      return term.moved ? moved : sql`NOT ${moved}`;
    }
    case 'cost':
      return sql`record.cost BETWEEN ${term.least} AND ${term.most}`;
    case 'tokens':
      return sql`record.total_tokens BETWEEN ${term.least} AND ${term.most}`;
    case 'took':
      return sql`record.duration_ms BETWEEN ${term.least} AND ${term.most}`;
  }
}

function idsOf(names: Readonly<Record<string, string>>, text: string): RawBuilder<unknown> {
  const ids = Object.keys(names).filter((id) => nameHas(names[id] ?? '', text));
  return sql`(${sql.join(ids)})`;
}
