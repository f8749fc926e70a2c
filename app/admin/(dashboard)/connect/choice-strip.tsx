'use client';
/** Endpoint, client key, model: three choices in one strip. */
import { Plus } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useId } from 'react';
import type { ClientKeyView } from '../../../../lib/wire/views.ts';
import { CopyIcon } from '../../../_components/copy-button.tsx';
import type { ModelOption } from '../../../_components/model-choice.ts';
import { Bone } from '../../../_components/skeleton.tsx';

export interface ChoiceStripProps {
  readonly endpoint: string | null;
  readonly keys: readonly ClientKeyView[] | undefined;
  readonly chosen: ClientKeyView | null;
  readonly fresh: boolean;
  readonly onKey: (id: string) => void;
  readonly models: readonly ModelOption[];
  readonly model: string;
  readonly onModel: (id: string) => void;
}

export function ChoiceStrip(props: ChoiceStripProps) {
  return (
    <section
      aria-label="What to connect with"
      className="card grid divide-line md:grid-cols-[1.15fr_1fr_1fr] md:divide-x max-md:divide-y"
    >
      <Part label="Endpoint" note="This machine only.">
        <div className="flex h-8 items-center gap-1.5 max-sm:h-11">
          {props.endpoint ? (
            <>
              <code className="truncate font-mono text-13">{props.endpoint}</code>
              <CopyIcon text={props.endpoint} label="Copy the endpoint" />
            </>
          ) : (
            <Bone className="h-4 w-48" />
          )}
        </div>
      </Part>
      <KeyPart {...props} />
      <ModelPart {...props} />
    </section>
  );
}

function KeyPart(props: ChoiceStripProps) {
  const id = useId();
  return (
    <Part label="Client key" labelFor={id} note={keyNote(props)}>
      <div className="flex gap-2">
        <select
          id={id}
          className="inp"
          value={props.chosen?.id ?? ''}
          disabled={!props.chosen}
          onChange={(event) => props.onKey(event.target.value)}
        >
          {!props.chosen && <option value="">none yet</option>}
          {props.keys?.map((key) => (
            <option key={key.id} value={key.id}>
              {key.name}
            </option>
          ))}
        </select>
        <Link
          href="/admin/clients?new=1"
          aria-label="New client key"
          title="New client key"
          className="hit grid size-8 shrink-0 place-items-center rounded-control border shadow-card hover:bg-raised max-sm:size-11"
        >
          <Plus size={15} />
        </Link>
      </div>
    </Part>
  );
}

function ModelPart(props: ChoiceStripProps) {
  const id = useId();
  const option = props.models.find((each) => each.id === props.model);
  return (
    <Part label="Model" labelFor={id} note={modelNote(props.models, option)}>
      <select
        id={id}
        className="inp font-mono text-12 max-sm:text-16"
        value={props.model}
        onChange={(event) => props.onModel(event.target.value)}
      >
        {!option && <option value={props.model}>{props.model}</option>}
        {props.models.map((each) => (
          <option key={each.id} value={each.id}>
            {each.id}
          </option>
        ))}
      </select>
    </Part>
  );
}

function Part(props: { label: string; labelFor?: string; note: string; children: ReactNode }) {
  return (
    <div className="min-w-0 px-4 py-3.5">
      {props.labelFor ? (
        <label htmlFor={props.labelFor} className="block pb-1.5 text-12 text-fg-2">
          {props.label}
        </label>
      ) : (
        <p className="pb-1.5 text-12 text-fg-2">{props.label}</p>
      )}
      {props.children}
      <p className="min-h-4 pt-1.5 text-11 text-pretty text-fg-3">{props.note}</p>
    </div>
  );
}

function keyNote({ keys, chosen, fresh }: ChoiceStripProps): string {
  if (keys === undefined) return '';
  if (chosen === null) return 'Make one first: calls without a key are answered 401.';
  if (fresh) return 'Just made: copies below hold all of it until you leave.';
  if (chosen.guessable) return 'A value of your own, guessable: paste it where marked.';
  return 'We keep only its digest: paste it where marked.';
}

function modelNote(models: readonly ModelOption[], option: ModelOption | undefined): string {
  if (option)
    return option.accounts.length === 1
      ? `${option.accounts[0]} serves it`
      : `${option.accounts.length} accounts serve it`;
  return models.length === 0 ? 'No model is known yet; any name is passed on.' : 'No account lists it.';
}
