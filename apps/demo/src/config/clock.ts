/** Epoch ms, for what the app itself dates: sessions, codes, mails. Locks are dated by the store's own clock. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();
