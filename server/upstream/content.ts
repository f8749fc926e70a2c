/** What the head of an answer says of its body. */
import type { ResponseHeaders } from './dial.ts';

/** How the body is compressed, although it was asked not to be; null when it is not. */
export function codingOf(headers: ResponseHeaders): string | null {
  const coding = headers['content-encoding'];
  return coding === undefined || coding === '' || coding === 'identity' ? null : coding;
}

export function isJson(headers: ResponseHeaders): boolean {
  const type = headers['content-type'] ?? '';
  return type === '' || type.includes('json');
}
