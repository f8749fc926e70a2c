/**
 * One message to one target. `json`: the alert as data, signed where there is a secret for it, as
 * `x-cam-signature: sha256=HEX` over `x-cam-timestamp`, a point and the body (HMAC-SHA-256). `slack`: one line of text,
 * as Slack, Mattermost and Discord's Slack address take it.
 */
import { createHmac } from 'node:crypto';
import { reveal } from '../../../lib/base/secret.ts';
import type { Moment, TargetRow } from '../../db/alerts.ts';
import type { Notifier } from '../../upstream/notify.ts';
import type { Vault } from '../../vault/vault.ts';
import { isTargetIntact } from './target-store.ts';

export interface Message {
  readonly id: number;
  readonly kind: string;
  readonly severity: 'warn' | 'bad';
  readonly text: string;
  readonly moment: Moment;
  /** When it was raised, or when it ended. */
  readonly atMs: number;
}

export interface SendDeps {
  readonly vault: Pick<Vault, 'unseal' | 'opens' | 'rowMacMatches'>;
  readonly notifier: Pick<Notifier, 'send'>;
}

/** Null when it was taken; else why not. */
export async function sendTo(
  { vault, notifier }: SendDeps,
  row: TargetRow,
  message: Message,
): Promise<string | null> {
  if (!isTargetIntact(vault, row))
    return 'Its row was changed outside this program. Remove it and add it again.';
  const place = { table: 'notification_targets', rowId: row.id } as const;
  const body = row.format === 'slack' ? slackBody(message) : jsonBody(message);
  const secret =
    row.sealed_secret === null
      ? null
      : vault.unseal({ ...place, column: 'sealed_secret' }, row.sealed_secret);
  return notifier.send({
    url: vault.unseal({ ...place, column: 'sealed_url' }, row.sealed_url),
    allowLocal: row.allow_local === 1,
    headers: secret === null ? {} : signature(body, reveal(secret), message.atMs),
    body,
  });
}

export function jsonBody({ id, kind, severity, text, moment, atMs }: Message): string {
  return JSON.stringify({
    source: 'codex-account-manager',
    id,
    kind,
    severity,
    state: moment,
    at: new Date(atMs).toISOString(),
    text,
  });
}

function slackBody({ text, moment, severity }: Message): string {
  const mark =
    moment === 'ended'
      ? ':white_check_mark: Over: '
      : severity === 'bad'
        ? ':rotating_light: '
        : ':warning: ';
  // Slack reads & < > as its own marks.
  const plain = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return JSON.stringify({ text: `${mark}${plain}` });
}

function signature(body: string, secret: string, atMs: number): Record<string, string> {
  const timestamp = String(Math.floor(atMs / 1_000));
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-cam-timestamp': timestamp, 'x-cam-signature': `sha256=${hmac}` };
}
