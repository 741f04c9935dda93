import type { CallGuard } from './guarded-store.js';
import type { Quotas } from './quotas.js';
import type { UnlockLinkStore } from './unlock-links.js';

/** Quotas, guarded: a take is answered in time, or counts as refused. */
export const guardedQuotas = (store: Quotas, guard: CallGuard): Quotas => ({
  takeQuota: (id, limit, windowMs) => guard.run(() => store.takeQuota(id, limit, windowMs)),
  returnQuota: (id) => guard.run(() => store.returnQuota(id)),
  quotaTaken: (id) => guard.run(() => store.quotaTaken(id)),
});

/** Unlock links, guarded in the same way. */
export const guardedUnlockLinks = (store: UnlockLinkStore, guard: CallGuard): UnlockLinkStore => ({
  saveUnlockLink: (link) => guard.run(() => store.saveUnlockLink(link)),
  findUnlockLink: (digest) => guard.run(() => store.findUnlockLink(digest)),
  dropUnlockLink: (digest) => guard.run(() => store.dropUnlockLink(digest)),
});
