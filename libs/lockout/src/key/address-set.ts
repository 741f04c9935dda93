import { ipText, type Network, networkOf, parseIp, parseNetwork } from './ip.js';

/** A list of addresses has entries that are none. Names them all. */
export class AddressListError extends Error {
  override readonly name = 'AddressListError';
  readonly code = 'LOCKOUT_CONFIG';

  /** @param problems one sentence for each bad entry, in the list's order. */
  constructor(readonly problems: readonly string[]) {
    super(`Invalid address list:\n${problems.map((problem) => `- ${problem}`).join('\n')}`);
  }
}

/**
 * Addresses and networks in CIDR notation, for exemptions and deny lists. A look-up costs one hash per distinct prefix
 * length, however long the list.
 */
export class AddressSet {
  /** Network texts by prefix length; IPv4 and IPv6 texts never equal each other. */
  readonly #networks = new Map<number, Set<string>>();

  /**
   * @param entries `203.0.113.7`, `10.0.0.0/8`, `2001:db8::/32`. Strict: bits after the prefix must be zero, and IPv4
   * is written as IPv4 (`0.0.0.0/0` holds every IPv4 address, `::/0` every IPv6 one).
   * @throws {AddressListError} naming all bad entries.
   */
  constructor(entries: readonly string[]) {
    const problems: string[] = [];
    entries.forEach((entry, index) => {
      const network = readEntry(entry);
      if (typeof network === 'string')
        problems.push(`entry ${index + 1} (${JSON.stringify(entry)}): ${network}`);
      else this.#add(network);
    });
    if (problems.length > 0) throw new AddressListError(problems);
  }

  /**
   * Whether an entry holds the address. Give the address as it came (`req.ip`): of a network from `canonicalAddress`
   * it can only be said that an entry holds it whole. Anything that is no address is in no list.
   */
  has(address: unknown): boolean {
    if (typeof address !== 'string' || this.#networks.size === 0) return false;
    const network = parseNetwork(address);
    if (!network) return false;
    for (const [prefix, texts] of this.#networks) {
      if (prefix <= network.prefix && texts.has(ipText(networkOf(network.ip, prefix)))) return true;
    }
    return false;
  }

  #add({ ip, prefix }: Network): void {
    const texts = this.#networks.get(prefix) ?? new Set();
    this.#networks.set(prefix, texts.add(ipText(ip)));
  }
}

/** What keeps a text from being an entry of an {@link AddressSet}; null: nothing. */
export function addressProblem(entry: string): string | null {
  const network = readEntry(entry);
  return typeof network === 'string' ? network : null;
}

/** The network, or what is wrong with the entry. */
function readEntry(entry: unknown): Network | string {
  if (typeof entry !== 'string') return 'not a string.';
  const [address = ''] = entry.split('/', 1);
  const ip = parseIp(address);
  // `::ffff:0:0/96` would quietly mean all of IPv4.
  if (ip?.kind() === 'ipv4' && address !== ipText(ip))
    return `write IPv4 as IPv4, without port: ${ipText(ip)}.`;
  if (/[[\]%]/.test(address)) return 'write it without brackets, port and zone id.';
  const network = parseNetwork(entry);
  if (!network) return 'not an IPv4 or IPv6 address or CIDR network.';
  const base = ipText(networkOf(network.ip, network.prefix));
  if (base !== ipText(network.ip))
    return `has bits set after its prefix; did you mean ${base}/${network.prefix}?`;
  return network;
}
