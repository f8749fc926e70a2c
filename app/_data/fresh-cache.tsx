'use client';
/** A cache of answers that lives as long as what stands in it: taking the pages down forgets all they were told. */
import type { ReactNode } from 'react';
import { SWRConfig } from 'swr';

const FRESH = { provider: () => new Map() };

export function FreshCache({ children }: { children: ReactNode }) {
  return <SWRConfig value={FRESH}>{children}</SWRConfig>;
}
