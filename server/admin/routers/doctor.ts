/** Is this installation well? Looking changes nothing. */

import type { DiagnosticsBundle } from '../../../lib/doctor/bundle.ts';
import type { DoctorReport } from '../../../lib/doctor/finding.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const doctorRouter = ({ doctor }: Pick<Services, 'doctor'>) =>
  router({
    check: protectedProcedure.query((): Promise<DoctorReport> => doctor.check()),
    bundle: protectedProcedure.query((): Promise<DiagnosticsBundle> => doctor.bundle()),
  });
