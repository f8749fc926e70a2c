/** The dashboard's own calls, as `playground.*` asks and answers. */
import { z } from 'zod';

export const playgroundKeyInput = z.strictObject({
  /** The only account that the key may use, by id or name; null: as the planner decides. */
  account: z.string().trim().min(1).max(200).nullable().default(null),
});
export type PlaygroundKeyInput = z.output<typeof playgroundKeyInput>;

/** What the page makes its calls with, for as long as it is signed in. */
export interface PlaygroundKeyView {
  readonly key: string;
  readonly expiresAtMs: number;
}
