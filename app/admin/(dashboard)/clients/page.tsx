import type { Metadata } from 'next';
import { Clients } from './clients.tsx';

export const metadata: Metadata = { title: 'Client keys' };

export default function ClientsPage() {
  return <Clients />;
}
