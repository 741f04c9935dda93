import { AddressSet } from '../key/address-set.js';
import type { LockoutPolicy } from '../policy/policy.js';

/** The exempt addresses of each policy, parsed once. */
export class ExemptAddresses {
  /** Weakly: a save makes new policies, and the old ones go. */
  private readonly sets = new WeakMap<LockoutPolicy, AddressSet>();

  of(policy: LockoutPolicy): AddressSet {
    let addresses = this.sets.get(policy);
    if (!addresses) {
      addresses = new AddressSet(policy.exempt.addresses);
      this.sets.set(policy, addresses);
    }
    return addresses;
  }
}
