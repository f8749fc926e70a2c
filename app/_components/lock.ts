'use client';
/** Locking the vault: sessions end everywhere, clients get a 503 until it is unlocked. */
import { useRouter } from 'next/navigation';
import { api, forgetOriginKey } from '../_data/api.ts';
import { useAct } from '../_data/ask.ts';

export function useLock(): { run: () => void; busy: boolean } {
  const router = useRouter();
  const act = useAct(() => api.session.lock.mutate());
  const run = async () => {
    if ((await act.run(undefined)) === null) return;
    forgetOriginKey();
    router.replace('/admin/unlock');
  };
  return { run: () => void run(), busy: act.busy };
}
