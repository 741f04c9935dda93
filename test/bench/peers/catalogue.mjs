import { atomicUpdate } from './atomic-update.mjs';
import { expressBrute } from './express-brute.mjs';
import { handWritten } from './hand-written.mjs';
import { ours, oursUncached } from './ours.mjs';
import { rateLimiterFlexible } from './rate-limiter-flexible.mjs';
import { rawSelect, rawUpdate, rawUpsert } from './raw.mjs';
import { throttler } from './throttler.mjs';

/** Everything that is measured, ours first. @type {readonly import('./peer.mjs').Peer[]} */
export const PEERS = [
  ours,
  oursUncached,
  rateLimiterFlexible,
  expressBrute,
  handWritten,
  atomicUpdate,
  throttler,
  rawSelect,
  rawUpdate,
  rawUpsert,
];
