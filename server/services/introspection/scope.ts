/** What an organisation's figures are asked about: this key, else its project, else all there is. */
import type { ProviderAccountView } from '../../../lib/wire/provider-views.ts';
import type { Query } from '../../introspection/admin-api.ts';

export function scopeOf(
  keyId: string | null,
  project: string | null,
): { readonly scope: NonNullable<ProviderAccountView['scope']>; readonly query: Query } {
  if (keyId !== null) return { scope: 'key', query: { api_key_ids: [keyId] } };
  if (project !== null) return { scope: 'project', query: { project_ids: [project] } };
  return { scope: 'organization', query: {} };
}
