import { InvalidSubjectError } from './invalid-subject-error.js';
import { bitsOf, type Ip, ipText, networkOf, parseNetwork } from './ip.js';

/** One customer's network: what an IPv6 client can rotate through at will. */
export const DEFAULT_IPV6_PREFIX = 64;

/** One site (RFC 6177): where an attacker with many /64s still shares one overflow counter (R22). */
export const OVERFLOW_IPV6_PREFIX = 48;

export interface AddressOptions {
  /** How many leading bits of an IPv6 address are counted, 1 to 128. Default {@link DEFAULT_IPV6_PREFIX}. */
  readonly ipv6Prefix?: number;
}

/**
 * The one spelling of a client's address: IPv4 as it is; IPv6 as its network, `2001:db8::/64` (pitfall 7). IPv4 inside
 * IPv6 (mapped or translated) becomes IPv4; zone ids and ports are dropped. Its own answer is accepted again.
 * Give it `req.ip`, never a header (pitfall 6).
 * @returns null when there is no usable address: scopes with an address then do not count, the others still hold.
 * @throws {RangeError} `ipv6Prefix` is not an integer from 1 to 128.
 */
export function canonicalAddress(text: unknown, options: AddressOptions = {}): string | null {
  const { ipv6Prefix = DEFAULT_IPV6_PREFIX } = options;
  if (!Number.isInteger(ipv6Prefix) || ipv6Prefix < 1 || ipv6Prefix > 128) {
    throw new RangeError('ipv6Prefix must be an integer from 1 to 128.');
  }
  if (typeof text !== 'string') return null;
  const network = parseNetwork(text);
  if (!network) return null;
  const canonical = canonicalText(network.ip, ipv6Prefix);
  return text.includes('/') && canonical !== text ? null : canonical;
}

/**
 * The network whose unknown names share one overflow counter (R22): the /48 of an IPv6 address, IPv4 itself.
 * @param address from {@link canonicalAddress}. A network that is wider already stays as it is.
 * @throws {InvalidSubjectError} not an address.
 */
export function overflowNetwork(address: string): string {
  const network = parseNetwork(address);
  if (!network) {
    throw new InvalidSubjectError('address', 'format', 'The address is not an IPv4 or IPv6 address.');
  }
  return canonicalText(network.ip, Math.min(OVERFLOW_IPV6_PREFIX, network.prefix));
}

const canonicalText = (ip: Ip, ipv6Prefix: number): string =>
  bitsOf(ip) === 32 ? ipText(ip) : `${ipText(networkOf(ip, ipv6Prefix))}/${ipv6Prefix}`;
