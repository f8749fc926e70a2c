'use client';
/** The link is missing, spent or too old: what to do about it. */
import { Button } from '../../_components/button.tsx';
import { CommandLine } from '../../_components/snippet.tsx';
import type { Problem } from '../../_data/problem.ts';
import { StepHead } from './step-parts.tsx';

export function LinkRefused({ problem }: { problem: Problem | null }) {
  if (problem !== null && problem.code !== 'setup_link_invalid') {
    return (
      <>
        <StepHead title="The link could not be checked">
          {problem.message} {problem.hint}
        </StepHead>
        <Button look="primary" size="large" onClick={() => location.reload()}>
          Try again
        </Button>
      </>
    );
  }
  return (
    <>
      <StepHead title={problem ? 'This link has run out' : 'Open the set-up link'}>
        {problem ? 'A link works once and for 30 minutes. ' : 'Nothing is set up yet. '}
        Only someone who can read this server&rsquo;s output may choose the master key, so set-up opens by a
        one-time link that is printed when it starts.
      </StepHead>
      <div className="card p-4">
        <p className="pb-2 text-12 font-medium">Start it again and open the link it prints</p>
        <CommandLine code={['npm start']} label="Copy the command" />
        <p className="pt-2 text-12 text-fg-3">
          Running in the background? The link is then in the file{' '}
          <code className="font-mono text-11">setup-link</code> in the data folder.
        </p>
      </div>
    </>
  );
}
