import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import type { RedisLockoutStoreOptions } from 'nestjs-lockout/redis';
import {
  answerStoreContract,
  directoryContract,
  lockoutStoreContract,
  nodeRegistryContract,
  outboxContract,
  policyStoreContract,
  quotasContract,
  unlockLinksContract,
} from 'nestjs-lockout/testing';
import { monthByMonth, openPair } from '../support/client-pair.js';
import { describeEach } from '../support/databases.js';
import { openRedisStore, redisServers } from '../support/redis-store.js';
import { startRedisCluster } from '../support/servers/redis.mjs';

interface Deployment {
  readonly name: string;
  readonly store?: RedisLockoutStoreOptions;
  /** What to connect to, and how to end it. */
  readonly start: () => Promise<{ urls: readonly string[]; stop: () => Promise<void> }>;
}

const deployments: readonly Deployment[] = redisServers.flatMap(({ url }) => {
  const start = async () => ({ urls: [url], stop: async () => undefined });
  return [
    { name: 'one server', start },
    { name: 'one server that may become a Cluster', start, store: { shards: 64 } },
    {
      name: 'a Cluster of three',
      start: async () => {
        const { urls, stop } = await startRedisCluster();
        return { urls, stop };
      },
    },
  ];
});

describeEach(deployments, 'Redis, $name', ({ name, start, store: options }) => {
  const prefix = `contract-${randomBytes(6).toString('hex')}:`;
  let urls: readonly string[];
  let stop: () => Promise<void>;

  beforeAll(async () => {
    ({ urls, stop } = await start());
  });
  afterAll(() => stop());

  /** Two clients, as two processes would have; with a clock of the test's own where it has to be moved. */
  const open = (clock?: () => number) => {
    const all = { prefix, ...options, ...(clock && { clock }) };
    return openPair(() => openRedisStore(urls, all));
  };

  lockoutStoreContract({ describe, it }, name, () => open());
  directoryContract({ describe, it }, name, () => open());
  policyStoreContract({ describe, it }, name, () => open());
  nodeRegistryContract({ describe, it }, name, () => open());
  nodeRegistryContract({ describe, it }, `${name}, by another clock`, monthByMonth(open));
  answerStoreContract({ describe, it }, name, () => open());
  answerStoreContract({ describe, it }, `${name}, by another clock`, monthByMonth(open));
  const lanes = name === 'one server' ? 'account' : 'record';
  // By both clocks once is enough.
  if (options === undefined) outboxContract({ describe, it }, name, () => open(), { lanes });
  if (name !== 'a Cluster of three')
    outboxContract({ describe, it }, `${name}, by another clock`, monthByMonth(open), { lanes });
  quotasContract({ describe, it }, name, () => open());
  quotasContract({ describe, it }, `${name}, by another clock`, monthByMonth(open));
  const withNow = <Pair extends Awaited<ReturnType<typeof open>>>(pair: Pair) => ({
    ...pair,
    now: async () => (await pair.store.load([])).now,
  });
  unlockLinksContract({ describe, it }, name, async () => withNow(await open()));
  const later = monthByMonth(open);
  unlockLinksContract({ describe, it }, `${name}, by another clock`, async () => withNow(await later()));
});
