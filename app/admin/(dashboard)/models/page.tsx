import type { Metadata } from 'next';
import { Models } from './models.tsx';

export const metadata: Metadata = { title: 'Models' };

export default function ModelsPage() {
  return <Models />;
}
