import { createHash } from 'node:crypto';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { SUBJECTS } from '../subjects.mjs';

const WINDOW_MS = 15 * 60_000;

/**
 * What its guard does for each named throttler: make the key, ask the storage. It never learns the outcome.
 *
 * @type {import('./peer.mjs').Peer['open']}
 */
async function open(_database, { keys, threshold, addressThreshold }) {
  const storage = new ThrottlerStorageService();
  /** @type {readonly { name: string, limit: number, tracker: (s: import('../subjects.mjs').Subject) => string }[]} */
  const throttlers = [
    { name: 'account', limit: threshold, tracker: ({ account }) => account },
    { name: 'address', limit: addressThreshold, tracker: ({ address }) => address },
    { name: 'both', limit: threshold, tracker: ({ account, address }) => `${account}-${address}` },
  ];
  /** @type {import('./peer.mjs').OpenPeer['attempt']} */
  const attempt = async (subject, verify) => {
    for (const { name, limit, tracker } of throttlers.slice(0, keys)) {
      const key = createHash('sha256')
        .update(`Sign-in-${name}-${tracker(subject)}`)
        .digest('hex');
      const { isBlocked } = await storage.increment(key, WINDOW_MS, limit, WINDOW_MS, name);
      if (isBlocked) return 'refused';
    }
    return (await verify()) ? 'success' : 'failure';
  };
  return {
    attempt,
    tables: [],
    async lockAll() {
      for (const subject of SUBJECTS) {
        for (let n = 0; n <= threshold; n += 1) await attempt(subject, async () => false);
      }
    },
    close: async () => storage.onApplicationShutdown(),
  };
}

/** @type {import('./peer.mjs').Peer} */
export const throttler = {
  name: 'throttler',
  title: '@nestjs/throttler, memory',
  keys: (wanted) => wanted,
  memory: true,
  remark: 'no database: does not survive a restart, is not shared, counts right passwords as well',
  open,
};
