'use client';
/** Out, in, and back: what another computer needs, what comes from one, and what mends this one. */
import { CardHead } from '../../../_components/card.tsx';
import { ImportFlow } from '../../../_components/import-flow.tsx';
import { BackupsCard } from './backups-card.tsx';
import { ExportCard } from './export-card.tsx';
import { type SettingsCard, SettingsForm } from './settings-form.tsx';

const CARDS: readonly SettingsCard[] = [{ title: 'Backups by themselves', settings: ['backup.every_hours'] }];

export function Moving() {
  return (
    <>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <ExportCard />
        <section aria-label="Import" className="card">
          <CardHead title="Import" />
          <ImportFlow />
        </section>
      </div>
      <BackupsCard />
      <SettingsForm id="backups" cards={CARDS} />
    </>
  );
}
