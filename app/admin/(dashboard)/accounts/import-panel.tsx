'use client';
/** Many accounts at once, from a list: shown line by line before any is added. */
import { SidePanel } from '../../../_components/dialog.tsx';
import { ImportFlow } from '../../../_components/import-flow.tsx';

export function ImportPanel({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <SidePanel open={open} onClose={onClose} title="Import accounts">
      {open && (
        <div className="min-h-0 flex-1 overflow-y-auto">
          <p className="px-4 pt-4 text-12 text-pretty text-fg-3">
            One account a line. <code className="font-mono">name</code> and{' '}
            <code className="font-mono">key</code> are needed; also read are base_url, allow_local,
            organization_id, project_id, models, priority, weight, enabled, and limit_day_usd,
            limit_month_tokens and so on.
          </p>
          <ImportFlow lists />
        </div>
      )}
    </SidePanel>
  );
}
