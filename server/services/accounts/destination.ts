/** Where an account's calls go, judged when it is typed: the same rules hold again at every dial. */
import type { ProviderId } from '../../../lib/accounts/account.ts';

/** Throws `base_url_refused`. */
export type CheckDestination = (destination: {
  readonly baseUrl: string;
  readonly allowLocal: boolean;
}) => unknown;

/** OpenAI's own hosts, regional ones too; everything else speaks the same language with an accent. */
export function providerAt(baseUrl: string): ProviderId {
  const { hostname } = new URL(baseUrl);
  return hostname === 'api.openai.com' || hostname.endsWith('.api.openai.com')
    ? 'openai'
    : 'openai_compatible';
}

/** One spelling for one place: no trailing slash. */
export function plainBaseUrl(text: string): string {
  return text.replace(/\/+$/, '');
}
