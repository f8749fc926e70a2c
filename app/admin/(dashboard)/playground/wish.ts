'use client';
/** What is chosen and said on this page. Kept above the pages, so that looking elsewhere takes nothing away. */
import type { Answer } from '../../../../lib/playground/answer.ts';
import type { PlaygroundApi } from '../../../../lib/playground/call-body.ts';
import { type Draft, useDraft } from '../../../_data/drafts.tsx';

export interface ShownTurn {
  readonly role: 'user' | 'assistant';
  readonly text: string;
  readonly model: string | null;
  readonly pictures: Answer['pictures'];
  /** Why it is not the whole answer. */
  readonly note: string | null;
}

export interface Wish {
  readonly api: PlaygroundApi;
  /** Empty: the one that we would choose. */
  readonly model: string;
  readonly account: string | null;
  readonly effort: 'default' | 'low' | 'medium' | 'high';
  readonly stream: boolean;
  /** As typed. */
  readonly tokensOutMax: string;
  readonly instructions: string;
  readonly draws: boolean;
  readonly typed: string;
  readonly turns: readonly ShownTurn[];
  readonly conversation: string;
}

const FIRST: Wish = {
  api: 'responses',
  model: '',
  account: null,
  effort: 'default',
  stream: true,
  tokensOutMax: '2048',
  instructions: '',
  draws: false,
  typed: '',
  turns: [],
  conversation: '',
};

export const useWish = (): Draft<Wish> => useDraft('playground', FIRST);

/** Null: no limit; undefined: what is typed is no number of tokens. */
export function tokensOf(text: string): number | null | undefined {
  const digits = text.replaceAll(/[\s,.’']/g, '');
  if (digits === '') return null;
  const count = Number(digits);
  return /^\d+$/.test(digits) && count >= 16 && count <= 1_000_000 ? count : undefined;
}
