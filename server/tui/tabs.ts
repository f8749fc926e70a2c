/** The tabs, and what the foot of the screen says. */
export const TABS = ['Accounts', 'Live', 'Usage', 'Log'] as const;
export type Tab = (typeof TABS)[number];

export interface Message {
  readonly text: string;
  readonly bad: boolean;
}
