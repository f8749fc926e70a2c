/** `--period`: which time figures are about. */
import { CamError } from '../../lib/errors.ts';
import { PERIODS, type Period } from '../../lib/wire/usage-views.ts';

export const PERIOD_HELP = `one of ${PERIODS.map(word).join(', ')}`;

/** Throws `invalid_request`. */
export function periodOption(given: string): Period {
  const period = PERIODS.find((name) => word(name) === given);
  if (period === undefined) throw new CamError('invalid_request', `--period is ${PERIOD_HELP}.`);
  return period;
}

function word(period: Period): string {
  return period.replaceAll('_', '-');
}
