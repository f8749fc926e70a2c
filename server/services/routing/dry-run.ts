/** Where a call would go now, and why: asks the gateway's own planner and changes nothing. */
import { clientKeyId } from '../../../lib/base/id.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { type Caller, NO_RULES } from '../../../lib/clients/client-key.ts';
import { CamError, toWireError } from '../../../lib/errors.ts';
import type { DryRun, DryRunQuestion } from '../../../lib/routing/dry-run.ts';
import type { DryRunInput } from '../../../lib/wire/route-input.ts';
import type { DryRunView } from '../../../lib/wire/route-views.ts';
import type { Pool } from '../../upstream/pool.ts';
import type { ClientKeyring } from '../../vault/client-keyring.ts';
import type { ClientKeyStore } from '../clients/client-key-store.ts';
import { findByRef } from '../find-by-ref.ts';
import type { ServerFacts } from '../status/get.ts';

export interface DryRunDeps {
  readonly clientKeys: Pick<ClientKeyStore, 'list'>;
  readonly keyring: Pick<ClientKeyring, 'list' | 'callerOf'>;
  readonly pool: Pick<Pool, 'network'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly server: Pick<ServerFacts, 'origin'>;
  /** The gateway's. */
  readonly dryRun: (question: DryRunQuestion, caller: Caller) => DryRun;
}

export async function dryRunRouting(deps: DryRunDeps, input: DryRunInput): Promise<DryRunView> {
  const caller = await callerFor(deps, input);
  const answer = deps.dryRun(questionOf(input), caller ?? ANYBODY);
  const { session, refusal } = answer;
  return {
    nowMs: deps.clock.nowMs(),
    live: deps.server.origin() !== null,
    endpoint: answer.endpoint,
    model: answer.model,
    clientName: caller?.name ?? null,
    sessionSource: session?.source ?? 'none',
    sessionHash: session?.hash ?? null,
    network: deps.pool.network(),
    plan: answer.plan,
    refusal: refusal && {
      code: refusal.code,
      status: refusal.kind.status,
      message: toWireError(refusal).error.message,
      retryAfterMs: refusal.retryAfterMs ?? null,
    },
  };
}

/** A client key without any rule, for questions that are about no key in particular. */
const ANYBODY: Caller = {
  clientKeyId: clientKeyId('anybody'),
  name: '',
  ...NO_RULES,
  scopes: ['inference', 'see_accounts'],
};

async function callerFor(deps: DryRunDeps, { client, session, body }: DryRunInput): Promise<Caller | null> {
  if (client !== undefined) {
    const { id } = findByRef(await deps.clientKeys.list(), client, 'client key', 'not_found');
    return callerOf(deps, id);
  }
  const [only, another] = deps.keyring.list().filter(({ clientKey }) => clientKey.revokedAtMs === null);
  if (only && !another) return callerOf(deps, only.clientKey.id);
  if (session === undefined && body === undefined) return null;
  // Conversations and objects belong to the key that began them: without it nothing could be found.
  throw new CamError('invalid_request', 'A conversation belongs to one client key, and there are several.', {
    param: 'client',
    hint: 'Say which one.',
  });
}

/** As the gateway would see the key: what it would refuse is refused here in the same words. */
function callerOf({ keyring, clock }: DryRunDeps, id: string): Caller {
  const verdict = keyring.callerOf(clientKeyId(id), clock.nowMs());
  if (verdict.kind === 'caller') return verdict.caller;
  const name = 'name' in verdict ? verdict.name : id;
  switch (verdict.kind) {
    case 'revoked':
      throw new CamError(
        'client_key_revoked',
        `The client key "${name}" was revoked: its calls are refused.`,
      );
    case 'expired':
      throw new CamError(
        'client_key_expired',
        `The client key "${name}" has expired: its calls are refused.`,
      );
    case 'damaged':
      throw new CamError('client_key_damaged', `The client key "${name}" was changed from outside.`);
    default:
      throw new CamError('not_found', 'That client key has just been removed.');
  }
}

function questionOf({ endpoint, model, session, body }: DryRunInput): DryRunQuestion {
  const headers: Record<string, string> = session === undefined ? {} : { 'session-id': session };
  const named = body?.facts.model ?? null;
  if (model !== undefined && named !== null && named !== model) {
    throw new CamError('invalid_request', `The body names the model ${named}, not ${model}.`, {
      param: 'model',
      hint: 'Leave the model out, or change the body.',
    });
  }
  const facts = body ? { ...body.facts, model: named ?? model ?? null } : null;
  return {
    ...methodAndPath(endpoint),
    headers,
    model: model ?? null,
    facts,
    bodyBytes: body?.bytes ?? 0,
  };
}

/** The ones that people ask about, by one word. */
const SHORT_NAMES: Readonly<Record<string, string>> = {
  responses: '/v1/responses',
  chat: '/v1/chat/completions',
  completions: '/v1/completions',
  embeddings: '/v1/embeddings',
  images: '/v1/images/generations',
  audio: '/v1/audio/speech',
  moderations: '/v1/moderations',
};

function methodAndPath(endpoint: string): Pick<DryRunQuestion, 'method' | 'path'> {
  const short = SHORT_NAMES[endpoint.toLowerCase()];
  if (short !== undefined) return { method: 'POST', path: short };
  const [, method = 'POST', path] = /^(?:([A-Za-z]+) +)?(\/\S*)$/.exec(endpoint) ?? [];
  if (path === undefined) {
    throw new CamError('invalid_request', `There is no endpoint "${endpoint}".`, {
      param: 'endpoint',
      hint: `It is one of ${Object.keys(SHORT_NAMES).join(', ')}, or a method and a path: "GET /v1/files".`,
    });
  }
  return { method: method.toUpperCase(), path: path.startsWith('/v1') ? path : `/v1${path}` };
}
