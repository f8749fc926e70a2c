'use client';
/** What an import did, what it left out and why, and the client keys that it made: shown this once. */
import type { ImportedView } from '../../lib/wire/moving-views.ts';
import { Button } from './button.tsx';
import { CopyIcon } from './copy-button.tsx';

export function ImportDone(props: { done: ImportedView; plainFile: string | null; onAgain: () => void }) {
  const { done, plainFile } = props;
  return (
    <div role="status" className="grid gap-3 p-4">
      <p>
        <b className="font-medium">Imported.</b> {done.new} new, {done.changed} changed, {done.removed}{' '}
        removed, {done.same} left as they were.
      </p>
      {done.leftOut.length > 0 && (
        <ul className="grid gap-1 text-12">
          {done.leftOut.map(({ kind, name, why }) => (
            <li key={`${kind} ${name}`} className="text-pretty">
              <b className="font-medium">{name}</b> <span className="text-fg-3">left out. {why}</span>
            </li>
          ))}
        </ul>
      )}
      {done.newClientKeys.length > 0 && (
        <dl className="grid gap-2 border-t pt-3 text-12">
          <p className="text-fg-2">New client keys, shown this once:</p>
          {done.newClientKeys.map(({ name, key }) => (
            <div key={name}>
              <dt className="font-medium">{name}</dt>
              <dd className="flex items-center gap-1.5 font-mono">
                <span className="min-w-0 break-all">{key}</span>
                <CopyIcon text={key} label={`Copy the key of ${name}`} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {plainFile !== null && (
        <p className="text-12 text-pretty text-warn-text">
          {plainFile} still holds keys that anybody who opens it can read. Delete it now.
        </p>
      )}
      <Button className="justify-self-end" onClick={props.onAgain}>
        Import another file
      </Button>
    </div>
  );
}
