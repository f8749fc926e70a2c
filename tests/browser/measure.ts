/** What a page weighs and how much it moves, measured in the browser that shows it. */
import { gzipSync } from 'node:zlib';
import type { BrowserContext, Page, Response } from 'playwright-core';

export interface Load {
  /** Gzipped, in kB of 1,024 bytes. */
  readonly scriptKb: number;
  readonly styleKb: number;
  /** As they are: fonts are compressed already. */
  readonly fontKb: number;
  /** Cumulative layout shift. */
  readonly shift: number;
  readonly elements: number;
}

const ZERO = { script: 0, stylesheet: 0, font: 0 };

export async function measureLoad(
  context: BrowserContext,
  url: string,
  settled: (page: Page) => Promise<void>,
): Promise<Load> {
  const page = await context.newPage();
  const bytes: Record<string, number> = { ...ZERO };
  const reading: Promise<void>[] = [];
  const weigh = (response: Response): void => {
    const kind = response.request().resourceType();
    if (!(kind in ZERO)) return;
    reading.push(
      response.body().then((body) => {
        bytes[kind] = (bytes[kind] ?? 0) + (kind === 'font' ? body.length : gzipSync(body).length);
      }),
    );
  };
  page.on('response', weigh);
  await page.addInitScript(() => {
    const total = { value: 0 };
    Object.assign(window, { shiftTotal: total });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const shift = entry as PerformanceEntry & { value: number; hadRecentInput: boolean };
        if (!shift.hadRecentInput) total.value += shift.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(url, { waitUntil: 'load' });
  await settled(page);
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
  // What comes from here on belongs to no page load: its body could not be read while the page closes.
  page.off('response', weigh);
  await Promise.all(reading);
  const seen = await page.evaluate(() => ({
    shift: (window as Window & { shiftTotal?: { value: number } }).shiftTotal?.value ?? 0,
    elements: document.querySelectorAll('*').length,
  }));
  await page.close();
  const kb = (kind: keyof typeof ZERO) => Math.round((bytes[kind] ?? 0) / 102.4) / 10;
  return { scriptKb: kb('script'), styleKb: kb('stylesheet'), fontKb: kb('font'), ...seen };
}

/** Pixels by which the document is wider than a window of this width. */
export async function overflowAt(page: Page, width: number): Promise<number> {
  await page.setViewportSize({ width, height: 900 });
  await page.waitForFunction((wanted) => window.innerWidth === wanted, width);
  return page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        // Two frames: one for the media queries to be heard, one for React to have answered.
        requestAnimationFrame(() =>
          requestAnimationFrame(() =>
            resolve(document.documentElement.scrollWidth - document.documentElement.clientWidth),
          ),
        );
      }),
  );
}
