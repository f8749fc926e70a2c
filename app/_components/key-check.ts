'use client';
/** The live check of an account key while it is being added: it stores nothing and says what the key can do. */
import { useState } from 'react';
import type { AccountCheckView } from '../../lib/wire/account-views.ts';
import { api } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';
import type { Problem } from '../_data/problem.ts';

export interface Destination {
  readonly baseUrl: string;
  readonly allowLocal: boolean;
  readonly organizationId: string;
  readonly projectId: string;
}

export const NOWHERE_SPECIAL: Destination = {
  baseUrl: '',
  allowLocal: false,
  organizationId: '',
  projectId: '',
};

/** The fields that were filled in, as the API takes them. */
export function destinationInput(to: Destination) {
  return {
    ...(to.baseUrl.trim() ? { baseUrl: to.baseUrl.trim() } : {}),
    ...(to.allowLocal ? { allowLocal: true } : {}),
    ...(to.organizationId.trim() ? { organizationId: to.organizationId.trim() } : {}),
    ...(to.projectId.trim() ? { projectId: to.projectId.trim() } : {}),
  };
}

export const hostOf = (baseUrl: string): string => {
  try {
    return new URL(baseUrl || 'https://api.openai.com/v1').host;
  } catch {
    return 'the provider';
  }
};

export interface KeyCheck {
  readonly view: AccountCheckView | null;
  readonly busy: boolean;
  readonly problem: Problem | null;
  readonly run: (key: string, to: Destination) => Promise<void>;
  /** The same, unless this key was asked about already. */
  readonly offer: (key: string, to: Destination) => void;
  readonly forget: () => void;
}

export function useKeyCheck(): KeyCheck {
  const [view, setView] = useState<AccountCheckView | null>(null);
  const act = useAct(({ key, to }: { key: string; to: Destination }) =>
    api.accounts.check.mutate({ key, ...destinationInput(to) }),
  );
  const run = async (key: string, to: Destination) => {
    setView(null);
    setView(await act.run({ key, to }));
  };
  const offer = (key: string, to: Destination) => {
    if (!act.busy && view === null && act.problem === null) void run(key, to);
  };
  const forget = () => {
    setView(null);
    act.clear();
  };
  return { view, busy: act.busy, problem: act.problem, run, offer, forget };
}
