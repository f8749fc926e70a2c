/** Alerts and where they are sent, as `alerts.*` asks and answers. */
import { z } from 'zod';
import { Secret } from '../base/secret.ts';

const name = z
  .string()
  .trim()
  .min(1, 'a name has at least one character')
  .max(80, 'a name has at most 80 characters');
const secret = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .transform((text) => new Secret(text));

export const TARGET_FORMATS = ['json', 'slack'] as const;
export type TargetFormat = (typeof TARGET_FORMATS)[number];

export const alertListInput = z
  .strictObject({ limit: z.number().int().min(1).max(200).default(50) })
  .default({ limit: 50 });
export type AlertListInput = z.output<typeof alertListInput>;

export const targetAddInput = z.strictObject({
  name,
  url: secret(2_048),
  format: z.enum(TARGET_FORMATS).default('json'),
  /** Of `json`: what our signature is made with; the receiver knows it too. */
  secret: secret(200).optional(),
  allowLocal: z.boolean().default(false),
  masterKey: secret(1_024),
});
export type TargetAddInput = z.output<typeof targetAddInput>;

export const targetRefInput = z.strictObject({ ref: z.string().trim().min(1).max(100) });
export type TargetRefInput = z.output<typeof targetRefInput>;

export interface DeliveryView {
  /** A target's name, or `command`, or `desktop`. */
  readonly target: string;
  readonly moment: 'raised' | 'ended';
  readonly tries: number;
  /** Null once it is delivered or given up. */
  readonly nextAtMs: number | null;
  readonly deliveredAtMs: number | null;
  readonly lastError: string | null;
}

export interface AlertView {
  readonly id: number;
  readonly kind: string;
  readonly severity: 'warn' | 'bad';
  readonly text: string;
  readonly accountId: string | null;
  readonly clientKeyId: string | null;
  readonly raisedAtMs: number;
  /** Null while what it is about is so. */
  readonly endedAtMs: number | null;
  readonly deliveries: readonly DeliveryView[];
}

export interface TargetView {
  readonly id: string;
  readonly name: string;
  readonly format: TargetFormat;
  readonly origin: string;
  readonly allowLocal: boolean;
  readonly signed: boolean;
  /** False: something else changed its row, and nothing is sent there. */
  readonly intact: boolean;
  readonly createdAtMs: number;
}

export interface TargetTestView {
  readonly ok: boolean;
  readonly message: string;
}
