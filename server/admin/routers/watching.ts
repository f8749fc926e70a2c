/** What people look at: the server's status, calls, figures, events, models, and the live stream of them. */
import {
  eventListInput,
  recordedCallsInput,
  requestGetInput,
  requestHistogramInput,
  requestListInput,
} from '../../../lib/wire/inputs.ts';
import {
  conversationsInput,
  usageBreakdownInput,
  usageBurnInput,
  usageKindsInput,
  usageSeriesInput,
  usageSummaryInput,
} from '../../../lib/wire/usage-inputs.ts';
import type {
  CapturedView,
  ConversationsView,
  ForecastsView,
  UsageBreakdownView,
  UsageBurnView,
  UsageKindsView,
  UsageSeriesView,
} from '../../../lib/wire/usage-views.ts';
import type {
  EventView,
  LiveTick,
  RecordedCallsView,
  RequestHistogramView,
  RequestListView,
  RequestView,
  StatusView,
  UsageSummaryView,
} from '../../../lib/wire/views.ts';
import type { ModelView, Services } from '../../services/services.ts';
import { protectedProcedure, router } from '../trpc.ts';

export const statusRouter = ({ status }: Pick<Services, 'status'>) =>
  router({ get: protectedProcedure.query((): StatusView => status.get()) });

export const requestsRouter = ({ requests }: Pick<Services, 'requests'>) =>
  router({
    list: protectedProcedure
      .input(requestListInput)
      .query(({ input }): Promise<RequestListView> => requests.list(input)),
    histogram: protectedProcedure
      .input(requestHistogramInput)
      .query(({ input }): Promise<RequestHistogramView> => requests.histogram(input)),
    get: protectedProcedure
      .input(requestGetInput)
      .query(({ input }): Promise<RequestView> => requests.get(input)),
    recorded: protectedProcedure
      .input(recordedCallsInput)
      .query(({ input }): Promise<RecordedCallsView> => requests.recorded(input)),
    bodies: protectedProcedure
      .input(requestGetInput)
      .query(({ input }): Promise<CapturedView | null> => requests.bodies(input)),
    forgetBodies: protectedProcedure.mutation(
      (): Promise<{ readonly calls: number }> => requests.forgetBodies(),
    ),
  });

export const usageRouter = ({ usage }: Pick<Services, 'usage'>) =>
  router({
    summary: protectedProcedure
      .input(usageSummaryInput)
      .query(({ input }): Promise<UsageSummaryView> => usage.summary(input)),
    breakdown: protectedProcedure
      .input(usageBreakdownInput)
      .query(({ input }): Promise<UsageBreakdownView> => usage.breakdown(input)),
    conversations: protectedProcedure
      .input(conversationsInput)
      .query(({ input }): Promise<ConversationsView> => usage.conversations(input)),
    kinds: protectedProcedure
      .input(usageKindsInput)
      .query(({ input }): Promise<UsageKindsView> => usage.kinds(input)),
    series: protectedProcedure
      .input(usageSeriesInput)
      .query(({ input }): Promise<UsageSeriesView> => usage.series(input)),
    burn: protectedProcedure
      .input(usageBurnInput)
      .query(({ input }): Promise<UsageBurnView> => usage.burn(input)),
    forecast: protectedProcedure.query((): Promise<ForecastsView> => usage.forecast()),
    rebuild: protectedProcedure.mutation((): Promise<void> => usage.rebuild()),
  });

export const eventsRouter = ({ events }: Pick<Services, 'events'>) =>
  router({
    list: protectedProcedure
      .input(eventListInput)
      .query(({ input }): Promise<readonly EventView[]> => events.list(input)),
  });

export const modelsRouter = ({ models }: Pick<Services, 'models'>) =>
  router({ list: protectedProcedure.query((): readonly ModelView[] => models.list()) });

export const liveRouter = ({ live, session }: Pick<Services, 'live' | 'session'>) =>
  router({
    /** Ends when the sign-in does: a stream must not outlive the right to watch it. */
    watch: protectedProcedure.subscription(async function* ({ ctx, signal }): AsyncGenerator<LiveTick> {
      for await (const tick of live.watch(signal ?? new AbortController().signal)) {
        if (!session.keepAlive(ctx.operator)) return;
        yield tick;
      }
    }),
  });
