import { describe, it } from '@jest/globals';
import {
  answerStoreContract,
  directoryContract,
  FakeClock,
  lockoutStoreContract,
  MemoryLockoutStore,
  nodeRegistryContract,
  outboxContract,
  policyStoreContract,
  quotasContract,
  unlockLinksContract,
} from 'nestjs-lockout/testing';

const close = async (): Promise<void> => undefined;

lockoutStoreContract({ describe, it }, 'memory', async () => {
  const store = new MemoryLockoutStore(() => 1_900_000_000_000);
  return { store, audit: store, directory: store, close };
});

directoryContract({ describe, it }, 'memory', async () => {
  const store = new MemoryLockoutStore(() => 1_900_000_000_000);
  return { store, close };
});

policyStoreContract({ describe, it }, 'memory', async () => {
  const store = new MemoryLockoutStore(() => 1_900_000_000_000);
  return { store, close };
});

/** By a clock of the law's own. */
const open = async () => {
  const clock = new FakeClock();
  return {
    store: new MemoryLockoutStore(clock.now),
    now: async () => clock.now(),
    advance: (ms: number) => clock.advance(ms),
    close,
  };
};

nodeRegistryContract({ describe, it }, 'memory', open);
answerStoreContract({ describe, it }, 'memory', open);
outboxContract({ describe, it }, 'memory', open);
quotasContract({ describe, it }, 'memory', open);
unlockLinksContract({ describe, it }, 'memory', open);
