import type { Metadata } from 'next';
import { AccountDetail } from './account-detail.tsx';

export const metadata: Metadata = { title: 'Account' };

export default function AccountDetailPage() {
  return <AccountDetail />;
}
