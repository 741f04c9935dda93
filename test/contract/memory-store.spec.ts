import { describe, it } from '@jest/globals';
import { MemoryLockoutStore } from '../../libs/lockout/src/store/memory-store.js';
import { directoryContract } from '../../libs/lockout/src/testing/directory-contract.js';
import { lockoutStoreContract } from '../../libs/lockout/src/testing/store-contract.js';

lockoutStoreContract({ describe, it }, 'memory', async () => {
  const store = new MemoryLockoutStore(() => 1_900_000_000_000);
  return { store, audit: store, directory: store, close: async () => undefined };
});

directoryContract({ describe, it }, 'memory', async () => {
  const store = new MemoryLockoutStore(() => 1_900_000_000_000);
  return { store, close: async () => undefined };
});
