import type { LockoutKey } from '../key/key.js';
import type { AdministeredAction, LockoutEvent } from '../policy/event.js';
import type { Actor } from '../policy/input.js';
import { recordedOf } from '../store/audit-entry.js';
import type { AuditEntry } from '../store/audit-log.js';
import { NO_KEY } from '../store/erased-event.js';
import { targetHash } from '../store/policy-row.js';
import type { PolicyTarget } from '../store/policy-store.js';
import type { RecordFacts } from '../store/record.js';

/** The realm of what concerns them all. */
export const EVERY_REALM = '*';

/** The store dates an entry. */
const UNDATED = 0;

const OF_NOBODY = Object.freeze({
  accountHash: null,
  addressHash: null,
  accountLabel: null,
  addressLabel: null,
});

export interface AuditEntryParts {
  /** A token that never repeats: 32 hex digits. */
  readonly freshId: () => string;
  /** Names of the sinks that an event is to be delivered to. */
  readonly addresseesOf: (event: LockoutEvent, facts: RecordFacts) => readonly string[];
  /** Told of what was recorded. Must not throw. */
  readonly onCommitted: (
    event: LockoutEvent,
    about: RecordFacts & { readonly key: LockoutKey; readonly id: string },
  ) => void;
}

/** What was saved, of which target, and by whom. */
export interface PolicyChanged extends PolicyTarget {
  /** The one that the save makes. */
  readonly version: number;
  /** Whether it takes what was saved back. */
  readonly deleted: boolean;
  readonly actor: Actor;
}

/** Makes the entries of the audit record that belong to no swap: of saved policies, and of what administrators did. */
export class AuditEntries {
  constructor(private readonly parts: AuditEntryParts) {}

  policyChanged({ policy, brand, version, deleted, actor }: PolicyChanged): AuditEntry {
    const { by, reason } = actor;
    return this.entry(
      targetHash({ policy, brand }),
      { type: 'policy-changed', at: UNDATED, policy, brand, version, by, reason, deleted },
      { realm: EVERY_REALM, counter: policy, scope: 'policy', ...OF_NOBODY },
    );
  }

  /** `realm`: where it was done; {@link EVERY_REALM}: in all. The store says how much it came to. */
  administered(action: AdministeredAction, realm: string, { by, reason }: Actor): AuditEntry {
    return this.entry(
      NO_KEY,
      { type: 'administered', at: UNDATED, action, by, reason, count: 0 },
      { realm, counter: 'administration', scope: 'administration', ...OF_NOBODY },
    );
  }

  /**
   * Tells this process of an entry that the store has recorded, as of every event.
   *
   * @param at When, epoch ms on the store's clock. @param count For events that have one.
   */
  committed(entry: AuditEntry, at: number, count = 0): void {
    const { id, key, event, facts } = recordedOf(entry, at, count);
    this.parts.onCommitted(event, { ...facts, key: key as LockoutKey, id });
  }

  private entry(key: string, event: LockoutEvent, facts: RecordFacts): AuditEntry {
    const deliverTo = this.parts.addresseesOf(event, facts);
    const id = this.parts.freshId();
    return deliverTo.length === 0 ? { id, key, event, facts } : { id, key, event, facts, deliverTo };
  }
}
