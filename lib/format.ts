/**
 * Figures as people read them; the dashboard, the terminal and the command line all print these strings.
 * Null is unknown and always a dash, never 0.
 */
import { NANO_PER_DOLLAR } from './base/money.ts';

export const DASH = '—';

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole count with thousands separators: `14,208`. */
export function formatCount(count: number | null): string {
  return count === null ? DASH : grouped.format(count);
}

/** `1 account`, `2 accounts`. @param one the word for one of them */
export function formatCountOf(count: number, one: string): string {
  return `${formatCount(count)} ${one}${count === 1 ? '' : 's'}`;
}

const STEPS = [
  { from: 999_950_000, divisor: 1_000_000_000, unit: 'B' },
  { from: 999_950, divisor: 1_000_000, unit: 'M' },
  { from: 1_000, divisor: 1_000, unit: 'k' },
] as const;

/** Tokens and other large counts in short: `999`, `1.2k`, `98.1M`, `2.0B`. */
export function formatTokens(count: number | null): string {
  if (count === null) return DASH;
  const step = STEPS.find(({ from }) => Math.abs(count) >= from);
  return step === undefined ? String(Math.round(count)) : `${(count / step.divisor).toFixed(1)}${step.unit}`;
}

/** The same without a fraction that says nothing, for limits: `10k`, `2M`, `1.5M`. */
export function formatLimit(count: number | null): string {
  return formatTokens(count).replace(/\.0(?=[kMB]$)/, '');
}

/**
 * Nano-dollars: cents from a dollar up (`$18.63`), whole dollars from a hundred up (`$402`, `$1,204`),
 * three digits below a dollar (`$0.068`), four below a cent (`$0.0082`), `<$0.0001` below that.
 */
export function formatMoney(nano: number | null): string {
  if (nano === null) return DASH;
  if (nano < 0) return `-${formatMoney(-nano)}`;
  const dollars = nano / NANO_PER_DOLLAR;
  if (dollars === 0) return '$0';
  if (dollars < 0.000_05) return '<$0.0001';
  if (dollars < 0.009_95) return `$${dollars.toFixed(4)}`;
  if (dollars < 0.999_5) return `$${dollars.toFixed(3)}`;
  if (dollars < 99.995) return `$${dollars.toFixed(2)}`;
  return `$${grouped.format(dollars)}`;
}

interface Measured {
  readonly usage: { readonly totalTokens: number | null; readonly estimated: boolean } | null;
  readonly cost: number | null;
}

/** A figure that is our own estimate says so: `≈1.2k`. Unknown stays a dash. */
export function formatEstimate(text: string, estimated: boolean | undefined): string {
  return estimated && text !== DASH ? `≈${text}` : text;
}

/** What a call cost: `$0.068`, or `≈$0.068` where nobody told. */
export function formatCallCost({ usage, cost }: Measured): string {
  return formatEstimate(formatMoney(cost), usage?.estimated);
}

/** The tokens of a call: `1.2k`, or `≈1.2k` where nobody told. */
export function formatCallTokens({ usage }: Pick<Measured, 'usage'>): string {
  return formatEstimate(formatTokens(usage?.totalTokens ?? null), usage?.estimated);
}

/** Nano-dollars to the cent, for axes and invoices: `$1.50`, `$0.00`, `$1,204.40`. */
export function formatCents(nano: number | null): string {
  if (nano === null) return DASH;
  const dollars = (Math.abs(nano) / NANO_PER_DOLLAR).toLocaleString('en-US', {
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
  });
  return `${nano < 0 ? '-' : ''}$${dollars}`;
}

/** How long something took: `3 ms`, `0.8 s`, `12.4 s`, `2:05`, `1:02:05`. */
export function formatDuration(ms: number | null): string {
  if (ms === null) return DASH;
  if (ms < 99.5) return `${Math.round(ms)} ms`;
  if (ms < 995) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  return formatCountdown(ms);
}

/** Time that is left, whole seconds, rounded up so that 0:00 means now: `0:07`, `1:42`, `1:02:05`, `3d 4h`. */
export function formatCountdown(ms: number | null): string {
  if (ms === null) return DASH;
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  if (days > 0) return `${days}d ${hours}h`;
  const rest = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** How long ago or for how long, in its two largest units: `12s`, `4m`, `3h 12m`, `3d 4h`. */
export function formatSpan(ms: number | null): string {
  if (ms === null) return DASH;
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours}h` : `${hours}h ${minutes % 60}m`;
  return hours % 24 === 0 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

/** A share of 1: `31%`; between 99 % and 100 % two digits, so that 99.94% is not called 100%. */
export function formatPercent(share: number | null): string {
  if (share === null) return DASH;
  const percent = share * 100;
  if (percent > 99 && percent < 100) return `${(Math.floor(percent * 100) / 100).toFixed(2)}%`;
  return `${Math.round(percent)}%`;
}

/** `812 B`, `1.4 KB`, `38.6 KB`, `2.0 MB`; 1 KB is 1,024 bytes. */
export function formatBytes(bytes: number | null): string {
  if (bytes === null) return DASH;
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let amount = bytes;
  let index = 0;
  while (amount >= 1023.95 && index < units.length - 1) {
    amount /= 1024;
    index++;
  }
  return index === 0 ? `${Math.round(amount)} B` : `${amount.toFixed(1)} ${units[index]}`;
}
