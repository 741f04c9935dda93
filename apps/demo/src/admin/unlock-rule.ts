import { Injectable } from '@nestjs/common';
import type { AdminAccount, Eligibility } from 'nestjs-lockout/admin';
import { Memberships } from '../users/memberships.js';
import { REALMS } from '../users/realm.js';

const refused = (reason: string): Eligibility => ({ unlockable: false, reason });

/**
 * Who may be unlocked at all (CS-16): not the owner of an organisation, nor who is in several of them, because no single
 * organisation answers for them. Such people are sent to support (CS-18).
 */
@Injectable()
export class UnlockRule {
  constructor(private readonly memberships: Memberships) {}

  /** Asks the database; the library awaits it before it opens a transaction. */
  async eligibilityOf({ realm: name, account }: AdminAccount): Promise<Eligibility> {
    const realm = REALMS.find((known) => known === name);
    // Counted under a hash only, or in a realm that this app has not got: nobody can tell who it is.
    if (!realm || account === null) return refused('nobody knows who this is');
    const memberships = await this.memberships.of({ realm, username: account });
    if (memberships.some(({ role }) => role === 'owner')) return refused('owns an organisation');
    if (memberships.length > 1) return refused('belongs to several organisations');
    return { unlockable: true };
  }
}
