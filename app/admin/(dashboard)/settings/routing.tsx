'use client';
/** How calls are spread: strategy, affinity, failover, and how an account that fails is spared. */
import { Lock } from 'lucide-react';
import { STRATEGIES } from '../../../../lib/routing/plan.ts';
import { CardRow } from '../../../_components/card.tsx';
import { RadioCard } from '../../../_components/radio-card.tsx';
import { STRATEGY_WORDS } from '../../../_components/strategy-words.ts';
import { useReplay } from '../../../_data/resources.ts';
import { ReplayFoot, ReplayOf } from './replay.tsx';
import { Fixed } from './setting-row.tsx';
import { type DrawnSetting, type SettingsCard, SettingsForm } from './settings-form.tsx';

const CARDS: readonly SettingsCard[] = [
  {
    title: 'Strategy',
    note: 'For calls that no session decides',
    settings: ['routing.strategy'],
    draw: (parts) => <Strategy key="strategy" {...parts} />,
  },
  {
    title: 'Affinity',
    note: 'Comes before the strategy',
    settings: ['routing.affinity', 'routing.affinity_wait_ms', 'routing.reserve'],
    more: (
      <CardRow
        title="Stored responses, conversations and files"
        note="Always go to the account that made them; elsewhere they do not exist."
      >
        <span className="flex items-center gap-2 text-12 text-fg-2">
          <Lock size={13} aria-hidden="true" />
          Always on
        </span>
      </CardRow>
    ),
  },
  {
    title: 'Failover',
    note: 'Only before the first byte',
    settings: ['routing.attempts_max', 'routing.wait_max_ms', 'routing.reasoning_failover'],
  },
  {
    title: 'When every account is busy',
    settings: [
      'routing.queue_ms',
      'routing.queue_max',
      'routing.in_flight_per_account',
      'routing.ramp_step_ms',
      'routing.ramp_ms',
    ],
  },
  {
    title: 'Sparing an account that fails',
    note: 'The breaker, and guesses where a 429 names no wait',
    settings: [
      'breaker.failures',
      'breaker.window_ms',
      'breaker.open_ms',
      'breaker.open_max_ms',
      'breaker.open_alone_max_ms',
      'cooldown.guess_ms',
      'cooldown.guess_max_ms',
    ],
  },
];

export const Routing = () => <SettingsForm id="routing" cards={CARDS} />;

function Strategy({ setting, text, onText }: DrawnSetting) {
  const replay = useReplay();
  if (setting.decidedBy !== null) {
    return (
      <CardRow title="Strategy" note={setting.effect}>
        <Fixed setting={setting} />
      </CardRow>
    );
  }
  return (
    <>
      <div role="radiogroup" aria-label="Strategy" className="grid gap-3 p-4 md:grid-cols-2">
        {STRATEGIES.map((name) => (
          <RadioCard
            key={name}
            name="strategy"
            checked={text === name}
            onPick={() => onText(name)}
            title={STRATEGY_WORDS[name].name}
            aside={setting.value === name ? 'In use' : undefined}
          >
            {STRATEGY_WORDS[name].sentence}
            <ReplayOf replay={replay} strategy={name} />
          </RadioCard>
        ))}
      </div>
      <ReplayFoot replay={replay} />
    </>
  );
}
