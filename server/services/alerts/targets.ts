/** Where alerts are sent: added with the master key, listed without their URL, removed, tried out. */
import type { Actor } from '../../../lib/audit/actor.ts';
import type { AuditSubject } from '../../../lib/audit/deeds.ts';
import type { Clock } from '../../../lib/base/time.ts';
import { CamError } from '../../../lib/errors.ts';
import type {
  TargetAddInput,
  TargetRefInput,
  TargetTestView,
  TargetView,
} from '../../../lib/wire/alert-views.ts';
import { deleteTargetRow, insertTargetRow, listTargetRows, type TargetRow } from '../../db/alerts.ts';
import type { Db } from '../../db/schema.ts';
import type { Notifier } from '../../upstream/notify.ts';
import type { Vault } from '../../vault/vault.ts';
import { bit } from '../accounts/account-row.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';
import { type StepUpDeps, stepUp } from '../session/try-master-key.ts';
import { sendTo } from './send.ts';
import { findTarget, isTargetIntact, withTargetMac } from './target-store.ts';

export interface TargetDeps extends StepUpDeps {
  readonly db: Db;
  readonly vault: StepUpDeps['vault'] & Pick<Vault, 'seal' | 'unseal' | 'opens' | 'rowMac' | 'rowMacMatches'>;
  readonly notifier: Notifier;
  readonly audit: AuditLog;
  readonly changes: Pick<Changes, 'made'>;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly newId: () => string;
}

const TARGETS_MAX = 20;

export async function listTargets({ db, vault }: Pick<TargetDeps, 'db' | 'vault'>): Promise<TargetView[]> {
  return (await listTargetRows(db)).map((row) => targetView(row, isTargetIntact(vault, row)));
}

/** Throws `target_refused`, `name_taken`, `step_up_required`, `wrong_master_key`. */
export async function addTarget(
  deps: TargetDeps,
  { name, url, format, secret, allowLocal, masterKey }: TargetAddInput,
  actor: Actor,
): Promise<TargetView> {
  const origin = deps.notifier.originOf(url, allowLocal);
  const rows = await listTargetRows(deps.db);
  const nameKey = name.toLowerCase();
  if (rows.some((row) => row.name_key === nameKey))
    throw new CamError('target_name_taken', `Alerts are sent to something called "${name}" already.`, {
      param: 'name',
    });
  if (rows.length >= TARGETS_MAX)
    throw new CamError('invalid_request', `Alerts can be sent to ${TARGETS_MAX} places at most.`);
  await stepUp(deps, masterKey, 'To send alerts somewhere else', about(actor, null, name));
  const id = deps.newId();
  const place = { table: 'notification_targets', rowId: id } as const;
  const row = withTargetMac(deps.vault, {
    id,
    name,
    name_key: nameKey,
    format,
    origin,
    allow_local: bit(allowLocal),
    sealed_url: deps.vault.seal({ ...place, column: 'sealed_url' }, url),
    sealed_secret:
      secret === undefined ? null : deps.vault.seal({ ...place, column: 'sealed_secret' }, secret),
    created_at_ms: Math.round(deps.clock.nowMs()),
  });
  await deps.audit.during(
    {
      ...about(actor, id, name),
      deed: 'settings.changed',
      detail: { changed: [`alerts are sent to ${origin}`] },
    },
    (transaction) => insertTargetRow(transaction, row),
  );
  deps.changes.made();
  return targetView(row, true);
}

/** Throws `not_found`. */
export async function removeTarget(deps: TargetDeps, { ref }: TargetRefInput, actor: Actor): Promise<void> {
  const row = await findTarget(deps.db, ref);
  await deps.audit.during(
    {
      ...about(actor, row.id, row.name),
      deed: 'settings.changed',
      detail: { changed: [`alerts are not sent to ${row.origin} any more`] },
    },
    (transaction) => deleteTargetRow(transaction, row.id),
  );
  deps.changes.made();
}

/** Sends a message that says that it is a try. */
export async function testTarget(deps: TargetDeps, { ref }: TargetRefInput): Promise<TargetTestView> {
  const row = await findTarget(deps.db, ref);
  const error = await sendTo(deps, row, {
    id: 0,
    kind: 'test',
    severity: 'warn',
    text: 'This is a test of alerts from Codex Account Manager. Nothing is wrong.',
    moment: 'raised',
    atMs: Math.round(deps.clock.nowMs()),
  });
  return error === null
    ? { ok: true, message: `${row.name} took the message.` }
    : { ok: false, message: `${row.name} did not take it. ${error}` };
}

function about(actor: Actor, id: string | null, name: string): AuditSubject {
  return { actor, objectKind: 'setting', objectId: id, objectName: `alerts to ${name}` };
}

function targetView(row: TargetRow, intact: boolean): TargetView {
  return {
    id: row.id,
    name: row.name,
    format: row.format,
    origin: row.origin,
    allowLocal: row.allow_local === 1,
    signed: row.sealed_secret !== null,
    intact,
    createdAtMs: row.created_at_ms,
  };
}
