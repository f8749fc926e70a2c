/** The first run: a one-time link proves that its holder can read this server's output. */
import type { StrengthView } from '../../../lib/base/key-strength.ts';
import { setupCheckInput, setupInitialiseInput, setupJudgeInput } from '../../../lib/wire/inputs.ts';
import type { SignInView } from '../../../lib/wire/views.ts';
import type { Services } from '../../services/services.ts';
import { openProcedure, router } from '../trpc.ts';
import { answerSignIn } from './session.ts';

export const setupRouter = ({ setup }: Pick<Services, 'setup'>) =>
  router({
    check: openProcedure.input(setupCheckInput).mutation(({ input }): { ok: true } => setup.check(input)),
    /** How guessable a key is that might be chosen: for the holder of the link only. */
    judge: openProcedure
      .input(setupJudgeInput)
      .mutation(({ input }): Promise<StrengthView> => setup.judge(input)),
    initialise: openProcedure
      .input(setupInitialiseInput)
      .mutation(async ({ ctx, input }): Promise<SignInView> => {
        return answerSignIn(await setup.initialise(input), 'cookie', ctx);
      }),
  });
