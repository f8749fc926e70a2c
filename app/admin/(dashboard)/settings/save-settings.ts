'use client';
/** Writes settings and has every page that shows one ask again. */
import type { SettingsChangedView, SettingValue } from '../../../../lib/wire/settings-views.ts';
import { api } from '../../../_data/api.ts';
import { type Action, useAct } from '../../../_data/ask.ts';
import { useReload } from '../../../_data/reload.ts';

export interface SettingsWish {
  readonly values: Readonly<Record<string, SettingValue>>;
  readonly masterKey?: string;
}

export function useSaveSettings(): Action<SettingsWish, SettingsChangedView> {
  const reload = useReload();
  return useAct(async ({ values, masterKey }) => {
    const saved = await api.settings.set.mutate({
      values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, writable(value)])),
      ...(masterKey === undefined ? {} : { masterKey }),
    });
    reload('settings.list', 'status.get', 'vault.get', 'audit.list', 'backups.list');
    return saved;
  });
}

/** The wire's lists are not read-only. */
const writable = (value: SettingValue) => (isList(value) ? [...value] : value);
const isList = (value: SettingValue): value is readonly (string | number)[] => Array.isArray(value);
