export { MemoryLockoutStore } from '../store/memory-store.js';
export { FakeClock } from './fake-clock.js';
export { type History, type Played, playHistory } from './history.js';
export {
  type ContractRunner,
  contractHash,
  contractKey,
  contractSwap,
  lockoutStoreContract,
  type StoreContractOptions,
  type StoreUnderTest,
} from './store-contract.js';
export { assertTimeline, type PlayedTimeline, playTimeline, type TimelineOptions } from './timeline.js';
export { type Fault, type StoreCall, UnreliableStore } from './unreliable-store.js';
