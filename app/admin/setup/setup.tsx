'use client';
/**
 * The first run, opened by the one-time link: master key, first account, client key. A reload in the middle
 * goes on where it stopped, because the vault itself knows how far we are.
 */
import { useRouter } from 'next/navigation';
import { type ReactNode, useEffect, useState } from 'react';
import { SessionGate } from '../../_components/session-gate.tsx';
import { Bone, Loading } from '../../_components/skeleton.tsx';
import { api } from '../../_data/api.ts';
import { DraftProvider } from '../../_data/drafts.tsx';
import { type Problem, readProblem } from '../../_data/problem.ts';
import { SessionProvider } from '../../_data/session.tsx';
import { AccountStep } from './account-step.tsx';
import { ClientStep } from './client-step.tsx';
import { LinkRefused } from './link-refused.tsx';
import { MasterKeyStep } from './master-key-step.tsx';
import { type Done, Rail } from './rail.tsx';

type Stage = 'looking' | 'refused' | 'key' | 'account' | 'client';

/** Where the set-up stands: told by the link, and by the vault when somebody comes back. */
function useStage() {
  const [stage, setStage] = useState<Stage>('looking');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [token, setToken] = useState('');
  const router = useRouter();
  useEffect(() => {
    const given = location.hash.slice(1);
    const look = async (): Promise<Stage | null> => {
      const status = await api.session.status.query();
      if (status.vault === 'uninitialised') {
        if (given === '') return 'refused';
        await api.setup.check.mutate({ token: given });
        setToken(given);
        return 'key';
      }
      if (status.vault === 'unlocked' && status.signedIn) return 'account';
      router.replace('/admin/unlock');
      return null;
    };
    look().then(
      (next) => next && setStage(next),
      (error) => {
        setProblem(readProblem(error));
        setStage('refused');
      },
    );
  }, [router]);

  return { stage, setStage, problem, token };
}

export function Setup() {
  const { stage, setStage, problem, token } = useStage();
  const [done, setDone] = useState<Done>({ key: null, account: null });
  const say = (part: Partial<Done>, next: Stage) => {
    setDone((before) => ({ ...before, ...part }));
    setStage(next);
  };
  return (
    <div className="flex min-h-dvh max-lg:flex-col print:hidden">
      <Rail stage={stage} done={done} />
      <main className="mx-auto w-full max-w-148 px-4 pt-18 pb-12 max-lg:pt-8">
        {stage === 'looking' && <Looking />}
        {stage === 'refused' && <LinkRefused problem={problem} />}
        {stage === 'key' && (
          <MasterKeyStep
            token={token}
            onDone={(words) => {
              history.replaceState(null, '', location.pathname);
              say({ key: words }, 'account');
            }}
          />
        )}
        {stage === 'account' && (
          <SignedIn>
            <AccountStep onDone={(words) => say({ account: words }, 'client')} />
          </SignedIn>
        )}
        {stage === 'client' && (
          <SignedIn>
            <ClientStep onBack={() => setStage('account')} />
          </SignedIn>
        )}
      </main>
    </div>
  );
}

function SignedIn({ children }: { children: ReactNode }) {
  return (
    <SessionProvider>
      <DraftProvider>
        <SessionGate>{children}</SessionGate>
      </DraftProvider>
    </SessionProvider>
  );
}

function Looking() {
  return (
    <>
      <Loading label="Checking the link" />
      <Bone className="h-7 w-52" />
      <Bone className="mt-3 h-4 w-full max-w-120" />
      <div className="card mt-7 h-100" />
    </>
  );
}
