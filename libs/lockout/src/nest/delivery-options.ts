import type { DispatchSettings } from '../notify/dispatch-settings.js';

/** How this process takes part in delivering events. */
export interface DeliveryOptions extends DispatchSettings {
  /**
   * Whether this process delivers. False: it only writes down what is to be delivered, to its own sinks and `alsoTo`, and
   * leaves it to others. Default `true`.
   */
  readonly dispatch?: boolean;
  /** Names of sinks that only other processes have: every event is written down for them, and they take what they want. */
  readonly alsoTo?: readonly string[];
  /** Names of sinks that no process has any more: what still waits for them becomes dead letters. */
  readonly retired?: readonly string[];
}
