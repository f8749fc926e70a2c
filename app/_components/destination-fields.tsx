'use client';
/** Where the key is to be used, for the few who need to say: folded away, because almost nobody does. */
import { ChevronRight } from 'lucide-react';
import { Field } from './field.tsx';
import type { Destination } from './key-check.ts';

export function DestinationFields(props: {
  value: Destination;
  onChange: (patch: Partial<Destination>) => void;
  open?: boolean;
  title?: string;
}) {
  const { value, onChange } = props;
  return (
    <details className="group" open={props.open}>
      <summary className="hit flex w-fit cursor-pointer list-none items-center gap-1.5 rounded-inner text-12 text-fg-2 hover:text-fg [&::-webkit-details-marker]:hidden">
        <ChevronRight size={14} className="transition-transform group-open:rotate-90" aria-hidden="true" />
        {props.title ?? 'Another address, organisation or project'}
      </summary>
      <div className="grid grid-cols-2 gap-x-3 gap-y-4 pt-4">
        <Field
          label="Base URL"
          hint="Where this key is sent. Only change it for a provider that you trust with the key."
          className="col-span-2"
        >
          {(parts) => (
            <input
              {...parts}
              type="url"
              className="inp font-mono text-12 max-sm:text-16"
              placeholder="https://api.openai.com/v1"
              value={value.baseUrl}
              onChange={(event) => onChange({ baseUrl: event.target.value })}
            />
          )}
        </Field>
        <label className="col-span-2 flex min-h-8 w-fit items-center gap-2.5 text-12 max-sm:min-h-11">
          <input
            type="checkbox"
            className="tick"
            checked={value.allowLocal}
            onChange={(event) => onChange({ allowLocal: event.target.checked })}
          />
          Allow an address on this machine, unencrypted
        </label>
        <IdField
          label="Organisation id"
          value={value.organizationId}
          onChange={(organizationId) => onChange({ organizationId })}
        />
        <IdField
          label="Project id"
          value={value.projectId}
          onChange={(projectId) => onChange({ projectId })}
        />
      </div>
    </details>
  );
}

function IdField(props: { label: string; value: string; onChange: (value: string) => void }) {
  return (
    <Field label={props.label} optional>
      {(parts) => (
        <input
          {...parts}
          className="inp font-mono text-12 max-sm:text-16"
          placeholder="the key's own"
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
