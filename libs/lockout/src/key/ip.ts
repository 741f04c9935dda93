import ipaddr from 'ipaddr.js';

/** An IPv4 or IPv6 address, IPv4 inside IPv6 already unfolded. */
export type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** Longest text of an address (45) with brackets, port and a zone id. */
const MAX_TEXT_LENGTH = 100;

/**
 * Reads one address strictly: IPv4 in four decimal parts, IPv6 in groups of at most four digits. Other notations
 * (octal, hexadecimal, one number) mean different addresses to different programs.
 * A port is dropped, since some proxies (Azure) forward one: keeping it would name every connection anew. A zone id is
 * dropped, since it names an interface of ours. Addresses that carry an IPv4 address in their last 32 bits become it.
 */
export function parseIp(text: string): Ip | null {
  const ip = readIp(text);
  return ip instanceof ipaddr.IPv6 && carriesIpv4(ip) ? new ipaddr.IPv4(ip.toByteArray().slice(12)) : ip;
}

function readIp(text: string): Ip | null {
  if (text.length > MAX_TEXT_LENGTH) return null;
  const bare = withoutPort(text);
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return ipaddr.IPv4.parse(bare);
  const [digits = ''] = bare.split('%', 1);
  return isStrictIpv6(digits) ? ipaddr.IPv6.parse(digits) : null;
}

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed.includes(':') ? bracketed : '';
  return /^([^:]*):\d{1,5}$/.exec(text)?.[1] ?? text;
}

function isStrictIpv6(text: string): boolean {
  if (!ipaddr.IPv6.isValid(text)) return false;
  return !text.includes('.') || ipaddr.IPv4.isValidFourPartDecimal(text.slice(text.lastIndexOf(':') + 1));
}

/**
 * IPv4-mapped (::ffff:0:0/96), and the two well-known translation prefixes (64:ff9b::/96, ::ffff:0:0:0/96): behind a
 * translator every IPv4 client would otherwise share one /64.
 */
const carriesIpv4 = (ip: ipaddr.IPv6): boolean => ['ipv4Mapped', 'rfc6052', 'rfc6145'].includes(ip.range());

/** An address with how many of its leading bits count. */
export interface Network {
  readonly ip: Ip;
  readonly prefix: number;
}

/**
 * Reads `address` or `address/prefix`; without a prefix all bits count. Bits after the prefix may be set. A network is
 * never taken for IPv4: 64:ff9b::/64 is more than the translated addresses at its start.
 */
export function parseNetwork(text: string): Network | null {
  const [address = '', prefix, ...rest] = text.split('/');
  const ip = prefix === undefined ? parseIp(address) : readIp(address);
  if (!ip || rest.length > 0) return null;
  if (prefix === undefined) return { ip, prefix: bitsOf(ip) };
  if (!/^(0|[1-9]\d{0,2})$/.test(prefix) || Number(prefix) > bitsOf(ip)) return null;
  return { ip, prefix: Number(prefix) };
}

/** Bits of an address of this family: 32 or 128. */
export const bitsOf = (ip: Ip): number => (ip.kind() === 'ipv4' ? 32 : 128);

/** The address with all bits after `prefix` cleared. */
export function networkOf(ip: Ip, prefix: number): Ip {
  const bytes = ip.toByteArray().map((byte, index) => {
    const kept = Math.min(8, Math.max(0, prefix - index * 8));
    return byte & (0xff << (8 - kept)) & 0xff;
  });
  return ipaddr.fromByteArray(bytes);
}

/** RFC 5952 for IPv6, dotted decimal for IPv4. */
export const ipText = (ip: Ip): string => (ip instanceof ipaddr.IPv6 ? ip.toRFC5952String() : ip.toString());
