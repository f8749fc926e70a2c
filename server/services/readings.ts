/** What the verbs read from the ledger: finished figures, never rows to be summed on the main thread. */
import type { RequestListInput } from '../../lib/wire/inputs.ts';
import type {
  ClientKeyView,
  EventView,
  RangeName,
  RequestListView,
  RequestView,
  UsageSummaryView,
} from '../../lib/wire/views.ts';
import type { AccountFigures } from './accounts/account-view.ts';

export interface ClientFigures {
  readonly lastUsedAtMs: number | null;
  readonly today: ClientKeyView['today'];
}

/** An account that is or was: removed ones keep their name and their colour in the figures. */
export interface AccountName {
  readonly name: string;
  /** 0–4, by order of creation. */
  readonly hue: number;
}

export interface SummaryQuestion {
  readonly range: RangeName;
  readonly nowMs: number;
  readonly dayFromMs: number;
  readonly monthFromMs: number;
  readonly timeZone: string;
  /** Limits over all accounts together; null where one of them has none. */
  readonly dayLimit: number | null;
  readonly monthLimit: number | null;
}

export interface Readings {
  accountNames(): Promise<ReadonlyMap<string, AccountName>>;
  accountFigures(dayFromMs: number, nowMs: number): Promise<(accountId: string) => AccountFigures>;
  clientFigures(dayFromMs: number): Promise<(clientKeyId: string) => ClientFigures>;
  requestList(input: RequestListInput): Promise<RequestListView>;
  /** By id or the beginning of one; null when there is none. */
  request(id: string): Promise<RequestView | null>;
  usageSummary(question: SummaryQuestion): Promise<UsageSummaryView>;
  events(limit: number): Promise<EventView[]>;
}
