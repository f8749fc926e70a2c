'use client';
/** Step 3: a key for the first client, what to tell that client, and the light that turns green by itself. */
import { ArrowLeft, ArrowRight } from 'lucide-react';
import { useState } from 'react';
import type { ClientKeyAddedView } from '../../../lib/wire/views.ts';
import { Button, ButtonLink } from '../../_components/button.tsx';
import {
  codexFile,
  codexKey,
  environment,
  FIRST_CALL,
  keyPiece,
  openCodeFile,
} from '../../_components/client-guides.ts';
import { preferredModel } from '../../_components/model-choice.ts';
import { Segmented } from '../../_components/segmented.tsx';
import { CommandLine, FileBlock } from '../../_components/snippet.tsx';
import { useAccounts, useModels, useStatus } from '../../_data/resources.ts';
import { ChooseKey } from './choose-key.tsx';
import { StepFoot, StepHead } from './step-parts.tsx';
import { WaitingLine } from './waiting-line.tsx';

type Guide = 'opencode' | 'codex' | 'env';

export function ClientStep({ onBack }: { onBack: () => void }) {
  const [made, setMade] = useState<ClientKeyAddedView | null>(null);
  return (
    <>
      <StepHead title="Connect a client">
        {made
          ? 'Point one client here; the others are a minute each, later, on the Connect page.'
          : 'Clients on this machine use a key of ours, never an account key. It opens this proxy and nothing else.'}
      </StepHead>
      <section className="card">{made ? <Tell made={made} /> : <ChooseKey onMade={setMade} />}</section>
      <StepFoot>
        {!made && (
          <Button look="quiet" size="large" className="mr-auto -ml-3" onClick={onBack}>
            <ArrowLeft size={14} aria-hidden="true" />
            Back
          </Button>
        )}
        <WayOn made={made !== null} />
      </StepFoot>
    </>
  );
}

/** The first answer is one click from here; without an account there is nobody to give it. */
function WayOn({ made }: { made: boolean }) {
  const { data: accounts } = useAccounts();
  const canAsk = made && accounts !== undefined && accounts.length > 0;
  return (
    <>
      <ButtonLink href="/admin" look={made && !canAsk ? 'primary' : 'quiet'} size="large">
        Open the dashboard
      </ButtonLink>
      {canAsk && (
        <ButtonLink
          href={`/admin/playground?say=${encodeURIComponent(FIRST_WORDS)}`}
          look="primary"
          size="large"
        >
          Get the first answer
          <ArrowRight size={14} aria-hidden="true" />
        </ButtonLink>
      )}
    </>
  );
}

const FIRST_WORDS = 'Say hello in one short sentence.';

function Tell({ made }: { made: ClientKeyAddedView }) {
  const [guide, setGuide] = useState<Guide>('opencode');
  const { data: status } = useStatus();
  const { data: models } = useModels();
  const choice = {
    endpoint: status?.endpoint ?? '',
    model: preferredModel(models ?? []),
    key: keyPiece(made.clientKey.name, made.key),
  };
  const first = FIRST_CALL[guide];
  return (
    <>
      <div className="grid grid-cols-1 gap-4 p-4">
        <Segmented
          wide
          label="Client"
          value={guide}
          onChange={setGuide}
          options={[
            { value: 'opencode', label: 'OpenCode' },
            { value: 'codex', label: 'Codex CLI' },
            { value: 'env', label: 'Other' },
          ]}
        />
        {guide === 'opencode' && (
          <FileBlock path="~/.config/opencode/opencode.json" code={openCodeFile(choice)} />
        )}
        {guide === 'codex' && (
          <div className="grid grid-cols-1 gap-2">
            <FileBlock path="~/.codex/config.toml" code={codexFile(choice)} />
            <CommandLine code={codexKey(choice)} label="Copy the key's line" />
            <p className="text-12 text-fg-3">
              <b className="font-medium text-fg-2">OPENAI_BASE_URL does nothing here.</b> Codex ignores it;
              only the file counts.
            </p>
          </div>
        )}
        {guide === 'env' && <CommandLine code={environment(choice)} prompt={false} label="Copy both lines" />}
        {first.run && (
          <div>
            <h2 className="pb-1.5 text-12 font-medium">Then say hello</h2>
            <CommandLine code={[first.run]} label="Copy the command" />
          </div>
        )}
      </div>
      <WaitingLine clientKeyId={made.clientKey.id} name={first.name} />
    </>
  );
}
