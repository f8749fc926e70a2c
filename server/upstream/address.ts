/**
 * What kind of place an IP address is. Egress uses it twice: for literal addresses in a base URL, and for what
 * a name resolved to, at the moment of connecting, so that a name cannot be re-pointed into this machine.
 */
import { BlockList, isIP } from 'node:net';

/** forbidden: link-local (cloud metadata lives there), multicast, unspecified; nobody's API is ever there. */
export type AddressKind = 'public' | 'loopback' | 'private' | 'forbidden' | 'not_an_address';

type Range = readonly [net: string, prefix: number, family: 'ipv4' | 'ipv6'];

const LOOPBACK: readonly Range[] = [
  ['127.0.0.0', 8, 'ipv4'],
  ['::1', 128, 'ipv6'],
];
const FORBIDDEN: readonly Range[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
// 198.18.0.0/15 is left out on purpose: local proxies with "fake IP" name resolution answer from it.
const PRIVATE: readonly Range[] = [
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['2001:db8::', 32, 'ipv6'],
  ['2001::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fec0::', 10, 'ipv6'],
];

function blockList(ranges: readonly Range[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix, family] of ranges) list.addSubnet(net, prefix, family);
  return list;
}

export interface AddressBook {
  kindOf(address: string): AddressKind;
}

export function createAddressBook(): AddressBook {
  const loopback = blockList(LOOPBACK);
  const forbidden = blockList(FORBIDDEN);
  const secluded = blockList(PRIVATE);
  return {
    kindOf(address) {
      const plain = embeddedIpv4(address) ?? address;
      const version = isIP(plain);
      if (version === 0) return 'not_an_address';
      const family = version === 4 ? 'ipv4' : 'ipv6';
      if (loopback.check(plain, family)) return 'loopback';
      if (forbidden.check(plain, family)) return 'forbidden';
      if (secluded.check(plain, family)) return 'private';
      return 'public';
    },
  };
}

/** The IPv4 address inside an IPv4-mapped (`::ffff:0:0/96`) or NAT64 (`64:ff9b::/96`) one; null for any other. */
function embeddedIpv4(address: string): string | null {
  if (isIP(address) !== 6) return null;
  const bare = address.split('%')[0] ?? address;
  const canonical = new URL(`http://[${bare}]/`).hostname.slice(1, -1);
  const match = /^(?:::ffff:|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(canonical);
  if (!match) return null;
  const high = Number.parseInt(match[1] ?? '0', 16);
  const low = Number.parseInt(match[2] ?? '0', 16);
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}
