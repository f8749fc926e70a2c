/** Accounts, calls and plan inputs for the tests of routing: well and idle unless a test says otherwise. */
import type { Account, AccountFacts } from '../../../lib/accounts/account.ts';
import { type AccountId, accountId, clientKeyId } from '../../../lib/base/id.ts';
import { nanoDollars } from '../../../lib/base/money.ts';
import type { BodyFacts } from '../../../lib/calls/call.ts';
import { findEndpoint } from '../../../lib/calls/endpoint-table.ts';
import { type Caller, NO_RULES } from '../../../lib/clients/client-key.ts';
import { defaultConfig } from '../../../lib/config.ts';
import type { WindowUses } from '../../../lib/metering/limit.ts';
import type { Failure } from '../../../lib/resilience/failure.ts';
import type { PlanInput } from '../../../lib/routing/plan-input.ts';
import type { Upstream } from '../../../lib/routing/upstream.ts';

export const NOW_MS = Date.UTC(2026, 10, 22, 9, 50);
export const id = (name: string): AccountId => accountId(name);

const nothing = { requests: 0, tokens: 0, cost: nanoDollars(0) };
export const UNUSED: WindowUses = { day: nothing, month: nothing };

type Over = Partial<Omit<Upstream, 'account' | 'facts'>> & {
  readonly account?: Partial<Account>;
  readonly facts?: Partial<AccountFacts>;
};

export function upstream(name: string, over: Over = {}): Upstream {
  return {
    intact: true,
    credentialRefused: null,
    breakers: {},
    cooldowns: {},
    marks: [],
    inFlight: 0,
    headerLimits: {},
    used: UNUSED,
    lastUsedAtMs: null,
    ...over,
    account: {
      id: id(name),
      name,
      provider: 'openai',
      baseUrl: 'https://api.openai.com/v1',
      allowLocal: false,
      organizationId: null,
      projectId: null,
      models: [],
      priority: 100,
      weight: 1,
      enabled: true,
      limits: {},
      priceMultiplier: 1,
      createdAtMs: 0,
      ...over.account,
    },
    facts: { organization: null, project: null, modelIds: null, checkedAtMs: null, ...over.facts },
  };
}

/** An account of an organisation and a project of it. */
export const member = (name: string, organization: string, over: Over = {}): Upstream =>
  upstream(name, { ...over, facts: { organization, project: `${organization}-main`, ...over.facts } });

export const CALLER: Caller = {
  clientKeyId: clientKeyId('key-1'),
  name: 'tool',
  ...NO_RULES,
  scopes: ['inference'],
};

export const NO_FACTS: BodyFacts = {
  model: 'gpt-5',
  stream: false,
  background: false,
  storesNothing: false,
  includeUsage: false,
  previousResponseId: null,
  conversation: null,
  fileIds: [],
  promptCacheKey: null,
  serviceTier: null,
  reasoningEfforts: [],
  choices: 1,
  outputTokensMax: null,
  continues: false,
  sealedReasoning: null,
  hasCompaction: false,
  sealedCompaction: null,
  prefixHash: null,
};

export function endpoint(method: string, path: string): PlanInput['call']['endpoint'] {
  const match = findEndpoint(method, path);
  if (match.kind !== 'found') throw new Error(`${method} ${path} is not in the table`);
  return match.endpoint;
}

export const RESPONSES = endpoint('POST', '/v1/responses');

const config = defaultConfig();

export interface InputOver extends Partial<Omit<PlanInput, 'call' | 'config'>> {
  readonly call?: Partial<PlanInput['call']>;
  readonly routing?: Partial<PlanInput['config']['routing']>;
  readonly limits?: Partial<PlanInput['config']['limits']>;
}

export function input(upstreams: readonly Upstream[], over: InputOver = {}): PlanInput {
  const { call, routing, limits, ...rest } = over;
  return {
    caller: CALLER,
    upstreams,
    home: null,
    parentHome: null,
    sealedBy: null,
    owner: null,
    strategyState: { turn: 0 },
    nowMs: NOW_MS,
    seed: 0,
    ...rest,
    call: {
      endpoint: RESPONSES,
      model: 'gpt-5',
      session: null,
      facts: NO_FACTS,
      bodyBytes: 100,
      ...call,
    },
    config: {
      ...config,
      routing: { ...config.routing, ...routing },
      limits: { ...config.limits, ...limits },
    },
  };
}

export const failure = (over: Partial<Failure>): Failure => ({
  class: 'overload',
  phase: 'first_event',
  status: 500,
  code: 'server_error',
  summary: 'It failed.',
  toldWaitMs: null,
  toldWaitRaw: null,
  mark: null,
  requestedTokens: null,
  permanent: false,
  definite: false,
  ...over,
});
