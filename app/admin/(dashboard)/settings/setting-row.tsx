'use client';
/** One setting: what it is, what it does, who decides it, and its control. */
import { Lock } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { readText, textOf, unitOf } from '../../../../lib/settings/form.ts';
import { isSetting, SETTING_WORDS, sayValue } from '../../../../lib/settings/words.ts';
import type { SettingView } from '../../../../lib/wire/settings-views.ts';
import { CardRow } from '../../../_components/card.tsx';
import { Segmented } from '../../../_components/segmented.tsx';

const SEGMENTS_MAX = 3;

export const titleOf = (name: string): string => (isSetting(name) ? SETTING_WORDS[name].title : name);

export function SettingRow(props: {
  setting: SettingView;
  text: string;
  onText: (text: string) => void;
  /** Said instead of the setting's own line. */
  note?: ReactNode;
}) {
  const { setting, text, onText } = props;
  const id = useId();
  const read = readText(setting, text);
  const fixed = setting.decidedBy !== null || setting.guard === 'file';
  return (
    <CardRow
      title={fixed ? titleOf(setting.name) : <label htmlFor={id}>{titleOf(setting.name)}</label>}
      note={
        <>
          {props.note ?? setting.effect}
          {!setting.live && ' From the next start.'}
          {setting.guard === 'master_key' && !fixed && ' Asks for the master key.'}
          <Fallback setting={setting} text={text} onText={onText} fixed={fixed} />
          {!read.ok && (
            <span id={`${id}-wrong`} role="alert" className="block pt-1 text-bad-text">
              {read.why}
            </span>
          )}
        </>
      }
    >
      {fixed ? (
        <Fixed setting={setting} />
      ) : (
        <Control id={id} setting={setting} text={text} onText={onText} wrong={!read.ok} />
      )}
    </CardRow>
  );
}

/** What the default is, where something else holds, and the way back to it. */
function Fallback(props: {
  setting: SettingView;
  text: string;
  onText: (text: string) => void;
  fixed: boolean;
}) {
  const { setting, text, onText, fixed } = props;
  const fallback = textOf(setting, setting.fallback);
  if (fixed || text === fallback || setting.control.kind === 'switch') return null;
  return (
    <>
      {' '}
      <button type="button" className="hit underline hover:text-fg" onClick={() => onText(fallback)}>
        Default: {sayValue(setting.name, setting.fallback)}
      </button>
    </>
  );
}

export function Fixed({ setting }: { setting: SettingView }) {
  return (
    <span className="min-w-0 text-right text-12 max-sm:text-left">
      <span className="block font-medium break-words text-fg-2">{sayValue(setting.name, setting.value)}</span>
      <span className="flex items-center justify-end gap-1.5 text-fg-3 max-sm:justify-start">
        <Lock size={12} aria-hidden="true" />
        {setting.decidedBy === null ? 'Only in the file' : <span>Set by {setting.decidedBy}</span>}
      </span>
    </span>
  );
}

function Control(props: {
  id: string;
  setting: SettingView;
  text: string;
  wrong: boolean;
  onText: (text: string) => void;
}) {
  const { id, setting, text, wrong, onText } = props;
  const { control } = setting;
  const described = wrong ? { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` } : {};
  switch (control.kind) {
    case 'switch':
      return (
        <input
          id={id}
          type="checkbox"
          role="switch"
          aria-checked={text === 'true'}
          className="switch hit"
          checked={text === 'true'}
          onChange={(event) => onText(String(event.target.checked))}
        />
      );
    case 'choice': {
      const options = control.options.map((value) => ({ value, label: sayValue(setting.name, value) }));
      if (options.length <= SEGMENTS_MAX) {
        return <Segmented label={titleOf(setting.name)} value={text} onChange={onText} options={options} />;
      }
      return (
        <select
          id={id}
          className="inp w-36 shrink-0"
          value={text}
          onChange={(event) => onText(event.target.value)}
        >
          {options.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      );
    }
    case 'number':
    case 'numbers':
      return <Figures {...props} described={described} wide={control.kind === 'numbers'} />;
    case 'text':
    case 'texts':
      return (
        <input
          id={id}
          className="inp w-64 shrink-0 font-mono text-12 max-sm:w-full"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          placeholder="none"
          {...described}
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      );
  }
}

function Figures(props: {
  id: string;
  setting: SettingView;
  text: string;
  described: object;
  wide: boolean;
  onText: (text: string) => void;
}) {
  const unit = unitOf(props.setting.name);
  return (
    <span className={`relative shrink-0 ${props.wide ? 'w-36' : 'w-28'}`}>
      <input
        id={props.id}
        inputMode="decimal"
        className={`inp text-right ${unit === undefined ? '' : unit.length > 2 ? 'pr-11' : 'pr-8'}`}
        {...props.described}
        value={props.text}
        onChange={(event) => props.onText(event.target.value)}
      />
      {unit !== undefined && (
        <span className="pointer-events-none absolute inset-y-0 right-2.5 grid place-items-center text-12 text-fg-3">
          {unit}
        </span>
      )}
    </span>
  );
}
