import { z } from 'zod';
import type { AccountDetail, AccountItem, AddressItem } from '../account-view.js';
import type { AddressDetail } from '../address-view.js';
import type { EraseAnswer } from '../erase-account.js';
import type { CounterView, LockView } from '../lock-view.js';
import type { LockAnswer } from '../manual-lock.js';
import type { UnlockAnswer } from '../unlock-desk.js';
import { eventView } from './event-answers.js';
import { mirrorOf } from './mirror.js';
import {
  cause,
  count,
  moment,
  onSuccess,
  opaqueId,
  pageOf,
  refusalCause,
  refused,
  sentence,
} from './plain-values.js';

export const lockView = mirrorOf<LockView>()(
  z.object({
    id: opaqueId,
    policy: z.string(),
    scope: z.string(),
    address: z.string().nullable(),
    failures: count,
    since: moment,
    until: moment.nullable(),
    cause,
    lastFailureAt: moment.nullable(),
  }),
);

const foretoldFailure = z.object({
  locks: z.boolean(),
  lockMs: count.nullable(),
  failuresToLock: count.nullable(),
});

export const counterView = mirrorOf<CounterView>()(
  z.object({
    id: opaqueId,
    policy: z.string(),
    scope: z.string(),
    address: z.string().nullable(),
    failures: count,
    escalation: count,
    inFlight: count,
    lastFailureAt: moment.nullable(),
    lock: z.object({ since: moment, until: moment.nullable(), cause }).nullable(),
    refuses: refused,
    refusesNow: refused.nullable(),
    recorded: z.boolean(),
    enforced: z.boolean(),
    refusal: z
      .object({
        reason: z.enum(['locked', 'exhausted']),
        retryAt: moment.nullable(),
        cause: refusalCause.nullable(),
      })
      .nullable(),
    nextFailure: foretoldFailure.nullable(),
    afterEnd: foretoldFailure.nullable(),
    nextSuccess: onSuccess.nullable(),
    successLeaves: z.object({ failures: count, escalation: count }).nullable(),
    resetClears: z.boolean(),
    forgottenAt: moment.nullable(),
    explanation: z.array(sentence),
  }),
);

const item = {
  id: opaqueId,
  realm: z.string(),
  locks: z.array(lockView),
  unlockable: z.boolean(),
  reasons: z.array(z.string()),
  support: z.string().optional(),
};

export const accountItem = mirrorOf<AccountItem>()(z.object({ ...item, account: z.string().nullable() }));
export const addressItem = mirrorOf<AddressItem>()(z.object({ ...item, address: z.string().nullable() }));

const detail = {
  now: moment,
  locked: z.boolean(),
  counters: z.array(counterView),
  events: z.array(eventView),
  summary: z.array(sentence),
};

export const accountDetail = mirrorOf<AccountDetail>()(
  z.object({ ...item, account: z.string().nullable(), known: z.boolean().nullable(), ...detail }),
);

export const addressDetail = mirrorOf<AddressDetail>()(
  z.object({ ...item, address: z.string().nullable(), ...detail }),
);

export const accountPage = pageOf(accountItem);
export const addressPage = pageOf(addressItem);

export const unlockAnswer = mirrorOf<UnlockAnswer>()(z.object({ changed: z.boolean() }));
export const eraseAnswer = mirrorOf<EraseAnswer>()(
  z.object({ changed: z.boolean(), counters: count, events: count }),
);
export const lockAnswer = mirrorOf<LockAnswer>()(
  z.object({ changed: z.literal(true), until: moment.nullable() }),
);
