'use client';
/** The page in front of everything while nobody is signed in. It holds no data and asks for none. */
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { Logo } from '../../_components/logo.tsx';
import { UnlockForm } from '../../_components/unlock-form.tsx';
import { api } from '../../_data/api.ts';

export function Unlock() {
  const router = useRouter();
  const [locked, setLocked] = useState(true);
  useEffect(() => {
    api.session.status.query().then(
      (status) => {
        if (status.vault === 'uninitialised') router.replace('/admin/setup');
        else if (status.vault === 'unlocked' && status.signedIn) router.replace(wayOn());
        else setLocked(status.vault === 'locked');
      },
      () => {},
    );
  }, [router]);
  return (
    <main className="mx-auto flex min-h-dvh max-w-98 flex-col items-center px-4 pt-[21vh] pb-8 max-sm:pt-[14vh]">
      <Logo size={40} />
      <h1 className="pt-4 text-20 font-semibold tracking-[-0.02em]">
        {locked ? 'Codex Accounts is locked' : 'Sign in to Codex Accounts'}
      </h1>
      <p className="pb-5 text-fg-2">
        {locked
          ? 'Clients get a 503 until you unlock.'
          : 'The proxy is running; this browser is not signed in.'}
      </p>
      <div className="card w-full p-5">
        <UnlockForm word={locked ? 'Unlock' : 'Sign in'} onOpen={() => router.replace(wayOn())} />
      </div>
      <p className="pt-5 text-center text-12 leading-5 text-fg-3">
        The key is on your recovery sheet. There is no reset.
        <br />
        In a terminal: <code className="font-mono text-11 text-fg-2">npm run -s cam -- unlock</code>
      </p>
    </main>
  );
}

/** Where the visitor was going: only ever a page of our own. */
function wayOn(): string {
  const to = new URLSearchParams(location.search).get('to') ?? '';
  return /^\/admin(\/(?!unlock)[\w/-]*)?(\?[\w=&%.:*-]*)?$/.test(to) ? to : '/admin';
}
