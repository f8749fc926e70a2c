'use client';
/** Settings in sections, one column wide enough for a sentence. Every control says what it does to whom. */
import { useCallback } from 'react';
import { Page } from '../../../_components/page.tsx';
import { useParam } from '../../../_data/params.ts';
import { About } from './about.tsx';
import { Appearance } from './appearance.tsx';
import { AuditLog } from './audit-log.tsx';
import { HealthCheck } from './health-check.tsx';
import { LimitsAndAlerts } from './limits.tsx';
import { Moving } from './moving.tsx';
import { Privacy } from './privacy.tsx';
import { Routing } from './routing.tsx';
import { ServerSection } from './server-section.tsx';
import { SettingChanges } from './setting-changes.tsx';
import { Vault } from './vault.tsx';

const SECTIONS = [
  ['routing', 'Routing'],
  ['limits', 'Limits and alerts'],
  ['privacy', 'Retention and privacy'],
  ['server', 'Server and network'],
  ['vault', 'Vault'],
  ['moving', 'Moving and backups'],
  ['appearance', 'Appearance'],
  ['changes', 'History'],
  ['audit', 'Audit log'],
  ['health', 'Health check'],
  ['about', 'About'],
] as const;

export function SettingsPage() {
  const [param, setParam] = useParam('section');
  const here = SECTIONS.find(([name]) => name === param)?.[0] ?? 'routing';
  // On a phone the sections are a strip that may begin beside the one that is open.
  const current = useCallback((button: HTMLButtonElement | null) => {
    button?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, []);
  return (
    <Page title="Settings">
      <div className="grid grid-cols-1 gap-x-6 gap-y-4 lg:grid-cols-[184px_minmax(0,880px)]">
        <nav aria-label="Sections" className="lg:-ml-2.5">
          <ul className="flex gap-1 overflow-x-auto lg:grid">
            {SECTIONS.map(([name, title]) => (
              <li key={name}>
                <button
                  type="button"
                  ref={here === name ? current : undefined}
                  aria-current={here === name ? 'page' : undefined}
                  onClick={() => setParam(name === 'routing' ? null : name)}
                  className="hit flex h-8.5 w-full items-center rounded-control px-2.5 whitespace-nowrap text-fg-2 hover:text-fg aria-[current=page]:bg-hover aria-[current=page]:font-medium aria-[current=page]:text-fg"
                >
                  {title}
                </button>
              </li>
            ))}
          </ul>
        </nav>
        <div className="grid min-w-0 grid-cols-1 content-start gap-4">
          {here === 'routing' && <Routing />}
          {here === 'limits' && <LimitsAndAlerts />}
          {here === 'privacy' && <Privacy />}
          {here === 'server' && <ServerSection />}
          {here === 'vault' && <Vault />}
          {here === 'moving' && <Moving />}
          {here === 'appearance' && <Appearance />}
          {here === 'changes' && <SettingChanges />}
          {here === 'audit' && <AuditLog />}
          {here === 'health' && <HealthCheck />}
          {here === 'about' && <About />}
        </div>
      </div>
    </Page>
  );
}
