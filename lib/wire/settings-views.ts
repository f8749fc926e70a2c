/** The operator's settings over the wire: each with its value, what it does, and who decides it. */
import { z } from 'zod';
import { masterKeySchema } from './inputs.ts';

export type SettingValue = string | number | boolean | null | readonly (string | number)[];

/** How a setting is edited. Numbers are in the unit of the file. */
export type SettingControl =
  | { readonly kind: 'switch' }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly whole: boolean }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** `optional`: null is a value of it. */
  | { readonly kind: 'text'; readonly optional: boolean }
  | { readonly kind: 'texts' }
  | { readonly kind: 'numbers'; readonly min: number; readonly max: number; readonly most: number };

export interface SettingView {
  /** As in the file, e.g. `routing.strategy`. */
  readonly name: string;
  readonly value: SettingValue;
  readonly fallback: SettingValue;
  readonly control: SettingControl;
  /** What it does, in one line. */
  readonly effect: string;
  readonly origin: 'file' | 'environment' | 'flag' | 'default';
  /** `CAM_PORT` or `--port` where one of those decides; null where the file may. */
  readonly decidedBy: string | null;
  /** False: a change holds from the next start. */
  readonly live: boolean;
  /** open: like any other · master_key: with the master key in the same request · file: by hand only. */
  readonly guard: 'open' | 'master_key' | 'file';
}

export interface SettingsView {
  readonly file: string;
  readonly settings: readonly SettingView[];
}

export interface SettingsChangedView extends SettingsView {
  /** Those of the changed ones that hold from the next start. */
  readonly restartNeeded: readonly string[];
}

const settingValue = z.union([
  z.string().max(4_096),
  z.number(),
  z.boolean(),
  z.array(z.union([z.string().max(4_096), z.number()])).max(32),
  z.null(),
]);

export const settingsSetInput = z.strictObject({
  /** By name; null takes a setting out of the file, so that its default holds. */
  values: z.record(z.string().max(100), settingValue),
  masterKey: masterKeySchema.optional(),
});
export type SettingsSetInput = z.output<typeof settingsSetInput>;
