import { describe, expect, it } from 'vitest';
import { createAddressBook } from '../../../server/upstream/address.ts';
import { createEgress } from '../../../server/upstream/egress.ts';

const addresses = createAddressBook();
const egress = createEgress({ addresses, ownPorts: () => [8080] });
const destination = (baseUrl: string, allowLocal = false) => egress.destinationOf({ baseUrl, allowLocal });

describe('A base URL leads', () => {
  it('to its own origin and path, and nowhere else', () => {
    expect(destination('https://api.openai.com/v1')).toEqual({
      origin: 'https://api.openai.com',
      pathPrefix: '/v1',
      local: false,
    });
    expect(destination('https://gateway.example:8443/openai/v1/')).toMatchObject({
      origin: 'https://gateway.example:8443',
      pathPrefix: '/openai/v1',
    });
  });

  it('to a literal loopback address only where the operator switched that on', () => {
    expect(destination('http://127.0.0.1:11434/v1', true)).toMatchObject({
      origin: 'http://127.0.0.1:11434',
      local: true,
    });
    expect(destination('http://[::1]:11434/v1', true)).toMatchObject({ origin: 'http://[::1]:11434' });
    expect(() => destination('http://127.0.0.1:11434/v1')).toThrow(/allow local/);
  });

  const refused: readonly (readonly [string, string, boolean])[] = [
    ['a name without https', 'http://api.openai.com/v1', true],
    ['a private address without https', 'http://192.168.1.5/v1', true],
    ['a private address without the switch', 'https://10.0.0.5/v1', false],
    ['the cloud metadata address', 'https://169.254.169.254/latest', true],
    ['the metadata address written as IPv6', 'https://[::ffff:169.254.169.254]/latest', true],
    ['this machine by name', 'https://localhost:8443/v1', true],
    ['this machine by a name below localhost', 'https://api.localhost/v1', true],
    ['loopback written as a number', 'http://2130706433/v1', false],
    ['an unspecified address', 'http://0.0.0.0:9000/v1', true],
    ['a user and password', 'https://user:pass@api.openai.com/v1', false],
    ['a query', 'https://api.openai.com/v1?key=1', false],
    ['another scheme', 'file:///etc/passwd', true],
    ['no URL at all', 'api.openai.com', false],
  ];
  for (const [what, baseUrl, allowLocal] of refused) {
    it(`never to ${what}`, () => {
      expect(() => destination(baseUrl, allowLocal)).toThrow(
        expect.objectContaining({ code: 'base_url_refused' }),
      );
    });
  }

  it('to the port that its scheme means when it names none', () => {
    const ours = createEgress({ addresses, ownPorts: () => [80, 443] });
    for (const baseUrl of ['http://127.0.0.1/v1', 'https://127.0.0.1/v1'])
      expect(() => ours.destinationOf({ baseUrl, allowLocal: true })).toThrow(/circles/);
  });

  it('nowhere by the name localhost, which says what to write instead', () => {
    expect(() => destination('http://localhost:11434/v1', true)).toThrow(/Write 127\.0\.0\.1/);
  });

  it('never back to ourselves', () => {
    expect(() => destination('http://127.0.0.1:8080/v1', true)).toThrow(/circles/);
    expect(() => destination('http://127.8.8.8:8080/v1', true)).toThrow(/circles/);
    expect(destination('http://127.0.0.1:8081/v1', true).local).toBe(true);
  });
});

describe('An address', () => {
  const kinds = [
    ['104.18.6.192', 'public'],
    ['2606:4700::6812:6c0', 'public'],
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['::ffff:127.0.0.1', 'loopback'],
    ['64:ff9b::7f00:1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['172.20.0.1', 'private'],
    ['100.64.0.1', 'private'],
    ['fd12::1', 'private'],
    ['169.254.169.254', 'forbidden'],
    ['fe80::1%eth0', 'forbidden'],
    ['224.0.0.1', 'forbidden'],
    ['255.255.255.255', 'forbidden'],
    ['::', 'forbidden'],
    ['api.openai.com', 'not_an_address'],
  ] as const;
  for (const [address, kind] of kinds) {
    it(`${address} is ${kind}`, () => {
      expect(addresses.kindOf(address)).toBe(kind);
    });
  }
});
