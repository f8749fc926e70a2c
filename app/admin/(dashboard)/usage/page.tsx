import type { Metadata } from 'next';
import { Usage } from './usage.tsx';

export const metadata: Metadata = { title: 'Usage & cost' };

export default function UsagePage() {
  return <Usage />;
}
