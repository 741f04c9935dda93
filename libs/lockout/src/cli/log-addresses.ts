import { AddressSet, canonicalAddress, overflowNetwork } from '../key/index.js';
import type { LockoutPolicy, ReplayAddresses } from '../policy/index.js';

/** Addresses whose spelling is remembered: a log repeats a few of them most of the time. */
const CACHE_SIZE = 50_000;

/** Reads addresses exactly as the engine does: IPv4 as it is, IPv6 by /64, exemptions in CIDR notation. */
export class LogAddresses implements ReplayAddresses {
  private readonly known = new Map<string, string | null>();
  private readonly exempt = new Map<LockoutPolicy, AddressSet>();

  /** @throws AddressListError an exempt address of a policy is none. */
  constructor(policies: readonly LockoutPolicy[]) {
    for (const policy of policies) this.exempt.set(policy, new AddressSet(policy.exempt.addresses));
  }

  canonical(address: string): string | null {
    const known = this.known.get(address);
    if (known !== undefined) return known;
    const canonical = canonicalAddress(address);
    if (this.known.size >= CACHE_SIZE) this.known.clear();
    this.known.set(address, canonical);
    return canonical;
  }

  crowd(canonical: string): string {
    return overflowNetwork(canonical);
  }

  isExempt(policy: LockoutPolicy, address: string): boolean {
    return this.exempt.get(policy)?.has(address) ?? false;
  }
}
