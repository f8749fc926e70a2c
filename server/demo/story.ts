/**
 * The story that the demonstration tells: five accounts of three employers, four tools, and their habits. Every figure on
 * every page follows from the calls that are made of it, so no two pages can contradict each other.
 */
export interface DemoAccount {
  readonly name: string;
  readonly key: string;
  readonly organization: string;
  readonly project: string;
  readonly requestsPerMinute: number;
  readonly tokensPerMinute: number;
  /** Its part of all conversations. */
  readonly part: number;
  /** How much of its day's limit is used at the end of the story; null: the limit is what it says. */
  readonly dayUsed: number | null;
  readonly dayLimitDollars: number;
  readonly priority?: number;
}

export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  {
    name: 'Work',
    key: 'sk-demo-work-0123456789abcdef-kQ7x',
    organization: 'org-acme',
    project: 'proj_core',
    requestsPerMinute: 10_000,
    tokensPerMinute: 2_000_000,
    part: 0.42,
    dayUsed: 0.31,
    dayLimitDollars: 25,
  },
  {
    name: 'Personal',
    key: 'sk-demo-personal-0123456789ab-m2Wd',
    organization: 'org-9f21',
    project: 'proj_default',
    requestsPerMinute: 5_000,
    tokensPerMinute: 800_000,
    part: 0.25,
    dayUsed: 0.41,
    dayLimitDollars: 10,
  },
  {
    name: 'Lab',
    key: 'sk-demo-lab-0123456789abcdef0-r8Tz',
    organization: 'org-lab',
    project: 'proj_research',
    requestsPerMinute: 5_000,
    tokensPerMinute: 450_000,
    part: 0.2,
    dayUsed: 0.49,
    dayLimitDollars: 8,
  },
  {
    name: 'Side project',
    key: 'sk-demo-side-0123456789abcdef-h3Ln',
    organization: 'org-side',
    project: 'proj_bots',
    requestsPerMinute: 500,
    tokensPerMinute: 200_000,
    part: 0.13,
    dayUsed: 0.92,
    dayLimitDollars: 3,
  },
  {
    name: 'Backup',
    key: 'sk-demo-backup-0123456789abcd-v5Bs',
    organization: 'org-bak',
    project: 'proj_default',
    requestsPerMinute: 500,
    tokensPerMinute: 200_000,
    part: 0,
    dayUsed: null,
    dayLimitDollars: 5,
    priority: 200,
  },
];

/** The account that is rate limited when the story reaches the present. */
export const LIMITED = 'Lab';

export interface DemoClient {
  readonly name: string;
  readonly userAgent: string;
  readonly part: number;
  readonly models: readonly (readonly [model: string, part: number])[];
  /** Works at night and on weekends as well. */
  readonly tireless?: boolean;
  readonly dayLimitDollars?: number;
}

export const DEMO_CLIENTS: readonly DemoClient[] = [
  {
    name: 'codex-cli',
    userAgent: 'codex_cli_rs/0.169.0 (Debian 13; x86_64)',
    part: 0.46,
    models: [
      ['gpt-5.5-codex', 0.9],
      ['gpt-5.5', 0.1],
    ],
    dayLimitDollars: 20,
  },
  {
    name: 'opencode',
    userAgent: 'opencode/1.18.33 ai-sdk/openai/3.0.14',
    part: 0.36,
    models: [
      ['gpt-5.5', 0.7],
      ['gpt-5.5-codex', 0.18],
      ['gpt-5.4-nano', 0.12],
    ],
    dayLimitDollars: 15,
  },
  {
    name: 'ci-bot',
    userAgent: 'OpenAI/JS 7.2.0',
    part: 0.12,
    models: [['gpt-5.4-mini', 1]],
    tireless: true,
    dayLimitDollars: 5,
  },
  {
    name: 'notebook',
    userAgent: 'OpenAI/Python 3.1.0',
    part: 0.06,
    models: [
      ['gpt-5.5', 0.5],
      ['gpt-5-mini', 0.5],
    ],
  },
];

/** What every account of the story may use: the models that the tools ask for, and a few that nobody asked for yet. */
export const DEMO_MODELS: readonly string[] = [
  ...new Set([
    'gpt-6.1-sol',
    'gpt-6-sol',
    ...DEMO_CLIENTS.flatMap(({ models }) => models.map(([model]) => model)),
    'text-embedding-3-small',
  ]),
];

/** Conversations begun in a working day's hour, from midnight on, as parts of the busiest hour. */
export const HOURS: readonly number[] = [
  0.04, 0.02, 0.01, 0.01, 0.01, 0.02, 0.06, 0.2, 0.5, 0.8, 0.95, 1, 0.7, 0.85, 1, 0.95, 0.9, 0.7, 0.4, 0.3,
  0.3, 0.22, 0.14, 0.08,
];
/** Of a weekend, against a working day. */
export const WEEKEND = 0.25;
/** Conversations in the busiest hour. */
export const BUSIEST = 5;

/** One of them, each as often as its part says. @param random 0 ≤ random() < 1 */
export function weighted<T>(choices: readonly (readonly [T, number])[], random: () => number): T {
  let left = random() * choices.reduce((sum, [, part]) => sum + part, 0);
  for (const [choice, part] of choices) {
    left -= part;
    if (left < 0) return choice;
  }
  const last = choices.at(-1);
  if (last === undefined) throw new RangeError('nothing to choose from');
  return last[0];
}
