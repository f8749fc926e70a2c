/** Every setting of the operator's: its value, what it does, how it is edited and who decides it. */
import { z } from 'zod';
import { LEAVES, type Leaf, type LeafName } from '../../../lib/config.ts';
import type {
  SettingControl,
  SettingsView,
  SettingValue,
  SettingView,
} from '../../../lib/wire/settings-views.ts';
import { type Settings, settingValue } from '../../config.ts';
import { guardOf } from './guards.ts';

export interface ListSettingsDeps {
  readonly settings: Pick<Settings, 'config' | 'origins' | 'file' | 'decidedBy'>;
}

const NAMES = Object.keys(LEAVES) as LeafName[];

export function listSettings({ settings }: ListSettingsDeps): SettingsView {
  return { file: settings.file, settings: NAMES.map((name) => viewOf(settings, name)) };
}

function viewOf(settings: ListSettingsDeps['settings'], name: LeafName): SettingView {
  const { schema, doc, live }: Leaf = LEAVES[name];
  return {
    name,
    value: shown(name, settingValueOf(settings, name)),
    fallback: plain(schema.parse(undefined)),
    control: controlOf(schema),
    effect: doc,
    origin: settings.origins[name],
    decidedBy: settings.decidedBy(name),
    live,
    guard: guardOf(name),
  };
}

export const settingValueOf = (settings: Pick<Settings, 'config'>, name: LeafName): SettingValue =>
  plain(settingValue(settings, name));

const plain = (value: unknown): SettingValue => (value ?? null) as SettingValue;

const HIDDEN = '•••';

/** A proxy's address may carry a name and a password; a program's arguments may carry a token. */
function shown(name: LeafName, value: SettingValue): SettingValue {
  if (name === 'upstream.proxy' && typeof value === 'string') return withoutCredentials(value);
  if (name === 'alerts.command' && Array.isArray(value)) {
    return value.map((argument, index) => (index === 0 ? argument : HIDDEN));
  }
  return value;
}

function withoutCredentials(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/?#]*@/i, (_, scheme: string | undefined) => {
    return `${scheme ?? ''}${HIDDEN}@`;
  });
}

/** What a schema says of its values, as far as a control needs it. */
interface Shape {
  readonly type?: string | readonly string[];
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxItems?: number;
  readonly items?: Shape;
}

const MANY = 32;

function controlOf(schema: z.ZodType): SettingControl {
  const shape = z.toJSONSchema(schema, { io: 'input' }) as Shape;
  if (shape.enum !== undefined) return { kind: 'choice', options: shape.enum };
  if (shape.type === 'boolean') return { kind: 'switch' };
  if (shape.type === 'integer' || shape.type === 'number') {
    return { kind: 'number', ...rangeOf(shape), whole: shape.type === 'integer' };
  }
  if (shape.type === 'array' && shape.items?.type === 'number') {
    return { kind: 'numbers', ...rangeOf(shape.items), most: shape.maxItems ?? MANY };
  }
  if (shape.type === 'array') return { kind: 'texts' };
  return { kind: 'text', optional: Array.isArray(shape.type) && shape.type.includes('null') };
}

const rangeOf = ({ minimum, maximum }: Shape): { min: number; max: number } => ({
  min: minimum ?? Number.MIN_SAFE_INTEGER,
  max: maximum ?? Number.MAX_SAFE_INTEGER,
});
