/** The usage that the emulator reports, in the words of each surface. */
import type { Fault } from './faults.ts';

export interface Figures {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** `undefined` where the fault says that none is reported. */
export function responsesUsage(figures: Figures, fault: Fault): object | undefined {
  if (fault.kind === 'no_usage') return undefined;
  if (fault.kind === 'wrong_usage') return { input_tokens: -7, output_tokens: 1e15, total_tokens: 2.5 };
  return {
    input_tokens: figures.input,
    input_tokens_details: { cached_tokens: figures.cached, cache_write_tokens: 0 },
    output_tokens: figures.output,
    output_tokens_details: { reasoning_tokens: figures.reasoning },
    total_tokens: figures.input + figures.output,
  };
}

export function chatUsage(figures: Figures, fault: Fault): object | undefined {
  if (fault.kind === 'no_usage') return undefined;
  if (fault.kind === 'wrong_usage')
    return { prompt_tokens: -7, completion_tokens: 1e15, total_tokens: 'many' };
  return {
    prompt_tokens: figures.input,
    completion_tokens: figures.output,
    total_tokens: figures.input + figures.output,
    prompt_tokens_details: { cached_tokens: figures.cached, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: figures.reasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
