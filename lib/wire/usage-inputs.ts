/** What may be asked about usage and cost. */
import { z } from 'zod';
import { LIMIT_KINDS, LIMIT_WINDOWS } from '../metering/limit.ts';
import { refInput } from './inputs.ts';
import { PERIODS, SERIES_STEPS, USAGE_KEYS } from './usage-views.ts';

export const RANGE_NAMES = ['1h', '24h', '7d', '30d'] as const;
export const usageSummaryInput = z
  .strictObject({ range: z.enum(RANGE_NAMES).default('24h') })
  .default({ range: '24h' });
export type UsageSummaryInput = z.output<typeof usageSummaryInput>;

export const usageBreakdownInput = z
  .strictObject({
    period: z.enum(PERIODS).default('month'),
    by: z.enum(USAGE_KEYS).default('account'),
  })
  .default({ period: 'month', by: 'account' });
export type UsageBreakdownInput = z.output<typeof usageBreakdownInput>;

export const usageKindsInput = z
  .strictObject({ period: z.enum(PERIODS).default('month') })
  .default({ period: 'month' });
export type UsageKindsInput = z.output<typeof usageKindsInput>;

export const usageSeriesInput = z.strictObject({
  period: z.enum(PERIODS).default('month'),
  by: z.enum(USAGE_KEYS).default('account'),
  step: z.enum(SERIES_STEPS).default('day'),
});
export type UsageSeriesInput = z.output<typeof usageSeriesInput>;

export const usageBurnInput = z.strictObject({
  kind: z.enum(['account', 'client']),
  id: z.string().min(1).max(100),
  window: z.enum(LIMIT_WINDOWS),
  amount: z.enum(LIMIT_KINDS),
});
export type UsageBurnInput = z.output<typeof usageBurnInput>;

export const conversationsInput = z
  .strictObject({
    period: z.enum(PERIODS).default('today'),
    limit: z.number().int().min(1).max(500).default(50),
  })
  .default({ period: 'today', limit: 50 });
export type ConversationsInput = z.output<typeof conversationsInput>;

/** One account, over a range. */
export const accountDetailInput = refInput.extend({ range: z.enum(RANGE_NAMES).default('24h') });
export type AccountDetailInput = z.output<typeof accountDetailInput>;
