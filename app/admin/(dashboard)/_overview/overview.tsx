'use client';
import { LiveLine } from '../../../_components/live-line.tsx';
import { Page } from '../../../_components/page.tsx';

export function Overview() {
  return (
    <Page title="Overview" note={<LiveLine />}>
      <div className="card h-40" />
    </Page>
  );
}
