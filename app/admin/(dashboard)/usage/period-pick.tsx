'use client';
/** The time that the page is about; arrows lead from a day and a month to the one before, and back. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { IconButton } from '../../../_components/button.tsx';
import { Segmented } from '../../../_components/segmented.tsx';
import { AFTER, BEFORE, choiceOf, OFFERED, PERIOD_NAMES, type ShownPeriod } from './periods.ts';

export function PeriodPick(props: { value: ShownPeriod; onChange: (period: ShownPeriod) => void }) {
  const { value, onChange } = props;
  const choice = choiceOf(value);
  const options = OFFERED.map((one) => ({ value: one, label: PERIOD_NAMES[one === choice ? value : one] }));
  const before = BEFORE[value];
  const after = AFTER[value];
  return (
    <div className="flex items-center gap-0.5">
      <IconButton
        bare
        label="The one before"
        disabled={before === undefined}
        onClick={() => before && onChange(before)}
      >
        <ChevronLeft size={15} />
      </IconButton>
      <Segmented label="Period" value={choice} options={options} onChange={onChange} />
      <IconButton
        bare
        label="The one after"
        disabled={after === undefined}
        onClick={() => after && onChange(after)}
      >
        <ChevronRight size={15} />
      </IconButton>
    </div>
  );
}
