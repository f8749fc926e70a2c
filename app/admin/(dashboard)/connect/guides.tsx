'use client';
/** One tab a client: exact file, exact snippet, and the truth that hurts most people, where it hurts. */
import { Tabs } from '@base-ui/react/tabs';
import { type ReactNode, useState } from 'react';
import {
  type Choice,
  type ClientName,
  codexFile,
  codexKey,
  curl,
  environment,
  javaScript,
  openCodeFile,
  python,
} from '../../../_components/client-guides.ts';
import { Segmented } from '../../../_components/segmented.tsx';
import { CommandLine, FileBlock } from '../../../_components/snippet.tsx';

const TABS: readonly (readonly [ClientName, string])[] = [
  ['opencode', 'OpenCode'],
  ['codex', 'Codex CLI'],
  ['sdk', 'OpenAI SDK'],
  ['curl', 'curl'],
  ['env', 'Environment'],
];

export function Guides(props: {
  client: ClientName;
  onClient: (client: ClientName) => void;
  choice: Choice;
}) {
  return (
    <Tabs.Root value={props.client} onValueChange={(value) => props.onClient(value)} className="card min-w-0">
      <Tabs.List
        aria-label="Client"
        className="flex h-12 gap-5 overflow-x-auto overflow-y-hidden border-b px-4 max-sm:gap-4"
      >
        {TABS.map(([value, name]) => (
          <Tabs.Tab
            key={value}
            value={value}
            className="h-12 shrink-0 border-b-2 border-transparent text-13 text-fg-2 -outline-offset-2 hover:text-fg data-active:border-fg data-active:font-medium data-active:text-fg"
          >
            {name}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map(([value]) => (
        <Tabs.Panel key={value} value={value} className="divide-y outline-none">
          <Guide client={value} choice={props.choice} />
        </Tabs.Panel>
      ))}
    </Tabs.Root>
  );
}

function Guide({ client, choice }: { client: ClientName; choice: Choice }) {
  switch (client) {
    case 'opencode':
      return <OpenCode choice={choice} />;
    case 'codex':
      return <Codex choice={choice} />;
    case 'sdk':
      return <Sdk choice={choice} />;
    case 'curl':
      return (
        <Way title="One call" note="in any terminal">
          <CommandLine code={curl(choice)} label="Copy the command" />
        </Way>
      );
    case 'env':
      return <Environment choice={choice} />;
  }
}

function Way(props: { title: string; note: string; aside?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid grid-cols-1 gap-2.5 p-4">
      <header className="flex min-h-6 flex-wrap items-center gap-x-2 gap-y-1">
        <h2 className="font-medium">{props.title}</h2>
        <p className="text-12 text-fg-3">{props.note}</p>
        {props.aside && <div className="ml-auto">{props.aside}</div>}
      </header>
      {props.children}
    </section>
  );
}

const Truth = ({ children }: { children: ReactNode }) => (
  <p className="max-w-[84ch] text-12 text-pretty text-fg-3">{children}</p>
);
const Mono = ({ children }: { children: ReactNode }) => (
  <code className="font-mono text-11 text-fg-2">{children}</code>
);

/** One command instead: it shows what changes and asks before it writes. */
function WriteIt({ client }: { client: 'opencode' | 'codex' | 'shell' }) {
  return (
    <Way title="Or let it be written for you" note="with a key of its own; --undo takes it back">
      <CommandLine code={[`npm run -s cam -- connect ${client}`]} label="Copy the command" />
    </Way>
  );
}

function OpenCode({ choice }: { choice: Choice }) {
  return (
    <>
      <Way title="The file" note="merge into it, or make it">
        <FileBlock path="~/.config/opencode/opencode.json" code={openCodeFile(choice)} />
        <Truth>
          OpenCode also calls <Mono>gpt-5.4-nano</Mono> to title each session, so the key must allow it. It
          never asks for the model list: a model that it does not know must be named in this file.
        </Truth>
      </Way>
      <WriteIt client="opencode" />
    </>
  );
}

function Codex({ choice }: { choice: Choice }) {
  return (
    <>
      <Way title="Two parts" note="the file, then the key">
        <FileBlock path="~/.codex/config.toml" code={codexFile(choice)} />
        <CommandLine code={codexKey(choice)} label="Copy the key's line" />
        <Truth>
          <b className="font-medium text-fg-2">OPENAI_BASE_URL does nothing here.</b> Codex ignores it and
          calls api.openai.com; only the file counts. Without the <Mono>env_key</Mono> line it sends no key at
          all.
        </Truth>
      </Way>
      <WriteIt client="codex" />
    </>
  );
}

function Sdk({ choice }: { choice: Choice }) {
  const [language, setLanguage] = useState<'js' | 'py'>('js');
  return (
    <>
      <Way title="Nothing to write" note="the SDK reads two variables">
        <CommandLine prompt={false} code={environment(choice)} label="Copy both lines" />
        <Truth>Any code that already uses the SDK needs no change.</Truth>
      </Way>
      <Way
        title="In code"
        note="when one program talks to several places"
        aside={
          <Segmented
            label="Language"
            value={language}
            onChange={setLanguage}
            options={[
              { value: 'js', label: 'JavaScript' },
              { value: 'py', label: 'Python' },
            ]}
          />
        }
      >
        {language === 'js' ? (
          <FileBlock path="client.mjs" code={javaScript(choice)} />
        ) : (
          <FileBlock path="client.py" code={python(choice)} />
        )}
      </Way>
    </>
  );
}

function Environment({ choice }: { choice: Choice }) {
  return (
    <>
      <Way title="This shell" note="until you close it">
        <CommandLine prompt={false} code={environment(choice)} label="Copy both lines" />
        <Truth>
          Read by OpenCode, the OpenAI SDKs, LangChain and most tools.{' '}
          <b className="font-medium text-fg-2">Not by Codex CLI:</b> use its tab.
        </Truth>
      </Way>
      <Way title="Every shell" note="at the end of the file">
        <FileBlock path="~/.zshrc" note="bash: ~/.bashrc" code={environment(choice)} />
      </Way>
      <Way title="One project" note="with dotenv or direnv">
        <FileBlock path=".env" code={environment(choice, '')} />
      </Way>
    </>
  );
}
