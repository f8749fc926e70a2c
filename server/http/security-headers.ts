/**
 * The headers that keep browsers honest, as flat name-value lists. Pages get a Content-Security-Policy with a
 * fresh nonce; nothing unsafe is allowed in scripts. Style attributes are, because server-rendered charts need
 * them and they cannot run anything.
 */

/** On everything, also on answers of `/v1`: kept short, they are written with every call. */
export const BASE_HEADERS: readonly string[] = [
  'x-content-type-options',
  'nosniff',
  'cross-origin-resource-policy',
  'same-origin',
];

export const JSON_HEADERS: readonly string[] = [
  ...BASE_HEADERS,
  'referrer-policy',
  'no-referrer',
  'content-security-policy',
  "default-src 'none'; frame-ancestors 'none'",
];

export function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    // Pages send everything themselves: a form that the browser sends by itself could put a key into an address.
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** For pages and what they load. @param policy from `contentSecurityPolicy` */
export function pageHeaders(policy: string): readonly (readonly [string, string])[] {
  return [
    ['x-content-type-options', 'nosniff'],
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-opener-policy', 'same-origin'],
    ['cross-origin-resource-policy', 'same-origin'],
    ['permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()'],
    ['x-frame-options', 'DENY'],
    ['content-security-policy', policy],
  ];
}
