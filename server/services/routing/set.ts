/** Changes routing settings in the TOML file; they hold from the next call. */
import type { RoutingSetInput } from '../../../lib/wire/inputs.ts';
import type { RoutingView } from '../../../lib/wire/views.ts';
import type { Settings, SettingValues } from '../../config.ts';
import type { Changes } from '../live/changes.ts';
import { getRouting, ROUTING_LEAVES } from './get.ts';

export interface SetRoutingDeps {
  readonly settings: Settings;
  readonly changes: Pick<Changes, 'made'>;
}

export function setRouting({ settings, changes }: SetRoutingDeps, input: RoutingSetInput): RoutingView {
  const values: SettingValues = Object.fromEntries(
    Object.entries(ROUTING_LEAVES)
      .map(([field, leaf]) => [leaf, input[field as keyof typeof ROUTING_LEAVES]] as const)
      .filter(([, value]) => value !== undefined),
  );
  if (Object.keys(values).length > 0) {
    settings.set(values);
    changes.made();
  }
  return getRouting({ settings });
}
