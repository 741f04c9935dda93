import { authgear } from './authgear.js';
import { contentstack } from './contentstack.js';
import { oneWelcome } from './one-welcome.js';
import { outSystems } from './out-systems.js';
import { reachFive } from './reach-five.js';

export { type AuthgearOptions, authgear } from './authgear.js';
export { CONTENTSTACK_ROWS, type ContentstackOptions, contentstack } from './contentstack.js';
export { type OneWelcomeOptions, oneWelcome } from './one-welcome.js';
export {
  OUT_SYSTEMS_MESSAGES,
  type OutSystemsLevel,
  type OutSystemsOptions,
  outSystems,
} from './out-systems.js';
export { type ReachFiveOptions, reachFive } from './reach-five.js';

/** The presets by name, for settings that choose one (`LOCKOUT_PRESET=reachfive`). Each returns a list of policies. */
export const presets = Object.freeze({
  outsystems: outSystems,
  reachfive: reachFive,
  onewelcome: oneWelcome,
  authgear,
  contentstack,
});

export type PresetName = keyof typeof presets;
