'use client';
/**
 * A section of settings: cards of rows, and a bar that says what a change does before it is saved and offers to take
 * it back afterwards. Nothing is changed before Save.
 */
import { X } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import type { LeafName } from '../../../../lib/config.ts';
import { readText, textOf } from '../../../../lib/settings/form.ts';
import { sayValue } from '../../../../lib/settings/words.ts';
import type { SettingsView, SettingValue, SettingView } from '../../../../lib/wire/settings-views.ts';
import { Button } from '../../../_components/button.tsx';
import { CardHead } from '../../../_components/card.tsx';
import { ProblemLine, ProblemNote } from '../../../_components/problem-note.tsx';
import { Bone, Loading } from '../../../_components/skeleton.tsx';
import type { Action } from '../../../_data/ask.ts';
import { useDraft } from '../../../_data/drafts.tsx';
import { useTick } from '../../../_data/live.tsx';
import { useSettings } from '../../../_data/resources.ts';
import { ConfirmKey } from './confirm-key.tsx';
import { type SettingsWish, useSaveSettings } from './save-settings.ts';
import { SettingRow, titleOf } from './setting-row.tsx';

export interface SettingsCard {
  readonly title: string;
  readonly note?: string;
  readonly settings: readonly LeafName[];
  /** Under the settings, in the same card. */
  readonly more?: ReactNode;
  /** Instead of rows, for a setting that is chosen in its own way. */
  readonly draw?: (parts: DrawnSetting) => ReactNode;
}

export interface DrawnSetting {
  readonly setting: SettingView;
  readonly text: string;
  readonly onText: (text: string) => void;
}

type Values = Readonly<Record<string, SettingValue>>;

export function SettingsForm(props: { id: string; cards: readonly SettingsCard[]; children?: ReactNode }) {
  const { data, problem, retry } = useSettings();
  if (problem && !data) {
    return (
      <div className="card">
        <ProblemNote title="The settings could not be read" problem={problem} retry={retry} />
      </div>
    );
  }
  if (!data) return <SettingsBones cards={props.cards} />;
  return <Filled {...props} view={data} />;
}

export function SettingsBones({ cards }: { cards: readonly SettingsCard[] }) {
  return (
    <>
      <Loading label="Loading the settings" />
      {cards.map(({ title, settings }) => (
        <div key={title} className="card divide-y">
          <div className="h-12" />
          {settings.map((name) => (
            <div key={name} className="px-4 py-3.5">
              <Bone className="h-9 w-full max-w-90" />
            </div>
          ))}
        </div>
      ))}
    </>
  );
}

function Filled(props: {
  id: string;
  cards: readonly SettingsCard[];
  view: SettingsView;
  children?: ReactNode;
}) {
  const names = props.cards.flatMap(({ settings }) => settings);
  const shown = props.view.settings.filter(({ name }) => (names as readonly string[]).includes(name));
  const saved = Object.fromEntries(shown.map((one) => [one.name, textOf(one, one.value)]));
  const draft = useDraft<Record<string, string>>(`settings.${props.id}`, saved);
  const partsOf = (name: LeafName): DrawnSetting[] =>
    shown
      .filter((one) => one.name === name)
      .map((setting) => ({
        setting,
        text: draft.value[name] ?? '',
        onText: (text) => draft.set({ [name]: text }),
      }));
  return (
    <>
      {props.cards.map(({ title, note, settings, more, draw }) => (
        <section key={title} aria-label={title} className="card">
          <CardHead title={title} note={note} />
          {settings.flatMap(partsOf).map((parts) => (
            <Row key={parts.setting.name} parts={parts} draw={draw} />
          ))}
          {more}
        </section>
      ))}
      {props.children}
      <SaveBar settings={shown} texts={draft.value} discard={draft.discard} />
    </>
  );
}

function Row({ parts, draw }: { parts: DrawnSetting; draw: SettingsCard['draw'] }) {
  return draw === undefined ? <SettingRow {...parts} /> : draw(parts);
}

/** What is to be written; its default is written as nothing, so that the file says only what differs. */
function writtenOf(setting: SettingView, value: SettingValue): SettingValue {
  return JSON.stringify(value) === JSON.stringify(setting.fallback) ? null : value;
}

function SaveBar(props: {
  settings: readonly SettingView[];
  texts: Readonly<Record<string, string>>;
  discard: () => void;
}) {
  const [asking, setAsking] = useState(false);
  const [done, setDone] = useState<Done | null>(null);
  const save = useSaveSettings();
  const changed = props.settings.filter((one) => props.texts[one.name] !== textOf(one, one.value));
  const read = changed.map((setting) => ({
    setting,
    read: readText(setting, props.texts[setting.name] ?? ''),
  }));
  const good = read.flatMap(({ setting, read: one }) => (one.ok ? [{ setting, value: one.value }] : []));
  const values = Object.fromEntries(
    good.map(({ setting, value }) => [setting.name, writtenOf(setting, value)]),
  );
  const needsKey = changed.some(({ guard }) => guard === 'master_key');

  const send = async (wish: SettingsWish) => {
    const out = await save.run(wish);
    if (out === null) return null;
    setDone({ before: beforeOf(changed), restart: out.restartNeeded.map(titleOf) });
    props.discard();
    return out;
  };
  if (changed.length === 0) {
    return done === null ? null : <Saved done={done} save={save} onDone={() => setDone(null)} />;
  }
  return (
    <Bar>
      <p className="min-w-0 flex-1 text-12 text-pretty text-fg-2 max-sm:basis-full">
        {save.problem && !asking ? <ProblemLine problem={save.problem} /> : <Consequence changes={good} />}
      </p>
      <Button look="quiet" onClick={props.discard}>
        Discard
      </Button>
      <Button
        look="primary"
        disabled={good.length < changed.length || save.busy}
        onClick={() => {
          save.clear();
          if (needsKey) setAsking(true);
          else void send({ values });
        }}
      >
        Save
      </Button>
      {asking && (
        <ConfirmKey
          title="Change what guards this program"
          note={<Consequence changes={good} />}
          label="Save"
          act={{ ...save, run: (masterKey) => send({ values, masterKey }) }}
          onClose={() => setAsking(false)}
          onDone={() => setAsking(false)}
        />
      )}
    </Bar>
  );
}

function Bar({ children }: { children: ReactNode }) {
  return (
    <div className="card sticky bottom-4 z-20 flex flex-wrap items-center justify-between gap-3 px-4 py-2.5 shadow-pop max-lg:bottom-20">
      {children}
    </div>
  );
}

function Consequence(props: { changes: readonly { setting: SettingView; value: SettingValue }[] }) {
  const running = useTick()?.inFlight ?? 0;
  const later = props.changes.filter(({ setting }) => !setting.live);
  return (
    <>
      {props.changes.map(({ setting, value }) => (
        <b key={setting.name} className="font-medium text-fg">
          {titleOf(setting.name)}: {sayValue(setting.name, setting.value)} becomes{' '}
          {sayValue(setting.name, value)}.{' '}
        </b>
      ))}
      {later.length < props.changes.length && (
        <>Holds for new calls{running > 0 && `; ${running} running stay where they are`}. </>
      )}
      {later.length > 0 &&
        `${later.map(({ setting }) => titleOf(setting.name)).join(', ')}: from the next start.`}
    </>
  );
}

interface Done {
  /** What the file said before; null where that cannot be written back as it was. */
  readonly before: Values | null;
  readonly restart: readonly string[];
}

/** A guarded setting is not taken back by one click: its row is there for it, and asks for the master key. */
function beforeOf(changed: readonly SettingView[]): Values | null {
  if (changed.some(({ guard }) => guard !== 'open')) return null;
  return Object.fromEntries(
    changed.map(({ name, origin, value }) => [name, origin === 'file' ? value : null]),
  );
}

function Saved(props: { done: Done; save: Action<SettingsWish, unknown>; onDone: () => void }) {
  const { done, save } = props;
  const undo = async (values: Values) => {
    if ((await save.run({ values })) !== null) props.onDone();
  };
  const { before } = done;
  return (
    <Bar>
      <p role="status" className="min-w-0 flex-1 text-12 text-pretty text-fg-2">
        {save.problem ? (
          <ProblemLine problem={save.problem} />
        ) : (
          <>
            <b className="font-medium text-fg">Saved.</b>
            {done.restart.length > 0 && ` ${done.restart.join(', ')}: from the next start.`}
          </>
        )}
      </p>
      {before !== null && (
        <Button disabled={save.busy} onClick={() => void undo(before)}>
          Undo
        </Button>
      )}
      <button
        type="button"
        aria-label="Close this note"
        className="hit grid size-7 place-items-center rounded-inner text-fg-3 hover:text-fg"
        onClick={props.onDone}
      >
        <X size={16} strokeWidth={1.75} aria-hidden="true" />
      </button>
    </Bar>
  );
}
