/** Who did what, when. Reading it is all that can be done to it. */
import {
  type AuditListView,
  type AuditPageView,
  type AuditVerdictView,
  auditListInput,
  auditPageInput,
  auditVerifyInput,
} from '../../../lib/wire/audit-views.ts';
import type { Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const auditRouter = ({ audit }: Pick<Services, 'audit'>) =>
  router({
    list: protectedProcedure
      .input(auditListInput)
      .query(({ input }): Promise<AuditListView> => audit.list(input)),
    page: protectedProcedure
      .input(auditPageInput)
      .query(({ input }): Promise<AuditPageView> => audit.page(input)),
    verify: protectedProcedure
      .input(auditVerifyInput)
      .query(({ input }): Promise<AuditVerdictView> => audit.verify(input)),
  });
