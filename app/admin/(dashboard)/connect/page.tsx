import type { Metadata } from 'next';
import { Connect } from './connect.tsx';

export const metadata: Metadata = { title: 'Connect' };

export default function ConnectPage() {
  return <Connect />;
}
