/** Changes routing settings in the TOML file; they hold from the next call. */
import type { Actor } from '../../../lib/audit/actor.ts';
import type { RoutingSetInput } from '../../../lib/wire/inputs.ts';
import type { RoutingView } from '../../../lib/wire/views.ts';
import type { Settings, SettingValues } from '../../config.ts';
import type { AuditLog } from '../audit/audit-log.ts';
import type { Changes } from '../live/changes.ts';
import { getRouting, ROUTING_LEAVES } from './get.ts';

export interface SetRoutingDeps {
  readonly settings: Settings;
  readonly changes: Pick<Changes, 'made'>;
  readonly audit: Pick<AuditLog, 'during'>;
}

export async function setRouting(
  { settings, changes, audit }: SetRoutingDeps,
  input: RoutingSetInput,
  actor: Actor,
): Promise<RoutingView> {
  const before = getRouting({ settings });
  const values: SettingValues = Object.fromEntries(
    Object.entries(ROUTING_LEAVES)
      .map(([field, leaf]) => [leaf, input[field as keyof typeof ROUTING_LEAVES]] as const)
      .filter(([, value]) => value !== undefined),
  );
  if (Object.keys(values).length > 0) {
    const changed = Object.entries(ROUTING_LEAVES)
      .filter(([field]) => input[field as keyof typeof ROUTING_LEAVES] !== undefined)
      .map(([field, leaf]) => {
        const name = field as keyof typeof ROUTING_LEAVES;
        return `${leaf}: ${before[name]} → ${input[name]}`;
      });
    await audit.during(
      {
        actor,
        objectKind: 'setting',
        objectId: null,
        objectName: 'routing',
        deed: 'settings.changed',
        detail: { changed },
      },
      () => settings.set(values),
    );
    changes.made();
  }
  return getRouting({ settings });
}
