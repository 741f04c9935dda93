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

nodeRegistryContract({ describe, it }, 'memory', async () => {
  const clock = new FakeClock();
  return { store: new MemoryLockoutStore(clock.now), advance: (ms) => clock.advance(ms), close };
});

answerStoreContract({ describe, it }, 'memory', async () => {
  const clock = new FakeClock();
  return { store: new MemoryLockoutStore(clock.now), advance: (ms) => clock.advance(ms), close };
});

outboxContract({ describe, it }, 'memory', async () => {
  const clock = new FakeClock();
  return { store: new MemoryLockoutStore(clock.now), advance: (ms) => clock.advance(ms), close };
});

quotasContract({ describe, it }, 'memory', async () => {
  const clock = new FakeClock();
  return { store: new MemoryLockoutStore(clock.now), advance: (ms) => clock.advance(ms), close };
});

unlockLinksContract({ describe, it }, 'memory', async () => {
  const clock = new FakeClock();
  const now = async (): Promise<number> => clock.now();
  return { store: new MemoryLockoutStore(clock.now), now, advance: (ms) => clock.advance(ms), close };
});
