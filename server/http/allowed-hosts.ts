/**
 * Which names this server answers to, and which web origins are its own. Everything else is refused, because any
 * page on the internet can point a name of its own at 127.0.0.1 and then read our answers (DNS rebinding).
 */
export interface AllowedHosts {
  /** Lower-case values of the Host header. */
  readonly hosts: ReadonlySet<string>;
  /** Lower-case values of the Origin header. */
  readonly origins: ReadonlySet<string>;
}

const ANY_ADDRESS = new Set(['0.0.0.0', '::', '[::]']);

/** @param host what we listen on @param more names from the configuration, with or without a port */
export function allowedHosts(host: string, port: number, more: readonly string[]): AllowedHosts {
  const hosts = new Set<string>();
  const origins = new Set<string>();
  const add = (name: string, schemes: readonly string[]): void => {
    hosts.add(name);
    for (const scheme of schemes) origins.add(`${scheme}://${name}`);
  };

  const own = ['127.0.0.1', 'localhost', '[::1]'];
  if (!ANY_ADDRESS.has(host)) own.push(host.includes(':') && !host.startsWith('[') ? `[${host}]` : host);
  for (const name of own) {
    add(`${name.toLowerCase()}:${port}`, ['http']);
    // Browsers leave the default port out.
    if (port === 80) add(name.toLowerCase(), ['http']);
  }
  for (const entry of more) {
    const name = entry.toLowerCase();
    // A name from the configuration may stand behind a proxy that speaks TLS.
    add(name, ['http', 'https']);
    if (!/:\d+$/.test(name)) add(`${name}:${port}`, ['http', 'https']);
  }
  return { hosts, origins };
}
