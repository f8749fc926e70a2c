/** The pages of the dashboard, in the order of the sidebar, with the key that jumps to each after `g`. */
import {
  Activity,
  Beaker,
  Boxes,
  CircleDollarSign,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  Plug,
  Settings,
  Users,
} from 'lucide-react';

export interface Place {
  readonly href: string;
  readonly name: string;
  /** What stands below the icon on a phone, where the name is too long for it. */
  readonly short?: string;
  readonly key: string;
  readonly icon: LucideIcon;
  /** A gap stands above the first place of each group. */
  readonly group: 'watch' | 'use' | 'steer';
}

export const PLACES: readonly Place[] = [
  { href: '/admin', name: 'Overview', key: 'o', icon: LayoutDashboard, group: 'watch' },
  { href: '/admin/accounts', name: 'Accounts', key: 'a', icon: Users, group: 'watch' },
  { href: '/admin/requests', name: 'Requests', key: 'r', icon: Activity, group: 'watch' },
  {
    href: '/admin/usage',
    name: 'Usage & cost',
    short: 'Usage',
    key: 'u',
    icon: CircleDollarSign,
    group: 'watch',
  },
  { href: '/admin/connect', name: 'Connect', key: 'c', icon: Plug, group: 'use' },
  { href: '/admin/clients', name: 'Client keys', key: 'k', icon: KeyRound, group: 'use' },
  { href: '/admin/models', name: 'Models', key: 'm', icon: Boxes, group: 'use' },
  { href: '/admin/playground', name: 'Playground', key: 'p', icon: Beaker, group: 'use' },
  { href: '/admin/settings', name: 'Settings', key: 's', icon: Settings, group: 'steer' },
];

export const isHere = (place: Place, path: string): boolean =>
  place.href === '/admin' ? path === '/admin' : path === place.href || path.startsWith(`${place.href}/`);

/** The page of one account. */
export const accountHref = (id: string): string => `/admin/accounts/detail?id=${encodeURIComponent(id)}`;
