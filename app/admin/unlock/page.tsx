import type { Metadata } from 'next';
import { Unlock } from './unlock.tsx';

export const metadata: Metadata = { title: 'Unlock' };

export default function UnlockPage() {
  return <Unlock />;
}
