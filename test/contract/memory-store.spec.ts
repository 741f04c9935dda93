import { describe, it } from '@jest/globals';
import { directoryContract, lockoutStoreContract, MemoryLockoutStore } from 'nestjs-lockout/testing';

lockoutStoreContract({ describe, it }, 'memory', async () => {
  const store = new MemoryLockoutStore(() => 1_900_000_000_000);
  return { store, audit: store, directory: store, close: async () => undefined };
});

directoryContract({ describe, it }, 'memory', async () => {
  const store = new MemoryLockoutStore(() => 1_900_000_000_000);
  return { store, close: async () => undefined };
});
