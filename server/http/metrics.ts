/**
 * `GET /metrics`, for Prometheus: needs a client key with the scope `metrics`, or the sign-in of an operator. Names of
 * accounts are told to whoever may see accounts.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '../../lib/clients/client-key.ts';
import { asCamError, CamError } from '../../lib/errors.ts';
import { CONTENT_TYPE, expositionOf, type Family } from '../../lib/metrics/exposition.ts';
import type { VaultState } from '../../lib/wire/views.ts';
import { sendError } from './answer.ts';
import type { Identify } from './operator.ts';
import { JSON_HEADERS } from './security-headers.ts';

export interface MetricsDoorDeps {
  readonly vaultState: () => VaultState;
  readonly identify: Identify;
  /** Throws what a call without a good client key would be told. */
  readonly callerOf: (headers: Readonly<Record<string, string>>) => Caller;
  readonly families: (names: boolean) => readonly Family[];
}

export type HandleMetrics = (req: IncomingMessage, res: ServerResponse) => void;

export function createMetricsDoor(deps: MetricsDoorDeps): HandleMetrics {
  return (req, res) => {
    res.on('error', () => undefined);
    mayRead(req, deps).then(
      (names) => send(res, expositionOf(deps.families(names))),
      (thrown) => sendError(res, asCamError(thrown)),
    );
  };
}

/** Whether names are told too; throws when nothing is. */
async function mayRead(req: IncomingMessage, deps: MetricsDoorDeps): Promise<boolean> {
  if (deps.vaultState() !== 'unlocked')
    throw new CamError(
      'vault_locked',
      'The vault is locked: unlock it at /admin/unlock or with "cam unlock".',
    );
  if ((await deps.identify(req.headers)) !== null) return true;
  const { scopes } = deps.callerOf(singles(req));
  if (!scopes.includes('metrics'))
    throw new CamError(
      'scope_missing',
      'This client key may not read metrics: it lacks the scope "metrics".',
      {
        hint: 'Make one with `cam keys add prometheus --scopes metrics`.',
      },
    );
  return scopes.includes('see_accounts');
}

function singles({ headers }: IncomingMessage): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) if (typeof value === 'string') found[name] = value;
  return found;
}

function send(res: ServerResponse, text: string): void {
  const body = Buffer.from(text);
  res.writeHead(200, [
    'content-type',
    CONTENT_TYPE,
    'content-length',
    String(body.length),
    'cache-control',
    'no-store',
    ...JSON_HEADERS,
  ]);
  res.end(body);
}
