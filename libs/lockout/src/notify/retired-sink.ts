import { DeliveryRefusedError } from './delivery-errors.js';
import type { LockoutSink } from './sink.js';

/**
 * Stands for a sink that no process has any more, for a dispatcher alone: what still waits for it becomes dead letters,
 * so that an administrator can see and drop them. Nothing new is addressed to it.
 */
export const retiredSink = (name: string): LockoutSink => ({
  name,
  wants: () => true,
  deliver: async () => {
    throw new DeliveryRefusedError(`The sink "${name}" is retired.`);
  },
});
