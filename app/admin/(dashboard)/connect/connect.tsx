'use client';
/** Everything a client needs to be told, filled in from three choices, and a test that turns green by itself. */
import { CLIENTS, type ClientName, keyPiece } from '../../../_components/client-guides.ts';
import { preferredModel, talkingModels } from '../../../_components/model-choice.ts';
import { Page } from '../../../_components/page.tsx';
import { Bone } from '../../../_components/skeleton.tsx';
import { useParam } from '../../../_data/params.ts';
import { useClientKeys, useModels, useStatus } from '../../../_data/resources.ts';
import { useSession } from '../../../_data/session.tsx';
import { ChoiceStrip } from './choice-strip.tsx';
import { Guides } from './guides.tsx';
import { SeenLately } from './seen-lately.tsx';
import { TestConnection } from './test-connection.tsx';

export function Connect() {
  const { freshKeys } = useSession();
  const { data: status } = useStatus();
  const { data: keys } = useClientKeys();
  const { data: models } = useModels();
  const [keyId, setKeyId] = useParam('key');
  const [model, setModel] = useParam('model');
  const [tab, setTab] = useParam('client');
  const active = (keys ?? []).filter(({ revokedAtMs }) => revokedAtMs === null);
  const chosen = active.find(({ id }) => id === keyId) ?? active[0] ?? null;
  const client: ClientName = CLIENTS.find((name) => name === tab) ?? 'opencode';
  const secret = (chosen && freshKeys.get(chosen.id)) ?? null;
  const choice = {
    endpoint: status?.endpoint ?? '…',
    model: model ?? preferredModel(models ?? []),
    key: keyPiece(chosen?.name ?? 'client', secret),
  };
  return (
    <Page
      title="Connect"
      note={
        <span className="text-12 text-fg-3">Pick a key and a model; everything below fills itself in</span>
      }
    >
      <ChoiceStrip
        endpoint={status?.endpoint ?? null}
        keys={keys ? active : undefined}
        chosen={chosen}
        fresh={secret !== null}
        onKey={setKeyId}
        models={talkingModels(models ?? [])}
        model={choice.model}
        onModel={setModel}
      />
      <div className="mt-4 grid items-start gap-4 xl:grid-cols-[1fr_352px]">
        <Guides client={client} onClient={setTab} choice={choice} />
        <div className="grid min-w-0 gap-4">
          {keys ? (
            <TestConnection
              key={`${client}:${chosen?.id ?? ''}`}
              client={client}
              clientKey={chosen}
              model={choice.model}
              choice={choice}
            />
          ) : (
            <Bone className="card h-50" />
          )}
          {keys && <SeenLately keys={keys} />}
        </div>
      </div>
    </Page>
  );
}
